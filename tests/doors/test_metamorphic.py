"""What must not matter does not: what somebody may not see, who asked before, and what was taken back and given again."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.register import actions as register
from agreements.register.choices import ActionKind, Purpose
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import access, decide
from intel.reports import actions as reports
from operations.meetings import actions as meetings
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.clock import DAY_0, clock
from tests.doors.oracle import may_see
from tests.doors.test_doors import one_of_each
from tests.doors.world import WORD

# What differs between two answers to the very same question, and nothing else: tokens against forgery, the key that a
# form brings along for what it will make, the request's own number, the clock, and the instant in a signature.
FRESH = re.compile(
    r'(csrf\w*"?(?: (?:value|content)=|: ?)|X-CSRFToken[^:]*: ?)"[^"]*"'
    r'|name="key" value="[0-9a-f-]{36}"|urn:entente:request:[0-9a-f]{32}'
    r'|<span>[^<]*<span class="foot-zone">|<span data-utc-clock>[^<]*|(?<=cursor=)[^"&]*|(?<="duration_s":)[0-9.]+'
)
# Grows by the asking itself: each answer that shows something is an entry (R29).
GROWING = manifest.LEDGERS
HEADERS = (
    "Content-Type",
    "Location",
    "ETag",
    "Last-Modified",
    "Cache-Control",
    "Vary",
    "Allow",
    "Content-Length",
    "Content-Disposition",
)


@pytest.fixture
def still(world: list[Record]) -> Iterator[None]:
    """The clock stands still, a minute after the world was made."""
    with clock((timezone.now() - DAY_0) / timedelta(days=1) + 1 / 1440):
        yield


def body_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return FRESH.sub("", body.decode(errors="replace"))


def told(answer: Any, key: object = "") -> dict[str, Any]:
    """All of an answer that anybody could look at, the asked-for key itself left out."""
    blank = (lambda text: text.replace(str(key), "KEY").replace(getattr(key, "hex", "KEY"), "KEY")) if key else str
    headers = {
        name: blank(answer[name]) for name in HEADERS if name in answer and not (key and name == "Content-Length")
    }
    cookies = sorted((name, morsel["path"], morsel["max-age"]) for name, morsel in answer.cookies.items())
    return {"status": answer.status_code, "headers": headers, "cookies": cookies, "body": blank(body_of(answer))}


def lists_as(client: Client) -> dict[str, dict[str, Any]]:
    """Every list, count, search and feed."""
    found = {name: told(client.get(reverse(name))) for name in sorted(manifest.LISTS - GROWING)}
    for name in ("sharing:record-list", "records-list"):
        for query in ({"q": WORD}, {"kind": "report"}):
            found[f"{name} {query}"] = told(client.get(reverse(name), query))
    return found


def the_details(client: Client, who: Appointment) -> dict[str, dict[str, Any]]:
    """The pages, panels, maps and API of an operation and of a report that the officer sees."""
    seen = Record.objects.visible_to(access(who, timezone.now()))
    # Of reports another agency's: the owner's page tells which agencies opened it (R18).
    foreign = seen.of_kind("report").exclude(owner=who.agency)
    rows = [*seen.of_kind("operation").order_by("pk")[:1], *foreign.order_by("pk")[:1]]
    doors = [(name, row) for row in rows for name in READING if manifest.fits(name, row.kind)]
    return {f"{name} {row.title}": told(client.get(reverse(name, args=[row.pk]))) for name, row in doors}


# What shows something of a record to whoever sees it, besides what only its owner reads. Not the situation of an
# operation: it tells how long running legs have taken, by the clock of the database.
READING = [
     "planning:operation-geojson",  "picture:operation-features",
    "meetings:operation-meetings", "reports:operation-reports", "operations-detail", "operations-map",
     "reports:report-detail", "reports:report-geojson", "reports-detail", "records-detail",
    "records-explain", "records-citations", "sharing:record-why", "citations:record-citations", "onward:record-panel",
    "corrections:record-corrections",
]  # fmt: skip


def write_what_nobody_here_sees(cast: Cast) -> list[Record]:
    """Of a1, marked RED: Ada's alone. Of c: nobody gave it to anybody."""
    red, plain = Marking(["operational"], 1, Tlp.RED), Marking(["operational"], 1, Tlp.GREEN)
    now = timezone.now()
    text: dict[str, Any] = {
        "summary": WORD,
        "body": WORD,
        "scheme": "nato",
        "source_grade": "B",
        "information_grade": "2",
    }
    report = reports.write(
        by=cast.ada, title=f"Unseen {WORD}", marking=red, occurred_at=now, position=(47.65, 9.1), **text
    )
    entry = records.create(
        by=cast.ada, kind="observation", title=f"Unseen entry {WORD}", marking=red, position=(47.65, 9.1)
    )
    meeting = meetings.call(
        by=cast.zoe,
        title=f"Unseen meeting {WORD}",
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2),
        place=WORD,
    )
    kept = records.create(by=cast.zoe, kind="observation", title=f"Unseen note {WORD}", marking=plain)
    return [report.record, entry, meeting.record, kept]


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What was answered otherwise, each from shortly before the first difference on."""
    found = {}
    for name in sorted(before.keys() | after.keys()):
        one, other = str(before.get(name)), str(after.get(name))
        if one != other:
            same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
            start = max(same - 40, 0)
            found[name] = (one[start:][:120], other[start:][:120])
    return found


def test_a_record_that_is_hidden_changes_no_byte_of_any_answer(
    cast: Cast, world: list[Record], as_: Any, still: None
) -> None:
    people = [cast.lars, cast.yann, cast.aldo]
    clients = {who: as_(who) for who in people}
    ask: Callable[[Appointment], dict[str, Any]] = lambda who: lists_as(clients[who]) | the_details(clients[who], who)  # noqa: E731
    for who in people:
        ask(who)  # What one opens for the first time is new to one no more.
    before = {who: ask(who) for who in people}
    assert difference(before[cast.yann], ask(cast.yann)) == {}, "the very same question has the very same answer"
    unseen = write_what_nobody_here_sees(cast)
    assert not any(may_see(who, row, timezone.now()) for who in people for row in unseen)
    for who in people:
        assert difference(before[who], ask(who)) == {}, who
    assert lists_as(as_(cast.ada)) != before[cast.lars]


def test_hidden_and_unknown_are_one_answer(cast: Cast, world: list[Record], as_: Any, still: None) -> None:
    """Status, headers, cookies, bytes, and how many statements were made to find out (R17)."""
    now, asked = timezone.now(), 0
    for number, who in enumerate((cast.yann, cast.anton)):
        client, hidden = as_(who), one_of_each([row for row in world if not may_see(who, row, now)])
        client.get(reverse("sharing:record-list"))
        for turn, name in list(enumerate(sorted(manifest.RECORDS)))[number::2]:  # One of the two at each door.
            fit = [row for row in hidden if manifest.fits(name, row.kind)] or hidden
            answers = []
            # The first answer is thrown away: somebody's first question in a minute is counted by one statement more.
            for key in (new_key(), new_key(), fit[turn % len(fit)].pk):
                for method in (client.get, client.post):
                    # Django's log holds so many statements and then drops the first: full, it would count none.
                    connection.queries_log.clear()
                    with CaptureQueriesContext(connection) as queries:
                        answer = method(reverse(name, args=[key]))
                    answers.append((told(answer, key), len(queries)))
            assert answers[2:4] == answers[4:], (who, name)
            assert all(number > 0 for _, number in answers), (who, name)
            asked += 2
    assert asked > 200


def in_order(people: list[Appointment], clients: dict[Appointment, Client]) -> dict[Appointment, Any]:
    """What each is told, asked in this order, from the same state of everything."""
    found = {}
    with transaction.atomic():
        for who in people:
            found[who] = lists_as(clients[who]) | the_details(clients[who], who)
        transaction.set_rollback(True)
    return found


def test_who_asked_first_never_matters(cast: Cast, world: list[Record], as_: Any, still: None) -> None:
    people = [cast.xenia, cast.yann]
    clients = {who: as_(who) for who in people}
    first, second = in_order(people, clients), in_order(people[::-1], clients)
    for who in people:
        assert difference(first[who], second[who]) == {}, who
    assert difference(first[cast.xenia], first[cast.yann])


def sight(cast: Cast, world: list[Record]) -> dict[Any, bool]:
    """Who sees what now, by the list and by the decision."""
    found, now = {}, timezone.now()
    for who in cast.everybody:
        mine = access(who, now)
        listed = set(Record.objects.visible_to(mine).values_list("pk", flat=True))
        for row in world:
            found[who, row.pk] = row.pk in listed
            assert bool(decide(mine, row)) == found[who, row.pk]
    return found


def test_what_is_taken_back_and_given_again_is_as_it_was(cast: Cast, world: list[Record]) -> None:
    given = next(row for row in world if row.title == f"Given {WORD}")
    row, before = given.releases.get(clause__isnull=False), sight(cast, world)
    releases.revoke(release=row, by=cast.ada)
    between = sight(cast, world)
    assert {key for key in before if before[key] != between[key]} == {(who, given.pk) for who in (cast.yann, cast.yara)}
    to = To(AudienceKind.AGENCY, agency=cast.b)
    releases.release(record=given, to=to, clause=row.clause, purpose=Purpose.COORDINATION, by=cast.ada)
    assert sight(cast, world) == before


def test_what_is_suspended_and_lifted_is_as_it_was(cast: Cast, world: list[Record]) -> None:
    """R15: suspension and its lifting restart nothing."""
    before, today = sight(cast, world), timezone.now().astimezone(cast.art7.agreement.zone).date()
    act = register.record_action(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, country=cast.b.country, done_on=today, by=cast.yusuf
    )
    between = sight(cast, world)
    assert sum(between.values()) < sum(before.values())
    register.lift(action=act, by=cast.yusuf)
    assert sight(cast, world) == between, "lifting waits for the other side"
    register.confirm(agreement=cast.art7.agreement, by=cast.tara)
    assert sight(cast, world) == before
