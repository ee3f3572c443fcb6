"""Invented technical arrangements: where the treaties leave terms open, they name agencies, categories and ceilings.

Two carry the demonstration's operations. The others show what a register has to show: one is about to end, one is
denounced with the notice running, one is suspended. Their days count from the first load.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.directory.models import Agency, Classification, Country
from agreements.register import actions
from agreements.register.choices import ActionKind, ClauseKind, InstrumentKind, Purpose
from agreements.register.demo.people import admin, confirm, noon
from agreements.register.models import Agreement, Clause

ZONE = "Europe/Zurich"
MUTUAL = {"ceiling": Classification.RESTRICTED, "onward": "consent"}
UPPER_RHINE: list[dict[str, Any]] = [
    {
        "article": "§ 3",
        "kind": ClauseKind.JOINT_PATROL,
        "summary": "What joint patrols plan and log is shared between the services that take part.",
        "categories": ["operational"],
        "purposes": [Purpose.BORDER_OPERATION, Purpose.COORDINATION],
        **MUTUAL,
    },
    {
        "article": "§ 4",
        "kind": ClauseKind.INFORMATION_SHARING,
        "summary": "Persons and vehicles checked on joint patrols.",
        "categories": ["operational", "personal_data", "vehicle_registration"],
        "purposes": [Purpose.BORDER_OPERATION, Purpose.LAW_ENFORCEMENT],
        "retention_days": 365,
        **MUTUAL,
        "ceiling": Classification.CONFIDENTIAL,
    },
    {
        "article": "§ 6",
        "kind": ClauseKind.INFORMATION_SHARING,
        "summary": "Intelligence on cross-border crime in the area.",
        "categories": ["criminal_intelligence", "operational"],
        "purposes": [Purpose.LAW_ENFORCEMENT],
        **MUTUAL,
        "ceiling": Classification.CONFIDENTIAL,
    },
    {
        "article": "§ 7",
        "kind": ClauseKind.HIT_NO_HIT,
        "summary": "Whether the other side knows a document, a vehicle or a person: hit or no hit, and whom to ask.",
        "categories": ["travel_documents", "vehicle_registration", "personal_data"],
        "purposes": [Purpose.LAW_ENFORCEMENT, Purpose.BORDER_MONITORING],
        **MUTUAL,
    },
]
ALPINE_RHINE: list[dict[str, Any]] = [
    {**UPPER_RHINE[0], "article": "§ 2"},
    {
        "article": "§ 5",
        "kind": ClauseKind.INFORMATION_SHARING,
        "summary": "Intelligence on smuggling along the Alpine Rhine.",
        "categories": ["operational", "criminal_intelligence"],
        "purposes": [Purpose.LAW_ENFORCEMENT, Purpose.BORDER_OPERATION],
        **MUTUAL,
    },
]
COORDINATION: dict[str, Any] = {
    "article": "§ 2",
    "kind": ClauseKind.MUTUAL_ASSISTANCE,
    "categories": ["operational"],
    "purposes": [Purpose.SECURITY, Purpose.COORDINATION],
    **MUTUAL,
}


@dataclass(frozen=True)
class Narrowing:
    """What a party did about the arrangement, so many days before the first load."""

    kind: ActionKind
    country: str
    days_ago: int
    note: str


@dataclass(frozen=True)
class Arrangement:
    """The treaty and article it is made under, its parties (the first one records it) and its terms."""

    short_name: str
    title: str
    under: tuple[str, str]
    countries: tuple[str, ...]
    done: date
    force: date | None
    clauses: list[dict[str, Any]]
    agencies: tuple[str, ...]
    ends_in: int | None = None
    notice_months: int | None = None
    narrowings: tuple[Narrowing, ...] = field(default=())
    # Those that have ratified; the others have signed. None: all signed definitively.
    ratified: dict[str, date] | None = None
    condition: dict[str, Any] | None = None
    first_term: date | None = None
    renews_months: int | None = None
    renewal_notice_months: int | None = None
    # The arrangement that it amends, and which of its articles the own ones take the place of.
    amends: tuple[str, str] | None = None


ARRANGEMENTS = (
    Arrangement(
        short_name="Technical Arrangement Upper Rhine",
        title="Technical Arrangement on Joint Patrols on the Upper Rhine and Lake Constance (invented)",
        under=("Swiss-German Police Treaty 2022", "Art. 21"),
        countries=("CH", "DE"),
        done=date(2024, 4, 12),
        force=date(2024, 5, 1),
        clauses=UPPER_RHINE,
        agencies=("BAZG", "BPOL"),
    ),
    Arrangement(
        short_name="Technical Arrangement Alpine Rhine",
        title="Technical Arrangement on the Alpine Rhine (invented)",
        under=("CH-AT-LI Police Treaty 2012", "Art. 19"),
        countries=("CH", "AT", "LI"),
        done=date(2017, 12, 1),
        force=date(2018, 1, 1),
        clauses=ALPINE_RHINE,
        agencies=("BAZG", "AT Police", "LP"),
    ),
    Arrangement(
        short_name="Technical Arrangement Lake Week",
        title="Technical Arrangement on the Lake Week at Lindau and Bregenz (invented)",
        under=("Prüm Convention", "Art. 26"),
        countries=("DE", "AT"),
        done=date(2023, 3, 3),
        force=date(2023, 4, 1),
        clauses=[
            {**COORDINATION, "summary": "Crowds and traffic during the Lake Week, told to the other side at once."}
        ],
        agencies=("BPOL", "AT Police"),
        ends_in=24,
    ),
    Arrangement(
        short_name="Technical Arrangement Nofels",
        title="Technical Arrangement on the Crossings at Ruggell and Nofels (invented)",
        under=("CH-AT-LI Police Treaty 2012", "Art. 19"),
        countries=("LI", "AT"),
        done=date(2019, 3, 5),
        force=date(2019, 4, 1),
        clauses=[{**UPPER_RHINE[0], "article": "§ 1", "summary": "Duty rosters of the two crossings."}],
        agencies=("LP", "AT Police"),
        notice_months=6,
        narrowings=(
            Narrowing(
                ActionKind.DENUNCIATION, "LI", 60, "The crossings are to come under the Alpine Rhine arrangement."
            ),
        ),
    ),
    Arrangement(
        short_name="Technical Arrangement Air Support",
        title="Technical Arrangement on Air Support in the Rhine Valley (invented)",
        under=("CH-AT-LI Police Treaty 2012", "Art. 19"),
        countries=("CH", "AT"),
        done=date(2021, 5, 20),
        force=date(2021, 6, 1),
        clauses=[{**COORDINATION, "summary": "Flights over the other side, and what they see."}],
        agencies=("BAZG", "AT Police"),
        narrowings=(Narrowing(ActionKind.SUSPENSION, "AT", 4, "Until the airspace over the valley is ordered anew."),),
    ),
    Arrangement(
        short_name="Technical Arrangement Rhine Rescue",
        title="Technical Arrangement on Help in Floods and Large Events on the Upper Rhine (invented)",
        under=("Swiss-German Police Treaty 2022", "Art. 28"),
        countries=("CH", "DE"),
        done=date(2024, 6, 3),
        force=date(2024, 7, 1),
        clauses=[
            {
                "article": "§ 1",
                "kind": ClauseKind.MUTUAL_ASSISTANCE,
                "summary": "Boats and crews, asked for by the desk.",
            }
        ],
        agencies=("BAZG", "BPOL"),
        first_term=date(2025, 6, 30),
        renews_months=12,
        renewal_notice_months=3,
    ),
    Arrangement(
        short_name="Protocol Alpine Rhine",
        title="Protocol Amending the Technical Arrangement on the Alpine Rhine (invented)",
        under=("CH-AT-LI Police Treaty 2012", "Art. 19"),
        countries=("CH", "AT", "LI"),
        done=date(2026, 3, 12),
        force=None,
        clauses=[
            {
                **ALPINE_RHINE[1],
                "article": "Art. 1",
                "summary": "Intelligence on smuggling and trafficking in persons along the Alpine Rhine, at night too.",
                "categories": ["operational", "criminal_intelligence", "vehicle_registration"],
                "ceiling": Classification.CONFIDENTIAL,
            }
        ],
        agencies=("BAZG", "AT Police", "LP"),
        ratified={"CH": date(2026, 6, 2), "AT": date(2026, 9, 15)},
        condition={"consents": 3, "delay": 30, "article": "Art. 3"},
        amends=("Technical Arrangement Alpine Rhine", "§ 5"),
    ),
)


def load() -> int:
    """Register the arrangements that are not there yet; how many are new."""
    missing = [row for row in ARRANGEMENTS if not Agreement.objects.filter(short_name=row.short_name).exists()]
    for row in missing:
        _load(row)
    return len(missing)


def _load(row: Arrangement) -> None:
    by = admin(row.countries[0])
    recorded = noon(row.done, ZONE)
    today = timezone.localdate(timezone=ZoneInfo(ZONE))
    treaty, article = row.under
    earlier = Clause.objects.get(agreement__short_name=row.amends[0], article=row.amends[1]) if row.amends else None
    begin = row.force or row.done
    agreement = actions.register(
        by=by,
        title=row.title,
        short_name=row.short_name,
        kind=InstrumentKind.TECHNICAL_ARRANGEMENT,
        parties=Country.objects.filter(pk__in=row.countries),
        made_under=Clause.objects.get(agreement__short_name=treaty, article=article),
        time_zone=ZONE,
        concluded_on=row.done,
        expires_on=row.first_term if row.ends_in is None else today + timedelta(days=row.ends_in),
        renews_months=row.renews_months,
        renewal_notice_months=row.renewal_notice_months,
        notice_months=row.notice_months,
        invented=True,
        source="Invented for the demonstration: the treaty leaves these terms open.",
        clauses=[{**clause, "continues": earlier, "gives_way": earlier is not None} for clause in row.clauses],
        condition=row.condition,
        designations=[{"agency": Agency.objects.get(acronym=name), "starts_on": begin} for name in row.agencies],
        actions=_acts(row),
        recorded_at=recorded,
    )
    if earlier is not None:
        upper = earlier.agreement
        actions.relate(agreement=agreement, kind="amends", other=upper, starts_on=row.done, by=by, recorded_at=recorded)
    for code, day in (row.ratified or {}).items():
        actions.record_action(
            agreement=agreement,
            kind=ActionKind.RATIFICATION,
            country=Country.objects.get(pk=code),
            done_on=day,
            by=admin(code),
            recorded_at=noon(day, ZONE),
        )
    confirm(agreement, max([recorded, *(noon(day, ZONE) for day in (row.ratified or {}).values())]))
    for narrowing in row.narrowings:
        _narrow(agreement, narrowing, today - timedelta(days=narrowing.days_ago))


def _acts(row: Arrangement) -> list[dict[str, Any]]:
    """Signed definitively and in force; or signed, where the ratifications make the entry into force."""
    countries = Country.objects.filter(pk__in=row.countries)
    if row.ratified is not None:
        return [{"kind": ActionKind.SIGNATURE, "done_on": row.done, "country": country} for country in countries]
    force = [{"kind": ActionKind.ENTRY_INTO_FORCE, "done_on": row.force}] if row.force else []
    return [*(_definitive(country, row.done) for country in countries), *force]


def _definitive(country: Country, done: date) -> dict[str, Any]:
    return {"kind": ActionKind.DEFINITIVE_SIGNATURE, "done_on": done, "country": country}


def _narrow(agreement: Agreement, row: Narrowing, day: date) -> None:
    """It acts at once and needs nobody else (R22)."""
    by = admin(row.country)
    actions.record_action(
        agreement=agreement,
        kind=row.kind,
        done_on=day,
        country=by.agency.country,
        by=by,
        note=f"{row.note} Invented.",
        recorded_at=noon(day, ZONE),
    )
