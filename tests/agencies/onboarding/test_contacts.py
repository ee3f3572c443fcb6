"""How partners reach an agency: by function, with hours and tongues; who reads it, who keeps it (R18)."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.directory import actions as directory
from agencies.directory.models import Agency, Appointment
from agencies.onboarding.actions import contacts
from agencies.onboarding.choices import Function
from agencies.onboarding.models import Contact
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import Cast

LINE = {"telephone": "+00 111 222 333", "mail": "pursuit@x1.invalid"}


@pytest.fixture
def pursuit(cast: Cast, amina: Appointment) -> Contact:
    return contacts.set_contact(agency=cast.a1, function=Function.PURSUIT, by=amina, **LINE)


def test_a_change_ends_one_and_begins_another(cast: Cast, amina: Appointment, pursuit: Contact) -> None:
    contacts.set_contact(agency=cast.a1, function="pursuit", by=amina, telephone="+00 999 888 777")
    assert Contact.objects.count() == 2
    now = contacts.reach(cast.a1, "pursuit", timezone.now())
    assert (now.telephone, now.by_desk) == ("+00 999 888 777", False)
    pursuit.refresh_from_db()
    assert pursuit.ended_at
    assert Entry.objects.filter(verb="contact.set").count() == 2
    told = str(list(Entry.objects.values_list("data", flat=True))).replace(" ", "")
    assert "111222333" not in told


def test_without_a_contact_the_desk_answers_and_says_so(cast: Cast, amina: Appointment, as_: Any, pursuit: Any) -> None:
    for function in Function:
        found = contacts.reach(cast.a1, function, timezone.now())
        assert found.by_desk == (function != Function.PURSUIT)
        assert found.telephone == (LINE["telephone"] if function == Function.PURSUIT else cast.a1.desk_phone)
    page = as_(cast.yann).get(reverse("onboarding:contact-list", args=[cast.a1.pk])).content.decode()
    assert page.count("no contact of its own: the duty desk answers") == len(Function) - 1
    directory.change_contacts(agency=cast.a1, desk_phone="+00 555", desk_email="", by=amina)
    row = Agency.objects.get(pk=cast.a1.pk)
    assert contacts.reach(row, "requests", timezone.now()).telephone == "+00 555", "the desk is one entry"
    contacts.end_contact(contact=pursuit, by=amina)
    assert contacts.reach(row, "pursuit", timezone.now()).by_desk


@pytest.mark.parametrize(
    ("who", "sees"), [("yann", True), ("yusuf", True), ("aldo", False), ("zoe", False), ("zeno", False)]
)
def test_only_acquaintances_read_them(
    cast: Cast, pursuit: Contact, as_: Any, api_as: Any, who: str, sees: bool
) -> None:
    """Hidden and unknown are the same 404; of the directory only the name is public (R18)."""
    by = getattr(cast, who)
    page = as_(by).get(reverse("onboarding:contact-list", args=[cast.a1.pk]))
    assert page.status_code == (200 if sees else 404)
    whole = as_(by).get(reverse("directory:agency-detail", args=[cast.a1.pk])).content.decode()
    assert LINE["mail"] not in whole
    assert (reverse("onboarding:contact-list", args=[cast.a1.pk]) in whole) == sees
    api = api_as(by)
    assert api.send("GET", f"contacts/{pursuit.pk}/").status_code == (200 if sees else 404)
    assert bool(api.send("GET", "contacts/").json()["results"]) == sees
    told = api.send("GET", f"partners/{cast.a1.pk}/").json()
    assert bool(told["contacts"]) == sees
    assert told["tasks"] is None


def test_a_system_admin_and_its_own_see_them(cast: Cast, pursuit: Contact, sasha: Appointment, as_: Any) -> None:
    for by in (cast.anton, sasha):
        page = as_(by).get(reverse("onboarding:contact-list", args=[cast.a1.pk])).content.decode()
        assert LINE["mail"] in page
        assert ("Tried today" in page) == (by == sasha)


@pytest.mark.parametrize("who", ["xenia", "tara", "yusuf"])
def test_only_its_admins_keep_them(cast: Cast, pursuit: Contact, as_: Any, api_as: Any, who: str) -> None:
    by, client = getattr(cast, who), as_(getattr(cast, who))
    keys = [cast.a1.pk, "pursuit"]
    for name, args in (("contact-change", keys), ("contact-verify", keys), ("contact-end", keys), ("agency-languages", keys[:1]), ("agency-setup", keys[:1])):  # fmt: skip
        url = reverse(f"onboarding:{name}", args=args)
        assert client.post(url, LINE).status_code in (403, 405), name
    api = api_as(by)
    body = {"agency": str(cast.a1.pk), "function": "requests", **LINE}
    assert api.send("POST", "contacts/", body).status_code == 403
    assert api.send("POST", f"contacts/{pursuit.pk}/end/").status_code in (403, 404)
    with pytest.raises(Refused):
        contacts.set_languages(agency=cast.a1, levels={"de": "native"}, by=by)
    assert Contact.objects.get() == pursuit


def test_an_admin_of_another_agency_does_not_keep_them(cast: Cast, amina: Appointment, api_as: Any, as_: Any) -> None:
    body = {"agency": str(cast.b.pk), "function": "requests", **LINE}
    assert api_as(amina).send("POST", "contacts/", body).status_code == 403
    assert as_(amina).get(reverse("onboarding:contact-change", args=[cast.b.pk, "requests"])).status_code == 403
    assert as_(amina).get(reverse("onboarding:contact-change", args=[cast.a1.pk, "nonsense"])).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"telephone": "", "mail": ""}, "telephone"),
        ({"opens": time(8)}, "closes"),
        ({"opens": time(8), "closes": time(8)}, "closes"),
        ({"languages": ["fi"]}, "languages"),
    ],
)
def test_bad_entries_are_refused_at_their_field(cast: Cast, amina: Appointment, change: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        contacts.set_contact(agency=cast.a1, function="requests", by=amina, **{**LINE, **change})
    assert refused.value.field == field
    assert not Contact.objects.exists()


def test_who_was_not_tried_for_180_days_is_flagged(cast: Cast, amina: Appointment, pursuit: Contact, as_: Any) -> None:
    now = timezone.now()
    assert not contacts.reach(cast.a1, "pursuit", now).is_stale
    # Counted in days of the agency's zone, whose clocks may change in between: at its noon no day is cut.
    noon = now.astimezone(ZoneInfo(cast.a1.time_zone)).replace(hour=12)
    assert not contacts.reach(cast.a1, "pursuit", noon + timedelta(days=180)).is_stale
    assert contacts.reach(cast.a1, "pursuit", noon + timedelta(days=181)).is_stale
    assert contacts.desk(cast.a1, now).is_stale
    old = now.date() - timedelta(days=200)
    Contact.objects.update(verified_on=old)
    home = as_(amina).get("/").content.decode()
    assert "contacts not tried for 180 days" in home
    client = as_(amina)
    for function in ("pursuit", "desk"):
        client.post(reverse("onboarding:contact-verify", args=[cast.a1.pk, function]))
    row = Agency.objects.get(pk=cast.a1.pk)
    assert not any(line.is_stale for line in contacts.reached(row, now))
    directory.change_contacts(agency=row, desk_phone="+00 123 456", desk_email="", by=amina)
    assert contacts.desk(Agency.objects.get(pk=row.pk), now).is_stale, "another number was not tried yet"


def test_languages_have_levels_and_contacts_lose_what_goes(cast: Cast, amina: Appointment, as_: Any) -> None:
    url = reverse("onboarding:agency-languages", args=[cast.a1.pk])
    as_(amina).post(url, {"de": "native", "en": "B1"})
    row = Agency.objects.get(pk=cast.a1.pk)
    assert (row.languages, row.language_levels) == (["en", "de"], {"en": "B1", "de": "native"})
    contacts.set_contact(agency=row, function="requests", by=amina, languages=["en", "de"], **LINE)
    as_(amina).post(url, {"de": "native"})
    assert Contact.objects.get().languages == ["de"]
    page = as_(amina).post(url, {}).content.decode()
    assert "at least one language" in page
    told = as_(cast.yann).get(reverse("onboarding:contact-list", args=[cast.a1.pk])).content.decode()
    assert "German (working language)" in told


def test_one_page_asks_as_much_for_one_contact_as_for_all(
    cast: Cast, amina: Appointment, as_: Any, pursuit: Any
) -> None:
    client, url = as_(cast.yann), reverse("onboarding:contact-list", args=[cast.a1.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for function in Function:
        contacts.set_contact(agency=cast.a1, function=function, by=amina, **LINE)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(one)


@given(
    days=st.sets(st.integers(0, 6), min_size=1),
    opens=st.times(),
    closes=st.times(),
    minute=st.integers(0, 7 * 24 * 60 - 1),
)
def test_open_hours_agree_with_a_week_counted_by_the_minute(
    days: set[int], opens: time, closes: time, minute: int
) -> None:
    """The same question, asked of intervals laid out over a week in the agency's zone."""
    opens, closes = opens.replace(second=0, microsecond=0), closes.replace(second=0, microsecond=0)
    zone = ZoneInfo("Europe/Zurich")
    row = Contact(agency=Agency(time_zone="Europe/Zurich"), days=sorted(days), opens=opens, closes=closes)
    monday = datetime(2026, 1, 5, tzinfo=zone)
    at = monday + timedelta(minutes=minute)
    begin, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    length = (end - begin) % 1440 or 1440
    week = 7 * 1440
    expected = any((minute - (day * 1440 + begin)) % week < length for day in days)
    assert row.is_open(at) == expected
