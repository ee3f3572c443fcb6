"""Recording, correcting, confirming powers and putting them into words: who may, what cannot be, what stays."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.powers import actions
from agreements.powers.cards import card
from agreements.powers.models import Power, PowerConfirmation, PowerText
from agreements.powers.parts import Asked
from agreements.register import actions as register
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.ui.errors import Refused
from tests.agreements.powers.conftest import Chancery
from tests.conftest import LONG_AGO, Cast

pytestmark = pytest.mark.django_db


def answer_for(chancery: Chancery, who: Any, actor: str = "XX", host: str = "YY") -> str:
    """What the card says of pursuit."""
    two = chancery.country(actor), chancery.country(host)
    found = card(who, two, Asked(), timezone.now(), who.agency.zone, pairs=[two]).pairs[0]
    section = next(row for row in found.sections if row.occasion == "pursuit")
    return str(section.gates[0].answer)


def test_it_permits_once_both_states_stand_behind_it(cast: Cast, chancery: Chancery) -> None:
    row = chancery.record()
    assert answer_for(chancery, cast.lars) == "no"
    assert [p.pk for p in actions.outstanding(row.agreement, "YY")] == [row.pk]
    assert actions.outstanding(row.agreement, "XX") == []
    assert register.outstanding_counts([row.agreement], "YY") == {row.agreement.pk: 1}
    assert register.outstanding_counts([row.agreement], "XX") == {}
    assert actions.confirm_powers(agreement=row.agreement, by=cast.yusuf) == 1
    assert answer_for(chancery, cast.lars) == "yes"
    assert actions.confirm_powers(agreement=row.agreement, by=cast.yusuf) == 0
    verbs = list(Entry.objects.filter(subject_id=str(row.agreement.pk)).values_list("verb", flat=True))
    assert verbs.count("agreement.power") == 1
    assert verbs.count("agreement.confirm") == 1
    assert Message.objects.filter(kind="register.changed", payload__fact=str(row.pk)).exists()


def test_what_narrows_acts_at_once(cast: Cast, chancery: Chancery) -> None:
    chancery.confirmed()
    chancery.record(by=cast.yusuf, answer="no", actor=chancery.country("XX"), host=chancery.country("YY"))
    assert answer_for(chancery, cast.lars) == "no"
    assert answer_for(chancery, cast.yann, "YY", "XX") == "yes"


def test_a_correction_is_a_new_fact(cast: Cast, chancery: Chancery) -> None:
    old = chancery.confirmed(answer="no")
    assert answer_for(chancery, cast.lars) == "no"
    new = chancery.record(replaces=old)
    assert answer_for(chancery, cast.lars) == "no"
    actions.confirm_powers(agreement=new.agreement, by=cast.yusuf)
    assert answer_for(chancery, cast.lars) == "yes"
    assert Power.objects.count() == 2


def test_suspension_of_the_agreement_gives_nothing_from_the_next_request_on(cast: Cast, chancery: Chancery) -> None:
    row = chancery.confirmed()
    assert answer_for(chancery, cast.lars) == "yes"
    register.record_action(
        agreement=row.agreement, kind="suspension", country=cast.b.country, done_on=LONG_AGO.date().replace(year=2025),
        by=cast.yusuf,
    )  # fmt: skip
    assert answer_for(chancery, cast.lars) == "no"


@pytest.mark.parametrize("name", ["xenia", "lars", "yara", "zeno", "arno"])
def test_who_may_not_record_it(cast: Cast, chancery: Chancery, name: str) -> None:
    row = chancery.record()
    for work in (
        lambda by: chancery.record(by=by),
        lambda by: actions.put_into_words(power=row, by=by, language="de", words="So.", origin="own_words"),
        lambda by: actions.confirm_powers(agreement=row.agreement, by=by),
    ):
        with pytest.raises(Refused) as refused:
            work(getattr(cast, name))
        assert refused.value.code == "forbidden"
    assert (Power.objects.count(), PowerText.objects.count(), PowerConfirmation.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"actor": "ZZ"}, "actor"),
        ({"host": "ZZ"}, "host"),
        ({"actor": "XX", "host": "XX"}, "host"),
        ({"distance_m": 10}, "answer"),
        ({"answer": "only_if"}, "conditions"),
        ({"answer": "no", "conditions": ["urgent"]}, "conditions"),
        ({"answer": "no", "lead": "host"}, "lead"),
        ({"answer": "silent"}, "answer"),
        ({"starts_on": LONG_AGO.date(), "ends_on": LONG_AGO.date().replace(year=2020)}, "ends_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(chancery: Chancery, values: dict[str, Any], field: str) -> None:
    for name in {"actor", "host"} & values.keys():
        values = {**values, name: chancery.country(values[name])}
    with pytest.raises(Refused) as refused:
        chancery.record(**values)
    assert refused.value.field == field
    assert not Power.objects.exists()


def test_an_entry_that_one_may_not_see_cannot_be_replaced(cast: Cast, chancery: Chancery) -> None:
    hidden = chancery.record(by=cast.yusuf, clause=chancery.secret)
    with pytest.raises(Refused) as refused:
        chancery.record(replaces=hidden)
    assert (refused.value.field, refused.value.message) == ("replaces", "There is no such entry.")


def test_a_correction_keeps_to_the_act(chancery: Chancery) -> None:
    with pytest.raises(Refused) as refused:
        chancery.record(act="detain", replaces=chancery.record())
    assert refused.value.field == "act"


def test_sent_twice_it_is_recorded_once(cast: Cast, chancery: Chancery) -> None:
    key = new_key()
    assert chancery.record(key=key) == chancery.record(key=key)
    row = Power.objects.get()
    words = {"power": row, "by": cast.tara, "language": "de", "words": "So.", "origin": "own_words", "key": new_key()}
    assert actions.put_into_words(**words) == actions.put_into_words(**words)


def test_a_draft_permits_nothing_and_goes_with_its_powers(cast: Cast) -> None:
    draft = register.register(
        by=cast.tara, title="Draft", short_name="Draft", kind="treaty", draft=True,
        parties=[cast.a1.country, cast.b.country], clauses=[{"article": "Art. 1", "kind": "hot_pursuit"}],
    )  # fmt: skip
    row = actions.record_power(clause=draft.clauses.get(), by=cast.tara, act="pursue", answer="yes")
    assert actions.outstanding(draft, "YY") == []
    with pytest.raises(Refused):
        actions.confirm_powers(agreement=draft, by=cast.tara)
    again = actions.record_power(clause=draft.clauses.get(), by=cast.tara, act="pursue", answer="no", replaces=row)
    assert again.replaces == row
    register.delete_draft(agreement=draft, by=cast.tara)
    assert not Power.objects.exists()
