"""A client that speaks JSON to the API, for the tests of all rooms."""

import json
from typing import Any

import pytest
from django.test import Client

from agencies.directory.models import Appointment

ROOT = "/api/v1/"


class ApiClient(Client):
    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask `/api/v1/<path>`; `if_match=` and `idempotency_key=` become headers."""
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = "" if body is None else json.dumps(body)
        return self.generic(method, f"{ROOT}{path}", data, content_type="application/json", **named)


@pytest.fixture
def api_as(cast: Any) -> Any:
    """`api_as(cast.tara)` speaks to the API as that officer."""

    def sign_in(who: Appointment) -> ApiClient:
        client = ApiClient()
        client.force_login(who.officer, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def fault(answer: Any) -> dict[str, str]:
    """The problem's errors as field → message."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return {error["field"]: error["message"] for error in answer.json().get("errors", [])}
