"""Effort by square of the grid: hours and kilometres, pauses taken out, as far as one sees the legs."""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.sharing.models import Record
from operations.field.models import Pause
from operations.patrols import tracks
from operations.patrols.actions import legs
from operations.patrols.models import Leg
from operations.picture import ground
from tests.api import fault
from tests.operations.patrols.conftest import GPX
from tests.operations.picture.conftest import Scene
from tests.operations.planning.conftest import suspend

MINUTES = 20


def walk(scene: Scene, who: Any) -> Leg:
    """Due north for twenty minutes until now, a fix each ten seconds, 2 m a second."""
    begun, points = timezone.now() - timedelta(minutes=MINUTES), []
    for number in range(MINUTES * 6 + 1):
        at = (begun + timedelta(seconds=10 * number)).isoformat()
        points.append(f'<trkpt lat="{47.6603 + number * 0.00018:.6f}" lon="9.1758"><time>{at}</time></trkpt>')
    patrol = scene.joint.active(hours=3)
    row = scene.joint.leg(patrol, who, started_at=begun - timedelta(minutes=1))
    legs.attach_track(leg=row, reading=tracks.read(GPX.format(points="".join(points)).encode()), by=who)
    return Leg.objects.select_related("track").get(pk=row.pk)


def at(scene: Scene, query: str = "") -> str:
    return f"operations/{scene.operation.pk}/effort/?period=all{query}"


def test_hours_and_kilometres_add_up_and_a_pause_is_no_effort(scene: Scene, api_as: Any) -> None:
    leg, client = walk(scene, scene.cast.anton), api_as(scene.cast.anton)
    rows = client.send("GET", at(scene)).json()["squares"]
    assert len(rows) in (3, 4), "2.4 km due north"
    assert all(row["square"].startswith("32TNT 13 ") for row in rows)
    assert sum(row["duration_s"] for row in rows) == pytest.approx(1200, abs=2)
    assert sum(row["length_m"] for row in rows) == pytest.approx(leg.track.length_m, rel=0.01)
    wide = client.send("GET", at(scene, "&side=10000")).json()["squares"]
    assert len(wide) <= 2
    assert sum(row["duration_s"] for row in wide) == pytest.approx(1200, abs=2)
    begun = leg.track.started_at
    assert begun is not None
    Pause.objects.create(leg=leg, started_at=begun + timedelta(minutes=5), ended_at=begun + timedelta(minutes=11))
    rows = client.send("GET", at(scene)).json()["squares"]
    assert sum(row["duration_s"] for row in rows) == pytest.approx(1200 - 360, abs=2)
    assert sum(row["length_m"] for row in rows) == pytest.approx(leg.track.length_m, rel=0.01)


def test_what_is_worked_between_pauses() -> None:
    assert ground.worked(0, 10, []) == 10
    assert ground.worked(0, 10, [(2, 4), (8, math.inf)]) == 6
    assert ground.worked(5, 10, [(0, 20)]) == 0


def test_each_side_counts_what_it_sees(scene: Scene, api_as: Any, as_: Any) -> None:
    cast = scene.cast
    for who in (cast.anton, cast.yann):
        walk(scene, who)

    def sides(who: Any) -> set[str]:
        return {row["agency"]["acronym"] for row in api_as(who).send("GET", at(scene)).json()["squares"]}

    page = f"/operations/{scene.operation.pk}/effort/"
    assert sides(cast.xenia) == sides(cast.yann) == {"X1", "Y1"}
    assert "32TNT 13 " in as_(cast.yann).get(page).content.decode()
    Record.objects.filter(pk__in=Leg.objects.filter(record__owner=cast.a1).values("pk")).update(display_only=True)
    assert (sides(cast.xenia), sides(cast.yann)) == ({"X1", "Y1"}, {"Y1"})
    for who in (cast.zoe, cast.aldo):
        assert api_as(who).send("GET", at(scene)).status_code == as_(who).get(page).status_code == 404
    for query, field in (("&side=7", "side"), ("&period=year", "period")):
        assert list(fault(api_as(cast.xenia).send("GET", at(scene, query)))) == [field]
    suspend(cast)
    assert as_(cast.yann).get(page).status_code == 404


def test_queries_do_not_grow(scene: Scene, as_: Any) -> None:
    client, counts = as_(scene.cast.yann), []
    for more in (1, 3):
        for _ in range(more):
            walk(scene, scene.cast.anton)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/operations/{scene.operation.pk}/effort/?period=all").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
