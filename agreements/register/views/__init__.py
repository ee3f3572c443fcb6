"""Pages of the register: read agreements, register them, record and confirm facts."""

from agreements.register.views.reading import agreement_detail, agreement_list, agreement_precedence, clause_compare
from agreements.register.views.recording import (
    action_create,
    agreement_confirm,
    agreement_create,
    clause_create,
    condition_create,
    designation_create,
    designation_withdraw,
    relation_create,
    relation_delete,
)

__all__ = [
    "action_create",
    "agreement_confirm",
    "agreement_create",
    "agreement_detail",
    "agreement_list",
    "agreement_precedence",
    "clause_compare",
    "clause_create",
    "condition_create",
    "designation_create",
    "designation_withdraw",
    "relation_create",
    "relation_delete",
]
