"""Pages of the register: read agreements, register them, record and confirm facts."""

from agreements.register.views.reading import agreement_detail, agreement_list
from agreements.register.views.recording import (
    action_create,
    agreement_confirm,
    agreement_create,
    clause_create,
    designation_create,
    designation_withdraw,
)

__all__ = [
    "action_create",
    "agreement_confirm",
    "agreement_create",
    "agreement_detail",
    "agreement_list",
    "clause_create",
    "designation_create",
    "designation_withdraw",
]
