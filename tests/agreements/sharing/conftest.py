"""Records of a kind that belongs to no room, and an operation's circle, so that sharing is tested alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.register.choices import Category, Purpose
from agreements.sharing import kinds
from agreements.sharing.actions import circles, orders, records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, CircleKind, Tlp
from agreements.sharing.models import Circle, Record, Release, StandingOrder
from agreements.sharing.policy import access
from tests.conftest import Cast

NOTE = "note"


@pytest.fixture
def note_kind() -> Iterator[None]:
    kinds.register(kinds.Kind(NOTE, "Note", "Notes", Permission.PATROL_VIEW, "sharing:record-why"))
    yield
    kinds._KINDS.pop(NOTE)


@dataclass
class Desk:
    """Short ways to write and release in the cast's world."""

    cast: Cast

    def note(self, by: Appointment | None = None, title: str = "Night watch", **values: Any) -> Record:
        marking = {"categories": [Category.OPERATIONAL], "classification": 1, "tlp": Tlp.AMBER.value}
        marking |= {name: values.pop(name) for name in list(values) if name in vars(Marking())}
        return records.create(by=by or self.cast.xenia, kind=NOTE, title=title, marking=Marking(**marking), **values)

    def release(self, record: Record, to: To | None = None, by: Appointment | None = None, **values: Any) -> Release:
        terms = {"clause": self.cast.art7, "purpose": Purpose.BORDER_OPERATION, **values}
        to = to or To(AudienceKind.AGENCY, agency=self.cast.b)
        return releases.release(record=record, to=to, by=by or self.cast.xenia, **terms)

    def operation(self) -> Record:
        """An operation that a1 leads; b takes part, with Yann and Yara assigned."""
        marking = Marking(categories=[Category.OPERATIONAL], classification=1)
        record = records.create(by=self.cast.xenia, kind="operation", title="Autumn", marking=marking)
        circle = circles.open_circle(record=record, kind=CircleKind.OPERATION, by=self.cast.xenia)
        part = circles.invite(
            circle=circle,
            agency=self.cast.b,
            clause=self.cast.art7,
            purpose=Purpose.BORDER_OPERATION,
            by=self.cast.xenia,
        )
        circles.accept(participation=part, by=self.cast.yara)
        part.refresh_from_db()
        for who in (self.cast.yara, self.cast.yann):
            circles.assign(participation=part, appointment=who, by=self.cast.yara)
        return record

    def order(self, operation: Record, **values: Any) -> StandingOrder:
        terms = {
            "kinds": [NOTE],
            "categories": [Category.OPERATIONAL],
            "ceiling": 1,
            "tlp": Tlp.AMBER.value,
            "clause": self.cast.art7,
            "purpose": Purpose.BORDER_OPERATION,
            **values,
        }
        return orders.issue(circle=Circle.objects.get(record=operation), by=self.cast.xenia, **terms)


@pytest.fixture
def desk(cast: Cast, note_kind: None) -> Desk:
    return Desk(cast)


def sees(who: Appointment, record: Record) -> bool:
    return Record.objects.visible_to(access(who, timezone.now())).filter(pk=record.pk).exists()


class ApiClient(Client):
    """A client that speaks JSON."""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = "" if body is None else json.dumps(body)
        return self.generic(method, f"/api/v1{path}", data, content_type="application/json", **named)


@pytest.fixture
def api_as() -> Any:
    """`api_as(cast.yann)` speaks to the API as that officer."""

    def sign_in(who: Appointment) -> ApiClient:
        client = ApiClient()
        client.force_login(who.officer, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
