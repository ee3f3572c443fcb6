"""The powers card of a patrol: among the states of its teams."""

import io
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from agencies.directory.models import new_key
from agreements.powers import actions
from agreements.register.choices import ClauseKind
from agreements.sharing.models import Record
from operations.patrols.actions.patrols import TeamPlan
from portal.audit.models import Entry
from tests.conftest import Cast, make_treaty
from tests.operations.patrols.conftest import Joint

pytestmark = pytest.mark.django_db
PAGES = ("patrols:patrol-powers", "patrols:patrol-powers-print", "patrols-powers-card")


@pytest.fixture
def patrolling(cast: Cast) -> None:
    clause = make_treaty(
        short_name="X–Y Patrols", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 21", kind=ClauseKind.JOINT_PATROL,
    )  # fmt: skip
    actions.record_power(clause=clause, by=cast.tara, act="patrol", answer="only_if", depth_m=10_000)
    actions.confirm_powers(agreement=clause.agreement, by=cast.yusuf)


@pytest.fixture
def shared(joint: Joint, patrolling: None) -> Any:
    """A patrol of a1 that b was given."""
    joint.order(by=joint.cast.xenia)
    return joint.active()


def test_each_side_reads_its_card(cast: Cast, shared: Any, as_: Any) -> None:
    for who in (cast.lars, cast.anton, cast.yann):
        text = " ".join(as_(who).get(reverse(PAGES[0], args=[shared.pk])).content.decode().split())
        assert "at most 10 km deep from the border line" in text, who
        found = as_(who).get(reverse(PAGES[2], args=[shared.pk])).json()
        assert found["pairs"][0]["actor"] == who.agency.country_id
        assert found["pairs"][0]["occasions"][0]["opening"][0]["depth_m"] == 10_000


def test_who_does_not_see_the_patrol_sees_no_card(cast: Cast, shared: Any, as_: Any) -> None:
    for who in (cast.zoe, cast.aldo, cast.zeno):
        for name in PAGES:
            answers = [as_(who).get(reverse(name, args=[key])) for key in (shared.pk, new_key())]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].status_code in (403, 404), (who, name)


def test_it_closes_with_the_treaty_and_stands_in_the_ledger(cast: Cast, shared: Any, joint: Joint, as_: Any) -> None:
    client = as_(cast.yann)
    for name in PAGES:
        assert client.get(reverse(name, args=[shared.pk])).status_code == 200, name
        last = Entry.objects.filter(verb="record.disclose", appointment_id=cast.yann.pk).order_by("recorded_at").last()
        assert last is not None
        assert str(shared.pk) in {row["record"] for row in last.records}
    joint.suspend()
    for name in PAGES:
        assert client.get(reverse(name, args=[shared.pk])).status_code == 404, name


def test_the_print_carries_the_patrols_marking_and_display_only_is_refused(cast: Cast, shared: Any, as_: Any) -> None:
    client, address = as_(cast.yann), reverse(PAGES[1], args=[shared.pk])
    answer = client.get(f"{address}?lang=de")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in ("RESTRICTED", "TLP:AMBER", "Shore patrol", "Befugniskarte", "Gilt nur am", "höchstens 10 km tief"):
        assert words in text, words
    Record.objects.filter(pk=shared.pk).update(display_only=True)
    assert client.get(address).status_code == 403
    assert client.get(reverse(PAGES[2], args=[shared.pk])).status_code == 404
    assert client.get(reverse(PAGES[0], args=[shared.pk])).status_code == 200


def test_teams_of_one_state_need_no_card(cast: Cast, joint: Joint, patrolling: None, as_: Any) -> None:
    patrol = joint.plan(teams=[TeamPlan(cast.a1, 2)])
    text = as_(cast.lars).get(reverse(PAGES[0], args=[patrol.pk])).content.decode()
    assert "Teams of one state alone" in text
