"""Onward transfer (R11): passed on by a receiver, live only while the receiver holds it itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.register.choices import ActionKind, Onward, Purpose
from agreements.register.models import Clause, TreatyAction
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import marking_of
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access, agencies_that_see, decide, ways_onward
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import Cast, make_agency, make_appointment, make_treaty

NOW = timezone.now


@dataclass
class Chain:
    """a1 gives to b under Art. 7 (X–Y); b may give to c under Art. 9 (Y–Z), c to d under Art. 11 (Z–W)."""

    desk: Desk
    art9: Clause
    art11: Clause
    wanda: Appointment

    @property
    def cast(self) -> Cast:
        return self.desk.cast

    def rule(self, clause: Clause, onward: Onward) -> None:
        Clause.objects.filter(pk=clause.pk).update(onward=onward)

    def received(self, **marking: Any) -> tuple[Record, Release]:
        record = self.desk.note(**marking)
        return record, self.desk.release(record)

    def on(self, record: Record, via: Release, *, by: Appointment | None = None, **values: Any) -> Release:
        """b passes it on to c."""
        terms = {
            "to": To(AudienceKind.AGENCY, agency=self.cast.c),
            "clause": self.art9,
            "purpose": Purpose.COORDINATION,
            **values,
        }
        return releases.release(record=record, via=via, by=by or self.cast.yara, **terms)


@pytest.fixture
def chain(desk: Desk) -> Chain:
    cast = desk.cast
    Clause.objects.filter(pk=cast.art7.pk).update(onward=Onward.FREE)
    d = make_agency("ZZ", "Coast Guard of Z", "Z2")
    wanda = make_appointment("wanda", d, Role.COMMANDER)
    art9 = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9", onward=Onward.FREE,
    )  # fmt: skip
    art11 = make_treaty(
        short_name="Z arrangement", countries=["ZZ"], designated=[cast.c, d], recorded_by=cast.zeno,
        article="Art. 11", onward=Onward.FREE,
    )  # fmt: skip
    return Chain(desk, art9, art11, wanda)


def suspend(clause: Clause, by: Appointment) -> None:
    TreatyAction.objects.create(
        agreement=clause.agreement, kind=ActionKind.SUSPENSION, country=by.agency.country,
        done_on=timezone.localdate() - timedelta(days=1), recorded_by=by, recorded_for=by.agency.country,
    )  # fmt: skip


def test_passed_on_and_seen(chain: Chain) -> None:
    cast = chain.cast
    record, via = chain.received()
    assert not sees(cast.zoe, record)
    chain.on(record, via)
    assert sees(cast.zoe, record)
    ground = decide(access(cast.zoe, NOW()), record).grounds[0]
    assert "Art. 9" in ground.sentence
    assert "released by Y1" in ground.sentence
    assert not sees(chain.wanda, record)
    assert not sees(cast.aldo, record)


def test_passed_on_among_three_who_have_one_agreement(chain: Chain) -> None:
    """That b holds it rests on what X and Y confirmed to each other, which is nothing of Z's."""
    cast = chain.cast
    three = make_treaty(
        short_name="Of three", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.zeno, confirmed_by=[cast.tara, cast.yusuf], article="Art. 3", onward=Onward.FREE,
    )  # fmt: skip
    record = chain.desk.note()
    via = chain.desk.release(record, clause=three)
    assert not sees(cast.zoe, record)
    chain.on(record, via, clause=three)
    assert sees(cast.zoe, record)
    assert cast.c in agencies_that_see(record, record.releases.standing().with_audience(), NOW())


def closings(chain: Chain, via: Release) -> dict[str, Any]:
    cast = chain.cast
    return {
        "the originator takes its release back": lambda: releases.revoke(release=via, by=cast.xenia),
        "the first treaty is suspended": lambda: suspend(cast.art7, cast.tara),
        "the second treaty is suspended": lambda: suspend(chain.art9, cast.zeno),
        "the first release runs out": lambda: Release.objects.filter(pk=via.pk).update(
            released_at=NOW() - timedelta(days=2), until=NOW() - timedelta(days=1)
        ),
        "the first article keeps it no longer": lambda: (
            Clause.objects.filter(pk=cast.art7.pk).update(retention_days=1),
            Release.objects.filter(pk=via.pk).update(released_at=NOW() - timedelta(days=2)),
        ),
    }


