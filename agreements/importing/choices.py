"""Words of imports: what a file can be, the states of an import and of its rows, and the fields a column can mean."""

from dataclasses import dataclass

from django.db import models

from agreements.register.choices import BINDING, ActionKind


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel workbook"
    JSON = "json", "JSON list"
    REGISTER = "register", "Export of a register"


class Shape(models.TextChoices):
    TREATY = "treaty", "One row is one agreement"
    PARTY = "party", "One row is one party of an agreement"


class ImportState(models.TextChoices):
    MAPPING = "mapping", "Columns to be named"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    RUNNING = "running", "Running"
    CANCELLED = "cancelled", "Cancelled"
    DONE = "done", "Done"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


# States in which the background worker has something to do.
WORKING = frozenset({ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING})


class RowState(models.TextChoices):
    UNCHECKED = "unchecked", "Not checked yet"
    READY = "ready", "Will be made"
    FLAGGED = "flagged", "Will be made, flagged"
    ASKING = "asking", "Waits for a decision"
    ERROR = "error", "In error"
    SKIPPED = "skipped", "Left out by decision"
    MADE = "made", "Made"
    UNDONE = "undone", "Made and undone"


WILL_BE_MADE = (RowState.READY, RowState.FLAGGED)
KEPT = (RowState.ASKING, RowState.ERROR)


class Decision(models.TextChoices):
    NEW = "new", "Make a new agreement"
    SKIP = "skip", "Leave the row out"
    ATTACH = "attach", "Add its facts to the agreement that is there"


class Level(models.TextChoices):
    """How much a finding matters."""

    FLAG = "flag", "Flagged"
    ASK = "ask", "To be decided"
    ERROR = "error", "In error"


@dataclass(frozen=True)
class Field:
    """What a column can mean. `per_party`: a day of one party's act."""

    name: str
    label: str
    per_party: bool = False
    many: bool = False


K = ActionKind
# Acts of a party that a column can date, by field name.
ACTS: dict[str, ActionKind] = {
    kind.value: kind
    for kind in (
        K.SIGNATURE, K.DEFINITIVE_SIGNATURE, K.RATIFICATION, K.ACCEPTANCE, K.APPROVAL, K.FORMAL_CONFIRMATION,
        K.ACCESSION, K.SUCCESSION, K.CONSENT, K.PARTICIPATION, K.PROVISIONAL_APPLICATION, K.NON_RENEWAL, K.DENUNCIATION,
        K.WITHDRAWAL,
    )
}  # fmt: skip
EFFECT = "_effect"
PARTY_IN_FORCE = "party_in_force"

_HEAD = (
    Field("title", "Title"),
    Field("short_name", "Short name"),
    Field("kind", "Kind"),
    Field("reference", "Reference"),
    Field("depositary", "Depositary"),
    Field("parties", "Parties", many=True),
    Field("signed", "Date of signature of the agreement"),
    Field("in_force", "Entry into force of the agreement"),
    Field("expires", "Expiry: last day of effect"),
    Field("terminated", "Termination of the agreement"),
    Field("provisional", "Provisional application by every party"),
    Field("notice_months", "Notice in months"),
    Field("parent", "Made under"),
    Field("territory", "Territory"),
    Field("languages", "Languages"),
    Field("summary", "Summary"),
    Field("source", "Source"),
    Field("time_zone", "Time zone"),
)
_PARTY = (
    *(Field(name, f"{kind.label}, by party", per_party=True) for name, kind in ACTS.items()),
    *(Field(f"{name}{EFFECT}", f"{kind.label}: first day of effect", per_party=True) for name, kind in ACTS.items()),
    Field(PARTY_IN_FORCE, "Entry into force for a party", per_party=True),
)
FIELDS: dict[str, Field] = {field.name: field for field in (*_HEAD, *_PARTY)}
EVERY_PARTY = "*"
# Facts that bind are the ones whose order is looked at.
CONSENTS = BINDING
