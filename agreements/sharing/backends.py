"""Django's and guardian's `has_perm`, answered by the policy. Flags of the account open nothing (R5)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from agencies.directory.acting import acting
from agencies.directory.models import Officer
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide


class PolicyBackend(BaseBackend):
    """Answers for records only; everything else is left to roles."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not isinstance(obj, Record) or not isinstance(user_obj, Officer):
            return False
        now = timezone.now()
        verb = perm.rsplit(".", 1)[-1].removesuffix("_record")
        return bool(decide(access_to(obj, acting(user_obj, now), now), obj, verb))
