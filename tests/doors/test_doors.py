"""The leak test: every door, as every member of the cast, against an independent model of the rules."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.alerts.models import Alert
from agreements.corrections.models import Correction
from agreements.sharing.actions import releases
from agreements.sharing.models import Record
from agreements.sharing.policy import access, decide
from portal.celery import app
from portal.outbox import handlers
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.oracle import may_see
from tests.doors.world import BETWEEN_TWO, WORD, suspend


def names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from names(item, item.namespace or namespace)
        else:
            yield f"{namespace}:{item.name}" if namespace else str(item.name)


def test_every_door_is_in_the_manifest() -> None:
    known = manifest.PUBLIC | manifest.LISTS | manifest.RECORDS | manifest.OTHERS
    assert set(names()) == known
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith(("celery.", "test."))} == manifest.TASKS
    assert {kind for kind in handlers.kinds() if not kind.startswith("test.")} == manifest.MESSAGES


@pytest.fixture
def quiet() -> Iterator[None]:
    """No nudges: `sweep` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()


def everybody(cast: Cast) -> list[Appointment]:
    return list(cast.people.values())


@pytest.mark.parametrize("suspended", [False, True])
def test_policy_and_independent_model_agree(cast: Cast, world: list[Record], suspended: bool) -> None:
    if suspended:
        suspend(cast)
    now, seen = timezone.now(), 0
    for who in everybody(cast):
        mine = access(who, now)
        listed = set(Record.objects.visible_to(mine).values_list("pk", flat=True))
        for record in world:
            expected = may_see(who, record, now)
            assert (record.pk in listed) == bool(decide(mine, record)) == expected, (who, record.kind, record.title)
            seen += expected
    assert seen > 20


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(r'(csrf\w*"? (?:value|content)=|X-CSRFToken[^:]*: ?)"[^"]*"', "", body.decode(errors="replace"))


def ask(client: Client, method: str, url: str) -> Any:
    return client.get(url) if method == "get" else client.post(url, {})


def one_of_each(found: list[Record]) -> list[Record]:
    """One hidden record of each kind and owner: the others are hidden by the same row of the policy."""
    return list({(record.kind, record.owner_id): record for record in found}.values())


def some(found: list[Record], turn: int, number: int) -> list[Record]:
    """So many of them, others at each turn: each stands at each door before some of the cast."""
    return [found[(turn + place) % len(found)] for place in range(min(number, len(found)))]


def tried_at(name: str, hidden: list[Record], turn: int) -> list[tuple[str, Record]]:
    """Hidden records to ask this door for: of the kinds it is made for, and of another."""
    fit = [record for record in hidden if manifest.fits(name, record.kind)]
    other = [record for record in hidden if not manifest.fits(name, record.kind)]
    chosen = [*some(fit, turn, 2), *some(other, turn, 1)]
    return [("get", record) for record in chosen] + [("post", record) for record in chosen[:1]]


@pytest.mark.parametrize(("part", "suspended"), [(0, False), (1, False), (2, False), (3, False), (0, True)])
def test_no_door_with_a_key_tells_of_a_hidden_record(
    cast: Cast, world: list[Record], as_: Any, part: int, suspended: bool
) -> None:
    people = everybody(cast)[part::4]
    if suspended:
        suspend(cast)
        people = [cast.yann, cast.yara]
    now, asked = timezone.now(), 0
    for number, who in enumerate(people, part):
        client, hidden = as_(who), one_of_each([record for record in world if not may_see(who, record, now)])
        for turn, name in enumerate(sorted(manifest.RECORDS), number):
            unknown = {method: ask(client, method, reverse(name, args=[new_key()])) for method in ("get", "post")}
            for method, record in tried_at(name, hidden, turn):
                answer = ask(client, method, reverse(name, args=[record.pk]))
                asked += 1
                told = (who, name, method, record.kind)
                assert answer.status_code == unknown[method].status_code, told
                assert answer.status_code in (403, 404, 405), told
                assert WORD not in text_of(answer).lower(), told
                assert str(record.pk) not in text_of(answer), told
    assert asked > 200


