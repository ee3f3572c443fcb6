"""What a response names is visible to its reader (R17), and stands in its one ledger entry (R29)."""

import html
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.sharing.models import Record
from operations.joint.models import SealedCopy
from operations.minutes.models import MinutesCopy
from portal.audit.models import Entry
from portal.audit.recording import DISCLOSE
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.answers import text_of
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.asking import one_of_each
from tests.doors.oracle import may_see
from tests.doors.world import suspend

# A sealed copy goes on quoting what its agency might keep when it signed (R3): the working report, its patrol, entries
# and statements, or the meeting and annotations, whether they are hidden by now or not. They stand in the ledger as what was read then; here, the copy.
COPIES: dict[str, Any] = {
    "joint-copies-detail": SealedCopy,
    "joint:copy-download": SealedCopy,
    "minutes-copies-detail": MinutesCopy,
    "minutes:copy-download": MinutesCopy,
}
# Another door answers them: no body of their own, or one for whoever asks.
SILENT = {"schema", "docs", "ui:style", "ui:style-features", "ui:style-panel"}


@pytest.fixture
def told(world: list[Record]) -> Iterator[list[Record]]:
    """The world after its messages were carried, so that there are alerts."""
    breaker.trip()
    while sweep():
        pass
    yield world
    breaker.reset()


# Each stands at every door, with every third kind and owner of what is visible: in turns, so that together they have all.
READERS = [
    ("yann", False), ("yann", True), ("yara", True), ("xenia", True), ("ada", False), ("arno", False), ("zoe", False)
]  # fmt: skip
TURNS = 3


def doors(who: Appointment, visible: list[Record], turn: int) -> Iterator[str]:
    """Addresses that the officer could come by: every list, every door of visible records, every own alert."""
    for name in sorted(manifest.LISTS - SILENT):
        yield reverse(name)
    for place, name in enumerate(sorted(manifest.RECORDS)):
        fitting = [record for record in one_of_each(visible) if manifest.fits(name, record.kind)]
        for record in fitting[(place + turn) % TURNS :: TURNS] or fitting[:1]:
            yield reverse(name, args=[record.pk])
    for alert in Alert.objects.filter(appointment=who):
        yield reverse("alerts-detail", args=[alert.pk])


def words_of(answer: Any) -> str:
    """What is read in the answer; of a sealed copy all but the text that was sealed, and which copy it is."""
    text, match = text_of(answer), answer.resolver_match
    if match.view_name in COPIES:
        copy = COPIES[match.view_name].objects.get(pk=match.kwargs["pk"])
        told = {} if match.view_name.endswith(":copy-download") else json.loads(text)
        assert (told.pop("text") if told else text) == copy.text
        return json.dumps([told, str(copy.pk)], ensure_ascii=False)
    if answer.get("Content-Type", "").endswith("json"):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)


def named(text: str, records: list[Record]) -> list[Record]:
    return [record for record in records if record.title in text or str(record.pk) in text]


def entries_of(answer: Any) -> list[Entry]:
    return list(Entry.objects.filter(request_id=answer["X-Request-ID"], verb=DISCLOSE))


@pytest.mark.parametrize(("name", "suspended"), READERS)
def test_what_is_named_is_visible_and_in_the_ledger_once(
    cast: Cast, told: list[Record], as_: Any, name: str, suspended: bool
) -> None:
    if suspended:
        suspend(cast)
    who, now = getattr(cast, name), timezone.now()
    visible = [record for record in told if may_see(who, record, now)]
    shown_titles = {record.title for record in visible}
    hidden = [record for record in told if record not in visible and record.title not in shown_titles]
    client: Client = as_(who)
    faults: list[tuple[Any, ...]] = []
    for address in doors(who, visible, READERS.index((name, suspended))):
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        text = words_of(answer)
        leaked = [record for record in named(text, hidden) if not address.startswith(("/oversight/", "/api/v1/ledger"))]
        entries = entries_of(answer)
        listed = {item["record"] for entry in entries for item in entry.records}
        missing = [record for record in named(text, visible) if str(record.pk) not in listed]
        if leaked or missing or len(entries) > 1:
            faults.append(
                (answer.resolver_match.view_name, [r.title for r in leaked], [r.title for r in missing], len(entries))
            )
        for entry in entries:
            for item in entry.records:
                own = next(record for record in told if str(record.pk) == item["record"]).owner_id == who.agency_id
                if own is bool(item["release"] and item["clause"]):
                    faults.append((answer.resolver_match.view_name, item))
    assert not faults, "\n".join(sorted({str(fault) for fault in faults}))
