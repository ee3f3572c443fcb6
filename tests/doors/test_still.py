"""An open page goes on while its officer sees what it shows, and is closed when not: every page, as several officers."""

import re
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.sharing.models import Record
from agreements.sharing.views.still import MOST
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.asking import query_of
from tests.doors.oracle import may_see
from tests.doors.world import suspend

SHOWN = re.compile(r'data-shown="([^"]*)"')


def shown_by(client: Client, address: str, query: Any = None) -> list[str]:
    """The keys that a page would ask about."""
    answer = client.get(address, query or {})
    if answer.streaming or "text/html" not in answer.get("Content-Type", ""):
        return []
    return [key for part in SHOWN.findall(answer.content.decode()) for key in part.split()]


def status(client: Client, keys: list[Any]) -> int:
    return client.get(reverse("sharing:still"), {"r": [str(key) for key in keys]}).status_code


def test_every_page_goes_on_while_its_officer_sees_what_it_shows(cast: Cast, world: list[Record], as_: Any) -> None:
    asked, foreign, now = 0, set(), timezone.now()
    for who in (cast.xenia, cast.yann):
        client, seen = as_(who), [record for record in world if may_see(who, record, now)]
        pages = [(reverse(name), query_of(name)) for name in sorted(manifest.LISTS) if ":" in name]
        for name in sorted(name for name in manifest.RECORDS if ":" in name):
            fitting = [record for record in seen if manifest.fits(name, record.kind)]
            pages += [(reverse(name, args=[record.pk]), None) for record in fitting[:1]]
        for address, query in pages:
            keys = shown_by(client, address, query)
            for first in range(0, len(keys), MOST):
                assert status(client, keys[first : first + MOST]) == 204, (who, address)
                asked += 1
            if who == cast.yann:
                foreign |= set(keys)
    assert asked > 60
    theirs = set(map(str, Record.objects.filter(pk__in=foreign, owner=cast.a1).values_list("pk", flat=True)))
    assert theirs, "some of what Yann was shown is another's"
    suspend(cast)
    closed = [key for key in theirs if status(as_(cast.yann), [key]) == 410]
    assert closed, "and is closed once the agreement is suspended"


def test_hidden_unknown_and_nonsense_are_the_same_answer(cast: Cast, world: list[Record], as_: Any) -> None:
    client = as_(cast.zoe)
    mine = list(Record.objects.filter(owner=cast.c)[:2])
    hidden = next(record for record in world if not may_see(cast.zoe, record, timezone.now()))
    found = [
        client.get(reverse("sharing:still"), {"r": keys})
        for keys in ([hidden.pk], [uuid.uuid4()], ["nonsense"], [*(row.pk for row in mine), hidden.pk], [uuid.uuid4()] * (MOST + 1))
    ]  # fmt: skip
    assert {(answer.status_code, answer.content) for answer in found} == {(410, b"")}
    assert status(client, []) == 204


def test_whoever_is_signed_out_is_sent_to_the_sign_in(cast: Cast, world: list[Record]) -> None:
    assert status(Client(), [world[0].pk]) == 302
