"""A device of an officer: makes items, sends them, and loses answers when it is told to."""

import hashlib
import io
import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from agencies.directory.models import Appointment, new_key
from operations.patrols.models import Patrol
from tests.api import ApiClient
from tests.operations.patrols.conftest import Joint, joint
from tests.operations.planning.conftest import desk

__all__ = ["Device", "Joint", "desk", "joint"]

MINUTE = timedelta(minutes=1)
BATCHES, PHOTOS, IMPORTS, KIT = "field/batches/", "field/photos/", "field/imports/", "field/kit/"


def report(row: dict[str, Any]) -> None:
    """Keep what was measured, a line each, where `make field` reads it."""
    path = os.environ.get("ENTENTE_FIELD_REPORT")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def jpeg(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Device:
    """One installation. `off` is how far its clock is ahead."""

    client: ApiClient
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    off: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        return timezone.now() + self.off

    def item(self, kind: str, body: dict[str, Any] | None = None, ago: float = 10, **values: Any) -> dict[str, Any]:
        """What happened `ago` minutes ago."""
        at = (self.now - ago * MINUTE).isoformat()
        keys = {name: str(value) for name, value in values.items() if value is not None}
        return {"id": str(new_key()), "kind": kind, "happened_at": at, "made_at": at, "body": body or {}, **keys}

    def observation(self, patrol: Patrol | uuid.UUID | str, text: str = "Boat", **values: Any) -> dict[str, Any]:
        body = {"type": "sighting", "text": text, **values.pop("body", {})}
        return self.item("observation", body, patrol=getattr(patrol, "pk", patrol), **values)

    def post(self, sent: list[Any], path: str = BATCHES, **values: Any) -> Any:
        body = {"device": str(self.id), "sent_at": self.now.isoformat(), "items": sent, **values}
        return self.client.send("POST", path, body)

    def send(self, *items: Any, **values: Any) -> list[dict[str, Any]]:
        answer = self.post(list(items), **values)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["results"]
        assert [row["id"] for row in found] == [item["id"] for item in items]
        return found

    def one(self, item: Any, **values: Any) -> dict[str, Any]:
        return self.send(item, **values)[0]

    def photograph(self, observation: Any, data: bytes | None = None, **values: Any) -> Any:
        data = jpeg() if data is None else data
        body = {
            "id": str(new_key()),
            "observation": str(observation),
            "made_at": self.now.isoformat(),
            "sha256": hashlib.sha256(data).hexdigest(),
            **values,
            "file": SimpleUploadedFile("a.jpg", data, "image/jpeg"),
        }
        return self.client.post(f"/api/v1/{PHOTOS}", body)


@pytest.fixture
def device_of(api_as: Any) -> Any:
    """`device_of(cast.anton)` is a tablet on which Anton is signed in."""

    def make(who: Appointment, **values: Any) -> Device:
        return Device(api_as(who), **values)

    return make


def end_post(who: Appointment) -> None:
    """The appointment ends at once; the session of the browser goes on."""
    Appointment.objects.filter(pk=who.pk).update(ended_at=timezone.now() - timedelta(seconds=1))
