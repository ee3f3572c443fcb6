"""The world that every door is tried in."""

from pathlib import Path
from typing import Any

import pytest

from agreements.sharing.models import Record
from tests.conftest import Cast
from tests.doors.world import build


@pytest.fixture
def world(cast: Cast, settings: Any, tmp_path: Path) -> list[Record]:
    """A joint operation of a1 and b with patrols, legs and entries of both sides; own, named and red ones."""
    settings.MEDIA_ROOT = str(tmp_path)
    return build(cast)
