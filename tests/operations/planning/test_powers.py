"""The powers card of an operation: among the states that the reader sees take part, on the screen, on paper, as data."""

import io
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from agencies.directory.models import new_key
from agreements.powers import actions
from agreements.register.choices import ClauseKind
from agreements.sharing.models import Record
from portal.audit.models import Entry
from tests.conftest import Cast, make_treaty
from tests.operations.planning.conftest import Desk, suspend

pytestmark = pytest.mark.django_db
PAGES = ("planning:operation-powers", "planning:operation-powers-print", "operations-powers-card")


@pytest.fixture
def patrolling(cast: Cast) -> None:
    """X and Y: joint patrols, armed; not deeper than ten kilometres."""
    clause = make_treaty(
        short_name="X–Y Patrols", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 21", kind=ClauseKind.JOINT_PATROL,
    )  # fmt: skip
    for act, terms in (("patrol", {"answer": "only_if", "depth_m": 10_000}), ("carry_arms", {"answer": "yes"})):
        actions.record_power(clause=clause, by=cast.tara, act=act, **terms)
    actions.confirm_powers(agreement=clause.agreement, by=cast.yusuf)


def test_it_tells_both_ways_and_the_own_officers_first(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row = desk.joined()
    for who, first, second in (
        (cast.xenia, "X-land in Y-land", "Y-land in X-land"),
        (cast.yann, "Y-land in X-land", "X-land in Y-land"),
    ):
        text = " ".join(as_(who).get(reverse(PAGES[0], args=[row.pk])).content.decode().split())
        assert text.index(f"Officers of {first}") < text.index(f"Officers of {second}")
        assert "at most 10 km deep from the border line" in text
        assert "Patrol jointly" in text


def test_who_does_not_see_the_operation_sees_no_card(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row = desk.joined()
    for who in (cast.zoe, cast.aldo, cast.zeno):
        for name in PAGES:
            answers = [as_(who).get(reverse(name, args=[key])) for key in (row.pk, new_key())]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].status_code in (403, 404), (who, name)
    assert as_(cast.tara).get(reverse(PAGES[0], args=[row.pk])).status_code == 403


def test_it_closes_with_the_treaty(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row, client = desk.joined(), as_(cast.yann)
    assert client.get(reverse(PAGES[1], args=[row.pk])).status_code == 200
    suspend(cast)
    for name in PAGES:
        assert client.get(reverse(name, args=[row.pk])).status_code == 404, name


def test_states_of_unanswered_invitations_are_not_told(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row = desk.plan()
    desk.invite(row)
    text = as_(cast.xenia).get(reverse(PAGES[0], args=[row.pk])).content.decode()
    assert "One state alone takes part" in text
    assert "Y-land" not in text


def test_every_answer_stands_in_the_ledger(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row, client = desk.joined(), as_(cast.yann)
    for name in PAGES:
        before = Entry.objects.filter(verb="record.disclose", appointment_id=cast.yann.pk).count()
        assert client.get(reverse(name, args=[row.pk])).status_code == 200
        entries = Entry.objects.filter(verb="record.disclose", appointment_id=cast.yann.pk)
        assert entries.count() == before + 1, name
        last = entries.order_by("recorded_at").last()
        assert last is not None
        assert last.records[0]["record"] == str(row.pk)
        assert last.records[0]["release"]


def test_the_print_carries_the_operations_marking(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row = desk.joined(name="Lake # *week*")
    answer = as_(cast.yann).get(reverse(PAGES[1], args=[row.pk]))
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in ("RESTRICTED", "TLP:AMBER", "Lake # *week*", "Valid only on", "Y1", "Art. 21 A", "A = X–Y Patrols"):
        assert words in text, words
    for page in reader.pages:
        assert page.extract_text().count("RESTRICTED") == 2
    assert row.record.title not in answer["Content-Disposition"]


def test_what_receivers_may_not_take_away_is_not_printed_for_them(
    cast: Cast, desk: Desk, patrolling: None, as_: Any
) -> None:
    """R7: display-only forbids print, download and the API's body, and says so."""
    row = desk.joined()
    Record.objects.filter(pk=row.pk).update(display_only=True)
    client = as_(cast.yann)
    assert client.get(reverse(PAGES[0], args=[row.pk])).status_code == 200
    assert client.get(reverse(PAGES[1], args=[row.pk])).status_code == 403
    assert client.get(reverse(PAGES[2], args=[row.pk])).status_code in (403, 404)
    assert as_(cast.xenia).get(reverse(PAGES[1], args=[row.pk])).status_code == 200


def test_as_data_the_limits_are_numbers(cast: Cast, desk: Desk, patrolling: None, as_: Any) -> None:
    row = desk.joined()
    found = as_(cast.yann).get(reverse(PAGES[2], args=[row.pk])).json()
    assert [(pair["actor"], pair["host"], pair["whole"]) for pair in found["pairs"]] == [
        ("YY", "XX", True), ("XX", "YY", True),
    ]  # fmt: skip
    patrol = found["pairs"][0]["occasions"][0]
    assert (patrol["occasion"], patrol["permitted"]) == ("joint_patrol", True)
    assert patrol["opening"][0]["depth_m"] == 10_000
    assert [row["answer"] for row in patrol["acts"] if row["act"] == "carry_arms"] == ["yes"]
    assert as_(cast.yann).get(f"{reverse(PAGES[2], args=[row.pk])}?border=moon").status_code == 400
