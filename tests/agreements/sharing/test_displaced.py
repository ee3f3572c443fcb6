"""An article that another agreement displaces between two parties carries nothing between these two (Channel)."""

from typing import Any

import pytest
from django.utils import timezone

from agreements.register.choices import ActionKind, Purpose
from agreements.register.models import TreatyAction
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.policy import access, decide
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import Cast, make_treaty


def newer(cast: Cast, **values: Any) -> Any:
    terms = {
        "short_name": "X–Y Convention", "countries": ["XX", "YY"], "designated": [cast.a1, cast.b],
        "recorded_by": cast.tara, "confirmed_by": [cast.yusuf], "article": "Art. 2",
    }  # fmt: skip
    return make_treaty(**{**terms, **values})


def test_what_is_displaced_between_two_carries_nothing_between_them(desk: Desk) -> None:
    cast, record = desk.cast, desk.note()
    desk.release(record)
    assert sees(cast.yann, record)
    convention = newer(cast)
    cast.art7.displaced_by.add(convention.agreement)
    assert not sees(cast.yann, record)
    assert not decide(access(cast.yann, timezone.now()), record)
    assert sees(cast.anton, record)
    # It does not displace what it has no force for: once suspended, the older one carries again, from then on (R15).
    TreatyAction.objects.create(
        agreement=convention.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=timezone.now().date(),
        recorded_by=cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip
    assert not sees(cast.yann, record)
    later = desk.note()
    desk.release(later)
    assert sees(cast.yann, later)


@pytest.mark.parametrize("bound", [["XX"], ["YY"], []])
def test_one_that_does_not_bind_both_displaces_nothing(desk: Desk, bound: list[str]) -> None:
    cast, record = desk.cast, desk.note()
    desk.release(record)
    cast.art7.displaced_by.add(newer(cast, bound=bound).agreement)
    assert sees(cast.yann, record)


def test_between_others_it_carries_on(desk: Desk) -> None:
    """Art. 7 of a treaty of three is displaced between X and Y alone."""
    cast, record = desk.cast, desk.note()
    three = make_treaty(
        short_name="X–Y–Z Treaty", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno], article="Art. 5",
    )  # fmt: skip
    for agency in (cast.b, cast.c):
        to = To(AudienceKind.AGENCY, agency=agency)
        desk.release(record, to=to, clause=three, purpose=Purpose.COORDINATION)
    assert sees(cast.yann, record)
    assert sees(cast.zoe, record)
    three.displaced_by.add(newer(cast).agreement)
    assert not sees(cast.yann, record)
    assert sees(cast.zoe, record)
