"""Which fields of the register an export holds, and which not, and why. A test fails for a field that is in neither.

Written and read again by the same table: whoever adds a column to the register adds its name here, and it goes out
and comes back. Keys of articles, actions and agreements are kept, so that they can name one another.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from agreements.register.models import Agreement, Clause, Designation, ForceCondition, Relation, TreatyAction


@dataclass(frozen=True)
class Part:
    """One table of an export: its name there, the model, and its fields."""

    name: str
    model: type[Model]
    fields: tuple[str, ...]
    left_out: dict[str, str] = field(default_factory=dict)
    # By what name an agreement reaches its rows of this kind; empty: by that of the part.
    accessor: str = ""

    @property
    def rows(self) -> str:
        return self.accessor or self.name


_FACT = {
    "id": "its key: `key`",
    "agreement": "the agreement around it",
    "recorded_at": "a note (`recorded`): what comes back is recorded when it comes back (R14)",
    "recorded_by": "an officer: names of officers leave with no export (R18)",
    "recorded_for": "a note (`recorded`): nobody stands behind what is imported until it is confirmed (R22)",
}
HEAD = Part(
    "agreements",
    Agreement,
    (
        "title", "short_name", "kind", "depositary", "reference", "made_under", "time_zone", "concluded_on",
        "expires_on", "notice_months", "renews_months", "renewal_notice_months", "territory", "summary", "invented",
        "source",
    ),
    {
        "id": "its key: `key`",
        "drafted_by": "who imports it keeps it: told as a note (`drafted_by`)",
        "invited": "guests of a draft are invited anew",
        "registered_at": "an instant of recording; whether it is a draft: `draft`",
        "created_at": "an instant of recording",
    },
)  # fmt: skip
PARTS = (
    Part(
        "articles",
        Clause,
        (
            "article", "kind", "summary", "categories", "ceiling", "direction", "senders", "receivers", "purposes",
            "onward", "retention_days", "starts_on", "ends_on", "survives", "continues", "rectifies", "displaced_by",
            "position", "source",
        ),
        _FACT,
        accessor="clauses",
    ),
    Part(
        "actions",
        TreatyAction,
        (
            "kind", "country", "counterpart", "clauses", "done_on", "effective_on", "until", "lifts", "excludes",
            "lowers_ceiling_to", "way", "territory", "rectifies", "note", "source",
        ),
        _FACT,
    ),
    Part(
        "designations",
        Designation,
        ("country", "agency", "clauses", "starts_on", "ends_on", "withdrawn_at", "source"),
        _FACT,
    ),
    Part(
        "conditions",
        ForceCondition,
        (
            "consents", "required", "delay", "delay_unit", "later_delay", "later_unit", "article", "rectifies", "source",
        ),
        _FACT,
        accessor="force_conditions",
    ),
    Part("relations", Relation, ("kind", "other", "starts_on", "note"), _FACT),
)  # fmt: skip
# Models of the register that are no table of an export, and why.
ELSEWHERE = {
    "register.Party": "the list `parties` of its agreement",
    "register.Confirmation": "a note (`recorded`): a confirmation is an act of a party here, and no file confirms",
}
# References to other agreements: left out where the reader may not see them (R17), and put back once all are made.
FOREIGN = {"made_under", "continues", "displaced_by", "other"}


def columns_of(model: Any) -> set[str]:
    """The fields of a model that hold something: columns, and lists of other rows."""
    return {item.name for item in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)}
