"""Pages by key: complete, stable while rows come in, opaque, without totals."""

import pytest
from django.core import signing
from django.utils import timezone

from portal.api.pagination import SALT
from portal.outbox.models import Message

ADDRESS = "/api/v1/messages/"


def follow(client, address, link="next"):
    pages = []
    while address:
        body = client.get(address).json()
        pages.append([row["key"] for row in body["results"]])
        address = body[link]
    return pages


@pytest.mark.parametrize("same_time", [False, True])
def test_every_row_comes_once_in_order_forwards_and_backwards(yann, make_messages, same_time):
    rows = make_messages(23, same_time=same_time)
    expected = [row.key for row in sorted(rows, key=lambda row: (row.created_at, row.pk), reverse=True)]
    pages = follow(yann, f"{ADDRESS}?limit=5")
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
    assert sum(pages, []) == expected

    address = f"{ADDRESS}?limit=5"
    while body := yann.get(address).json():
        if not body["next"]:
            break
        address = body["next"]
    back = follow(yann, body["previous"], "previous")
    assert sum(reversed(back), []) == expected[:20]


def test_rows_that_come_in_do_not_shift_the_next_page(yann, make_messages):
    make_messages(10)
    first = yann.get(f"{ADDRESS}?limit=5").json()
    Message.objects.create(kind="made", key="new", created_at=timezone.now())
    second = yann.get(first["next"]).json()
    assert [row["key"] for row in second["results"]] == [f"key {number}" for number in range(5, 10)]


def test_filters_stay_in_the_links_and_there_is_no_total(yann, make_messages):
    make_messages(6)
    body = yann.get(f"{ADDRESS}?limit=2&kind=made").json()
    assert set(body) == {"next", "previous", "results"}
    assert "kind=made" in body["next"]
    assert "limit=2" in body["next"]
    assert body["previous"] is None


def test_an_empty_list_has_no_links(yann, db):
    assert yann.get(ADDRESS).json() == {"next": None, "previous": None, "results": []}


def test_the_default_page_has_fifty(yann, make_messages):
    make_messages(51)
    assert len(yann.get(ADDRESS).json()["results"]) == 50


@pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", "1e3", "²", "9" * 40])
def test_a_limit_out_of_range_is_said_at_its_field(yann, db, limit):
    response = yann.get(ADDRESS, {"limit": limit})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "a:b:c",
        signing.dumps(["after", ["-other"], ["x"]], salt=SALT),
        signing.dumps("after", salt=SALT),
        signing.dumps(["after", ["-created_at", "-pk"], ["x"]], salt="another salt"),
    ],
    # Names of their own: a signature holds the second, and all processes must collect the same tests.
    ids=["nonsense", "unsigned", "other order", "no list", "other salt"],
)
def test_a_cursor_that_is_not_of_this_list_is_refused(yann, db, cursor):
    response = yann.get(ADDRESS, {"cursor": cursor})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "cursor"


def test_a_page_costs_the_same_for_one_row_and_for_three(yann, make_messages, django_assert_max_num_queries):
    make_messages(4)
    counts = []
    for limit in (1, 3):
        with django_assert_max_num_queries(12) as captured:
            yann.get(f"{ADDRESS}?limit={limit}")
        counts.append(len(captured))
    assert counts[0] == counts[1]
