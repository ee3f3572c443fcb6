"""Canaries: every protected field holds a token of its own, and whatever leaves the portal is scanned for them.

Bodies, headers, cookies and redirects of every door as everybody; files; mails; logs; and what the database, Redis
and Celery hold where another could read it.
"""

import base64
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agencies.directory.models import Agency, Appointment
from agencies.onboarding.models import Invitation
from agreements.approvals.models import Approval
from agreements.corrections.models import Correction
from agreements.papers.models import Document
from agreements.register.choices import Purpose
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from intel.reports.models import Report
from operations.patrols.models import Observation, Photo
from portal.outbox.models import Due, Message
from portal.outbox.nudges import breaker, messenger
from portal.outbox.sweeping import sweep
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.asking import one_of_each, query_of
from tests.doors.canaries import PLAIN, RULES, WITHOUT, Sown, ours, words_in
from tests.doors.oracle import may_see
from tests.doors.world import PLAIN as MARKING
from tests.doors.world import suspend
from tests.processes import all_done, wait_for

# In the bytes of a photograph.
PICTURE = "zqpktrxq"
# A made word, or a latitude of the world's; not the seconds of an instant, in an address neither.
TOKEN = re.compile(rb"zq[bcdfghjkmnpqrstvwxz]{3,5}xq|(?<!\d:)(?<!\d%3A)47\.9\d{5}")


def tokens_in(content: bytes) -> set[str]:
    return {found.decode() for found in TOKEN.findall(content)}


def test_every_field_of_every_model_is_sown_or_says_why_not() -> None:
    """A field that is added holds a canary from then on, or stands in a list with the reason."""
    assert {model._meta.label for model in ours()} == RULES.keys() | WITHOUT.keys()
    for label, names in PLAIN.items():
        model = next(model for model in ours() if model._meta.label == label)
        assert names <= {field.name for field in words_in(model)}, label


def test_every_protected_field_is_sown_somewhere(sown: Sown) -> None:
    assert sown.missing() == set()


@pytest.fixture
def photograph(world: list[Record], settings: Any, tmp_path: Path) -> Photo:
    """One of an entry of a1 that nobody abroad was given; its bytes hold a token."""
    settings.MEDIA_ROOT = str(tmp_path)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG", comment=PICTURE.encode())
    picture = ContentFile(out.getvalue(), name="picture.jpg")
    row = Observation.objects.exclude(record__latitude=None).get()
    return Photo.objects.create(observation=row, image=picture, thumbnail=picture, width=60, height=40)


@pytest.fixture
def sown(world: list[Record], photograph: Photo) -> Iterator[Sown]:
    """After the world's messages were carried, so that there are alerts; the mails are left to be carried."""
    breaker.trip()
    sweep()
    decide_some()
    yield Sown()
    breaker.reset()


def decide_some() -> None:
    """Answers and reasons to what was asked: of a correction, a second officer's, of a report that was withdrawn."""
    now, asked = timezone.now(), Correction.objects.get()
    answered = {"state": "declined", "answer": "No.", "answered_by": asked.record.author, "answered_at": now}
    Correction.objects.create(
        record=asked.record, proposed_by=asked.proposed_by, wrong="a", instead="b", record_version=1, **answered
    )
    given = asked.record.releases.get(clause__isnull=False)
    decided = {"state": "declined", "decided_by": given.released_by, "decided_at": now, "words": "No."}
    Approval.objects.create(
        record=given.content_object,
        audience=given.audience,
        purpose=given.purpose,
        asked_by=given.released_by,
        **decided,
    )
    kept = Report.objects.get(record__title__startswith="Kept ")
    Report.objects.filter(pk=kept.pk).update(state="withdrawn", withdraw_reason="Wrong.", withdrawn_at=now)


