"""Ask, consent, refuse, release instead, pass on, end (R11): who may, who may not, what opens and what closes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.alerts.models import Alert
from agreements.onward import actions
from agreements.onward.choices import State
from agreements.onward.models import ConsentRequest
from agreements.onward.reading import open_for, own_offers
from agreements.register.choices import Onward, Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Release
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agreements.onward.conftest import Road
from tests.agreements.sharing.conftest import sees
from tests.conftest import make_treaty

NOW = timezone.now
MONTH = timedelta(days=30)


def alerted(kind: str) -> list[str]:
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def seen(row: ConsentRequest, who: Any) -> bool:
    return ConsentRequest.objects.visible_to(access(who, NOW())).filter(pk=row.pk).exists()


def test_asked_consented_passed_on_and_ended(road: Road) -> None:
    cast, record = road.cast, road.received()
    row = road.ask(record)
    assert not sees(cast.zoe, record)
    actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia)
    # Consent opens nothing by itself: the asker passes it on.
    assert not sees(cast.zoe, record)
    passed = actions.pass_on_consented(request=row, by=cast.yann)
    assert sees(cast.zoe, record)
    assert passed.release is not None
    assert passed.release.until == ConsentRequest.objects.get().ends_at
    actions.end_consent(request=row, by=cast.lars)
    assert not sees(cast.zoe, record)
    assert sees(cast.yara, record)
    verbs = list(Entry.objects.filter(verb__startswith="onward.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["onward.ask", "onward.consent", "onward.pass", "onward.end"]


def test_a_consent_runs_out(road: Road) -> None:
    cast, record = road.cast, road.received()
    row = road.ask(record)
    actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia)
    ConsentRequest.objects.update(ends_at=NOW() - timedelta(seconds=1))
    with pytest.raises(Refused, match="run out"):
        actions.pass_on_consented(request=row, by=cast.yara)
    ConsentRequest.objects.update(ends_at=NOW() + MONTH)
    actions.pass_on_consented(request=row, by=cast.yara)
    Release.objects.filter(via__isnull=False).update(
        released_at=NOW() - timedelta(days=2), until=NOW() - timedelta(seconds=1)
    )
    assert not sees(cast.zoe, record)


def test_refused_with_a_reason(road: Road) -> None:
    cast, record = road.cast, road.received()
    row = road.ask(record)
    with pytest.raises(Refused) as refused:
        actions.refuse(request=row, words=" ", by=cast.xenia)
    assert refused.value.field == "words"
    actions.refuse(request=row, words="A source would be known.", by=cast.xenia)
    for step in (
        lambda: actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia),
        lambda: actions.pass_on_consented(request=row, by=cast.yara),
        lambda: actions.end_consent(request=row, by=cast.xenia),
        lambda: actions.take_back(request=row, by=cast.yara),
    ):
        with pytest.raises(Refused):
            step()
    assert not sees(cast.zoe, record)


def test_the_originator_releases_it_itself_and_the_asker_is_named_nowhere(road: Road) -> None:
    """Worked example 4."""
    cast, record = road.cast, road.received()
    third = make_treaty(
        short_name="X–Y–Z Treaty", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno], article="Art. 9",
    )  # fmt: skip
    row = road.ask(record, to=None, clause=None, agency=cast.c)
    with pytest.raises(Refused, match="no article of their own"):
        actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia)
    mine = access(cast.xenia, NOW())
    (offer,) = own_offers(ConsentRequest.objects.with_words().get(), mine, NOW())
    assert offer.clause == third
    terms: dict[str, Any] = {"to": offer.to, "clause": offer.clause, "purpose": Purpose.COORDINATION}
    actions.release_instead(request=row, by=cast.xenia, **terms)
    assert sees(cast.zoe, record)
    release = Release.objects.get(clause=third)
    assert (release.provider, release.via) == (cast.a1, None)
    row.refresh_from_db()
    assert row.state == State.RELEASED


def test_who_may_not(road: Road) -> None:
    cast, record = road.cast, road.received()
    for by in (cast.xenia, cast.zoe, cast.yusuf, cast.aldo, cast.arno):
        with pytest.raises(Refused):
            road.ask(record, by=by)
    row = road.ask(record)
    for by in (cast.yara, cast.zoe, cast.arno, cast.aldo, cast.tara):
        for step in (
            lambda by=by: actions.consent(request=row, ends_at=NOW() + MONTH, by=by),
            lambda by=by: actions.refuse(request=row, words="no", by=by),
        ):
            with pytest.raises(Refused):
                step()
    actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia)
    for by in (cast.xenia, cast.zoe, cast.yusuf):
        with pytest.raises(Refused):
            actions.pass_on_consented(request=row, by=by)
    actions.pass_on_consented(request=row, by=cast.yara)
    for by in (cast.yara, cast.zoe, cast.aldo):
        with pytest.raises(Refused):
            actions.end_consent(request=row, by=by)
    assert sees(cast.zoe, record)


def test_two_sides_alone_know_of_it(road: Road) -> None:
    cast, record = road.cast, road.received()
    third = make_treaty(
        short_name="X–Z Treaty", countries=["XX", "ZZ"], designated=[cast.a1, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.zeno], article="Art. 2",
    )  # fmt: skip
    row = road.ask(record)
    # c comes to see the record by another article: of the request it learns nothing.
    road.desk.release(record, To(AudienceKind.AGENCY, agency=cast.c), clause=third)
    assert sees(cast.zoe, record)
    for who in (cast.xenia, cast.lars, cast.yara, cast.yann):
        assert seen(row, who)
    for who in (cast.zoe, cast.zeno, cast.aldo, cast.tara):
        assert not seen(row, who)
    assert open_for(access(cast.xenia, NOW())) == 1
    assert open_for(access(cast.yara, NOW())) == 0
    # Hidden with its record.
    for release in Release.objects.filter(clause=cast.art7):
        releases.revoke(release=release, by=cast.xenia)
    assert not seen(row, cast.yara)
    assert seen(row, cast.xenia)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"until": timezone.now() - timedelta(days=1)}, "until"),
        ({"to": None, "clause": None}, "agency"),
        ({"to": To(AudienceKind.ALL_PARTIES)}, "to"),
    ],
)
def test_what_cannot_be_asked(road: Road, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        road.ask(road.received(), **values)
    assert refused.value.field == field
    assert not ConsentRequest.objects.exists()


def test_free_needs_no_question_and_never_has_none(road: Road) -> None:
    cast, record = road.cast, road.received()
    road.rule(Onward.FREE)
    with pytest.raises(Refused, match="pass it on yourself"):
        road.ask(record)
    terms: dict[str, Any] = {"to": road.to_c, "clause": road.art9, "purpose": Purpose.COORDINATION}
    row = actions.pass_on(record=record, by=cast.yara, **terms)
    assert sees(cast.zoe, record)
    road.work()
    assert alerted(actions.PASSED) == ["xenia"]
    releases.revoke(release=row, by=cast.yara)
    road.rule(Onward.NEVER)
    for step in (lambda: road.ask(record), lambda: actions.pass_on(record=record, by=cast.yara, **terms)):
        with pytest.raises(Refused, match="does not let it go on"):
            step()
    road.rule(Onward.CONSENT)
    with pytest.raises(Refused, match="consent of X1"):
        actions.pass_on(record=record, by=cast.yara, **terms)


def test_alerts_reach_who_decides_and_who_asked(road: Road) -> None:
    cast, record = road.cast, road.received()
    row = road.ask(record, by=cast.yann)
    road.work()
    assert alerted(actions.ASKED) == ["xenia"]
    actions.refuse(request=row, words="No.", by=cast.lars)
    road.work()
    assert alerted(actions.DECIDED) == ["yann"]
    assert not Alert.objects.filter(kind=actions.ASKED, done_at=None).exists()
    for line in Alert.objects.select_related("record__owner"):
        assert "Z1" not in line.sheet.line(line)


def test_whose_author_left_is_decided_by_colleagues(road: Road) -> None:
    cast, record = road.cast, road.received()
    type(cast.xenia).objects.filter(pk=cast.xenia.pk).update(ended_at=NOW())
    road.ask(record)
    road.work()
    assert alerted(actions.ASKED) == ["ada", "anton", "lars"]


def test_sent_twice_asks_once(road: Road) -> None:
    record, key = road.received(), new_key()
    assert road.ask(record, key=key).pk == road.ask(record, key=key).pk
    assert ConsentRequest.objects.count() == 1
    # A key that somebody else's request has tells nothing of it.
    assert road.ask(record, key=key, by=road.cast.yann).pk != key


def test_taken_back_before_an_answer(road: Road) -> None:
    cast, record = road.cast, road.received()
    row = road.ask(record)
    with pytest.raises(Refused):
        actions.take_back(request=row, by=cast.xenia)
    actions.take_back(request=row, by=cast.yann)
    with pytest.raises(Refused):
        actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia)


def test_consent_does_not_outlive_the_way(road: Road) -> None:
    """The release by which b holds it is taken back between consent and passing on."""
    cast, record = road.cast, road.received()
    row = road.ask(record)
    actions.consent(request=row, ends_at=NOW() + MONTH, by=cast.xenia)
    releases.revoke(release=Release.objects.get(clause=cast.art7), by=cast.xenia)
    with pytest.raises(Refused):
        actions.pass_on_consented(request=row, by=cast.yara)
    assert not sees(cast.zoe, record)
