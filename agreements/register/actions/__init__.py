"""What happens to agreements. Facts that narrow act at once; facts that widen wait for both sides (R22)."""

from agreements.register.actions.agreements import delete_draft, edit_draft, invite, put_to_parties, register
from agreements.register.actions.clauses import add_clause, withdraw_clause
from agreements.register.actions.conditions import set_condition
from agreements.register.actions.confirming import confirm, outstanding, outstanding_counts
from agreements.register.actions.designations import designate, withdraw_designation
from agreements.register.actions.drafts import drop_condition, edit_clause, strike_action
from agreements.register.actions.recording import lift, proposed_effect, record_action
from agreements.register.actions.relations import relate, unrelate
from agreements.register.actions.rights import is_keeper
from agreements.register.actions.second import others, own_to_confirm

__all__ = [
    "add_clause",
    "confirm",
    "delete_draft",
    "designate",
    "drop_condition",
    "edit_clause",
    "edit_draft",
    "invite",
    "is_keeper",
    "lift",
    "others",
    "outstanding",
    "outstanding_counts",
    "own_to_confirm",
    "proposed_effect",
    "put_to_parties",
    "record_action",
    "register",
    "relate",
    "set_condition",
    "strike_action",
    "unrelate",
    "withdraw_clause",
    "withdraw_designation",
]