class Scan:
    """Everything that one officer is answered."""

    def __init__(self, who: Appointment, client: Client) -> None:
        self.who, self.client = who, client
        self.told: dict[str, str] = {}
        self.responses = self.size = 0

    def ask(self, address: str, data: dict[str, str] | None = None, method: str = "get") -> None:
        answer: Any = getattr(self.client, method)(address, data or {})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        head = "\n".join(f"{name}: {value}" for name, value in answer.items()) + str(answer.cookies)
        self.responses, self.size = self.responses + 1, self.size + len(body) + len(head)
        for token in tokens_in(body):
            self.told.setdefault(token, address)
        # No header, cookie, redirect or file name tells any word of a record, not even to who may read it (R17).
        assert not tokens_in(head.encode()), (str(self.who), address)


def addresses(who: Appointment, world: list[Record], photo: Photo) -> Iterator[tuple[str, dict[str, str]]]:
    """Every list; of one record of each kind that is visible, and of one that is hidden, every door made for it."""
    now = timezone.now()
    for name in sorted(manifest.LISTS):
        yield reverse(name), query_of(name)
    visible = one_of_each([record for record in world if may_see(who, record, now)])
    hidden = one_of_each([record for record in world if not may_see(who, record, now)])
    for name in sorted(manifest.RECORDS):
        fit = [record for record in hidden if manifest.fits(name, record.kind)][:1]
        fit += [record for record in visible if manifest.fits(name, record.kind)][:2]
        yield from ((reverse(name, args=[record.pk]), {}) for record in fit)
    yield from beside_records()
    yield reverse("patrols:photo-image", args=[photo.pk]), {}
    yield reverse("patrols:photo-thumbnail", args=[photo.pk]), {}
    yield reverse("observations-photo", args=[photo.observation_id, photo.pk]), {}


def beside_records() -> Iterator[tuple[str, dict[str, str]]]:
    """Documents of agreements, and what the directory tells."""
    for row in Document.objects.select_related("agreement"):
        for name in sorted(manifest.OTHERS):
            if name.startswith(("papers:", "documents-", "deadlines:agreement", "deadlines:review-c")):
                key = row.agreement_id if "agreement" in name or name.endswith("-create") else row.pk
                yield reverse(name, args=[row.pk if name == "papers:version-create" else key]), {}
    for agency in Agency.objects.all():
        for name in ("directory:agency-detail", "onboarding:contact-list", "agencies-detail", "partners-detail"):
            yield reverse(name, args=[agency.pk]), {}
    for invitation in Invitation.objects.all():
        yield reverse("onboarding:invitation-detail", args=[invitation.pk]), {}


@pytest.mark.parametrize(
    ("name", "suspended"), [("yann", False), ("yann", True), ("zoe", False), ("anton", False), ("aldo", False)]
)
def test_nobody_is_answered_a_word_that_is_not_theirs(
    cast: Cast, world: list[Record], sown: Sown, photograph: Photo, as_: Any, caplog: Any, name: str, suspended: bool
) -> None:
    if suspended:
        suspend(cast)
    who, now = getattr(cast, name), timezone.now()
    known, scan = set(sown.known_to(who, now)), Scan(who, as_(who))
    if may_see(who, photograph.observation.record, now):
        known.add(PICTURE)
    with caplog.at_level(logging.DEBUG):
        for address, data in addresses(who, list(Record.objects.all()), photograph):
            scan.ask(address, data)
    leaked = {token: address for token, address in scan.told.items() if token not in known}
    fields = {canary.token: canary.field for canary in sown.canaries}
    assert {(fields.get(token, token), address) for token, address in leaked.items()} == set()
    assert bool(scan.told) == bool(known)
    # What is logged tells nothing of anybody's records.
    assert not tokens_in("\n".join(map(logging.Formatter("%(message)s %(pathname)s").format, caplog.records)).encode())
    assert scan.responses > 60
    print(f"{name}: {scan.responses} responses, {scan.size} bytes, {len(sown.canaries)} tokens, {len(scan.told)} told")  # noqa: T201


