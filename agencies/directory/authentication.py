"""`Authorization: Bearer …` for the API. Sets the acting appointment of the request as the session does."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.directory import tokens
from agencies.directory.models import AccessToken, Officer


class TokenAuthentication(BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Officer, AccessToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _, key = header.partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        token = tokens.find(key.strip(), timezone.now())
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        request._request.appointment = token.appointment  # type: ignore[attr-defined]
        return token.appointment.officer, token

    def authenticate_header(self, request: Request) -> Any:
        return self.keyword
