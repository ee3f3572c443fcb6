"""Worlds by the thousand: the policy, in Python and in SQL, against a model that shares nothing with it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from agreements.sharing.models import Record
from agreements.sharing.policy import access, decide
from tests.doors.clock import instant
from tests.doors.model import Rules
from tests.doors.rows import Ground, built
from tests.doors.worlds import NOW, OFFICERS, RECORDS, ByHypothesis, World, draw_world

# 12 officers × 16 records, asked of the list and of the decision. A million: make leak.
CHECKS = 2 * len(OFFICERS) * RECORDS
WORLDS, PARTS = 80, 4


def compare(ground: Ground, world: World, seen: dict[bool, int], of: object = "") -> None:
    """Every officer and record of one world, both ways: neither shown nor hidden but by the rules."""
    rules, at = Rules(world, NOW), instant(NOW)
    with built(ground, world) as rows:
        for name, sheet in world["officers"].items():
            mine = access(rows.officers[name], at)
            listed = set(Record.objects.visible_to(mine).values_list("title", flat=True))
            for record in world["records"]:
                expected = rules.may_see(sheet, record)
                told: Any = (of, name, record["name"], "wrongly hidden" if expected else "leak", record, sheet)
                assert (record["name"] in listed) == expected, told
                assert bool(decide(mine, rows.records[record["name"]])) == expected, told
                seen[expected] += 2


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_the_door_agrees_with_the_model_in_every_world(part: int) -> None:
    ground, seen = Ground(), {True: 0, False: 0}

    @seed(20261126 + part)
    @settings(
        max_examples=WORLDS // PARTS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        compare(ground, draw_world(ByHypothesis(data)), seen)

    asked()
    assert sum(seen.values()) >= WORLDS // PARTS * CHECKS
    # Worlds in which everything is hidden would prove nothing.
    assert min(seen.values()) > sum(seen.values()) / 20, seen
