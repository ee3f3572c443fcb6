"""What a step opens and closes is asked of those alone whom it may concern, and is the same as if all were asked."""

from dataclasses import replace

import pytest

from agreements.register import facts
from agreements.register.foresight import asked_anew, differences, openings, pairs_of
from agreements.register.models import Agreement
from tests.doors.clock import instant
from tests.doors.rows import Ground, built
from tests.doors.worlds import NOW, ByChance, draw_world


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(3))
def test_in_every_world_the_differences_are_those_of_all_openings(part: int) -> None:
    """Without one of the acts, one of the designations, and without the agreement."""
    ground, at, changed, spared = Ground(), instant(NOW), 0, 0
    for number in range(20):
        with built(ground, draw_world(ByChance(7000 + 100 * part + number))):
            after = facts.load(Agreement.objects.values_list("pk", flat=True))
        will = openings(after, at)
        for key, treaty in after.items():
            others = {other: row for other, row in after.items() if other != key}
            less = [
                replace(treaty, actions=(*treaty.actions[:n], *treaty.actions[n + 1 :]))
                for n in range(len(treaty.actions))
            ]
            less += [replace(treaty, designations=treaty.designations[1:])] if treaty.designations else []
            for before in [others, *({**others, key: row} for row in less)]:
                if not all(row.made_under_agreement in (None, *before) for row in before.values()):
                    continue
                was = openings(before, at)
                assert differences(before, after, at) == (was - will, will - was)
                assert differences(after, before, at) == (will - was, was - will)
                changed += was != will
            spared += sum(len(pairs_of(treaty)) - len(list(asked_anew(row, treaty, pairs_of(treaty)))) for row in less)
    assert changed
    assert spared
