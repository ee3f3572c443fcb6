"""The flow matrix: cells, the difference between two days, what a reader may know, and which agreement governs."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Classification
from agencies.directory.roles import Role
from agreements.atlas.flows import Day, Narrow, flows, ground_of
from agreements.atlas.matrix import Change, governing_of, matrix
from agreements.atlas.reading import read
from agreements.register.choices import ActionKind, ClauseKind, RelationKind
from agreements.register.models import Designation, Relation, TreatyAction
from tests.answers import text_of
from tests.conftest import LONG_AGO, Cast, make_appointment, make_treaty

PAGE, CELL = "atlas:flow-matrix", "atlas:flow"


def now() -> Day:
    return Day(timezone.now())


def act(cast: Cast, kind: ActionKind, on: date, **values: Any) -> TreatyAction:
    return TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=kind, country_id="YY", done_on=on, recorded_at=LONG_AGO,
        recorded_by=cast.yusuf, recorded_for_id="YY", **values,
    )  # fmt: skip


def test_a_cell_is_open_both_ways_under_a_mutual_article(cast: Cast) -> None:
    found = matrix(ground_of(cast.xenia), Narrow(own="XX"), now())
    assert set(found.cells) == {("XX", "YY", "operational"), ("YY", "XX", "operational")}
    cell = found.cell("XX", "YY", "operational")
    assert cell.reach is not None
    assert cell.reach.ceiling == Classification.RESTRICTED
    assert found.cell("XX", "YY", "dna").reach is None


def test_between_agencies_it_names_them(cast: Cast) -> None:
    found = matrix(ground_of(cast.xenia), Narrow(), now(), agencies=True)
    assert {place[:2] for place in found.cells} == {
        (str(cast.a1.pk), str(cast.b.pk)),
        (str(cast.b.pk), str(cast.a1.pk)),
    }


def test_other_states_bilateral_agreements_do_not_appear(cast: Cast, as_: Any) -> None:
    make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], categories=["dna"],
    )  # fmt: skip
    assert all("ZZ" not in place for place in matrix(ground_of(cast.xenia), Narrow(), now()).cells)
    assert ("YY", "ZZ", "dna") in matrix(ground_of(cast.yann), Narrow(), now()).cells
    client = as_(cast.xenia)
    assert "ZZ" not in text_of(client.get(reverse(PAGE), {"between": "all"}))
    asked = {"sender": "YY", "receiver": "ZZ", "category": "dna"}
    assert client.get(reverse(CELL), asked).status_code == 404
    assert as_(cast.yann).get(reverse(CELL), asked).status_code == 200
    # A state that nobody knows is answered alike.
    assert client.get(reverse(CELL), {**asked, "receiver": "QQ"}).status_code == 404


def test_between_two_days(cast: Cast) -> None:
    today = timezone.now().date()
    soon = today + timedelta(days=30)
    act(cast, ActionKind.SUSPENSION, today, effective_on=soon)
    ground = ground_of(cast.xenia)
    later = Day(timezone.now(), soon + timedelta(days=1))
    found = matrix(ground, Narrow(), later, now())
    assert found.tally == {Change.CLOSED: 2}
    back = matrix(ground, Narrow(), now(), later)
    assert back.tally == {Change.OPENED: 2}
    assert matrix(ground, Narrow(), now(), now()).tally == {}


def test_a_reservation_from_a_day_on_lets_the_ceiling_fall(cast: Cast) -> None:
    today = timezone.now().date()
    soon = today + timedelta(days=30)
    act(cast, ActionKind.RESERVATION, today, effective_on=soon, lowers_ceiling_to=Classification.UNCLASSIFIED)
    ground, later = ground_of(cast.xenia), Day(timezone.now(), soon)
    assert matrix(ground, Narrow(), later, now()).tally == {Change.FELL: 2}
    assert matrix(ground, Narrow(), now(), later).tally == {Change.ROSE: 2}
    reading = read(ground, "XX", "YY", "operational", later)
    assert [row.kind for row in reading.articles[0].reservations] == [ActionKind.RESERVATION]
    assert reading.articles[0].narrowed


def test_an_excluded_category_says_why_nothing_opens_it(cast: Cast) -> None:
    act(cast, ActionKind.RESERVATION, date(2024, 6, 1), excludes=["operational"])
    reading = read(ground_of(cast.xenia), "XX", "YY", "operational", now())
    assert not reading.articles
    assert "reservation" in reading.closed[0].sentence.lower()


def test_a_party_without_an_agency_is_told_of(cast: Cast) -> None:
    Designation.objects.filter(agency=cast.b).delete()
    reading = read(ground_of(cast.xenia), "XX", "YY", "operational", now())
    assert [row.sentence for row in reading.closed] == ["YY has designated no agency for it here"]


def test_a_hidden_agreement_is_not_named(cast: Cast) -> None:
    other = make_treaty(
        short_name="Hidden Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno],
    )  # fmt: skip
    wide = make_treaty(
        short_name="Wide Treaty", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno],
    )  # fmt: skip
    wide.displaced_by.add(other.agreement)
    told = read(ground_of(cast.xenia), "YY", "ZZ", "operational", now()).closed
    assert [row.sentence for row in told] == ["It does not apply between these two"]
    seen = read(ground_of(cast.yann), "YY", "ZZ", "operational", now()).closed
    assert "Hidden Treaty" in seen[0].sentence


def test_search_articles_open_a_search_alone(cast: Cast) -> None:
    make_treaty(
        short_name="Search Treaty", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], kind=ClauseKind.HIT_NO_HIT, categories=["dna"],
    )  # fmt: skip
    cell = matrix(ground_of(cast.xenia), Narrow(), now()).cell("XX", "YY", "dna")
    assert cell.reach is not None
    assert cell.reach.searching


def second(cast: Cast, **values: Any) -> Any:
    return make_treaty(
        short_name="Second Treaty", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], **values,
    )  # fmt: skip


def governed(cast: Cast) -> Any:
    ground = ground_of(cast.xenia)
    reach = matrix(ground, Narrow(), now()).cell("XX", "YY", "operational").reach
    assert reach is not None
    return governing_of(reach, ground, now())


def test_one_agreement_governs_nothing(cast: Cast) -> None:
    assert governed(cast) is None


def test_of_one_day_both_apply(cast: Cast) -> None:
    second(cast)
    assert governed(cast).code == "both"


def test_the_later_in_time_governs(cast: Cast) -> None:
    row = second(cast, onward="never").agreement
    row.actions.update(done_on=date(2025, 1, 1), effective_on=None)
    found = governed(cast)
    assert (found.code, found.agreement) == ("later_in_time", row.pk)
    assert "governs" in found.sentence
    assert "VCLT Art. 30" in found.sentence


def test_the_later_of_the_same_terms_takes_nothing_from_the_earlier(cast: Cast) -> None:
    second(cast).agreement.actions.update(done_on=date(2025, 1, 1), effective_on=None)
    assert governed(cast).code == "both"


def test_of_three_one_governs_only_where_it_comes_before_both(cast: Cast) -> None:
    row = second(cast, onward="never").agreement
    row.actions.update(done_on=date(2025, 1, 1), effective_on=None)
    third = make_treaty(
        short_name="Third Treaty", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], onward="free",
    ).agreement  # fmt: skip
    assert governed(cast).code == "later_in_time"
    third.actions.update(done_on=date(2025, 1, 1), effective_on=None)
    assert governed(cast).code == "both"


def test_what_was_made_under_it_governs(cast: Cast) -> None:
    row = second(cast).agreement
    row.made_under, row.concluded_on = cast.art7, None
    row.save()
    found = governed(cast)
    assert (found.code, found.agreement) == ("made_under", row.pk)


def test_what_takes_its_place_governs(cast: Cast) -> None:
    row = second(cast, continues=cast.art7)
    found = governed(cast)
    assert (found.code, found.agreement) == ("takes_the_place", row.agreement_id)


def test_what_amends_it_governs(cast: Cast) -> None:
    row = second(cast).agreement
    Relation.objects.create(agreement=row, kind=RelationKind.AMENDS, other=cast.art7.agreement)
    found = governed(cast)
    assert (found.code, found.agreement) == ("amends", row.pk)
    Relation.objects.update(starts_on=timezone.now().date() + timedelta(days=9))
    assert governed(cast).code == "both"


def test_what_is_displaced_is_no_flow(cast: Cast) -> None:
    row = second(cast)
    cast.art7.displaced_by.add(row.agreement)
    found = flows(ground_of(cast.xenia), now(), Narrow(category="operational"))
    assert {flow.channel.clause.id for flow in found} == {row.pk}


def test_the_page_and_its_filters(cast: Cast, as_: Any) -> None:
    client, url = as_(cast.xenia), reverse(PAGE)
    page = client.get(url).content.decode()
    assert "up to RESTRICTED" in page
    assert "no article" in page
    square = client.get(url, {"category": "operational"}).content.decode()
    assert "Senders down, receivers across" in square
    assert "No article opens a flow" in client.get(url, {"category": "dna"}).content.decode()
    assert "No article opens a flow" in client.get(url, {"on": "2020-01-01"}).content.decode()
    changed = client.get(url, {"against": "2020-01-01", "changes": "on"}).content.decode()
    assert "2 opened" in changed
    assert "Choose the day to compare with." in client.get(url, {"changes": "on"}).content.decode()
    assert client.get(url, {"on": "9999-99-99", "sender": "\x00"}).status_code == 200


def test_a_cell_is_a_page_and_a_fragment(cast: Cast, as_: Any) -> None:
    client = as_(cast.yann)
    asked = {"sender": "XX", "receiver": "YY", "category": "operational"}
    page = client.get(reverse(CELL), asked).content.decode()
    assert "<html" in page
    for words in ("Art. 7 of the X–Y Treaty", "RESTRICTED", "border operation", "Open since"):
        assert words in page
    part = client.get(reverse(CELL), asked, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert client.get(reverse(CELL), {**asked, "category": "nothing"}).status_code == 404


def test_a_changed_cell_says_which_article_opened_it_on_the_other_day(cast: Cast, as_: Any) -> None:
    asked = {"sender": "XX", "receiver": "YY", "category": "operational"}
    then = as_(cast.yann).get(reverse(CELL), {**asked, "against": "2020-01-01"}).content.decode()
    assert "On 1 Jan 2020: no article opened it." in " ".join(then.split())
    today = timezone.now().date()
    act(cast, ActionKind.SUSPENSION, today - timedelta(days=1))
    day = (today - timedelta(days=30)).isoformat()
    now = as_(cast.yann).get(reverse(CELL), {**asked, "against": day}).content.decode()
    assert "Art. 7 of the X–Y Treaty, up to RESTRICTED." in " ".join(re.sub("<[^>]*>", "", now).split())


def test_who_reads_no_agreement_reads_no_matrix(cast: Cast, as_: Any) -> None:
    client = as_(make_appointment("sys", cast.a1, Role.SYSTEM_ADMIN))
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.get(reverse(CELL)).status_code == 403


@pytest.mark.parametrize("agencies", ["", "agencies"])
def test_queries_do_not_grow(cast: Cast, as_: Any, django_assert_num_queries: Any, agencies: str) -> None:
    client, url = as_(cast.xenia), reverse(PAGE)
    query = {"by": agencies, "between": "all", "against": "2024-06-01"}
    client.get(url, query)
    with CaptureQueriesContext(connection) as few:
        client.get(url, query)
    for number in range(4):
        make_treaty(
            short_name=f"Treaty {number}", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.a2, cast.b, cast.c],
            recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno], categories=["dna", "customs"],
        )  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get(url, query)
