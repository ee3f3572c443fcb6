"""An article that takes another's place: what was released under that is read under it, by its own terms (R30)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agreements.register import actions, foresight
from agreements.register.choices import ActionKind, Category
from agreements.register.models import Clause, Confirmation, TreatyAction
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access, agencies_that_see, decide
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk
from tests.conftest import LONG_AGO, confirm_everything, make_treaty

TODAY = timezone.localdate


def days_ago(days: int) -> date:
    return TODAY() - timedelta(days=days)


def ended(desk: Desk, days: int) -> None:
    """The old treaty ends so many days ago, as known since long."""
    TreatyAction.objects.create(
        agreement=desk.cast.art7.agreement, kind=ActionKind.TERMINATION, done_on=days_ago(days), recorded_at=LONG_AGO,
        recorded_by=desk.cast.tara, recorded_for=desk.cast.a1.country,
    )  # fmt: skip


def new_treaty(desk: Desk, days: int = 20, *, confirmed: bool = True, **clause: Any) -> Clause:
    """One in force since so many days, whose Art. 3 takes the place of Art. 7."""
    cast = desk.cast
    row = make_treaty(
        short_name="New Treaty", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        article="Art. 3", continues=cast.art7, **clause,
    )  # fmt: skip
    row.agreement.actions.filter(kind=ActionKind.ENTRY_INTO_FORCE).update(done_on=days_ago(days))
    confirm_everything(row.agreement, cast.yusuf)
    if not confirmed:
        Confirmation.objects.filter(clause=row).delete()
    return row


@pytest.fixture
def given(desk: Desk) -> Record:
    """Released long ago under Art. 7 to the other party."""
    record = desk.note()
    release = desk.release(record, To(AudienceKind.PARTY, country=desk.cast.b.country))
    Release.objects.filter(pk=release.pk).update(released_at=timezone.now() - timedelta(days=90))
    return record


def sees(desk: Desk, record: Record) -> bool:
    """Whether Yann does: by the list, the decision and the owner's preview, which agree."""
    now = timezone.now()
    mine, row = access(desk.cast.yann, now), Record.objects.get(pk=record.pk)
    listed = Record.objects.visible_to(mine).filter(pk=record.pk).exists()
    rows = row.releases.standing().with_audience().select_related("provider")
    told = desk.cast.b in agencies_that_see(row, rows, now)
    assert listed == bool(decide(mine, row)) == told
    return listed


def test_what_was_shared_goes_on_without_a_break(desk: Desk, given: Record) -> None:
    new_treaty(desk)
    ended(desk, 5)
    assert sees(desk, given)
    sentence = decide(access(desk.cast.yann, timezone.now()), given).reason
    assert "Art. 3 of the New Treaty, which takes the place of Art. 7 of the X–Y Treaty" in sentence


def test_without_a_successor_it_ends(desk: Desk, given: Record) -> None:
    ended(desk, 5)
    assert not sees(desk, given)


@pytest.mark.parametrize(
    ("terms", "open_"),
    [
        ({}, True),
        ({"categories": [Category.PERSONAL_DATA]}, False),
        ({"ceiling": 0}, False),
        ({"purposes": ["coordination"]}, False),
        ({"retention_days": 30}, False),
        ({"retention_days": 100}, True),
    ],
)
def test_the_later_articles_terms_count(desk: Desk, given: Record, terms: dict[str, Any], open_: bool) -> None:
    new_treaty(desk, **terms)
    ended(desk, 5)
    assert sees(desk, given) == open_


