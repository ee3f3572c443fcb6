"""The demonstration's incidents: invented, in the operations that it plans; one first report is still due."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from agreements.sharing.offers import offers_for
from operations.incidents.actions import chain, events, links, reports, serious
from operations.incidents.choices import Confidence, Impact
from operations.incidents.models import Event, IncidentReport
from operations.planning.demo import appointment, key_of
from portal.ui import demo


@dataclass(frozen=True)
class Sample:
    title: str
    by: str
    operation: str
    type: str
    impact: Impact
    account: str
    reaction: str
    hours: int
    place: tuple[float, float]
    is_reported: bool = True


SAMPLES = (
    Sample(
        "Two boats with untaxed tobacco at Ermatingen", "ch.liaison", "Lake Constance Autumn",
        "law_infringement:GoodsSmugglingExciseGoods", Impact.MEDIUM,
        "Two open boats landed west of the harbour at night. 140 cartons of cigarettes without tax stamps. Invented.",
        "Boats and goods are secured; the shore is watched until Sunday.", 40, (47.6720, 9.0800),
    ),
    Sample(
        "Van turned back before the Gottlieben bridge", "ch.liaison", "Lake Constance Autumn",
        "irregular_migration:IrregularEntryAttempt", Impact.HIGH,
        "A van stopped 300 m before the checkpoint, five persons left it and walked back over the border. Invented.",
        "The number of the van is passed to the other side.", 3, (47.6640, 9.1330), is_reported=False,
    ),
    Sample(
        "Light signals from the shore at Weil", "de.liaison", "Upper Rhine Night",
        "law_infringement:DrugSmugglingOtherDrugs", Impact.LOW,
        "A lamp was switched on and off towards the river for ten minutes; nobody was met there. Invented.",
        "Watched again tonight.", 30, (47.5900, 7.5890),
    ),
)  # fmt: skip


def load() -> int:
    """Incidents that are not there yet; how many are new."""
    made = sum(_load(sample) for sample in SAMPLES)
    if made:
        _group()
        _go_on()
        _tell_serious()
    return made


def _load(sample: Sample) -> int:
    key = key_of(f"incident {sample.title}")
    operation = Record.objects.filter(pk=key_of(sample.operation)).first()
    if operation is None or Record.objects.filter(pk=key).exists():
        return 0
    by, at = appointment(sample.by), timezone.now() - timedelta(hours=sample.hours)
    _chain(operation)
    row = reports.write(
        by=by, key=key, title=sample.title, type=sample.type, impact=sample.impact, confidence=Confidence.HIGH,
        account=sample.account, reaction=sample.reaction, occurred_at=at, known_at=at, position=sample.place,
        operation=operation, marking=Marking(["operational"], 1),
    )  # fmt: skip
    if sample.is_reported:
        reports.submit(report=row, by=by)
    return 1


def _chain(operation: Record) -> None:
    """The commander of the agency that leads validates for the coordination centre."""
    lead = operation.author
    if not operation.incident_chain.exists():
        chain.set_link(operation=operation, step="centre", agency=lead.agency, role=lead.role, by=lead)


def _group() -> None:
    """One report is validated, and an event begins with it."""
    row = IncidentReport.objects.filter(pk=key_of(f"incident {SAMPLES[0].title}")).select_related("record").first()
    if row is None or row.state != "with_centre":
        return
    operation = row.record.operation
    assert operation is not None
    chain.validate(report=row, by=operation.author)
    events.open_event(
        by=appointment("ch.liaison"), key=key_of("event tobacco"), title="Tobacco over the Untersee",
        summary="Landings by open boats on the Swiss shore, always before midnight. Invented.", impact=Impact.MEDIUM,
        confidence=Confidence.MEDIUM, marking=Marking(["operational"], 1), occurred_at=row.record.occurred_at,
        operation=operation, reports=(row,),
    )  # fmt: skip


def _go_on() -> None:
    """A follow-up, an entry that belongs to it, and the other side's report of the same, which the event groups too."""
    by, partner = appointment("ch.liaison"), appointment("de.liaison")
    first = IncidentReport.objects.filter(pk=key_of(f"incident {SAMPLES[0].title}")).select_related("record").first()
    event = Event.objects.filter(pk=key_of("event tobacco")).select_related("record").first()
    if first is None or event is None:
        return
    now = timezone.now()
    follow_up = reports.write(
        by=by, key=key_of("incident tobacco counted"), title="The tobacco of Ermatingen is counted", type=SAMPLES[0].type,
        impact=Impact.MEDIUM, confidence=Confidence.VERY_HIGH, account="160 cartons, not 140; two more lay in the reeds. Invented.",
        occurred_at=now - timedelta(hours=28), known_at=now - timedelta(hours=27), marking=Marking(["operational"], 1),
        follows=first,
    )  # fmt: skip
    reports.submit(report=follow_up, by=by)
    entry = Record.objects.filter(operation=first.record.operation, kind="observation", owner=by.agency).first()
    if entry is not None:
        links.link(report=first, record=entry, by=by)
    theirs = reports.write(
        by=partner, key=key_of("incident boats at Hegne"), title="Two open boats without lights off Hegne",
        type=SAMPLES[0].type, impact=Impact.MEDIUM, confidence=Confidence.MEDIUM, position=(47.7090, 9.0980),
        account="Seen from the shore at 23:10, heading south. Invented.", occurred_at=now - timedelta(hours=41),
        known_at=now - timedelta(hours=40), operation=first.record.operation, marking=Marking(["operational"], 1),
    )  # fmt: skip
    theirs = reports.submit(report=theirs, by=partner)
    found = offers_for(partner, theirs.record, now, kind="incident", named=False).fits
    offer = next((item for item in found if item.to.agency == by.agency), None)
    if offer is not None:
        releases.release(
            record=theirs.record, to=offer.to, clause=offer.clause, purpose=offer.clause.purposes[0], by=partner
        )
        events.link(event=event, report=theirs, by=by)


def _tell_serious() -> None:
    """Told outside the chain of command: to the agency's auditor, who has not taken it up yet."""
    by = appointment("ch.leader")
    operation = Record.objects.filter(pk=key_of(SAMPLES[0].operation)).first()
    serious.tell(
        by=by, key=key_of("serious jetty"), title="At the jetty of Ermatingen", kind="injury",
        account="A man was injured at the hand when he was held at the jetty; a doctor saw him. Invented.",
        categories=["personal_data"], classification=1, occurred_at=timezone.now() - timedelta(hours=39),
        operation=operation, position=(47.6720, 9.0800),
    )  # fmt: skip


def register() -> None:
    demo.register(demo.Step("incidents", 55, load))
