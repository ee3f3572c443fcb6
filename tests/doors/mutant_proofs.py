"""What must notice a mutant (`mutants`), where no test of the suite says just that in so many words."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agencies.directory import tokens
from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.citations import actions as citations
from agreements.corrections import actions as corrections
from agreements.corrections.models import Correction
from agreements.hits.models import IndexEntry, Search
from agreements.register.choices import Onward, Purpose
from agreements.register.models import Agreement, Clause
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Assignment, Participation, Record, Release, StandingOrder
from agreements.sharing.policy import access, decide, ways_onward
from operations.patrols.models import Observation, Photo
from portal import second_lock
from portal.outbox.sweeping import sweep
from tests.answers import text_of
from tests.conftest import Cast
from tests.doors.oracle import may_see
from tests.doors.world import PLAIN, WORD, suspend

LAKE = "Lake Patrol"


@contextmanager
def lock_open() -> Iterator[None]:
    """Requests run as without a second lock."""
    with patch.object(second_lock, "fed", lambda source, whose=None: second_lock.opened("a mutant")):
        yield


def note(cast: Cast, by: Appointment | None = None, title: str = LAKE, **values: Any) -> Record:
    return records.create(by=by or cast.xenia, kind="observation", title=title, marking=PLAIN, **values)


def give(cast: Cast, record: Record, by: Appointment | None = None) -> Any:
    to = To(AudienceKind.AGENCY, agency=cast.b)
    return releases.release(
        record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=by or cast.xenia
    )  # fmt: skip


def settle() -> None:
    while sweep():
        pass


def both_ways(cast: Cast, world: list[Record], who: Appointment) -> None:
    """The policy and the independent model agree on every record."""
    now = timezone.now()
    mine = access(who, now)
    listed = set(Record.objects.visible_to(mine).values_list("pk", flat=True))
    for record in world:
        expected = may_see(who, record, now)
        assert (record.pk in listed) == bool(decide(mine, record)) == expected, record.title


def participation_ended(cast: Cast, world: list[Record]) -> None:
    Participation.objects.filter(agency=cast.b).update(ended_at=timezone.now())
    both_ways(cast, world, cast.yann)


def assignment_ended(cast: Cast, world: list[Record]) -> None:
    Assignment.objects.filter(appointment=cast.yann).update(ended_at=timezone.now())
    both_ways(cast, world, cast.yann)


def assignment_run_out(cast: Cast, world: list[Record]) -> None:
    """On the day after the last, it is as with one that was ended."""
    Assignment.objects.filter(appointment=cast.yann).update(ends_on=timezone.now().date() - timedelta(days=2))
    now = timezone.now()
    found = set(Record.objects.visible_to(access(cast.yann, now)).values_list("title", flat=True))
    Assignment.objects.filter(appointment=cast.yann).update(ends_on=None, ended_at=now)
    assert found == {record.title for record in world if may_see(cast.yann, record, now)}


def h2_asks_for_consent(cast: Cast) -> None:
    Clause.objects.filter(pk=cast.art7.pk).update(onward=Onward.FREE)
    record = note(cast)
    give(cast, record)
    Record.objects.filter(pk=record.pk).update(handling_codes=["H2"])
    record.refresh_from_db()
    assert [way.rule for way in ways_onward(access(cast.yara, timezone.now()), record)] == [Onward.CONSENT]


def an_invitation_that_is_hidden(cast: Cast, world: list[Record], as_: Any) -> None:
    """b is invited, and the treaty suspended before it answers. Asked behind the lock, and with the lock open."""
    Participation.objects.filter(agency=cast.b).update(accepted_at=None, accepted_by=None)
    suspend(cast)
    assert WORD not in text_of(as_(cast.yara).get(reverse("planning:invitation-list"))).lower()


def receivers_learn_nothing_of_the_index(cast: Cast, world: list[Record]) -> None:
    """Of a report that b was given, a passport is indexed: b reads the report, and not that."""
    entry = IndexEntry.objects.get()
    entry.record = next(record for record in world if record.title == f"Given {WORD}")
    entry.save()
    now = timezone.now()
    assert decide(access(cast.yann, now), entry.record)
    assert not IndexEntry.objects.visible_to(access(cast.yann, now)).exists()
    assert IndexEntry.objects.visible_to(access(cast.ada, now)).exists()


def searches_are_the_agencys_own(cast: Cast, world: list[Record]) -> None:
    now = timezone.now()
    for who in cast.everybody:
        assert Search.objects.visible_to(access(who, now)).exists() == (who.agency == cast.b), who


def an_alert_goes_with_its_record(cast: Cast, as_: Any) -> None:
    give(cast, note(cast))
    settle()
    assert LAKE in text_of(as_(cast.yann).get(reverse("alerts:alert-list")))
    suspend(cast)
    assert not Alert.objects.visible_to(access(cast.yann, timezone.now())).exists()


def the_bell_counts_what_is_visible(cast: Cast, as_: Any) -> None:
    give(cast, note(cast))
    settle()
    assert as_(cast.yann).get(reverse("alerts-unread")).json() == {"unread": 1}
    suspend(cast)
    assert as_(cast.yann).get(reverse("alerts-unread")).json() == {"unread": 0}


def photographed(cast: Cast, world: list[Record]) -> Photo:
    """One of an entry that Yann sees, of a1."""
    rows = Observation.objects.filter(record__owner=cast.a1, pk__in=[record.pk for record in world])
    seen = Record.objects.visible_to(access(cast.yann, timezone.now()))
    row = rows.filter(record__in=seen).first()
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    picture = ContentFile(out.getvalue(), name="picture.jpg")
    return Photo.objects.create(observation=row, image=picture, thumbnail=picture, width=60, height=40)


def a_photograph_closes_with_its_entry(cast: Cast, world: list[Record], as_: Any) -> None:
    photo = photographed(cast, world)
    for name in ("patrols:photo-image", "patrols:photo-thumbnail"):
        assert as_(cast.yann).get(reverse(name, args=[photo.pk])).status_code == 200
    suspend(cast)
    for name in ("patrols:photo-image", "patrols:photo-thumbnail"):
        assert as_(cast.yann).get(reverse(name, args=[photo.pk])).status_code == 404


def display_only_photographs_stay(cast: Cast, world: list[Record], as_: Any) -> None:
    photo = photographed(cast, world)
    Record.objects.filter(pk=photo.observation_id).update(display_only=True)
    address = reverse("patrols:photo-image", args=[photo.pk])
    assert as_(cast.yann).get(address, {"download": "1"}).status_code == 403


def a_hidden_source_is_not_named(cast: Cast, as_: Any) -> None:
    source, record = note(cast, title="The hidden source"), note(cast)
    give(cast, record)
    citations.cite(record=record, source=source, by=cast.xenia)
    address = reverse("citations:record-citations", args=[record.pk])
    assert "The hidden source" in text_of(as_(cast.xenia).get(address))
    answer = as_(cast.yann).get(address)
    assert answer.status_code == 200
    assert "The hidden source" not in text_of(answer)


def a_correction_goes_with_its_record(cast: Cast) -> None:
    record = note(cast)
    give(cast, record)
    corrections.propose(record=record, by=cast.yann, wrong="North shore", instead="South shore")
    assert Correction.objects.visible_to(access(cast.yann, timezone.now())).exists()
    suspend(cast)
    assert not Correction.objects.visible_to(access(cast.yann, timezone.now())).exists()
    assert Correction.objects.visible_to(access(cast.xenia, timezone.now())).exists()


def standing_orders_are_the_agencys_own(cast: Cast, world: list[Record], as_: Any) -> None:
    for who in (cast.xenia, cast.yara, cast.zoe):
        rows = as_(who).get(reverse("standing-orders-list")).json()["results"]
        own = StandingOrder.objects.filter(agency=who.agency)
        assert {row["id"] for row in rows} == {str(row.pk) for row in own}, who


def drafts_are_their_drafters(cast: Cast, as_: Any) -> None:
    Agreement.objects.filter(pk=cast.art7.agreement_id).update(registered_at=None)
    for who in (cast.tara, cast.yusuf, cast.zeno):
        told = "X–Y Treaty" in text_of(as_(who).get(reverse("register:agreement-list")))
        assert told == (who.agency == cast.a1), who


def a_superuser_without_an_appointment(cast: Cast, as_: Any) -> None:
    record = note(cast)
    client = as_(cast.rita)
    assert LAKE not in text_of(client.get(reverse("sharing:record-list")))
    assert client.get(reverse("sharing:record-why", args=[record.pk])).status_code == 404


def a_token_ends_with_its_appointment(cast: Cast, client: Any) -> None:
    key = {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(cast.xenia, timezone.now())}"}
    note(cast)
    assert LAKE in text_of(client.get(reverse("records-list"), **key))
    Appointment.objects.filter(pk=cast.xenia.pk).update(ended_at=timezone.now())
    assert client.get(reverse("records-list"), **key).status_code == 401


def a_session_ends_with_its_appointment(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.xenia), reverse("sharing:record-list")
    note(cast)
    assert LAKE in text_of(client.get(address))
    Appointment.objects.filter(pk=cast.xenia.pk).update(ended_at=timezone.now())
    assert LAKE not in text_of(client.get(address))


def home_counts_what_is_visible(cast: Cast, as_: Any) -> None:
    """What is added and hidden changes no byte of the page, but for the clock."""
    before = text_of(as_(cast.zoe).get(reverse("picture:home")))
    note(cast)
    after = text_of(as_(cast.zoe).get(reverse("picture:home")))
    assert _timeless(after) == _timeless(before)


def _timeless(text: str) -> str:
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", text)


def who_sees_it_is_the_owners(cast: Cast, as_: Any) -> None:
    record = note(cast)
    give(cast, record)
    address = reverse("sharing:record-who", args=[record.pk])
    assert as_(cast.xenia).get(address).status_code == 200
    assert as_(cast.yara).get(address).status_code == 403


def nothing_new_survives(cast: Cast) -> None:
    """By the decision as by the list: what was released after the end stays closed, what was before stays open."""
    Clause.objects.filter(pk=cast.art7.pk).update(survives=True)
    old, new = note(cast), note(cast)
    for record in (old, new):
        give(cast, record)
    ended = timezone.now() - timedelta(days=3)
    Release.objects.filter(content_object=old).update(released_at=ended - timedelta(days=3))
    Agreement.objects.filter(pk=cast.art7.agreement_id).update(expires_on=ended.date())
    now = access(cast.yann, timezone.now())
    assert [bool(decide(now, record)) for record in (old, new)] == [True, False]
    assert [row.pk for row in Record.objects.visible_to(now).filter(pk__in=[old.pk, new.pk])] == [old.pk]
