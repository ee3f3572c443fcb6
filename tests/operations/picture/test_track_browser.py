"""A track of 100,000 points in a real browser: sent with progress, drawn at once in few points, and moved."""

import math
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from operations.patrols.models import Leg, Recording
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.operations.patrols.conftest import GPX
from tests.operations.picture.conftest import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT = 100_000
WATCH = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => { window.longest = Math.max(window.longest, duration); }))
    .observe({ type: "longtask" });
}"""


def recorded(folder: Path) -> Path:
    chance, begun, points = random.Random(7), timezone.now() - timedelta(hours=2), []
    latitude, longitude, heading = 47.62, 9.12, 0.0
    for number in range(COUNT):
        # Northwards on the whole, a hundred kilometres of it.
        heading = 0.99 * heading + chance.gauss(0, 0.15)
        pace = chance.random() * 2e-5
        latitude, longitude = latitude + math.cos(heading) * pace, longitude + 1.5 * math.sin(heading) * pace
        at = (begun + timedelta(seconds=number * 0.07)).isoformat(timespec="milliseconds")
        points.append(f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}"><time>{at}</time></trkpt>')
    file = folder / "long.gpx"
    file.write_text(GPX.format(points="".join(points)))
    return file


def refined(page: Page) -> int:
    """How many points the map draws now, once it has asked for what it shows."""
    shown = page.locator("[data-refined]")
    shown.wait_for(state="attached", timeout=20_000)
    return int((shown.get_attribute("data-refined") or "0 0").split()[1])


def test_a_long_track_is_sent_shown_and_moved(
    visitor: Visitor, scene: Scene, tmp_path: Path, record_property: Any
) -> None:
    cast = scene.cast
    now = timezone.now()
    leg = scene.joint.leg(scene.joint.active(hours=3), cast.anton, started_at=now - timedelta(hours=2, minutes=5))
    visitor.sign_in(cast.anton)
    visitor.size(*DESK)
    page = visitor.open(f"/patrols/legs/{leg.pk}/track/")
    assert_axe_clean(page)
    page.get_by_label("GPX or GeoJSON file").set_input_files(recorded(tmp_path))
    page.get_by_role("button", name="Attach track").click()
    expect(page.locator("[data-uploaded]")).not_to_be_empty()
    expect(page.get_by_text("Track attached:")).to_be_visible(timeout=60_000)
    assert len(Recording.objects.get(track=leg.pk).fixes) == COUNT
    assert Leg.objects.get(pk=leg.pk).track.point_count == COUNT
    page = visitor.open(f"/patrols/legs/{leg.pk}/")
    expect(page.locator("[data-drawn]")).to_be_attached(timeout=30_000)
    page.evaluate(WATCH)
    counts = []
    for _ in range(4):
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(900)
        counts.append(refined(page))
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        page.locator(".entente-map").press(key)
        page.wait_for_timeout(300)
    visitor.settle()
    longest = page.evaluate("() => window.longest")
    record_property("points drawn by zoom", counts)
    record_property("longest task, milliseconds", longest)
    # Told, not held: it says how busy the machine is as well.
    assert 100 < max(counts) <= 5_000


def test_effort_and_settings_are_clean(visitor: Visitor, scene: Scene) -> None:
    scene.patrol()
    visitor.sign_in(scene.cast.yann)
    for path in (f"/operations/{scene.operation.pk}/effort/?period=all", "/directory/me/"):
        for size in (PHONE, DESK):
            for theme in ("light", "dark"):
                visitor.size(*size)
                visitor.theme(theme)
                page = visitor.open(path)
                assert_axe_clean(page)
                assert_fits(page)
