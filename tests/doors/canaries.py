"""A token of its own in every protected field: who may come upon it, by the rules and not by the product."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction

from agencies.directory.models import Appointment
from agencies.directory.roles import ROLES, Role
from agreements.distress.models import DistressCall
from agreements.register.models import Designation
from agreements.requests.models import AccessRequest
from agreements.sharing.models import Circle, Participation, Record
from tests.doors.oracle import may_see

OURS = ("portal", "agencies", "agreements", "operations", "intel")
MayKnow = Callable[[Any, Appointment, datetime], bool]
ALPHABET = "bcdfghjkmnpqrstvwxz"


def words_in(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Its fields that hold free text, places or documents: no keys, no choices, no numbers but of places."""
    found: list[models.Field[Any, Any]] = []
    for field in model._meta.local_concrete_fields:
        free = isinstance(field, models.CharField | models.TextField | models.JSONField | models.FloatField)
        listed = isinstance(field, ArrayField) and not field.base_field.choices
        if ((free and not field.choices) or listed) and not isinstance(field, models.GeneratedField | models.FileField):
            found.append(field)
    return found


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.partition(".")[0] in OURS and m._meta.managed and words_in(m)]


def of_record(path: str = "record") -> MayKnow:
    def may(row: Any, who: Appointment, now: datetime) -> bool:
        for step in path.split("__") if path else ():
            row = getattr(row, step)
        return row is not None and may_see(who, row, now)

    return may


def of_sides(*sides: str) -> MayKnow:
    """Of these agencies, while they see the record."""

    def may(row: Any, who: Appointment, now: datetime) -> bool:
        found = {row.record.owner_id}
        for side in sides:
            person = getattr(row, side)
            found |= {person.agency_id} if person else set()
        return who.agency_id in found and may_see(who, row.record, now)

    return may


def own(person: str) -> MayKnow:
    """Of that officer's agency alone."""
    return lambda row, who, now: getattr(row, person).agency_id == who.agency_id


def both(one: MayKnow, other: MayKnow) -> MayKnow:
    return lambda row, who, now: one(row, who, now) and other(row, who, now)


def _compelled(row: Any, who: Appointment, now: datetime) -> bool:
    told = row.recorded_by.agency_id == who.agency_id or (
        row.record.owner_id == who.agency_id and not row.telling_forbidden
    )
    return told and may_see(who, row.record, now)


def _reported(row: Any, who: Appointment, now: datetime) -> bool:
    """An agency's report on an action item: itself and the keeper of the minutes (R5); the keeper's own: all readers."""
    owner = row.minutes.record.owner_id
    return who.agency_id in (owner, row.agency_id) or row.agency_id == owner


def _call(row: DistressCall, who: Appointment, now: datetime) -> bool:
    if "distress.view" not in ROLES[Role(who.role)].permissions:
        return False
    return row.sent_by.agency_id == who.agency_id or row.addressees.filter(agency=who.agency_id).exists()


def _circle(row: Circle, who: Appointment, now: datetime) -> bool:
    """Of a compartment, those inside; of an operation or a meeting, those who see that."""
    if row.record_id is not None:
        return may_see(who, row.record, now)
    assigned = row.participations.filter(assignments__appointment=who, assignments__ended_at=None).exists()
    return assigned or (row.unit_id is not None and row.unit_id == who.unit_id)


def _asked(row: AccessRequest, who: Appointment, now: datetime) -> bool:
    """The asker, and of the owner those who release and see one of the records that it is of."""
    may = "record.release" in ROLES[Role(who.role)].permissions
    rows = (item.record for item in row.asked_records.all()) if may else ()
    return row.asked_by_id == who.pk or any(r.owner_id == who.agency_id and may_see(who, r, now) for r in rows)


def of_agreement(row: Any, who: Appointment, now: datetime) -> bool:
    """Of an agreement: officers of its parties and of agencies designated for it; of a draft, its own agency's (R23)."""
    agreement = row.agreement
    if "agreement.view" not in ROLES[Role(who.role)].permissions:
        return False
    if agreement.registered_at is None:
        return agreement.drafted_by_id == who.agency_id or agreement.invited.filter(pk=who.agency_id).exists()
    if agreement.parties.filter(country=who.agency.country_id).exists():
        return True
    return agreement.designations.filter(agency=who.agency_id).exists()


def of_text(row: Any, who: Appointment, now: datetime) -> bool:
    """Of a document's text: whoever may open the document."""
    document = row.document
    own = document.added_by.agency_id == who.agency_id
    return of_agreement(document, who, now) and (own or document.withdrawn_at is None)


