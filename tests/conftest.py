"""The cast: the same people in every test, three neighbouring countries, one treaty and its arrangement.

Xenia (X, border guard a1) leads; Anton is her patrol leader, Ada her analyst, Tara her treaty admin. Aldo is of
a2, the customs of X, which no agreement names. Yann and Yara are of b, the border guard of Y, bound; Yusuf is Y's
treaty admin. Zoe is of c, the border guard of Z, and Zeno its treaty admin: Z is bound to neither by the treaty.
Rita is a superuser without an appointment. Nobody is real.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification, Country, Officer
from agencies.directory.roles import Role
from agreements.register.choices import ActionKind, Category, ClauseKind, InstrumentKind, Purpose
from agreements.register.models import Agreement, Clause, Confirmation, Designation, Party, TreatyAction
from agreements.sharing.models import Record
from portal import memory

pytest.register_assert_rewrite("tests.kept")

from tests import kept  # noqa: E402
from tests.kept import Keeper  # noqa: E402

pytest_plugins = ("tests.api", "tests.browser", "tests.kept", "tests.processes")

# Each test client and live server otherwise lists every static file anew before its first request: 0.4 s each time,
# a third of all the time that the tests took. They look for the file that is asked for instead.
settings.WHITENOISE_AUTOREFRESH = True

PASSWORD = "correct-horse-battery"
LONG_AGO = datetime(2024, 1, 10, tzinfo=timezone.get_default_timezone())


def pytest_collection_finish(session: pytest.Session) -> None:
    """As the server does after its start: what is loaded is not looked through again at each collection."""
    memory.settle()


def make_agency(country: str, name: str, acronym: str, kind: str = Agency.Kind.BORDER_GUARD) -> Agency:
    return Agency.objects.create(
        name=name,
        acronym=acronym,
        kind=kind,
        country_id=country,
        time_zone="Europe/Zurich",
        desk_phone="+00 000 000 000",
        desk_email=f"desk@{acronym.lower()}.invalid",
    )


def make_appointment(
    username: str, agency: Agency, role: Role, clearance: int = Classification.CONFIDENTIAL, title: str = ""
) -> Appointment:
    officer = Officer.objects.create_user(
        username,
        email=f"{username}@{agency.acronym.lower()}.invalid",
        password=None,
        full_name=username.capitalize(),
        invented=True,
    )
    return Appointment.objects.create(
        officer=officer,
        agency=agency,
        role=role,
        clearance=clearance,
        title=title,
        starts_on=date(2024, 1, 1),
        recorded_at=LONG_AGO,
    )


def make_treaty(
    *,
    short_name: str,
    countries: list[str],
    designated: list[Agency],
    recorded_by: Appointment,
    categories: list[str] | None = None,
    confirmed_by: list[Appointment] | None = None,
    bound: list[str] | None = None,
    **clause: Any,
) -> Clause:
    """An agreement in force since 1 May 2024 with one sharing clause; returns the clause.

    `bound` (default: all) are the countries that ratified. Facts are recorded by one treaty admin and confirmed
    by the others.
    """
    facts = {"recorded_at": LONG_AGO, "recorded_by": recorded_by, "recorded_for": recorded_by.agency.country}
    agreement = Agreement.objects.create(
        title=f"{short_name} in full",
        short_name=short_name,
        kind=InstrumentKind.TREATY,
        time_zone="Europe/Zurich",
        concluded_on=date(2022, 4, 5),
        drafted_by=recorded_by.agency,
        registered_at=LONG_AGO,
        created_at=LONG_AGO,
    )
    for code in countries:
        Party.objects.create(agreement=agreement, country_id=code)
        TreatyAction.objects.create(
            agreement=agreement, kind=ActionKind.SIGNATURE, country_id=code, done_on=date(2022, 4, 5), **facts
        )
    for code in countries if bound is None else bound:
        TreatyAction.objects.create(
            agreement=agreement,
            kind=ActionKind.RATIFICATION,
            country_id=code,
            done_on=date(2024, 3, 1),
            **facts,
        )
    TreatyAction.objects.create(
        agreement=agreement, kind=ActionKind.ENTRY_INTO_FORCE, done_on=date(2024, 5, 1), **facts
    )
    row = Clause.objects.create(
        agreement=agreement,
        **{
            "article": "Art. 7",
            "kind": ClauseKind.INFORMATION_SHARING,
            "categories": categories or [Category.OPERATIONAL],
            "ceiling": Classification.RESTRICTED,
            "purposes": [Purpose.BORDER_OPERATION, Purpose.COORDINATION],
            **clause,
        },
        **facts,
    )
    for agency in designated:
        Designation.objects.create(
            agreement=agreement, country=agency.country, agency=agency, starts_on=date(2024, 5, 1), **facts
        )
    for admin in confirmed_by or []:
        confirm_everything(agreement, admin)
    return row


def confirm_everything(agreement: Agreement, by: Appointment) -> None:
    stamp = {"country": by.agency.country, "confirmed_by": by, "confirmed_at": LONG_AGO + timedelta(days=1)}
    for action in agreement.actions.all():
        Confirmation.objects.get_or_create(action=action, country=stamp["country"], defaults=stamp)
    for clause in agreement.clauses.all():
        Confirmation.objects.get_or_create(clause=clause, country=stamp["country"], defaults=stamp)
    for designation in agreement.designations.all():
        Confirmation.objects.get_or_create(designation=designation, country=stamp["country"], defaults=stamp)


@pytest.fixture(autouse=True)
def _each_alert_by_itself(settings: Any) -> None:
    """Messages about alerts leave at once and apart: whoever tests how they are brought together says so."""
    settings.DELIVERY_SETTLE_SECONDS = 0


@dataclass
class Cast:
    """Agencies, people (by first name) and the clause that binds X and Y."""

    a1: Agency
    a2: Agency
    b: Agency
    c: Agency
    art7: Clause
    people: dict[str, Appointment] = field(default_factory=dict)
    rita: Officer | None = None

    def __getattr__(self, name: str) -> Appointment:
        try:
            # By way of the dictionary, for a copy under way has no people yet.
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def everybody(self) -> Iterator[Appointment]:
        return iter(self.people.values())


def make_cast() -> Cast:
    """X and Y are bound by "X–Y Treaty" Art. 7: operational, up to RESTRICTED, mutual; a1 and b designated."""
    for code, name in (("XX", "X-land"), ("YY", "Y-land"), ("ZZ", "Z-land")):
        Country.objects.create(code=code, alpha3=code + code[0], name=name)
    a1 = make_agency("XX", "Border Guard of X", "X1")
    a2 = make_agency("XX", "Customs of X", "X2", Agency.Kind.CUSTOMS)
    b = make_agency("YY", "Border Guard of Y", "Y1")
    c = make_agency("ZZ", "Border Guard of Z", "Z1")
    people = {
        "xenia": make_appointment("xenia", a1, Role.COMMANDER),
        "lars": make_appointment("lars", a1, Role.LIAISON_OFFICER),
        "anton": make_appointment("anton", a1, Role.PATROL_LEADER, Classification.RESTRICTED),
        "ada": make_appointment("ada", a1, Role.ANALYST, Classification.SECRET),
        "tara": make_appointment("tara", a1, Role.TREATY_ADMIN),
        "arno": make_appointment("arno", a1, Role.AUDITOR, Classification.SECRET),
        "aldo": make_appointment("aldo", a2, Role.COMMANDER),
        "yann": make_appointment("yann", b, Role.LIAISON_OFFICER),
        "yara": make_appointment("yara", b, Role.COMMANDER),
        "yusuf": make_appointment("yusuf", b, Role.TREATY_ADMIN),
        "zoe": make_appointment("zoe", c, Role.COMMANDER),
        "zeno": make_appointment("zeno", c, Role.TREATY_ADMIN),
    }
    art7 = make_treaty(
        short_name="X–Y Treaty",
        countries=["XX", "YY"],
        designated=[a1, b],
        recorded_by=people["tara"],
        confirmed_by=[people["yusuf"]],
    )
    rita = Officer.objects.create_superuser("rita", full_name="Rita", invented=True)
    return Cast(a1=a1, a2=a2, b=b, c=c, art7=art7, people=people, rita=rita)


def make_world(cast: Cast) -> list[Record]:
    """A joint operation of a1 and b with something of everything, in which the doors are tried."""
    from tests.doors.world import build  # noqa: PLC0415 It has the cast from here.

    return build(cast)


kept.layer("cast", make_cast)
kept.layer("world", make_world, "cast")


@pytest.fixture
def cast(kept: Keeper, db: None) -> Cast:
    """See `make_cast`."""
    found: Cast | None = kept.give("cast")
    return found or make_cast()


@pytest.fixture
def world(kept: Keeper, cast: Cast, settings: Any, tmp_path: Path) -> list[Record]:
    """See `make_world`."""
    settings.MEDIA_ROOT = str(tmp_path)
    found: list[Record] | None = kept.give("world", tmp_path)
    return found or make_world(cast)


@pytest.fixture
def as_(cast: Cast) -> Any:
    """`as_(cast.yann)` is a signed-in browser client of that officer."""

    def sign_in(who: Appointment | Officer) -> Client:
        client = Client()
        officer = who.officer if isinstance(who, Appointment) else who
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
