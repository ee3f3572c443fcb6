"""The storm finds out each dispatcher that is wrong: without that, its zeros would say nothing. Part of `make faults`."""

import random
import time
from collections import Counter

import psycopg2
import pytest

from tests.portal.outbox import broken
from tests.portal.outbox.house import House
from tests.portal.outbox.test_storm import Emitter, asked, box, quiet, report, told  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
INTENTS, SECONDS, KILLS, FLUSHES = 600, 20, 40, 4
WAIT = 20.0  # seconds after which what still waits is taken to wait for ever
TOLD = {
    "": "does as ours",
    "forgets": "says that it is done, and then does it",
    "repeats": "does it, and says so in another transaction",
    "shares": "holds no lock while it works",
    "trusts": "leaves everything to nudges through Redis",
}
SEED = asked("SEED", 1)


def run(house):
    """Children are killed and Redis is emptied while things are intended; what became of them."""
    house.build()
    for process in (*house.workers, *house.beats):
        process.start()
    house.until(house.runs)
    chance, parts = random.Random(SEED), {"one": INTENTS}
    emitter = Emitter(house, SECONDS, parts)
    try:
        acts = [house.kill_child] * KILLS + [house.flush_redis] * FLUSHES
        chance.shuffle(acts)
        while emitter.running() or acts:
            if acts:
                acts.pop()(chance)
            time.sleep(SECONDS / (KILLS + FLUSHES))
            house.tend()
        emitter.finish()
    finally:
        emitter.kill()
    end = time.monotonic() + WAIT
    while house.waiting() and time.monotonic() < end:
        house.tend()
        time.sleep(0.2)
    return told(house, parts) | {"waiting": house.waiting()}


@pytest.mark.parametrize("way", ["", *broken.WAYS])
def test_a_broken_dispatcher_is_found_out(way, tmp_path, box, cast):  # noqa: F811
    house = House(tmp_path, box, 2, ENTENTE_BREAK=way)
    try:
        found = run(house)
    except psycopg2.Error:
        pytest.fail(house.last_words())
    finally:
        house.clear()
    wrong = Counter({name: found[name] for name in ("lost", "doubled", "waiting")})
    report({"kind": "broken", "way": TOLD[way], **wrong})
    assert bool(+wrong) is bool(way), found