@pytest.mark.parametrize("what", [
    "the originator takes its release back", "the first treaty is suspended", "the second treaty is suspended",
    "the first release runs out", "the first article keeps it no longer",
])  # fmt: skip
def test_both_channels_must_be_open(chain: Chain, what: str) -> None:
    record, via = chain.received()
    chain.on(record, via)
    assert sees(chain.cast.zoe, record)
    closings(chain, via)[what]()
    assert not sees(chain.cast.zoe, record)
    seeing = agencies_that_see(record, record.releases.standing().with_audience(), NOW())
    assert chain.cast.c not in seeing


def test_what_the_originator_raises_closes_for_all_on_the_way(chain: Chain) -> None:
    record, via = chain.received()
    chain.on(record, via)
    marking = marking_of(record)
    marking.classification = 2
    records.mark(record=record, marking=marking, by=chain.cast.xenia)
    assert not sees(chain.cast.zoe, record)


def test_a_narrower_article_above_closes_what_a_wider_below_would_carry(chain: Chain) -> None:
    """The second article goes higher and knows more categories; the first does not."""
    Clause.objects.filter(pk=chain.art9.pk).update(ceiling=3, categories=["operational", "personal_data"])
    record, via = chain.received()
    chain.on(record, via)
    assert sees(chain.cast.zoe, record)
    marking = marking_of(record)
    marking.categories = ["operational", "personal_data"]
    records.mark(record=record, marking=marking, by=chain.cast.xenia)
    assert not sees(chain.cast.zoe, record)


def test_a_chain_of_three(chain: Chain) -> None:
    cast = chain.cast
    record, via = chain.received()
    second = chain.on(record, via)
    to = To(AudienceKind.AGENCY, agency=chain.wanda.agency)
    chain.on(record, second, by=cast.zoe, to=to, clause=chain.art11)
    assert sees(chain.wanda, record)
    suspend(cast.art7, cast.tara)
    assert not sees(cast.zoe, record)
    assert not sees(chain.wanda, record)


def test_the_originator_ends_what_was_passed_on(chain: Chain) -> None:
    cast = chain.cast
    record, via = chain.received()
    row = chain.on(record, via)
    for stranger in (cast.zoe, cast.aldo, cast.arno):
        with pytest.raises(Refused):
            releases.revoke(release=row, by=stranger)
    releases.revoke(release=row, by=cast.lars)
    assert not sees(cast.zoe, record)
    assert sees(cast.yann, record)


@pytest.mark.parametrize(
    ("first", "second", "codes", "rule"),
    [
        (Onward.FREE, Onward.FREE, [], Onward.FREE),
        (Onward.CONSENT, Onward.FREE, [], Onward.CONSENT),
        (Onward.FREE, Onward.CONSENT, [], Onward.CONSENT),
        (Onward.NEVER, Onward.FREE, [], Onward.NEVER),
        (Onward.FREE, Onward.NEVER, [], Onward.NEVER),
        (Onward.FREE, Onward.FREE, ["H2"], Onward.CONSENT),
        (Onward.NEVER, Onward.FREE, ["H2"], Onward.NEVER),
        (Onward.FREE, Onward.FREE, ["H1"], Onward.FREE),
    ],
)
def test_the_strictest_rule_on_the_way_applies(
    chain: Chain, first: Onward, second: Onward, codes: list[str], rule: Onward
) -> None:
    record, via = chain.received()
    chain.on(record, via)
    chain.rule(chain.cast.art7, first)
    chain.rule(chain.art9, second)
    Record.objects.filter(pk=record.pk).update(handling_codes=codes)
    record.refresh_from_db()
    (way,) = ways_onward(access(chain.cast.zoe, NOW()), record)
    assert way.rule == rule
    assert bool(decide(access(chain.cast.zoe, NOW()), record, "onward")) == (rule != Onward.NEVER)


