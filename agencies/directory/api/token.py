"""The token that opens the rest of the API."""

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from agencies.directory import actions, tokens
from agencies.directory.acting import acting
from agencies.directory.authentication import TokenAuthentication
from agencies.directory.dormancy import is_dormant
from agencies.directory.models import AccessToken, Officer
from portal.audit import recording


class TokenInput(serializers.Serializer[Any]):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)
    appointment = serializers.UUIDField(required=False, help_text="Which of several to act under.")


class TokenOutput(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    appointment = serializers.UUIDField()


class TokenView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "token"

    def get_authenticators(self) -> list[Any]:
        """Only who gives a token back must have one."""
        return [TokenAuthentication()] if self.request and self.request.method == "DELETE" else []

    @extend_schema(request=TokenInput, responses=TokenOutput, auth=[])
    def post(self, request: Request) -> Response:
        """Give a token for username and password, good for twelve hours."""
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        user = authenticate(request._request, username=values["username"], password=values["password"])
        now = timezone.now()
        awake = isinstance(user, Officer) and not is_dormant(user, now)
        by = acting(user, now, values.get("appointment")) if isinstance(user, Officer) and awake else None
        if by is None:
            # The same answer for an unknown name, a wrong password, a dormant account and no appointment.
            raise AuthenticationFailed("Username or password is wrong, or no appointment is in effect.")
        # A token is a sign-in: who uses nothing but the API does not fall dormant.
        update_last_login(Officer, by.officer)
        key = tokens.issue(by, now)
        recording.record(verb="token.issue", by=by, subject_kind="appointment", subject_id=str(by.pk))
        return Response({"token": key, "expires_at": now + tokens.LIFETIME, "appointment": by.pk})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out: the token that is sent works no more."""
        if not isinstance(request.auth, AccessToken):
            raise NotAuthenticated
        actions.revoke_token(token=request.auth, by=request.auth.appointment)
        return Response(status=204)