def _acquainted(row: Any, who: Appointment, now: datetime) -> bool:
    """Of the agency itself, and of those named beside it for an agreement or with it in a circle (R18)."""
    if row.agency_id == who.agency_id:
        return True
    named = Designation.objects.filter(withdrawn_at=None)
    beside = named.filter(agreement__in=named.filter(agency=who.agency_id).values("agreement"), agency=row.agency_id)
    parts = Participation.objects.filter(ended_at=None, accepted_at__isnull=False)
    with_it = parts.filter(circle__in=parts.filter(agency=who.agency_id).values("circle"), agency=row.agency_id)
    return beside.exists() or with_it.exists()


def _invited(row: Any, who: Appointment, now: datetime) -> bool:
    """Of treaty admins of the inviting state, and of the invited agency's."""
    return who.role == Role.TREATY_ADMIN and who.agency.country_id in (row.country_id, row.invited_by.agency.country_id)


def _catalogue(row: Any, who: Appointment, now: datetime) -> bool:
    """Of the types of an operation: who sees that; of a draft, those of its owner who plan."""
    plans = who.agency_id == row.record.owner_id and "operation.plan" in ROLES[Role(who.role)].permissions
    return (row.number is not None or plans) and may_see(who, row.record, now)


def _tasked(row: Any, who: Appointment, now: datetime) -> bool:
    """A task: of its incident's owner; of a partner, what was offered to it while it sees the incident (R18)."""
    record = row.response.record
    offered = row.handovers.filter(agency=who.agency_id).exists()
    return (record.owner_id == who.agency_id or offered) and may_see(who, record, now)


def _handed(row: Any, who: Appointment, now: datetime) -> bool:
    """An offer and its answer: of both sides, while they see the incident (R5)."""
    record = row.response.record
    return who.agency_id in (record.owner_id, row.agency_id) and may_see(who, record, now)


def _asked_to_come(row: Any, who: Appointment, now: datetime) -> bool:
    """An answer to a call: of the asker, and of the desk that gives it (R18)."""
    record = row.call.record
    return who.agency_id in (record.owner_id, row.agency_id) and may_see(who, record, now)


def _escalated(row: Any, who: Appointment, now: datetime) -> bool:
    """Whom a step of a duty chain tells: its own agency's officers alone, while they see the bulletin (R18)."""
    return row.receipt.agency_id == who.agency_id and may_see(who, row.bulletin.record, now)


def _answered_notice(row: Any, who: Appointment, now: datetime) -> bool:
    """Whoever is of the notice's owner, or of the agency that answered (R5)."""
    return who.agency_id in (row.notice.record.owner_id, row.agency_id)


def _answered_there(row: Any, who: Appointment, now: datetime) -> bool:
    """A step of the chain: of the report's owner, and of the agency that answered (R5)."""
    return who.agency_id in (row.report.record.owner_id, row.by.agency_id)


