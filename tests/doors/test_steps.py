"""Sequences of what officers do, with time moving: after each step the policy and the model agree, both ways."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from agreements.sharing.models import Record
from agreements.sharing.policy import access, access_to, decide, treaties_of
from tests.doors.clock import Clock, clock, instant
from tests.doors.rows import Ground
from tests.doors.stepping import WATCHED
from tests.doors.steps import Run
from tests.doors.worlds import ByHypothesis, Draw

RUNS, STEPS = 16, 30


class Walk:
    """One run, compared with the model after each of its steps."""

    def __init__(self, draw: Draw, ground: Ground, moved: Clock) -> None:
        self.run, self.before = Run(draw, ground, moved), dict[Any, bool]()
        self.checks = self.seen = self.turned = 0

    def go(self, steps: int) -> None:
        self.compare(everything=True)
        for number in range(steps):
            self.run.step()
            self.compare(everything=number == steps - 1)

    def compare(self, *, everything: bool) -> None:
        """The list for all; the decision for all at the ends, in between where the model's answer turned and of one
        record besides, another each time."""
        run, rules, at, shared = self.run, self.run.rules(), instant(self.run.now), dict[Any, Any]()
        turn = run.world["records"][len(run.story) % len(run.world["records"])]["name"]
        for name, sheet in run.world["officers"].items():
            if name not in WATCHED and sheet["reads"] is False and not everything:
                continue
            who = run.rows.officers[name]
            if who.agency_id not in shared:  # Between steps officers of one agency share what is loaded of treaties.
                shared[who.agency_id] = None if everything else treaties_of(who.stands_for(at))
            mine = access(who, at, shared[who.agency_id])
            listed = set(Record.objects.visible_to(mine).values_list("title", flat=True))
            for record in run.world["records"]:
                expected, key = rules.may_see(sheet, record), (name, record["name"])
                told: Any = (key, "wrongly hidden" if expected else "leak", run.now, run.story)
                assert (record["name"] in listed) == expected, told
                turned = self.before.get(key) not in (None, expected)
                if everything or turned or record["name"] == turn:
                    assert bool(decide(mine, run.rows.records[record["name"]])) == expected, told
                    self.checks += 1
                if turned:  # Also by what bears on this record alone.
                    row = run.rows.records[record["name"]]
                    assert bool(decide(access_to(row, who, at), row)) == expected, told
                    self.checks += 1
                self.before[key] = expected
                self.checks, self.seen, self.turned = self.checks + 1, self.seen + expected, self.turned + turned


class _Undone(Exception):
    pass


def walk(draw: Draw, ground: Ground, moved: Clock, steps: int) -> Walk:
    try:
        with transaction.atomic():
            found = Walk(draw, ground, moved)
            found.go(steps)
            raise _Undone
    except _Undone:
        return found


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(2))
def test_whatever_is_done_the_doors_follow_at_once(part: int) -> None:
    found: list[Walk] = []

    with clock(0) as moved:
        ground = Ground()

        @seed(20261126 + part)
        @settings(
            max_examples=max(RUNS // 2, 1),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def walked(data: st.DataObject) -> None:
            found.append(walk(ByHypothesis(data), ground, moved, STEPS))

        walked()
    done, turned = sum(one.run.done for one in found), sum(one.turned for one in found)
    # Steps that are all refused, or that change nobody's sight, would prove nothing.
    assert done > len(found) * STEPS / 4
    assert turned > len(found) * 4
