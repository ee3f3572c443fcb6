"""The token that opens the rest of the API."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from agencies.directory import tokens
from agencies.directory.acting import acting
from agencies.directory.models import Officer
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
    """Give a token for username and password, good for twelve hours."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "token"

    @extend_schema(request=TokenInput, responses=TokenOutput)
    def post(self, request: Request) -> Response:
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        user = authenticate(request._request, username=values["username"], password=values["password"])
        now = timezone.now()
        by = acting(user, now, values.get("appointment")) if isinstance(user, Officer) else None
        if by is None:
            # The same answer for an unknown name, a wrong password and no appointment.
            raise AuthenticationFailed("Username or password is wrong, or no appointment is in effect.")
        key = tokens.issue(by, now)
        recording.record(verb="token.issue", by=by, subject_kind="appointment", subject_id=str(by.pk))
        return Response({"token": key, "expires_at": now + tokens.LIFETIME, "appointment": by.pk})