def test_an_amended_article_gives_way_where_the_amendment_binds_both(desk: Desk, given: Record) -> None:
    """The old treaty runs on; its article carries nothing any more between the two, by the terms of the new one."""
    cast = desk.cast
    row = make_treaty(
        short_name="Amendment", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara, article="Art. 9",
        categories=[Category.CUSTOMS], confirmed_by=[cast.yusuf],
    )  # fmt: skip
    row.agreement.actions.filter(kind=ActionKind.ENTRY_INTO_FORCE).delete()
    terms: dict[str, Any] = {"kind": cast.art7.kind, "purposes": cast.art7.purposes, "categories": cast.art7.categories}
    amended = actions.add_clause(
        agreement=row.agreement, article="Art. 1", continues=cast.art7, gives_way=True, by=cast.tara, ceiling=0, **terms
    )
    actions.confirm(agreement=row.agreement, by=cast.yusuf)
    assert list(cast.art7.displaced_by.all()) == [row.agreement]
    assert sees(desk, given), "until the amendment is in force"
    actions.record_action(agreement=row.agreement, kind=ActionKind.ENTRY_INTO_FORCE, done_on=TODAY(), by=cast.tara)
    actions.confirm(agreement=row.agreement, by=cast.yusuf)
    assert not sees(desk, given), "above the ceiling of the new article"
    Clause.objects.filter(pk=amended.pk).update(ceiling=2)
    assert sees(desk, given), "under the new article"
    with pytest.raises(Refused, match="which earlier article"):
        actions.add_clause(agreement=row.agreement, article="Art. 2", gives_way=True, by=cast.tara, **terms)


def test_nothing_passes_over_a_gap(desk: Desk, given: Record) -> None:
    new_treaty(desk, days=20)
    ended(desk, 30)
    assert not sees(desk, given)


def test_it_needs_the_word_of_both(desk: Desk, given: Record) -> None:
    new_treaty(desk, confirmed=False)
    ended(desk, 5)
    assert not sees(desk, given)


def test_suspending_the_later_one_closes_it(desk: Desk, given: Record) -> None:
    row = new_treaty(desk)
    ended(desk, 5)
    step = lambda: actions.record_action(  # noqa: E731
        agreement=row.agreement, by=desk.cast.yusuf, kind=ActionKind.SUSPENSION, done_on=TODAY(),
        country=desk.cast.b.country,
    )  # fmt: skip
    found = foresight.foresee(agreement=row.agreement, by=desk.cast.yusuf, step=step)
    assert [(item.agency, item.lost) for item in found.effects] == [(desk.cast.b, 1)]
    assert sees(desk, given)
    step()
    assert not sees(desk, given)


def test_a_second_successor_leads_back_to_the_first(desk: Desk, given: Record) -> None:
    second = new_treaty(desk, days=20)
    ended(desk, 15)
    cast = desk.cast
    third = make_treaty(
        short_name="Newest Treaty", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        article="Art. 1", continues=second,
    )  # fmt: skip
    third.agreement.actions.filter(kind=ActionKind.ENTRY_INTO_FORCE).update(done_on=days_ago(8))
    confirm_everything(third.agreement, cast.yusuf)
    TreatyAction.objects.create(
        agreement=second.agreement, kind=ActionKind.TERMINATION, done_on=days_ago(3), recorded_at=LONG_AGO,
        recorded_by=cast.tara, recorded_for=cast.a1.country,
    )  # fmt: skip
    assert sees(desk, given)


def test_who_may_not_see_sees_no_more(desk: Desk, given: Record) -> None:
    new_treaty(desk)
    ended(desk, 5)
    now = timezone.now()
    for who in (desk.cast.aldo, desk.cast.zoe, desk.cast.yusuf):
        assert not decide(access(who, now), given)
        assert not Record.objects.visible_to(access(who, now)).exists()


def test_nothing_new_goes_under_the_earlier_article(desk: Desk, given: Record) -> None:
    new_treaty(desk)
    ended(desk, 5)
    with pytest.raises(Refused):
        desk.release(desk.note())


def test_only_an_article_that_may_be_seen_is_named(desk: Desk) -> None:
    """Not of a draft, not of another pair's treaty, not of its own agreement."""
    cast = desk.cast
    other = make_treaty(
        short_name="Y–Z", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno],
    )  # fmt: skip
    terms: dict[str, Any] = {
        "agreement": cast.art7.agreement, "by": cast.tara, "article": "Art. 9", "kind": "information_sharing",
        "categories": ["operational"], "purposes": ["coordination"],
    }  # fmt: skip
    for article in (other, cast.art7):
        with pytest.raises(Refused) as refused:
            actions.add_clause(**terms, continues=article)
        assert refused.value.field == "continues"
