"""Communication channels: who keeps them, who sees them, and the matrix; pages and API alike."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.channels import actions
from agencies.channels.choices import Encryption, Means
from agencies.channels.matrix import interoperability
from agencies.channels.models import CommunicationChannel
from agencies.channels.talking import Verdict
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Role
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import LONG_AGO, Cast, make_appointment

PHONE = {"means": Means.TELEPHONE.value, "address": "+999 1234567", "languages": "de"}


@pytest.fixture
def admin(cast: Cast) -> Appointment:
    return make_appointment("anna", cast.a1, Role.AGENCY_ADMIN)


def today() -> date:
    return timezone.now().date()


def phone(agency: Agency, number: str = "+999 1", **values: Any) -> CommunicationChannel:
    return CommunicationChannel.objects.create(
        agency=agency,
        **{
            "means": Means.TELEPHONE, "address": number, "languages": ["de"], "starts_on": date(2024, 1, 1),
            "recorded_at": LONG_AGO, **values,
        },
    )  # fmt: skip


def sent(**values: Any) -> dict[str, Any]:
    return {**PHONE, "encryption": "none", "starts_on": today().isoformat(), **values}


def test_the_admin_adds_replaces_and_ends_one(cast: Cast, admin: Appointment, as_: Any) -> None:
    client = as_(admin)
    answer = client.post(reverse("channels:channel-create", args=[cast.a1.pk]), sent())
    assert answer.status_code == 302
    row = cast.a1.communication_channels.get()
    assert (row.address, row.languages, row.recorded_by) == ("+999 1234567", ["de"], admin)
    again = client.get(reverse("channels:channel-replace", args=[row.pk])).content.decode()
    assert "+999 1234567" in again
    client.post(reverse("channels:channel-replace", args=[row.pk]), sent(address="+999 777"))
    row.refresh_from_db()
    assert row.ended_at
    new = cast.a1.communication_channels.get(ended_at=None)
    client.post(reverse("channels:channel-end", args=[new.pk]))
    assert not cast.a1.communication_channels.filter(ended_at=None).exists()
    verbs = Entry.objects.filter(subject_kind="communication_channel").order_by("pk").values_list("verb", flat=True)
    assert sorted(verbs) == ["channel.add", "channel.add", "channel.end", "channel.end"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"means": "radio", "band": "80 MHz"}, "name the talk group"),
        ({"address": ""}, "nobody can reach it"),
        ({"means": "named_system"}, "Name the system"),
        ({"opens_at": "08:00"}, "Give both hours"),
        ({"starts_on": "2020-01-01"}, "today or later"),
        ({"ends_on": "2020-01-01"}, "before the first"),
        ({"languages": "german!"}, "Give codes"),
    ],
)
def test_what_could_never_be_used_is_refused_at_its_field(
    cast: Cast, admin: Appointment, as_: Any, values: dict[str, str], words: str
) -> None:
    page = as_(admin).post(reverse("channels:channel-create", args=[cast.a1.pk]), sent(**values))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not CommunicationChannel.objects.exists()


def test_nobody_else_keeps_them(cast: Cast, admin: Appointment, as_: Any) -> None:
    mine, theirs = phone(cast.a1), phone(cast.b)
    for who, status in ((cast.xenia, 403), (admin, 403)):
        for name in ("channels:channel-replace", "channels:channel-end"):
            assert as_(who).post(reverse(name, args=[theirs.pk]), sent()).status_code == status
        assert as_(who).post(reverse("channels:channel-create", args=[cast.b.pk]), sent()).status_code == status
    # Of an agency with which the own one shares nothing, not even that there is one (R18).
    hidden = phone(cast.c)
    assert as_(admin).post(reverse("channels:channel-end", args=[hidden.pk])).status_code == 404
    with pytest.raises(Refused):
        actions.end_channel(channel=mine, by=cast.xenia)
    assert not CommunicationChannel.objects.exclude(ended_at=None).exists()


def test_partners_see_them_and_nobody_else(cast: Cast, as_: Any) -> None:
    row = phone(cast.b, "+999 555 111")
    page, doors = reverse("channels:agency-channels", args=[cast.b.pk]), ["channels:interoperability"]
    for who, sees in ((cast.yann, True), (cast.xenia, True), (cast.aldo, False), (cast.zoe, False)):
        client = as_(who)
        assert ("+999 555 111" in client.get(page).content.decode()) == sees
        detail = client.get(reverse("communication-channels-detail", args=[row.pk]))
        assert detail.status_code == (200 if sees else 404)
        assert (str(row.pk) in client.get(reverse("communication-channels-list")).content.decode()) == sees
        asked = client.get(reverse("communication-channels-interoperability"), {"agency": str(cast.b.pk)})
        assert str(row.pk) not in asked.content.decode()
        for door in doors:
            assert client.get(reverse(door), {"agency": str(cast.b.pk)}).status_code == 200
    assert "+999 555 111" not in as_(cast.zoe).get(reverse(doors[0]), {"agency": str(cast.b.pk)}).content.decode()


def test_what_is_over_or_to_come_is_not_shown_to_partners(cast: Cast, admin: Appointment, as_: Any) -> None:
    phone(cast.a1, "+999 111", ended_at=timezone.now())
    phone(cast.a1, "+999 222", starts_on=today() + timedelta(days=5))
    phone(cast.a1, "+999 333", ends_on=today() - timedelta(days=2))
    url = reverse("channels:agency-channels", args=[cast.a1.pk])
    partner, own = as_(cast.yann).get(url).content.decode(), as_(admin).get(url).content.decode()
    assert not any(number in partner for number in ("+999 111", "+999 222", "+999 333"))
    assert "+999 222" in own


def test_the_matrix_of_partners_and_of_some_among_each_other(cast: Cast) -> None:
    phone(cast.a1, encryption=Encryption.LINK)
    phone(cast.b, encryption=Encryption.LINK)
    phone(cast.c)
    now = timezone.now()
    found = interoperability(cast.xenia, now)
    assert {(row.one, row.other) for row in found.meetings.values()} == {(cast.a1, cast.b)}
    assert found.meetings[cast.a1.pk, cast.b.pk].talk.verdict == Verdict.SECURE
    assert found.gaps == []
    among = interoperability(cast.xenia, now, [cast.a1.pk, cast.b.pk, cast.c.pk])
    assert len(among.meetings) == 2, "both ways, and none with whom one shares nothing"


def test_gaps_are_listed_with_what_is_missing(cast: Cast, as_: Any) -> None:
    phone(cast.a1)
    phone(cast.b, languages=["fr"], opens_at=time(8), closes_at=time(17))
    page = as_(cast.xenia).get(reverse("channels:interoperability")).content.decode()
    assert "No language in common" in page
    answer = as_(cast.xenia).get(reverse("communication-channels-interoperability")).json()
    assert answer[0]["verdict"] == "no_language"
    assert len(answer[0]["gaps"]) == 1


def test_the_api_keeps_them_too(cast: Cast, admin: Appointment, as_: Any) -> None:
    client = as_(admin)
    body = {"means": "telephone", "address": "+999 9", "languages": ["de"], "starts_on": today().isoformat()}
    made = client.post(reverse("communication-channels-list"), body, content_type="application/json")
    assert made.status_code == 201
    key = made.json()["id"]
    again = client.post(
        reverse("communication-channels-replace", args=[key]), {**body, "address": "+999 8"}, "application/json"
    )
    assert again.status_code == 201
    ended = client.post(reverse("communication-channels-end", args=[again.json()["id"]]))
    assert ended.json()["ended_at"]
    refused = client.post(reverse("communication-channels-replace", args=[key]), body, "application/json")
    assert refused.status_code in (409, 422, 400)
    assert as_(cast.xenia).post(reverse("communication-channels-list"), body, "application/json").status_code == 403
    bad = client.get(reverse("communication-channels-interoperability"), {"agency": "x"})
    assert bad.status_code == 400


def test_queries_do_not_grow(cast: Cast, as_: Any, django_assert_num_queries: Any) -> None:
    client = as_(cast.xenia)
    urls = [reverse("channels:interoperability"), reverse("channels:agency-channels", args=[cast.b.pk])]
    phone(cast.a1), phone(cast.b)
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for number in range(5):
            phone(cast.a1, f"+999 {number}")
            phone(cast.b, f"+998 {number}")
        with django_assert_num_queries(len(few)):
            client.get(url)
