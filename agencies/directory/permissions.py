"""The API's first question: does the officer act under an appointment that is in effect?"""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class IsActing(BasePermission):
    message = "You hold no appointment that is in effect today."

    def has_permission(self, request: Request, view: Any) -> bool:
        return getattr(request._request, "appointment", None) is not None and request.user.is_authenticated