def test_lists_as_everybody(cast: Cast, sown: Sown, as_: Any) -> None:
    now = timezone.now()
    for who in cast.everybody:
        scan = Scan(who, as_(who))
        for name in ("picture:home", "sharing:record-list", "alerts:alert-list", "records-list", "alerts-list"):
            scan.ask(reverse(name))
        assert scan.told.keys() <= set(sown.known_to(who, now)), who


def test_neither_mails_nor_the_database_keep_a_word_where_another_reads_it(
    cast: Cast, world: list[Record], sown: Sown, as_: Any, caplog: Any
) -> None:
    """Mails to everybody; messages, reminders, sessions and the last errors in the database; the worker's log."""
    for who in cast.everybody:
        as_(who).get(reverse("sharing:record-list"))
    with caplog.at_level(logging.DEBUG):
        while sweep():
            pass
    assert len(mail.outbox) >= 5
    for message in mail.outbox:
        assert not tokens_in(message.message().as_bytes()), message.subject
        assert not tokens_in(
            base64.b64decode(message.message().get_payload())
            if message.message()["Content-Transfer-Encoding"] == "base64"
            else b""
        )
    held = [*Message.objects.values_list("kind", "key", "payload", "last_error")]
    held += Due.objects.values_list("kind", "key", "payload", "local_rule")
    held += [session.get_decoded() for session in Session.objects.all()]
    assert len(held) > 20
    assert not tokens_in(json.dumps(held, default=str).encode())
    assert not tokens_in("\n".join(record.getMessage() for record in caplog.records).encode())


def everything_in(store: Any) -> bytes:
    """All keys and values of a Redis, and what kombu has wrapped in them."""
    found = [b""]
    for key in store.scan_iter():
        kind = store.type(key)
        read = {
            b"list": lambda k: store.lrange(k, 0, -1),
            b"set": store.smembers,
            b"hash": lambda k: [*store.hgetall(k).items()],
        }
        values = (
            read[kind](key) if kind in read else [store.get(key)] if kind == b"string" else store.zrange(key, 0, -1)
        )
        for value in (part for item in values for part in (item if isinstance(item, tuple) else (item,))):
            found += [key, value or b""]
            found += [base64.b64decode(body) for body in re.findall(rb'"body": "([A-Za-z0-9+/=]+)"', value or b"")]
    return b"\n".join(found)


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_redis_celery_and_the_worker_carry_keys_alone(cast: Cast, redis: Any, worker: Any, broker_at: Any) -> None:
    """A release is made, its nudges wait in a real broker, a real worker alerts and mails; all of it is scanned."""
    store = redis_client.Redis.from_url(redis.url)
    wait_for(lambda: _answers(store), redis)
    broker_at(redis.url)
    breaker.reset()
    title = "zqbcdfxq"
    record = records.create(by=cast.xenia, kind="observation", title=title, marking=MARKING)
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=cast.art7, purpose=Purpose.COORDINATION,
        by=cast.xenia,
    )  # fmt: skip
    messenger.wait()
    waiting = everything_in(store)
    assert str(Message.objects.get(kind="sharing.released").pk).encode() in waiting
    assert not tokens_in(waiting)
    worker.start()
    wait_for(
        lambda: all_done() and Message.objects.filter(kind="delivery.send", done_at__isnull=False).exists(), worker
    )
    assert not tokens_in(everything_in(store))
    assert not tokens_in(worker.log.read_bytes() + redis.log.read_bytes())
    mails = [path.read_bytes() for path in (worker.log.parent / "mail").iterdir()]
    assert mails
    assert not tokens_in(b"".join(mails))
    assert tokens_in(title.encode()), "the scan finds what it looks for"


def _answers(store: Any) -> bool:
    try:
        return bool(store.ping())
    except redis_client.exceptions.ConnectionError:
        return False
