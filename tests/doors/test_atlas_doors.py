"""The flow matrix and who may know of it, in drawn worlds: a cell is open exactly when the model has a channel."""

from typing import Any

import pytest
from django.urls import reverse

from tests.doors.clock import clock
from tests.doors.law import FOREVER, Law
from tests.doors.rows import Ground, Rows, built
from tests.doors.test_world_doors import signed_in
from tests.doors.worlds import CATEGORIES, NOW, STATE, ByChance, World, draw_world

WORLDS = [3, 11, 24, 57, 91, 130]
Cells = dict[tuple[str, str, str], int]


def known(world: World, agency: str) -> set[str]:
    """The agreements that an officer of the agency may know: of its state, or that name it (R23)."""
    return {
        name
        for name, sheet in world["treaties"].items()
        if STATE[agency] in sheet["parties"] or any(row["agency"] == agency for row in sheet["designations"])
    }


def expected(world: World, agency: str) -> Cells:
    """By the model: from whom to whom, which category, up to what."""
    law, treaties, found = Law(world, NOW), known(world, agency), Cells()
    for name, clause in world["clauses"].items():
        if clause["treaty"] not in treaties or not clause["purposes"]:
            continue
        for giver in STATE:
            for taker in STATE:
                for _, _, till, categories, ceiling in law.ways(name, giver, taker):
                    for category in categories if till == FOREVER else ():
                        place = (giver, taker, category)
                        found[place] = max(found.get(place, 0), ceiling)
    return found


def shown(rows: Rows, name: str) -> Cells:
    """By the door."""
    names = {str(row.pk): key for key, row in rows.ground.agencies.items()}
    answer = signed_in(rows, name).get(reverse("flows"), {"by": "agencies", "between": "all"})
    assert answer.status_code == 200
    return {(names[c["sender"]], names[c["receiver"]], c["category"]): c["ceiling"] for c in answer.json()}


def one_cell(rows: Rows, name: str, place: tuple[str, str, str]) -> Any:
    sender, receiver, category = place
    keys = {"sender": rows.ground.agencies[sender].pk, "receiver": rows.ground.agencies[receiver].pk}
    query = {**{side: str(key) for side, key in keys.items()}, "category": category, "by": "agencies"}
    return signed_in(rows, name).get(reverse("flows-cell"), query)


@pytest.mark.django_db
@pytest.mark.parametrize("number", WORLDS)
def test_a_cell_is_open_exactly_when_the_model_has_a_channel(number: int) -> None:
    world, opened, closed = draw_world(ByChance(number), records=1), 0, 0
    readers = {
        sheet["agency"]: name for name, sheet in world["officers"].items() if sheet["starts"] <= NOW < sheet["ends"]
    }
    with clock(NOW), built(Ground(), world) as rows:
        for agency, name in readers.items():
            cells = expected(world, agency)
            assert shown(rows, name) == cells, (number, agency)
            opened += len(cells)
            closed += len(STATE) * (len(STATE) - 1) * len(CATEGORIES) - len(cells)
            for turn, giver in enumerate(STATE):  # One flow by itself answers alike, and hides what is hidden.
                taker = list(STATE)[(turn + 1 + number) % len(STATE)]
                answer = one_cell(rows, name, (giver, taker, CATEGORIES[turn % 3]))
                if answer.status_code == 200:
                    ceiling = answer.json()["cell"]["ceiling"]
                    assert ceiling == cells.get((giver, taker, CATEGORIES[turn % 3])), (number, agency, giver, taker)
                else:
                    assert answer.status_code == 404
                    assert not any(giver in place[:2] and taker in place[:2] for place in cells)
    assert opened + closed > 0


@pytest.mark.django_db
def test_these_worlds_hold_enough_of_both() -> None:
    opened = [len(expected(draw_world(ByChance(n), records=1), agency)) for n in WORLDS for agency in ("a1", "b", "c")]
    assert sum(opened) > 20
    assert min(opened) < max(opened)
