"""Every leak of `mutants` is noticed: by the model of the rules, by the leak test, or by a test of the suite.

A mutant that the second lock masks is asked again with the lock open, so that the filter's own proof is what notices
it; that the lock would have held is asserted beside. Without a mutant every proof passes.
"""

import importlib.util
import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import pytest
from _pytest.fixtures import FixtureFunctionDefinition
from _pytest.outcomes import Failed
from django.core.exceptions import ObjectDoesNotExist
from django.urls import resolve, reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.sharing import statements
from agreements.sharing.models import Record
from agreements.sharing.policy import Access, access, decide
from portal.undone import undone
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.asking import (
    asked_by_key,
    keys_visible_to,
    known_to,
    may_open,
    one_of_each,
    own_doors,
    query_of,
    secrets_in,
    text_of,
    told_in_list,
)
from tests.doors.mutant_proofs import lock_open
from tests.doors.mutants import DECISION, FEED, LIST, MUTANTS, Mutant
from tests.doors.rewriting import rewritten
from tests.doors.terse import terse
from tests.doors.terse_model import may_see as sees_by_model
from tests.doors.terse_worlds import Rows, World, built
from tests.doors.world import SECRETS, WORD

LEAST = 40
# Those of b come upon most leaks: they are asked first.
ABROAD = ("bob", "bea", "bud")


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    with rewritten(mutant.edits):
        yield


def of(proof: str) -> list[Mutant]:
    return [mutant for mutant in MUTANTS if mutant.proof == proof]


def test_there_are_many_and_each_is_another() -> None:
    assert len(MUTANTS) >= LEAST
    assert [name for name, number in Counter(map(str, MUTANTS)).items() if number > 1] == []
    assert [
        edits for edits, number in Counter(m.edits + m.doors + (m.test,) for m in MUTANTS).items() if number > 1
    ] == []


# --- The policy, by the model ------------------------------------------------------------------------------------
def mismatches(world: World, rows: Rows, half: str) -> Iterator[str]:
    """Where the policy and the model differ."""
    now = timezone.now()
    for name in sorted(world["officers"], key=lambda name: name not in ABROAD):
        sheet = world["officers"][name]
        mine = access(rows.officers[name], now)
        expected = {record["name"] for record in world["records"] if sees_by_model(world, sheet, record)}
        for title in sorted(_seen(half, mine, rows, expected) ^ expected):
            yield f"{name}: {title}, {'leak' if title not in expected else 'wrongly hidden'}"


def _seen(half: str, mine: Access, rows: Rows, expected: set[str]) -> set[str]:
    visible = Record.objects.visible_to(mine)
    if half == LIST:
        return set(visible.values_list("title", flat=True))
    if half == FEED:
        return _fed(visible, expected)
    return {title for title, record in rows.records.items() if decide(mine, record)}


def _fed(visible: Any, expected: set[str]) -> set[str]:
    """By the feed in each of its two ways: read by the time of release where few are recent, and by that of the event."""
    found = []
    for thin in (statements.THIN, 0):
        with patch.object(statements, "THIN", thin):
            found.append({row.title for row in visible.newest(200)} | {"the count"})
            found[-1] -= {"the count"} if visible.capped_count() == len(expected) else set()
    return found[0] if found[0] != expected else found[1]


@pytest.mark.django_db
def test_each_rule_that_is_dropped_is_noticed_by_the_model() -> None:
    survivors, world = [], terse()
    with built(world) as rows:
        assert [fault for half in (DECISION, LIST, FEED) for fault in mismatches(world, rows, half)] == []
        for mutant in of("policy"):
            with applied(mutant):
                survivors += [(str(mutant), half) for half in mutant.halves if not any(mismatches(world, rows, half))]
    assert survivors == []


# --- The doors, by the leak test -----------------------------------------------------------------------------------
# Those who come upon most leaks. What they miss, all others are asked.
FIRST = {
    "keyed": ("yann", "zoe", "anton"),
    "listed": ("yann", "zoe", "anton", "tara", "arno"),
    "known": ("yann", "yara", "lars", "xenia", "zoe"),
}
Faults = Iterator[tuple[Any, ...]]


class Doors:
    """The leak test's questions at the doors of one mutant, put by few of those who put them there."""

    def __init__(self, cast: Cast, world: list[Record], as_: Any, proof: str, people: Iterable[str]) -> None:
        self.cast, self.world, self.at, self.proof = cast, world, timezone.now(), proof
        self.clients = {getattr(cast, name): as_(getattr(cast, name)) for name in people}
        self.visible = {who: keys_visible_to(who, world, self.at) for who in self.clients}
        self.known_to = {who: known_to(who, cast, self.at) for who in self.clients}
        self.given = next(record for record in world if record.title == f"Given {WORD}")

    def ask(self, name: str) -> Faults:
        return getattr(self, self.proof)(name)  # type: ignore[no-any-return]

    def _turn(self, who: Appointment, name: str) -> int:
        """The one in which the leak test has the officer ask there."""
        people = list(self.cast.everybody)
        place = people.index(who)
        return place % 4 + place // 4 + sorted(manifest.RECORDS).index(name)

    def keyed(self, name: str) -> Faults:
        for who, client in self.clients.items():
            hidden = one_of_each([record for record in self.world if str(record.pk) not in self.visible[who]])
            for told in asked_by_key(client, name, hidden, self._turn(who, name)):
                if told[-1]:
                    yield str(who), *told

    def listed(self, name: str) -> Faults:
        for who, client in self.clients.items():
            if (who.role, name) == (Role.AUDITOR, "picture:home"):
                continue  # It shows the newest lines of the ledger, which tell of own records by key.
            text = text_of(client.get(reverse(name), query_of(name)))
            for told in told_in_list(name, text, self.world, self.visible[who], self.known_to[who]):
                yield str(who), *told

    def known(self, name: str) -> Faults:
        if name in manifest.LISTS:
            yield from self.listed(name)
        for who, client in self.clients.items():
            for secret, url in self._addresses(name):
                answer = client.get(url)
                told = secrets_in(text_of(answer)) - self.known_to[who]
                opened = secret and answer.status_code == 200
                if told or (opened and not may_open(who, secret, self.known_to[who], self.cast)):
                    yield str(who), url, *told

    def _addresses(self, name: str) -> Iterator[tuple[str, str]]:
        if name in manifest.RECORDS:
            yield "", reverse(name, args=[self.given.pk])
        for secret in SECRETS if name in manifest.OTHERS else ():
            yield from ((secret, url) for url in own_doors(secret) if resolve(url).view_name == name)


