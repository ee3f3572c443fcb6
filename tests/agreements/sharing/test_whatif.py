"""What a step would close and open, in records (R28): equal to the difference after doing it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register import actions, foresight
from agreements.register.choices import ActionKind, Onward, Purpose
from agreements.register.models import Clause, TreatyAction
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.policy import access, agency_access, treaties_of
from portal.audit.models import Entry
from portal.outbox.models import Message
from tests.agreements.sharing.conftest import Desk
from tests.conftest import make_treaty

NOW = timezone.now
Found = dict[tuple[str, str], tuple[int, int]]


def suspending(desk: Desk, **values: Any) -> Any:
    agreement, by = desk.cast.art7.agreement, desk.cast.yusuf
    terms = {"kind": ActionKind.SUSPENSION, "done_on": timezone.localdate(), "country": by.agency.country, **values}
    return lambda: actions.record_action(agreement=agreement, by=by, **terms)


def told(foreseen: foresight.Foreseen) -> Found:
    return {(row.agency.acronym, row.kind): (row.lost, row.gained) for row in foreseen.effects}


def seen_by(who: Appointment) -> set[Any]:
    return set(Record.objects.visible_to(access(who, NOW())).values_list("pk", flat=True))


def test_what_is_foretold_is_what_happens_and_nothing_of_it_stays(desk: Desk) -> None:
    cast = desk.cast
    for _ in range(3):
        desk.release(desk.note())
    theirs = desk.note(by=cast.yann)
    desk.release(theirs, To(AudienceKind.AGENCY, agency=cast.a1), by=cast.yann)
    before = {who: seen_by(who) for who in (cast.xenia, cast.yann)}
    entries, queued = Entry.objects.count(), Message.objects.count()
    step = suspending(desk)
    foreseen = foresight.foresee(agreement=cast.art7.agreement, by=cast.yusuf, step=step)
    assert told(foreseen) == {("Y1", "Notes"): (3, 0), ("X1", "Notes"): (1, 0)}
    assert [line.article for line in foreseen.closes] == ["Art. 7"]
    assert not TreatyAction.objects.filter(kind=ActionKind.SUSPENSION).exists()
    assert (Entry.objects.count(), Message.objects.count()) == (entries, queued)
    assert seen_by(cast.yann) == before[cast.yann]
    step()
    assert len(before[cast.yann] - seen_by(cast.yann)) == 3
    assert len(before[cast.xenia] - seen_by(cast.xenia)) == 1


def test_only_what_the_askers_party_owns_loses_or_gains(desk: Desk) -> None:
    """A treaty of three: Z's admin is not told what X and Y lose of each other's."""
    cast = desk.cast
    clause = make_treaty(
        short_name="Three", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno], article="Art. 1",
    )  # fmt: skip
    desk.release(desk.note(), To(AudienceKind.AGENCY, agency=cast.b), clause=clause, purpose=Purpose.COORDINATION)
    desk.release(desk.note(), To(AudienceKind.AGENCY, agency=cast.c), clause=clause, purpose=Purpose.COORDINATION)
    terms = {"agreement": clause.agreement, "kind": ActionKind.SUSPENSION, "done_on": timezone.localdate()}
    of_z = foresight.foresee(
        agreement=clause.agreement, by=cast.zeno,
        step=lambda: actions.record_action(by=cast.zeno, country=cast.c.country, **terms),
    )  # fmt: skip
    assert told(of_z) == {("Z1", "Notes"): (1, 0)}
    of_x = foresight.foresee(
        agreement=clause.agreement, by=cast.tara,
        step=lambda: actions.record_action(by=cast.tara, country=cast.a1.country, **terms),
    )  # fmt: skip
    assert told(of_x) == {("Y1", "Notes"): (1, 0), ("Z1", "Notes"): (1, 0)}


def test_what_comes_another_way_too_is_not_lost(desk: Desk) -> None:
    cast, record = desk.cast, desk.note()
    second = make_treaty(
        short_name="Second", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 1",
    )  # fmt: skip
    desk.release(record)
    desk.release(record, clause=second, purpose=Purpose.COORDINATION)
    foreseen = foresight.foresee(agreement=cast.art7.agreement, by=cast.yusuf, step=suspending(desk))
    assert told(foreseen) == {}
    assert foreseen.closes


def test_what_was_passed_on_is_counted_with_it(desk: Desk) -> None:
    cast = desk.cast
    Clause.objects.filter(pk=cast.art7.pk).update(onward=Onward.FREE)
    art9 = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9",
    )  # fmt: skip
    record = desk.note()
    via = desk.release(record)
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=cast.c), clause=art9, purpose=Purpose.COORDINATION,
        by=cast.yara, via=via,
    )  # fmt: skip
    foreseen = foresight.foresee(agreement=cast.art7.agreement, by=cast.tara, step=suspending(desk))
    assert told(foreseen)[("Y1", "Notes")] == (1, 0)


def test_a_later_first_day_is_asked_of_that_day(desk: Desk) -> None:
    desk.release(desk.note())
    later = timezone.localdate() + timedelta(days=40)
    step = suspending(desk, effective_on=later)
    foreseen = foresight.foresee(agreement=desk.cast.art7.agreement, by=desk.cast.yusuf, step=step)
    assert foreseen.at.date() >= later - timedelta(days=1)
    assert told(foreseen) == {("Y1", "Notes"): (1, 0)}


def test_what_waits_for_the_other_side_opens_nothing(desk: Desk) -> None:
    cast = desk.cast
    desk.release(desk.note())
    suspension = suspending(desk)()
    lift = lambda: actions.record_action(  # noqa: E731
        agreement=cast.art7.agreement, by=cast.yusuf, kind=ActionKind.LIFTING, done_on=timezone.localdate(),
        country=cast.b.country, lifts=suspension,
    )  # fmt: skip
    assert foresight.foresee(agreement=cast.art7.agreement, by=cast.yusuf, step=lift).nothing
    lift()
    waiting = actions.outstanding(cast.art7.agreement, cast.a1.country)
    step = lambda: actions.confirm(agreement=cast.art7.agreement, by=cast.tara, facts=waiting)  # noqa: E731
    assert told(foresight.foresee(agreement=cast.art7.agreement, by=cast.tara, step=step)) == {("Y1", "Notes"): (0, 1)}


def test_what_an_agency_reaches_is_what_its_officers_may_reach(desk: Desk) -> None:
    """The access of an agency covers that of each of its officers, and nothing that none of a high clearance has."""
    cast = desk.cast
    made = [desk.note(), desk.note()]
    desk.release(made[0])
    desk.release(made[1], To(AudienceKind.OFFICER, appointment=cast.yann))
    whole = agency_access(cast.b, NOW(), treaties_of([cast.b.pk]))
    reached = set(Record.objects.visible_to(whole).values_list("pk", flat=True))
    assert reached == {row.pk for row in made}
    for who in (cast.yann, cast.yara):
        mine = {row.pk for row in Record.objects.visible_to(access(who, NOW())) if row.owner_id != cast.b.pk}
        assert mine <= reached


def test_pages_and_api_say_it_before(desk: Desk, as_: Any, api_as: Any) -> None:
    cast = desk.cast
    desk.release(desk.note(title="Secret words"))
    agreement = cast.art7.agreement
    url = reverse("register:action-create", args=[agreement.pk])
    sent = {"kind": "suspension", "done_on": timezone.localdate().isoformat(), "country": "YY"}
    shown = as_(cast.yusuf).post(url, sent)
    text = shown.content.decode()
    assert "Articles that close" in text
    assert "Notes" in text
    assert "Secret words" not in text
    assert not TreatyAction.objects.filter(kind=ActionKind.SUSPENSION).exists()
    answer = api_as(cast.yusuf).send("POST", f"/agreements/{agreement.pk}/what-if/", sent)
    assert answer.status_code == 200, answer.content
    assert answer.json()["effects"][0]["lost"] == 1
    wrong = api_as(cast.yusuf).send("POST", f"/agreements/{agreement.pk}/what-if/", {**sent, "country": "XX"})
    assert wrong.status_code >= 400
    assert api_as(cast.zeno).send("POST", f"/agreements/{agreement.pk}/what-if/", sent).status_code == 404
    assert api_as(cast.yara).send("POST", f"/agreements/{agreement.pk}/what-if/", sent).status_code == 403
    assert as_(cast.yusuf).post(url, {**sent, "sure": "1"}).status_code == 302
    assert TreatyAction.objects.filter(kind=ActionKind.SUSPENSION).count() == 1


@pytest.mark.parametrize("many", [1, 30])
def test_it_costs_the_same_with_many_records(desk: Desk, many: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(many):
        desk.release(desk.note())
    with django_assert_max_num_queries(90):
        foresight.foresee(agreement=desk.cast.art7.agreement, by=desk.cast.yusuf, step=suspending(desk))


def test_an_article_that_goes_on_with_less_neither_closes_nor_opens(desk: Desk, as_: Any) -> None:
    cast = desk.cast
    url = reverse("register:action-create", args=[cast.art7.agreement_id])
    sent = {
        "kind": "reservation",
        "done_on": timezone.localdate().isoformat(),
        "country": "YY",
        "lowers_ceiling_to": "0",
    }
    shown = as_(cast.yusuf).post(url, sent).content.decode()
    assert "Articles that go on otherwise" in shown
    assert "(until then operational, up to RESTRICTED)" in shown
    assert "Articles that close" not in shown
    assert "Articles that open" not in shown


def test_a_reservation_of_one_direction_closes_that_alone(desk: Desk, as_: Any) -> None:
    """Y will receive nothing more: what X gave closes, what Y gave stays (R22, R28)."""
    cast, ours = desk.cast, desk.note()
    desk.release(ours)
    theirs = desk.note(by=cast.yann)
    desk.release(theirs, To(AudienceKind.AGENCY, agency=cast.a1), by=cast.yann)
    before = {who: seen_by(who) for who in (cast.xenia, cast.yann)}
    url = reverse("register:action-create", args=[cast.art7.agreement_id])
    sent = {"kind": "reservation", "done_on": timezone.localdate().isoformat(), "country": "YY", "way": "receiving"}
    text = as_(cast.yusuf).post(url, sent).content.decode()
    assert "Y1 (YY) → X1 (XX)" in text
    assert as_(cast.yusuf).post(url, {**sent, "sure": "1"}).status_code == 302
    assert before[cast.yann] - seen_by(cast.yann) == {ours.pk}
    assert seen_by(cast.xenia) == before[cast.xenia]
    odd = as_(cast.yusuf).post(url, {**sent, "kind": "suspension"}).content.decode()
    assert "Only a reservation" in odd
