"""The leak test: every door, as every member of the cast, against an independent model of the rules."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.corrections.models import Correction
from agreements.distress.models import DistressCall
from agreements.onward.models import ConsentRequest
from agreements.requests.models import AccessRequest
from agreements.sharing.actions import releases
from agreements.sharing.models import Record
from agreements.sharing.policy import access, decide
from portal.celery import app
from portal.outbox import handlers
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
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
from tests.doors.oracle import may_see
from tests.doors.world import ASKED, BETWEEN_TWO, CALLED, SECRETS, SILENT, UNTOLD, WANTED, WORD, suspend


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
        # Every second one at each door: of each agency somebody stands at it, and of the two larger ones several.
        for turn, name in list(enumerate(sorted(manifest.RECORDS), number))[number % 2 :: 2]:
            for method, kind, fault in asked_by_key(client, name, hidden, turn):
                asked += 1
                assert not fault, (who, name, method, kind, fault)
    assert asked > 200


@pytest.mark.parametrize("suspended", [False, True])
def test_no_list_names_a_hidden_record(cast: Cast, world: list[Record], as_: Any, suspended: bool) -> None:
    if suspended:
        suspend(cast)
    now, found, secrets = timezone.now(), 0, set()
    for who in everybody(cast):
        client, known = as_(who), known_to(who, cast, now)
        visible = keys_visible_to(who, world, now)
        for name in sorted(manifest.LISTS):
            text = text_of(client.get(reverse(name), query_of(name)))
            assert not list(told_in_list(name, text, world, visible, known)), (who, name)
            secrets |= secrets_in(text)
            found += sum(key in text for key in visible)
    assert found > 10
    assert secrets


@pytest.mark.parametrize("suspended", [False, True])
def test_what_is_said_of_a_record_is_known_to_its_sides_alone(
    cast: Cast, world: list[Record], as_: Any, suspended: bool
) -> None:
    """A correction, a request to pass on, a compelled disclosure, a call and an access request: R21, R11, R25, R24, R17."""
    if suspended:
        suspend(cast)
    now, given = timezone.now(), next(record for record in world if record.title == f"Given {WORD}")
    doors, knowing = {secret: own_doors(secret) for secret in SECRETS}, {secret: set() for secret in SECRETS}
    beside = [reverse(name, args=[given.pk]) for name in sorted(manifest.RECORDS) if manifest.fits(name, given.kind)]
    for who in everybody(cast):
        client, known = as_(who), known_to(who, cast, now)
        told = {secret for url in beside for secret in secrets_in(text_of(client.get(url)))}
        for secret, addresses in doors.items():
            for url in addresses:
                answer = client.get(url)
                told |= secrets_in(text_of(answer))
                if not may_open(who, secret, known, cast):
                    assert answer.status_code in (403, 404, 405), (who, url)
                    assert client.post(url, {"answer": WORD}).status_code in (403, 404, 405), (who, url)
        assert told == known, who
        for secret in told:
            knowing[secret].add(who.agency)
    both = {cast.a1} if suspended else {cast.a1, cast.b}
    theirs = set() if suspended else {cast.b}
    asked = {WANTED: {cast.a1, cast.b}, SILENT: {cast.a1}}
    assert knowing == {BETWEEN_TWO: both, ASKED: both, UNTOLD: theirs, CALLED: {cast.a1}, **asked}
    assert AccessRequest.objects.get().state == "sent"
    assert Correction.objects.get().state == "open"
    assert set(ConsentRequest.objects.values_list("state", flat=True)) == {"asked"}
    call = DistressCall.objects.get()
    assert (call.ended_at, call.reviewed_at) == (None, None)
    assert not call.addressees.exclude(acknowledged_at=None).exists()


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
