"""Who is bound with whom: the edges, the drawing, the agreements behind an edge, and what a reader may know."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Country
from agreements.atlas.flows import Day, ground_of
from agreements.atlas.network import FAMILIES, REST, drawing, edges, family_of
from agreements.register.choices import ActionKind, ClauseKind
from agreements.register.models import TreatyAction
from tests.answers import text_of
from tests.conftest import LONG_AGO, Cast, make_treaty

PAGE = "atlas:network"


def now() -> Day:
    return Day(timezone.now())


def hot_pursuit(cast: Cast) -> Any:
    return make_treaty(
        short_name="Pursuit Treaty", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, kind=ClauseKind.HOT_PURSUIT, bound=["XX", "ZZ"], categories=[],
    )  # fmt: skip


def test_an_edge_holds_the_articles_that_bind_both_on_paper(cast: Cast) -> None:
    hot_pursuit(cast)
    found = {edge.pair: edge.kinds for edge in edges(ground_of(cast.xenia), now())}
    # Signed alone binds nobody; bound without a confirmation here, all the same: on paper.
    assert found == {("XX", "YY"): ["information_sharing"], ("XX", "ZZ"): ["hot_pursuit"]}


def test_by_kind_around_a_state_and_on_a_day(cast: Cast) -> None:
    hot_pursuit(cast)
    ground = ground_of(cast.xenia)
    assert [edge.pair for edge in edges(ground, now(), kind="hot_pursuit")] == [("XX", "ZZ")]
    assert [edge.pair for edge in edges(ground, now(), around="YY")] == [("XX", "YY")]
    assert edges(ground, Day(timezone.now(), date(2024, 4, 30))) == []
    assert len(edges(ground, Day(timezone.now(), date(2024, 5, 1)))) == 2


def test_what_is_cut_between_two_is_no_edge(cast: Cast) -> None:
    TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=ActionKind.OBJECTION, country_id="YY", counterpart_id="XX",
        done_on=timezone.now().date() - timedelta(days=1), recorded_at=LONG_AGO, recorded_by=cast.yusuf,
        recorded_for_id="YY",
    )  # fmt: skip
    assert edges(ground_of(cast.xenia), now()) == []


def test_other_states_agreements_are_no_edges(cast: Cast, as_: Any) -> None:
    make_treaty(short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf)
    assert [edge.pair for edge in edges(ground_of(cast.xenia), now())] == [("XX", "YY")]
    client = as_(cast.xenia)
    assert "Z-land" not in client.get(reverse(PAGE), {"around": "all"}).content.decode()
    assert client.get(reverse("atlas:between", args=["YY", "ZZ"])).status_code == 404
    assert client.get(reverse("atlas:between", args=["YY", "QQ"])).status_code == 404
    assert as_(cast.yann).get(reverse("atlas:between", args=["YY", "ZZ"])).status_code == 200
    assert "ZZ" not in text_of(client.get(reverse("network"), {"around": "all"}))


def test_every_kind_has_a_family_with_a_pattern_of_its_own() -> None:
    assert all(family_of(kind) for kind in ClauseKind.values)
    assert len({family.dashes for family in (*FAMILIES, REST)}) == len(FAMILIES) + 1
    assert len({family.letter for family in (*FAMILIES, REST)}) == len(FAMILIES) + 1


def test_the_drawing_holds_every_state_once_inside_the_frame(cast: Cast) -> None:
    hot_pursuit(cast)
    found, names = edges(ground_of(cast.xenia), now()), dict(Country.objects.values_list("pk", "name"))
    for centre in ("XX", ""):
        drawn = drawing(found, names, "XX", centre)
        assert drawn is not None
        assert sorted(node.key for node in drawn.nodes) == ["XX", "YY", "ZZ"]
        assert all(0 < node.x < drawn.width and 0 < node.y < drawn.height for node in drawn.nodes)
        assert [edge.pair for edge in drawn.edges] == [edge.pair for edge in found]
    assert drawing([], names, "XX") is None


def test_the_page_draws_and_lists_and_leads_to_the_agreements(cast: Cast, as_: Any) -> None:
    client = as_(cast.xenia)
    page = client.get(reverse(PAGE)).content.decode()
    assert reverse("atlas:between", args=["XX", "YY"]) in page
    assert "<svg" in page
    assert "As a table" in page
    between = client.get(reverse("atlas:between", args=["XX", "YY"])).content.decode()
    assert "X–Y Treaty" in between
    assert "Nobody is bound" in client.get(reverse(PAGE), {"on": "2020-01-01"}).content.decode()
    assert client.get(reverse(PAGE), {"on": "tomorrow", "around": "??"}).status_code == 200


def test_agreements_of_many_parties_are_drawn_when_asked_for(cast: Cast, as_: Any) -> None:
    codes = [f"WORLD{number:02}" for number in range(20)]
    Country.objects.bulk_create(Country(code=code, alpha3="", name=f"Land {code}") for code in codes)
    make_treaty(short_name="World Treaty", countries=["XX", *codes], designated=[cast.a1], recorded_by=cast.tara)
    client = as_(cast.xenia)
    page = client.get(reverse(PAGE)).content.decode()
    assert "Left out" in page
    assert "Land WORLD00" in client.get(reverse(PAGE), {"wide": "on"}).content.decode()
    assert "Too many lines" not in page
    assert len(client.get(reverse("network")).json()) == 21


def test_queries_do_not_grow(cast: Cast, as_: Any, django_assert_num_queries: Any) -> None:
    client = as_(cast.xenia)
    urls = [reverse(PAGE), reverse("atlas:between", args=["XX", "YY"])]
    hot_pursuit(cast)
    for number, url in enumerate(urls):
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for more in range(3):
            make_treaty(
                short_name=f"Treaty {number} {more}", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b],
                recorded_by=cast.tara,
            )  # fmt: skip
        with django_assert_num_queries(len(few)):
            client.get(url)
