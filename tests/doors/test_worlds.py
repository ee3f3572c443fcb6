"""Worlds by the thousand: the policy, in Python and in SQL, against a model that shares nothing with it."""

import os
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, seed, settings

from agreements.sharing.models import Record
from agreements.sharing.policy import access, decide
from tests.doors.model import may_see
from tests.doors.worlds import World, built, worlds

# 8 officers × 8 records, asked of the list and of the decision: 128 checks in each world. For a million: ENTENTE_LEAK_WORLDS=7900 make test ARGS=tests/doors/test_worlds.py
WORLDS = int(os.environ.get("ENTENTE_LEAK_WORLDS", "160"))
PARTS = 4


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_the_door_agrees_with_the_model_in_every_world(part: int) -> None:
    seen = {True: 0, False: 0}

    @seed(20261126 + part)
    @settings(
        max_examples=max(WORLDS // PARTS, 1), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(worlds())
    def asked(world: World) -> None:
        with built(world) as rows:
            now = timezone.now()
            for name, sheet in world["officers"].items():
                mine = access(rows.officers[name], now)
                listed = set(Record.objects.visible_to(mine).values_list("title", flat=True))
                for record in world["records"]:
                    expected = may_see(world, sheet, record)
                    told: Any = (name, record["name"], "leak" if not expected else "wrongly hidden")
                    assert (record["name"] in listed) == expected, told
                    assert bool(decide(mine, rows.records[record["name"]])) == expected, told
                    seen[expected] += 2

    asked()
    # Worlds in which everything is hidden would prove nothing.
    assert min(seen.values()) > sum(seen.values()) / 20, seen
