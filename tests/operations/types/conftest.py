"""An operation with types of its own, and a patrol in it."""

from typing import Any

import pytest

from agencies.directory.models import Appointment
from operations.types import actions
from operations.types.definitions import read_types
from operations.types.models import Catalogue
from tests.operations.field.conftest import Device, device_of
from tests.operations.patrols.conftest import Joint, joint

__all__ = ["Device", "Joint", "device_of", "joint"]

SPEED = {
    "key": "speed", "kind": "number", "minimum": 0, "maximum": 120, "unit": "km/h",
    "labels": {"en": "Speed", "de": "Geschwindigkeit"},
}  # fmt: skip
PLATE = {"key": "plate", "kind": "text", "longest": 12, "labels": {"en": "Plate"}, "personal": True}
PERSONS = {
    "key": "persons",
    "kind": "whole",
    "minimum": 0,
    "maximum": 60,
    "labels": {"en": "Persons"},
    "required": True,
}
SIGNS = {
    "key": "signs", "kind": "choices", "labels": {"en": "Signs"},
    "choices": [{"key": "lights", "labels": {"en": "No lights", "de": "Ohne Licht"}}, {"key": "low", "labels": {"en": "Low"}}],
}  # fmt: skip
VAN = {
    "key": "van", "base": "check", "quick": True, "labels": {"en": "Van", "de": "Lieferwagen"},
    "fields": [SPEED, PLATE, PERSONS, SIGNS],
}  # fmt: skip
BIRD = {"key": "bird", "base": "sighting", "labels": {"en": "Bird"}, "fields": []}


def publish(joint: Joint, *types: dict[str, Any], by: Appointment | None = None) -> Catalogue:
    by = by or joint.cast.xenia
    row = actions.begin(operation=joint.record, by=by)
    row = actions.change(catalogue=row, revision=row.revision, by=by, types=read_types(list(types)))
    return actions.publish(catalogue=row, revision=row.revision, by=by)


@pytest.fixture
def first(joint: Joint) -> Catalogue:
    """Version 1: a van with fields, and a bird without."""
    return publish(joint, VAN, BIRD)