@pytest.mark.parametrize(
    ("rule", "words"), [(Onward.CONSENT, "consent of X1"), (Onward.NEVER, "does not let it go on")]
)
def test_not_without_what_the_article_asks(chain: Chain, rule: Onward, words: str) -> None:
    record, via = chain.received()
    chain.rule(chain.cast.art7, rule)
    with pytest.raises(Refused, match=words):
        chain.on(record, via)
    assert not sees(chain.cast.zoe, record)
    if rule == Onward.NEVER:
        with pytest.raises(Refused):
            chain.on(record, via, consented=True)
    else:
        chain.on(record, via, consented=True)
        assert sees(chain.cast.zoe, record)


def test_who_may_not_pass_on(chain: Chain) -> None:
    cast = chain.cast
    record, via = chain.received()
    for by in (cast.xenia, cast.zoe, cast.yusuf, cast.aldo):
        with pytest.raises(Refused):
            chain.on(record, via, by=by)
    other, _ = chain.received()
    with pytest.raises(Refused, match="no longer open"):
        chain.on(other, via)
    assert not sees(cast.zoe, record)


def test_it_travels_no_further_than_its_tlp(chain: Chain) -> None:
    record, via = chain.received()
    with pytest.raises(Refused, match="does not travel"):
        chain.on(record, via, to=To(AudienceKind.ALL_PARTIES))
    row = chain.on(record, via)
    Record.objects.filter(pk=record.pk).update(tlp=Tlp.RED)
    assert not sees(chain.cast.zoe, record)
    assert row.via_id == via.pk


def test_back_to_its_owner_it_goes_to_nobody(chain: Chain) -> None:
    """X's own officers have it: passed on to X it would reach nobody new."""
    record, via = chain.received()
    with pytest.raises(Refused, match="Nobody could read it"):
        chain.on(record, via, to=To(AudienceKind.AGENCY, agency=chain.cast.a1), clause=chain.cast.art7)


def test_the_list_and_the_decision_agree_and_cost_little(chain: Chain, django_assert_max_num_queries: Any) -> None:
    cast = chain.cast
    made = []
    for _ in range(12):
        record, via = chain.received()
        made.append((record, chain.on(record, via)))
    with django_assert_max_num_queries(25):
        mine = access(cast.zoe, NOW())
        seen = set(Record.objects.visible_to(mine).values_list("pk", flat=True))
    assert seen == {record.pk for record, _ in made}
    assert {row.pk for row in Record.objects.visible_to(mine).newest(50)} == seen
    releases.revoke(release=made[0][1].via, by=cast.xenia)
    mine = access(cast.zoe, NOW())
    assert {row.pk for row in Record.objects.visible_to(mine).newest(50)} == seen - {made[0][0].pk}


def test_of_two_ways_the_less_strict_serves(chain: Chain) -> None:
    record, _ = chain.received()
    chain.rule(chain.cast.art7, Onward.NEVER)
    second = make_treaty(
        short_name="X–Y Second", countries=["XX", "YY"], designated=[chain.cast.a1, chain.cast.b],
        recorded_by=chain.cast.tara, confirmed_by=[chain.cast.yusuf], article="Art. 1", onward=Onward.FREE,
    )  # fmt: skip
    other = chain.desk.release(record, clause=second, purpose=Purpose.COORDINATION)
    ways = ways_onward(access(chain.cast.yara, NOW()), record)
    assert [way.rule for way in ways] == [Onward.FREE, Onward.NEVER]
    chain.on(record, other)
    assert sees(chain.cast.zoe, record)
    # The way that forbids being still open helps nothing when the free one closes.
    releases.revoke(release=other, by=chain.cast.xenia)
    assert not sees(chain.cast.zoe, record)
