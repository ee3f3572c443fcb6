"""What the page of a joint report shows besides its text: how each side stands, its entries, the reader's steps."""

from dataclasses import dataclass, field
from typing import Any

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.powers.words import name_of
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.joint import annex, lifecycle
from operations.joint.choices import SIDE_STATES, Decision
from operations.joint.content import content_digest
from operations.joint.models import JointReport, Signature, Statement
from operations.joint.reading import timed
from operations.patrols import rights
from operations.sealing.content import Plain
from operations.sealing.presenting import standing_of


@dataclass(frozen=True)
class Stand:
    """How one side stands: its standing signature, or the last that lapsed."""

    agency: Agency
    state: str
    signature: Signature | None
    statement: Statement | None
    is_own: bool

    @property
    def words(self) -> str:
        return SIDE_STATES[self.state]


@dataclass(frozen=True)
class Text:
    """The text in one language."""

    language: str
    name: str
    text: str
    open_points: str
    is_original: bool


@dataclass
class ReportView:
    """Everything on the page, and the records that it shows (R29)."""

    texts: list[Text]
    stands: list[Stand]
    entries: list[Plain]
    digest: str
    steps: dict[str, bool]
    lapsed: list[Signature]
    is_outdated: bool
    shown: list[Record] = field(default_factory=list)

    @property
    def own(self) -> Stand | None:
        return next((stand for stand in self.stands if stand.is_own), None)


def report_view(row: JointReport, access: Access) -> ReportView:
    by = access.appointment
    assert by is not None
    signatures = list(row.signatures.with_words())
    statements = statements_of(signatures, access)
    stands = [
        _stand(side.agency, signatures, statements, access) for side in row.sides.select_related("agency__country")
    ]
    entries, records = annex.entries_of(row, access)
    own = next((stand for stand in stands if stand.is_own), None)
    return ReportView(
        texts=texts_of(row),
        stands=stands,
        entries=[timed(item) for item in entries],
        digest=content_digest(row),
        steps=steps_of(row, by, own, access),
        lapsed=[item for item in signatures if item.lapsed_at is not None],
        is_outdated=_is_outdated(row, own, by, access),
        shown=[*records, *(item.record for item in statements.values())],
    )


def texts_of(row: JointReport) -> list[Text]:
    """The original first."""
    first = Text(row.language, name_of(row.language), row.text, row.open_points, True)
    return [first, *(Text(w.language, name_of(w.language), w.text, w.open_points, False) for w in row.wordings.all())]


def statements_of(signatures: list[Signature], access: Access) -> dict[Any, Statement]:
    """Those that the reader sees, by key."""
    wanted = [item.statement_id for item in signatures if item.statement_id]
    return {item.pk: item for item in Statement.objects.visible_to(access).filter(pk__in=wanted)} if wanted else {}


def _stand(agency: Agency, signatures: list[Signature], statements: dict[Any, Statement], access: Access) -> Stand:
    state, standing = standing_of(agency.pk, signatures)
    statement = statements.get(standing.statement_id) if standing else None
    return Stand(agency, state, standing, statement, access.owns(agency.pk))


def _is_outdated(row: JointReport, own: Stand | None, by: Appointment, access: Access) -> bool:
    """Whether the reader's own signature is over other entries than its copy would take now. Of other sides it is not
    asked: their entries may be hidden (R17)."""
    if (
        own is None
        or own.signature is None
        or own.signature.by_id not in by.chain
        or not lifecycle.may(row.state, "sign")
    ):
        return False
    return own.signature.entries_digest != annex.entries_digest(row, access)


def steps_of(row: JointReport, by: Appointment, own: Stand | None, access: Access) -> dict[str, bool]:
    """Which buttons work for this officer now. The actions ask again."""
    runs = by.may(Permission.PATROL_RUN)
    writes = runs and access.owns(row.record.owner_id)
    side = runs and own is not None and is_assigned(row, by, access)
    signed = own is not None and own.signature is not None
    return {
        **{name: writes and lifecycle.may(row.state, name) for name in ("change", "put", "withdraw")},
        "sign": side and not signed and by.may(Permission.RECORD_RELEASE) and lifecycle.may(row.state, "sign"),
        "take_back": side and signed and lifecycle.may(row.state, "take_back"),
    }


def is_assigned(row: JointReport, by: Appointment, access: Access) -> bool:
    found = rights.assignments_of(by, access.at).filter(participation__circle__record=row.record.operation_id)
    return found.exists()


# Icon and word of an entry, for pages.
ENTRY_ICONS = {"leg": "bezier2", "observation": "eye", "crossing": "signpost-split"}


def is_disagreement(signature: Signature) -> bool:
    return signature.decision == Decision.DISAGREES