# What may be known of a row's words, by whom.
RULES: dict[str, MayKnow] = {
    "onboarding.Contact": _acquainted,
    "onboarding.Invitation": _invited,
    "sharing.Record": of_record(""),
    "sharing.MarkingChange": both(of_record(), lambda row, who, now: row.record.owner_id == who.agency_id),
    "sharing.Circle": _circle,
    "distress.DistressCall": _call,
    "compelled.CompelledDisclosure": _compelled,
    "hits.IndexEntry": both(of_record(), lambda row, who, now: row.record.owner_id == who.agency_id),
    "hits.Search": own("searched_by"),
    "hits.Answer": lambda row, who, now: row.search.searched_by.agency_id == who.agency_id,
    "approvals.Approval": both(of_record(), own("asked_by")),
    "onward.ConsentRequest": of_sides("asked_by"),
    "corrections.Correction": of_sides("proposed_by"),
    "requests.AccessRequest": _asked,
    "requests.AskedRecord": both(of_record(), lambda row, who, now: row.record.owner_id == who.agency_id),
    "planning.Operation": of_record(),
    "planning.Instruction": of_record(),
    "types.Catalogue": _catalogue,
    "types.Filled": of_record(),
    "patrols.Patrol": of_record(),
    "patrols.Team": of_record("patrol__record"),
    "patrols.Leg": of_record(),
    "patrols.Track": of_record("leg__record"),
    "patrols.Observation": of_record(),
    "field.Crossing": of_record(),
    "field.Told": of_record(),
    "field.Version": both(of_record(), lambda row, who, now: row.record.owner_id == who.agency_id),
    "safety.Answer": both(of_record("notice__record"), _answered_notice),
    "meetings.Meeting": of_record(),
    "meetings.MeetingTime": of_record("meeting__record"),
    "meetings.AgendaItem": of_record("meeting__record"),
    "reports.Report": of_record(),
    "incidents.IncidentReport": of_record(),
    "incidents.Involved": of_record("report__record"),
    "incidents.Validation": both(of_record("report__record"), _answered_there),
    "incidents.Event": of_record(),
    "incidents.LevelProposal": of_sides("proposed_by"),
    "incidents.SeriousIncident": of_record(),
    "joint.JointReport": of_record(),
    "joint.Wording": of_record("report__record"),
    "joint.Statement": of_record(),
    "joint.Signature": of_record("report__record"),
    "joint.SealedCopy": of_record(),
    "minutes.Minutes": of_record(),
    "minutes.Point": of_record("minutes__record"),
    "minutes.ActionItem": of_record("minutes__record"),
    "minutes.Report": both(of_record("minutes__record"), _reported),
    "minutes.Wording": of_record("minutes__record"),
    "minutes.Annotation": of_record(),
    "minutes.Assent": of_record("minutes__record"),
    "minutes.MinutesCopy": of_record(),
    "response.Response": of_record(),
    "response.Task": _tasked,
    "response.Handover": _handed,
    "response.ProcedureVersion": of_record("procedure__record"),
    "response.Step": of_record("procedure__record"),
    "response.AssistanceCall": of_record(),
    "response.Asked": _asked_to_come,
    "response.Desk": _acquainted,
    "bulletins.Bulletin": of_record(),
    "bulletins.Escalation": _escalated,
    "papers.Document": of_agreement,
    "papers.Passage": of_text,
    "deadlines.Review": of_agreement,
}  # fmt: skip
# Fields of these that hold no words of anybody, and why.
PLAIN: dict[str, set[str]] = {
    "onboarding.Contact": {"days", "languages"},  # numbers and codes
    # A digest, a zone, what was corrected (a list of fields and words of an earlier form); the address it is mailed to.
    "onboarding.Invitation": {"digest", "time_zone", "as_invited", "mail"},
    "sharing.Record": {"kind", "zone", "rel_to", "latitude", "longitude"},  # a word, a zone, countries; places: PLACES
    "sharing.MarkingChange": {"before", "after"},  # markings, without words
    "distress.DistressCall": {"latitude", "longitude"},
    "hits.IndexEntry": {"digest"},
    "hits.Answer": {"reference", "entries"},  # a reference to ask with; the owner's keys
    "planning.Operation": {"area"},  # the shape: PLACES
    "patrols.Track": {"lines", "times", "digest", "length_m", "south", "west", "north", "east"},
    "field.Crossing": {"limits", "left_latitude", "left_longitude"},  # lines of the register; a place: PLACES
    "field.Version": {"latitude", "longitude", "track"},  # places: PLACES
    "meetings.Meeting": {"reminders", "rule"},  # numbers, a rule of days
    "meetings.AgendaItem": {"source"},  # a key
    "reports.Report": {"source_grade", "information_grade"},
    "incidents.IncidentReport": {"type"},  # of a list
    "joint.JointReport": {"language"},  # a code
    "joint.Wording": {"language"},
    # Shown, so that they can be compared; that of the entries is told to nobody.
    "joint.Signature": {"statement_digest", "content_digest", "entries_digest", "digest"},
    "joint.SealedCopy": {"digest", "content_digest"},
    "minutes.Minutes": {"language"},
    "minutes.ActionItem": {"zone"},
    "minutes.Wording": {"language"},
    "minutes.Assent": {"annotation_digest", "content_digest", "digest"},
    "minutes.MinutesCopy": {"digest", "content_digest"},
    "response.Desk": {"latitude", "longitude"},  # of the directory: partners find the desk by them
    "papers.Document": {"sha256"},  # shown, so that it can be compared
}  # fmt: skip


def a_type(token: str) -> dict[str, Any]:
    """A type with the token in each of its words."""
    field = {"key": "words", "kind": "text", "labels": {"en": token}, "hints": {"en": token}}
    return {"key": "zone", "base": "note", "labels": {"en": token}, "fields": [field]}


