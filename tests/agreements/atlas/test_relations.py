"""A country's page and panels of an agency's: what one has in common, and what crossed, never more than one sees."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Role
from agreements.atlas.exchanged import exchange
from agreements.register.choices import ActionKind, Purpose
from agreements.register.models import TreatyAction
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from portal.audit.models import Entry
from tests.conftest import Cast, make_appointment, make_treaty

MARKING = Marking(categories=["operational"], classification=1, tlp=1)


def given(cast: Cast, title: str, *, to_all: bool = False) -> Record:
    record = records.create(by=cast.xenia, kind="observation", title=title, marking=MARKING)
    to = To(AudienceKind.ALL_PARTIES) if to_all else To(AudienceKind.AGENCY, agency=cast.b)
    releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)
    return record


def counts(cast: Cast, who: Any, other: Any) -> tuple[int, int]:
    found = exchange(access(who, timezone.now()), [other.pk], who.agency.zone)
    return len(found.given), len(found.received)


def test_both_sides_count_what_crossed(cast: Cast) -> None:
    given(cast, "One"), given(cast, "Two", to_all=True)
    records.create(by=cast.xenia, kind="observation", title="Kept", marking=MARKING)
    assert counts(cast, cast.xenia, cast.b) == (2, 0)
    assert counts(cast, cast.yann, cast.a1) == (0, 2)
    assert counts(cast, cast.xenia, cast.c) == (0, 0)
    assert counts(cast, cast.zoe, cast.a1) == (0, 0)


def test_what_ends_is_counted_no_more(cast: Cast) -> None:
    given(cast, "One")
    TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=timezone.now().date(),
        recorded_at=timezone.now(), recorded_by=cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip
    assert counts(cast, cast.xenia, cast.b) == (0, 0)
    assert counts(cast, cast.yann, cast.a1) == (0, 0)


def test_one_counts_what_one_sees_alone(cast: Cast) -> None:
    secret = Marking(categories=["operational"], classification=0, tlp=1)
    record = records.create(by=cast.xenia, kind="observation", title="Low", marking=secret)
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=cast.art7, purpose=Purpose.COORDINATION,
        by=cast.xenia,
    )  # fmt: skip
    given(cast, "Restricted")
    low = make_appointment("lena", cast.a1, Role.LIAISON_OFFICER, clearance=0)
    assert counts(cast, low, cast.b) == (1, 0)
    assert counts(cast, cast.tara, cast.b) == (0, 0)  # A treaty admin reads no observation.


def test_the_panel_leads_to_the_list_it_counts(cast: Cast, as_: Any) -> None:
    given(cast, "Lake patrol log")
    month = f"{timezone.now().astimezone(cast.a1.zone):%Y-%m}"
    for who, other, way in ((cast.xenia, cast.b, "given"), (cast.yann, cast.a1, "received")):
        client = as_(who)
        panel = client.get(reverse("atlas:agency-exchanged", args=[other.pk])).content.decode()
        query = f"agency={other.pk}&amp;way={way}&amp;month={month}"
        assert query in panel
        page = client.get(f"{reverse('atlas:exchanged-list')}?{query.replace('&amp;', '&')}").content.decode()
        assert "Lake patrol log" in page
        country = client.get(reverse("atlas:country-exchanged", args=[other.country_id])).content.decode()
        assert f"country={other.country_id}" in country
        told = client.get(reverse("exchanges-records"), {"agency": str(other.pk), "way": way}).json()
        assert [row["title"] for row in told] == ["Lake patrol log"]
        assert client.get(reverse("exchanges"), {"country": other.country_id}).json()["months"][0][way] == 1
    assert Entry.objects.filter(verb="record.disclose", agency_id=cast.b.pk).count() >= 2


def test_hidden_partners_exchange_nothing(cast: Cast, as_: Any) -> None:
    given(cast, "Lake patrol log")
    client = as_(cast.zoe)
    for name, data in (("atlas:exchanged-list", {"way": "received"}), ("exchanges-records", {"way": "received"})):
        for query in ({"agency": str(cast.a1.pk)}, {"country": "XX"}):
            assert "Lake patrol" not in client.get(reverse(name), {**data, **query}).content.decode()
    assert client.get(reverse("atlas:exchanged-list"), {"agency": "nobody"}).status_code == 404
    assert client.get(reverse("atlas:exchanged-list"), {"country": "\x00"}).status_code == 200
    assert client.get(reverse("exchanges"), {"agency": "nobody"}).status_code == 400
    assert client.get(reverse("exchanges"), {"country": "QQ"}).status_code == 404


def test_a_countrys_page_shows_desks_to_partners_alone(cast: Cast, as_: Any) -> None:
    url = reverse("atlas:country-detail", args=["YY"])
    ours, strangers = as_(cast.xenia).get(url).content.decode(), as_(cast.zoe).get(url).content.decode()
    assert "desk@y1.invalid" in ours
    assert "Treaty admin" in ours
    assert "X–Y Treaty" in ours
    assert "desk@y1.invalid" not in strangers
    assert "Treaty admin" not in strangers
    assert "X–Y Treaty" not in strangers
    told = as_(cast.zoe).get(reverse("countries-relations", args=["YY"])).json()
    assert told["agreements"] == []
    assert told["agencies"][0]["desk_email"] is None
    assert as_(cast.xenia).get(reverse("atlas:country-detail", args=["QQ"])).status_code == 404


def test_an_agencys_panels(cast: Cast, as_: Any) -> None:
    make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
    )  # fmt: skip
    client = as_(cast.xenia)
    page = client.get(reverse("directory:agency-detail", args=[cast.b.pk])).content.decode()
    for name in ("atlas:agency-relations", "atlas:agency-exchanged", "planning:agency-operations"):
        assert reverse(name, args=[cast.b.pk]) in page
    panel = client.get(reverse("atlas:agency-relations", args=[cast.b.pk])).content.decode()
    assert "X–Y Treaty" in panel
    assert "Y–Z Treaty" not in panel
    told = client.get(reverse("agencies-relations", args=[cast.b.pk])).json()
    assert [row["short_name"] for row in told["agreements"]] == ["X–Y Treaty"]
    assert told["agencies"][0]["functions"]


def test_who_reads_no_agreement_is_shown_none(cast: Cast, as_: Any) -> None:
    client = as_(make_appointment("sys", cast.a1, Role.SYSTEM_ADMIN))
    panel = client.get(reverse("atlas:agency-relations", args=[cast.b.pk]))
    assert panel.status_code == 200
    assert "X–Y Treaty" not in panel.content.decode()
    assert "X–Y Treaty" not in client.get(reverse("atlas:country-detail", args=["YY"])).content.decode()


def test_the_panel_of_an_agreement_asks_who_can_talk(cast: Cast, as_: Any) -> None:
    url = reverse("atlas:agreement-channels", args=[cast.art7.agreement_id])
    assert "no channel in common" in as_(cast.xenia).get(url).content.decode()
    assert as_(cast.zoe).get(url).status_code == 404


@pytest.mark.parametrize("name", ["atlas:country-detail", "atlas:country-exchanged"])
def test_queries_do_not_grow(cast: Cast, as_: Any, django_assert_num_queries: Any, name: str) -> None:
    client, url = as_(cast.xenia), reverse(name, args=["YY"])
    given(cast, "One")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(4):
        given(cast, f"More {number}")
        make_treaty(
            short_name=f"Treaty {number}", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
            confirmed_by=[cast.yusuf],
        )  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_the_matrix_over_the_api(cast: Cast, as_: Any) -> None:
    """The same filters; a fault is named, not passed over."""
    client = as_(cast.xenia)
    cells = client.get(reverse("flows"), {"against": "2020-01-01"}).json()
    assert {cell["change"] for cell in cells} == {"opened"}
    assert client.get(reverse("flows"), {"on": "yesterday"}).status_code == 400
    assert client.get(reverse("flows-cell"), {"category": "nothing"}).status_code == 400
    asked = {"sender": "XX", "receiver": "YY", "category": "operational"}
    found = client.get(reverse("flows-cell"), asked).json()
    assert found["articles"][0]["article"] == "Art. 7"
    assert found["cell"]["ceiling"] == 1
    assert client.get(reverse("flows-cell"), {**asked, "sender": "ZZ"}).status_code == 404