@pytest.mark.parametrize("suspended", [False, True])
def test_no_list_names_a_hidden_record(cast: Cast, world: list[Record], as_: Any, suspended: bool) -> None:
    if suspended:
        suspend(cast)
    now, found = timezone.now(), 0
    for who in everybody(cast):
        client = as_(who)
        visible = {str(record.pk) for record in world if may_see(who, record, now)}
        hidden = [record for record in world if str(record.pk) not in visible]
        titles = {record.title for record in world if str(record.pk) in visible}
        for name in sorted(manifest.LISTS):
            answer = client.get(reverse(name), {"q": WORD} if name == "sharing:record-list" else {})
            text = text_of(answer)
            # The ledger tells what the agency's officers did and opened: by key, never by title.
            by_key = name not in manifest.LEDGERS
            told = {str(record.pk) if by_key else record.title for record in hidden} - titles
            assert not {word for word in told if word in text}, (who, name)
            if not visible and name != "sharing:record-list":
                assert WORD not in text.lower(), (who, name)
            found += sum(key in text for key in visible)
    assert found > 10


@pytest.mark.parametrize("suspended", [False, True])
def test_a_correction_is_known_to_its_two_sides_alone(
    cast: Cast, world: list[Record], as_: Any, suspended: bool
) -> None:
    if suspended:
        suspend(cast)
    now, row, knowing = timezone.now(), Correction.objects.get(), set()
    doors = [reverse(name, args=[row.pk]) for name in sorted(manifest.OTHERS) if name.startswith("corrections")]
    # A suspension changes what the two sides see; the others it leaves as they were.
    for who in [cast.ada, cast.yann, cast.yara, cast.zoe] if suspended else everybody(cast):
        client = as_(who)
        sees = may_see(who, row.record, now)
        one_side = who.agency_id in (row.record.owner_id, row.proposed_by.agency_id)
        addresses = [reverse(name) for name in sorted(manifest.LISTS)]
        for name in sorted(manifest.RECORDS):
            addresses += [reverse(name, args=[row.record.pk])] if manifest.fits(name, row.record.kind) else []
        told = [url for url in [*addresses, *doors] if BETWEEN_TWO in text_of(client.get(url)).lower()]
        assert bool(told) == (sees and one_side), (who, told)
        if told:
            knowing.add(who.agency)
            continue
        for url in doors:
            assert client.get(url).status_code in (403, 404, 405), (who, url)
            assert client.post(url, {"answer": WORD}).status_code in (403, 404, 405), (who, url)
    assert knowing == ({cast.a1} if suspended else {cast.a1, cast.b})
    row.refresh_from_db()
    assert row.state == "open"


def test_a_recalled_record_is_told_of_to_who_opened_it_and_nowhere_else(
    cast: Cast, world: list[Record], as_: Any, quiet: None
) -> None:
    """R16 is an exception of R17, and this is all of it: the reference, in the alerts of who opened the record."""
    record = next(row for row in world if row.title == f"Given {WORD}")
    assert as_(cast.yann).get(reverse("reports:report-detail", args=[record.pk])).status_code == 200
    releases.revoke(release=record.releases.get(clause__isnull=False), by=cast.ada)
    while sweep():
        pass
    now, told = timezone.now(), set()
    for who in everybody(cast):
        if may_see(who, record, now):
            continue
        client, addresses = as_(who), [(name, reverse(name)) for name in sorted(manifest.LISTS)]
        for alert in Alert.objects.filter(appointment=who):
            addresses += [(name, reverse(name, args=[alert.pk])) for name in ("alerts:recall-detail", "alerts-detail")]
        for name, address in addresses:
            text = text_of(client.get(address))
            assert record.title not in text, (who, name)
            if record.reference in text:
                told.add((who.officer.username, name))
    assert told == {("yann", name) for name in manifest.RECALLS}


def test_nobody_comes_in_without_signing_in(cast: Cast, world: list[Record]) -> None:
    client = Client()
    for name in sorted(manifest.LISTS):
        assert client.get(reverse(name)).status_code in (302, 401, 403), name
    for name in sorted(manifest.RECORDS):
        answer = client.get(reverse(name, args=[world[0].pk]))
        assert answer.status_code in (302, 401, 403), name
        assert WORD not in text_of(answer).lower()


def test_a_superuser_without_an_appointment_finds_nothing(cast: Cast, world: list[Record], as_: Any) -> None:
    client = as_(cast.rita)
    for name in sorted(manifest.LISTS):
        assert WORD not in text_of(client.get(reverse(name))).lower(), name
    for record in world:
        assert client.get(reverse("sharing:record-detail", args=[record.pk])).status_code == 404
