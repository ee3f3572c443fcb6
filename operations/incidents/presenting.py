"""What the page of a report, an event or a serious incident shows besides its own text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing import kinds
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from agreements.sharing.policy.decide import explain_to_owner
from operations.incidents import lifecycle
from operations.incidents.actions import chain as validating
from operations.incidents.actions import levels
from operations.incidents.choices import ChainStep, ProposalState, ReportState, Verdict
from operations.incidents.models import ChainLink, Event, EventLink, IncidentReport, LevelProposal, Link, Validation

Item = dict[str, Any]
Source = Callable[[IncidentReport, Access], list[Item]]
_SOURCES: list[Source] = []


def on_timeline(source: Source) -> None:
    """Rooms above tell what they know of an incident, as far as the reader may know it. An item that names a record
    holds it as `record`, for the ledger (R29)."""
    if source not in _SOURCES:
        _SOURCES.append(source)


@dataclass(frozen=True)
class Linked:
    """A record that belongs to the incident, with the word for its kind and its page."""

    record: Record
    label: str
    icon: str
    url: str


@dataclass
class ReportView:
    """Everything on the page, and the records that it shows (R29)."""

    follow_ups: list[IncidentReport]
    events: list[Event]
    linked: list[Linked]
    proposals: list[tuple[LevelProposal, bool]]
    links: list[tuple[ChainLink, str]]
    validations: list[Validation]
    timeline: list[Item]
    steps: dict[str, bool]
    shown: list[Record] = field(default_factory=list)


def report_view(row: IncidentReport, access: Access) -> ReportView:
    by = access.appointment
    assert by is not None
    follow_ups = list(
        IncidentReport.objects.visible_to(access).follow_ups_of(row).order_by("record__occurred_at", "pk")
    )
    seen = EventLink.objects.filter(report=row.pk).values("event")
    events = list(Event.objects.visible_to(access).filter(pk__in=seen))
    proposals = proposals_of(row.record, access)
    validations = _validations(row, by)
    linked = linked_of(row, access)
    told = [item for source in _SOURCES for item in source(row, access)]
    return ReportView(
        follow_ups,
        events,
        linked,
        proposals,
        _links(row, access),
        validations,
        sorted([*_timeline(row, follow_ups, proposals, validations), *told], key=lambda item: item["at"]),
        report_steps(row, by),
        [follow_up.record for follow_up in follow_ups]
        + [event.record for event in events]
        + [item.record for item in linked]
        + [item["record"] for item in told if "record" in item],
    )


def linked_of(row: IncidentReport, access: Access) -> list[Linked]:
    """The records that belong to it, as far as the reader sees them: that there are others is not told (R17)."""
    seen = Record.objects.visible_to(access).filter(pk__in=Link.objects.filter(report=row).values("record"))
    found = []
    for record in seen.select_related("owner__country").order_by("occurred_at", "pk"):
        kind = kinds.get(record.kind)
        found.append(Linked(record, kind.label, kind.icon, reverse(kind.detail_url, args=[record.pk])))
    return found


def proposals_of(record: Record, access: Access) -> list[tuple[LevelProposal, bool]]:
    """Those that the reader may know of, each with whether the reader decides on it."""
    by = access.appointment
    assert by is not None
    rows = LevelProposal.objects.visible_to(access).with_words().filter(record=record)
    return [(item, item.state == ProposalState.PROPOSED and not levels.why_not(item, by)) for item in rows]


def _validations(row: IncidentReport, by: Appointment) -> list[Validation]:
    """To the owner all; to another agency its own answers alone (R5)."""
    rows = row.validations.select_related("by__officer", "by__agency__country")
    return list(rows if row.record.owner_id in by.agencies else rows.filter(by__agency__in=by.agencies))


def _links(row: IncidentReport, access: Access) -> list[tuple[ChainLink, str]]:
    """The chain, to the owner: each link with why those there cannot read the report yet; empty when they can."""
    if not access.owns(row.record.owner_id):
        return []
    links = ChainLink.objects.filter(operation=row.record.operation_id).select_related("agency__country")
    order = list(ChainStep)
    found = []
    for link in sorted(links, key=lambda link: order.index(ChainStep(link.step))):
        own = access.owns(link.agency_id)
        decision = None if own else explain_to_owner(row.record, link.agency, access.at)
        found.append((link, "" if own or decision else f"{link.agency.short} cannot read it yet: {decision.reason}"))  # type: ignore[union-attr]
    return found


def report_steps(row: IncidentReport, by: Appointment) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    reports = by.may(Permission.INCIDENT_REPORT)
    own = reports and row.record.owner_id in by.agencies
    steps = {name: own and lifecycle.may(row.state, name) for name in ("change", "involve", "submit", "withdraw")}
    steps["link"] = own and row.state != ReportState.WITHDRAWN
    step = lifecycle.WAITING.get(row.state)
    return {
        **steps,
        "validate": step is not None and validating.answers_at(row, step, by),
        "propose": reports and lifecycle.may(row.state, "propose"),
        "follow": reports and lifecycle.may(row.state, "follow") and not row.is_follow_up,
        "open_event": by.may(Permission.INCIDENT_KEEP) and lifecycle.may(row.state, "link"),
    }


def _timeline(
    row: IncidentReport,
    follow_ups: Sequence[IncidentReport],
    proposals: Sequence[tuple[LevelProposal, bool]],
    validations: Sequence[Validation],
) -> list[Item]:
    """Fills itself, oldest first, from what the reader may know."""
    record = row.record
    items: list[Item] = [
        {"at": record.occurred_at, "title": "It happened", "icon": "geo-alt"},
        {"at": row.known_at, "title": f"{record.owner.short} came to know", "icon": "ear"},
    ]
    if row.reported_at:
        items.append({"at": row.reported_at, "title": "Reported", "icon": "send-check", "tone": "success"})
    for item in validations:
        tone = "success" if item.verdict == Verdict.VALIDATED else "danger"
        items.append({"at": item.at, "title": str(item), "text": item.words, "tone": tone, "agency": item.by.agency})
    for proposal, _ in proposals:
        title = f"Levels proposed: {proposal}"
        items.append({"at": proposal.proposed_at, "title": title, "text": proposal.reason, "icon": "sliders"})
        if proposal.decided_at:
            title = f"Levels {proposal.get_state_display().lower()}"
            items.append({"at": proposal.decided_at, "title": title, "text": proposal.answer, "icon": "sliders"})
    for follow_up in follow_ups:
        url = reverse("incidents:report-detail", args=[follow_up.pk])
        title = f"Follow-up: {follow_up.record.title}"
        items.append({"at": follow_up.reported_at or follow_up.known_at, "title": title, "url": url})
    if row.withdrawn_at:
        items.append({"at": row.withdrawn_at, "title": "Withdrawn", "text": row.withdraw_reason, "tone": "danger"})
    return items


@dataclass(frozen=True)
class Countdown:
    """How long until the first report is due."""

    due_at: datetime
    hours: int
    minutes: int
    is_late: bool

    @property
    def tone(self) -> str:
        return "danger" if self.is_late or self.hours < 1 else "warning"


def countdown(row: IncidentReport, at: datetime) -> Countdown | None:
    """What is left of the 24 hours; None where none run."""
    if row.due_at is None:
        return None
    left = abs(row.due_at - at)
    hours, rest = divmod(int(left.total_seconds()), 3600)
    return Countdown(row.due_at, hours, rest // 60, at >= row.due_at)