def _any(doors: Doors, name: str) -> bool:
    with undone():
        return any(doors.ask(name))


@pytest.mark.parametrize("proof", ["keyed", "listed", "known"])
def test_each_filter_that_is_dropped_is_noticed_by_the_leak_test(
    cast: Cast, world: list[Record], as_: Any, proof: str
) -> None:
    doors, survivors, unmasked = Doors(cast, world, as_, proof, FIRST[proof]), [], []
    others = Doors(cast, world, as_, proof, cast.people.keys() - FIRST[proof])
    assert [name for name in sorted({name for mutant in of(proof) for name in mutant.doors}) if _any(doors, name)] == []
    for mutant in of(proof):
        with applied(mutant):
            if mutant.locked:
                unmasked += [(str(mutant), name) for name in mutant.doors if _any(doors, name)]
            with nullcontext() if mutant.locked is False else lock_open():
                survivors += [
                    (str(mutant), name) for name in mutant.doors if not (_any(doors, name) or _any(others, name))
                ]
    assert (survivors, unmasked) == ([], [])


# --- The rest, by tests of the suite -------------------------------------------------------------------------------
class Fixtures:
    """Those that a test of another room would be given there: of its module, of its folder, of the whole suite."""

    def __init__(self, request: pytest.FixtureRequest, module: Any) -> None:
        self.request = request
        package = module.__name__.rpartition(".")[0]
        has_own = importlib.util.find_spec(f"{package}.conftest") is not None
        self.places = [module, *([importlib.import_module(f"{package}.conftest")] if has_own else [])]
        self.made: dict[str, Any] = {}
        self.closing = ExitStack()

    def get(self, name: str) -> Any:
        if name not in self.made:
            found = self._of_the_room(name)
            self.made[name] = self.request.getfixturevalue(name) if found is None else self._make(found)
        return self.made[name]

    def _of_the_room(self, name: str) -> Callable[..., Any] | None:
        for place in self.places:
            if isinstance(found := getattr(place, name, None), FixtureFunctionDefinition):
                return found._get_wrapped_function()
        return None

    def always(self) -> None:
        """Those that every test of the room is given."""
        for place in self.places:
            for name, found in vars(place).items():
                if isinstance(found, FixtureFunctionDefinition) and found._fixture_function_marker.autouse:
                    self.get(name)

    def _make(self, function: Callable[..., Any]) -> Any:
        made = function(**{name: self.get(name) for name in inspect.signature(function).parameters})
        return self.closing.enter_context(contextmanager(lambda: made)()) if inspect.isgenerator(made) else made


def _test_of(mutant: Mutant) -> tuple[Callable[..., None], Any]:
    place, _, name = mutant.test.partition(":")
    module = importlib.import_module(place)
    return getattr(module, name), module


def _is_in_world(mutant: Mutant) -> bool:
    return "world" in inspect.signature(_test_of(mutant)[0]).parameters


def run(request: pytest.FixtureRequest, mutant: Mutant) -> None:
    """The test that must notice it, and nothing of what it did stays."""
    test, module = _test_of(mutant)
    fixtures = Fixtures(request, module)
    with undone(), fixtures.closing:
        fixtures.always()
        given = {key: mutant.given.get(key) for key in inspect.signature(test).parameters if key in mutant.given}
        test(**given, **{key: fixtures.get(key) for key in inspect.signature(test).parameters if key not in given})


@pytest.mark.parametrize("mutant", [mutant for mutant in of("proved") if not _is_in_world(mutant)], ids=str)
def test_each_other_leak_is_noticed_by_the_suite(request: pytest.FixtureRequest, cast: Cast, mutant: Mutant) -> None:
    notice(request, mutant)


@pytest.mark.parametrize("mutant", [mutant for mutant in of("proved") if _is_in_world(mutant)], ids=str)
def test_each_other_leak_in_the_world_is_noticed_by_the_suite(
    request: pytest.FixtureRequest, cast: Cast, world: list[Record], mutant: Mutant
) -> None:
    notice(request, mutant)


def notice(request: pytest.FixtureRequest, mutant: Mutant) -> None:
    run(request, mutant)
    if mutant.locked:
        with applied(mutant):
            run(request, mutant)
    with nullcontext() if mutant.locked is False else lock_open():
        if mutant.locked:
            run(request, mutant)
        with applied(mutant), pytest.raises((AssertionError, Failed, ObjectDoesNotExist)):
            run(request, mutant)
