"""The demonstration's responses: invented. One with tasks, of which a partner took one; a call for assistance that is
answered, and one that waits; desks, and a procedure in its second version."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agencies.directory.models import Agency
from agreements.register.choices import Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.offers import offers_for
from operations.incidents.models import IncidentReport
from operations.planning.demo import appointment, key_of
from operations.response import timing
from operations.response.actions import assistance, desks, handovers, procedures, responses
from operations.response.actions.procedures import Line
from operations.response.models import Asked, AssistanceCall, Desk, Handover, Response, Task
from portal.ui import demo

PLAIN = Marking(["operational"], 1)
TOBACCO, VAN = "Two boats with untaxed tobacco at Ermatingen", "Van turned back before the Gottlieben bridge"
STEPS = (
    Line("Secure the landing place", 30), Line("Photograph the goods before they are moved", 60),
    Line("Tell customs investigation", 120),
)  # fmt: skip


@dataclass(frozen=True)
class Post:
    by: str
    name: str
    place: tuple[float, float]
    reach_km: int


POSTS = (
    Post("ch.commander", "Boat station Kreuzlingen", (47.6478, 9.1860), 40),
    Post("de.commander", "Inspectorate Konstanz", (47.6587, 9.1750), 60),
    Post("de.commander", "Inspectorate Weil am Rhein", (47.5950, 7.6110), 50),
    Post("at.commander", "Boat station Hard", (47.4890, 9.6870), 45),
)


def load() -> int:
    """What is not there yet; how many are new. Without the demonstration's incidents there is nothing to respond to."""
    first, second = (_incident(title) for title in (TOBACCO, VAN))
    if first is None or second is None or Response.objects.filter(pk=first.pk).exists():
        return 0
    for post in POSTS:
        if not Desk.objects.filter(name=post.name).exists():
            desks.man(by=appointment(post.by), name=post.name, position=post.place, reach_km=post.reach_km)
    procedure = procedures.make(
        by=appointment("ch.commander"), key=key_of("procedure landing"), name="Goods landed from the lake",
        steps=STEPS, marking=PLAIN,
    )  # fmt: skip
    procedures.publish(
        procedure=procedure, by=appointment("ch.commander"), note="The harbour is asked for its pictures. Invented.",
        steps=[*STEPS, Line("Ask the harbour for the pictures of its camera", 240)],
    )  # fmt: skip
    _respond(first, procedure)
    _call(second)
    return 2


def _incident(title: str) -> IncidentReport | None:
    rows = IncidentReport.objects.select_related("record__owner", "record__operation")
    return rows.filter(pk=key_of(f"incident {title}")).first()


def _release(record: Record, to: str, by: Any) -> bool:
    """Under the first article that carries it to that agency."""
    found = offers_for(by, record, timezone.now(), kind=record.kind, named=False).fits
    for offer in found:
        if offer.to.kind == AudienceKind.AGENCY and offer.to.agency and offer.to.agency.acronym == to:
            purpose = next(
                (p for p in (Purpose.BORDER_OPERATION, Purpose.COORDINATION) if p in offer.clause.purposes), ""
            )
            releases.release(
                record=record, to=To(AudienceKind.AGENCY, agency=offer.to.agency), clause=offer.clause,
                purpose=purpose or offer.clause.purposes[0], by=by,
            )  # fmt: skip
            return True
    return False


def _respond(report: IncidentReport, procedure: Any) -> None:
    """Two steps done, one overdue, one that the other side took over."""
    by, leader = appointment("ch.liaison"), appointment("ch.leader")
    row = responses.start(report=report, by=by)
    tasks = responses.follow(response=row, procedure=procedure, by=by)
    for task, words in zip(
        tasks[:2], ("The west jetty is closed until Sunday.", "62 pictures, kept with the file."), strict=True
    ):
        responses.end(task=task, by=leader, done=True, result=f"{words} Invented.")
    if _release(report.record, "BPOL", by):
        given = responses.give(
            response=row, by=by, what="Look for the boats on the northern shore, Reichenau to Gaienhofen"
        )
        offered = handovers.offer(
            task=given, agency=Agency.objects.get(acronym="BPOL"), by=by, message="You are on that shore tonight."
        )
        handovers.take(handover=offered, by=appointment("de.liaison"), key=key_of("incident boats taken over"))
    begun = timezone.now() - timedelta(hours=30)
    _backdate(row, begun)
    late = tasks[2]
    Task.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=2), assignee=leader)
    timing.disarm(late)
    more = responses.give(
        response=row, by=by, what="Write to the prosecutor", assignee=appointment("ch.commander"),
        due_at=timezone.now() + timedelta(hours=20),
    )  # fmt: skip
    assert more.due_at is not None


def _backdate(row: Response, begun: datetime) -> None:
    """It began with the incident, not with the demonstration."""
    Response.objects.filter(pk=row.pk).update(started_at=begun)
    for number, task in enumerate(Task.objects.filter(response=row)):
        at = begun + timedelta(minutes=2 + number)
        ended = begun + timedelta(minutes=25 + 20 * number) if task.ended_at else None
        Task.objects.filter(pk=task.pk).update(made_at=at, ended_at=ended)
    Handover.objects.filter(response=row).update(
        offered_at=begun + timedelta(hours=1), answered_at=begun + timedelta(hours=1, minutes=6)
    )


def _call(report: IncidentReport) -> None:
    """Asked, promised and there; and a second one, of this hour, that nobody has answered."""
    by, desk = appointment("ch.leader"), appointment("de.leader")
    asked = [Agency.objects.get(acronym="BPOL")]
    place = (47.6640, 9.1330)
    row = assistance.call(
        report=report, by=by, key=key_of("assistance van"), situation="search", position=place,
        needed="A dog and two officers for the reeds on your side, before it is dark. Invented.",
        place="Reeds between Gottlieben and the bridge", call_back=by.agency.desk_phone, marking=PLAIN, agencies=asked,
    )  # fmt: skip
    line = row.asked.get()
    assistance.accept(
        asked=line, by=desk, means="One dog, three officers", expected_at=timezone.now() + timedelta(minutes=15)
    )
    assistance.arrive(asked=line, by=desk)
    at = timezone.now() - timedelta(hours=2, minutes=30)
    Record.objects.filter(pk=row.pk).update(occurred_at=at, recorded_at=at)
    Asked.objects.filter(pk=line.pk).update(
        asked_at=at, answered_at=at + timedelta(minutes=3), expected_at=at + timedelta(minutes=18),
        arrived_at=at + timedelta(minutes=16),
    )  # fmt: skip
    assistance.end(
        call=AssistanceCall.objects.get(pk=row.pk),
        by=by,
        ending="helped",
        words="Two of the five were found. Invented.",
    )
    AssistanceCall.objects.filter(pk=row.pk).update(ended_at=at + timedelta(minutes=70))
    assistance.call(
        report=report, by=by, key=key_of("assistance boat"), situation="search", position=(47.6702, 9.1205),
        needed="A boat with a searchlight along the northern bank. Invented.", place="Seerhein, kilometre 3",
        call_back=by.agency.desk_phone, marking=PLAIN, agencies=asked,
    )  # fmt: skip


def register() -> None:
    demo.register(demo.Step("responses", 57, load))