# Fields of JSON of which pages expect a shape: the token stands in it.
SHAPES: dict[str, Callable[[str], Any]] = {
    "types.Catalogue.types": lambda token: [a_type(token)],
    "types.Filled.form": a_type,
    "minutes.Wording.texts": lambda token: {"title": token, "opening": token},
    "types.Filled.values": lambda token: {"words": token},
    "field.Version.values": lambda token: {"words": token},
}
# Models without a protected word, and why.
WITHOUT = {
    "audit.Entry": "keys and plain facts; scanned, not sown: nobody may write there",
    "audit.Seal": "digests", "audit.Head": "digests and signatures",
    "outbox.Message": "scanned: keys only", "outbox.Due": "scanned: keys only", "outbox.Heartbeat": "names of tasks",
    "outbox.IdempotencyKey": "scanned: what one appointment was answered",
    "directory.Country": "public", "directory.Agency": "the directory (R18 is proved there)", "directory.Unit": "the directory",
    "directory.Officer": "the directory", "directory.Appointment": "the directory", "directory.AccessToken": "a digest",
    "directory.Succession": "the directory: read by the admins of two agencies",
    "postings.Posting": "the directory: read by the admins of two agencies, to partners a function (R18 is proved there)",
    "postings.HandoverItem": "keys, and why an item was left, in the officer's own words",
    "onboarding.Halt": "the directory: read by who may lift it", "onboarding.Closing": "the directory: read by the admins of two agencies",
    "register.Agreement": "the register (R23 is proved there)", "register.Clause": "the register",
    "powers.Power": "the register", "powers.PowerText": "the register",
    "drafting.Submission": "two officers of one state on a draft (proved in tests/agreements/drafting)",
    "drafting.Share": "names of tasks", "drafting.Mark": "the name of a task, a digest",
    "register.TreatyAction": "the register", "register.Designation": "the register",
    "register.ForceCondition": "the register", "register.Relation": "the register",
    "sharing.Audience": "a function of the directory", "sharing.Release": "copies of markings", "sharing.StandingOrder": "kinds",
    "channels.CommunicationChannel": "the directory: for partners, as desks are (R18 is proved there)",
    "alerts.Alert": "keys", "alerts.Recall": "a reference: told to who opened it (R16)",
    "delivery.Delivery": "an id of a message, a digest", "delivery.Attempt": "a number of the protocol",
    "delivery.Outlet": "an agency's own address and templates: to its admins (proved in its room)",
    "delivery.Rule": "an officer's own words and places (proved in its room)", "delivery.Preference": "an officer's own number (proved in its room)",
    "deadlines.LeadTimes": "numbers of days",
    "meetings.PersonalLead": "numbers of minutes", "meetings.Invitation": "what was mailed: a method",
    "meetings.CalendarFeed": "to one officer: what reads the own calendar (proved in its room)",
    "patrols.Photo": "a picture: its bytes are sown",
    "field.Receipt": "digests, and a reference: told to who sent the item",
    "field.Quarantined": "to supervisors of one agency (proved in its room)",
    "field.Signal": "to officers of one agency (proved in its room)",
    "safety.Alarm": "to officers of one agency (proved in its room)", "safety.Told": "the portal's own words, as its alarm",
    "safety.LimitChange": "lines of the register",
    "importing.Import": "lists of the register: the own agency's treaty admins (proved in its room)",
    "importing.ImportRow": "as its import", "importing.KeptMapping": "as its import", "importing.CountryName": "as its import",
}  # fmt: skip


@dataclass(frozen=True)
class Canary:
    token: str
    field: str
    row: Any


class Sown:
    """Every protected field of every row in the database, with its token, and who may know it."""

    def __init__(self) -> None:
        self.canaries: list[Canary] = []
        for label in RULES:
            self._sow(apps.get_model(label))
        self._sow_places()

    def _token(self, room: int | None) -> str:
        """Short enough for the field, and in no word of any language."""
        number, letters = len(self.canaries) + 7000, ""
        while number:
            number, rest = divmod(number, len(ALPHABET))
            letters += ALPHABET[rest]
        token = f"zq{letters}xq"
        assert room is None or len(token) <= room
        return token

    def _sow(self, model: type[models.Model]) -> None:
        names = [field for field in words_in(model) if field.name not in PLAIN.get(model._meta.label, set())]
        for row in model._base_manager.all():
            for field in names:
                token = self._token(getattr(field, "max_length", None))
                # Where the database refuses it, such as an answer to what is open, another row holds it.
                name = f"{model._meta.label}.{field.name}"
                value = SHAPES.get(name, str)(token)
                with suppress(IntegrityError), transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{field.name: value})
                    self.canaries.append(Canary(token, name, row))

    def _sow_places(self) -> None:
        """Coordinates that are nowhere else: told by their six decimals."""
        for row in Record._base_manager.exclude(latitude=None):
            token = f"47.{900_000 + len(self.canaries) * 7 + 1}"
            Record._base_manager.filter(pk=row.pk).update(latitude=float(token))
            self.canaries.append(Canary(token, "sharing.Record.latitude", row))

    def missing(self) -> set[str]:
        """Protected fields of which no row holds a token."""
        wanted = {
            f"{label}.{field.name}"
            for label in RULES
            for field in words_in(apps.get_model(label))
            if field.name not in PLAIN.get(label, set())
        }
        return wanted - {canary.field for canary in self.canaries}

    def known_to(self, who: Appointment, now: datetime) -> Iterator[str]:
        seen: dict[tuple[str, Any], bool] = {}
        for canary in self.canaries:
            place = canary.row._meta.label, canary.row.pk
            if place not in seen:
                seen[place] = RULES[place[0]](canary.row, who, now)
            if seen[place]:
                yield canary.token
