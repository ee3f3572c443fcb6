"""Another agreement that displaces an article closes it between its parties, and what begins after it begins anew."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register.choices import ActionKind
from agreements.register.models import Clause, TreatyAction
from agreements.sharing.models import Release
from agreements.sharing.policy import agencies_that_see
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import LONG_AGO, Cast, make_treaty

TODAY = timezone.localdate()


def displace(cast: Cast) -> Clause:
    """A later treaty of X and Y, in force since May 2024, takes the place of Art. 7."""
    later = make_treaty(
        short_name="X–Y New", countries=["XX", "YY"], designated=[], recorded_by=cast.tara, confirmed_by=[cast.yusuf]
    )
    cast.art7.displaced_by.add(later.agreement)
    return later


def act(clause: Clause, kind: ActionKind, by: Appointment, **values: Any) -> TreatyAction:
    stamp = {"recorded_at": LONG_AGO, "recorded_by": by, "recorded_for": by.agency.country}
    return TreatyAction.objects.create(agreement=clause.agreement, kind=kind, **stamp, **values)


def released(row: Release, days_ago: int) -> Release:
    Release.objects.filter(pk=row.pk).update(released_at=timezone.now() - timedelta(days=days_ago))
    row.refresh_from_db()
    return row


def test_a_displaced_article_is_closed_between_those_whom_the_other_binds(desk: Desk) -> None:
    record = desk.note()
    desk.release(record)
    assert sees(desk.cast.yann, record)
    displace(desk.cast)
    assert not sees(desk.cast.yann, record)


def test_what_was_released_before_the_displacement_ended_is_not_opened_by_its_end(desk: Desk) -> None:
    """R15: an audience covers what was released since its channel last began."""
    old, new = desk.note(title="Old"), desk.note(title="New")
    rows = [released(desk.release(old), 20), released(desk.release(new), 1)]
    later = displace(desk.cast)
    act(later, ActionKind.TERMINATION, desk.cast.tara, done_on=TODAY - timedelta(days=5))
    assert not sees(desk.cast.yann, old)
    assert sees(desk.cast.yann, new)
    now = timezone.now()
    assert [desk.cast.b in agencies_that_see(row.content_object, [row], now) for row in rows] == [False, True]


def test_an_agreement_that_is_suspended_displaces_nothing_meanwhile(desk: Desk) -> None:
    new = desk.note()
    desk.release(new)
    later = displace(desk.cast)
    held = act(later, ActionKind.SUSPENSION, desk.cast.tara, country_id="XX", done_on=TODAY - timedelta(days=5))
    assert sees(desk.cast.yann, new)
    held.delete()
    assert not sees(desk.cast.yann, new)


def test_one_that_never_bound_both_displaces_nothing(desk: Desk) -> None:
    record = desk.note()
    released(desk.release(record), 20)
    later = displace(desk.cast)
    later.agreement.actions.filter(kind=ActionKind.RATIFICATION, country="YY").delete()
    assert sees(desk.cast.yann, record)
