"""Who may propose, answer and withdraw, and what each leaves behind (R5, R21)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.directory.models import new_key
from agencies.directory.roles import Permission
from agreements.corrections import actions
from agreements.corrections.models import Correction
from agreements.sharing.actions import records
from agreements.sharing.models import Release
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.ui.errors import Refused
from tests.agreements.corrections.conftest import INSTEAD, WRONG


def known_to(who):
    return set(Correction.objects.visible_to(access(who, timezone.now())).values_list("pk", flat=True))


def test_a_receiver_proposes_and_it_reaches_the_two_sides_alone(cast, record, propose):
    row = propose()
    assert (row.state, row.record_version, row.wrong) == ("open", record.version, WRONG)
    now = timezone.now()
    both = {who.agency for who in cast.everybody if row.pk in known_to(who)}
    assert both == {cast.a1, cast.b}
    for who in cast.everybody:
        sees = record.pk in record.__class__.objects.visible_to(access(who, now)).values_list("pk", flat=True)
        assert (row.pk in known_to(who)) == (sees and who.agency in both), who
    # Zoe reads the record, and learns of nothing.
    assert known_to(cast.zoe) == set()
    # It opened nothing: no release was made by it (R5).
    assert Release.objects.filter(content_object=record, clause__isnull=False).count() == 1


def test_two_receivers_do_not_see_each_others(cast, propose):
    first, second = propose(), propose(by=cast.zoe)
    assert known_to(cast.yara) == {first.pk}
    assert known_to(cast.zoe) == {second.pk}
    assert known_to(cast.lars) == {first.pk, second.pk}


@pytest.mark.parametrize("name", ["lars", "xenia", "ada"])
def test_own_officers_are_told_to_change_it_themselves(cast, propose, name):
    with pytest.raises(Refused, match="change it yourselves") as refused:
        propose(by=getattr(cast, name))
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize("name", ["aldo", "yusuf", "zeno"])
def test_who_does_not_see_it_finds_no_record(cast, propose, name):
    with pytest.raises(Refused) as refused:
        propose(by=getattr(cast, name))
    assert refused.value.code == "not_found"
    assert not Correction.objects.exists()


def test_an_auditor_reads_and_proposes_nothing(cast, propose):
    cast.yann.role = "auditor"
    cast.yann.save(update_fields=["role"])
    with pytest.raises(Refused, match="role") as refused:
        propose()
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize(("field", "value"), [("wrong", " "), ("instead", "\n")])
def test_both_texts_are_needed(propose, field, value):
    with pytest.raises(Refused) as refused:
        propose(**{field: value})
    assert refused.value.field == field


def test_sent_twice_it_is_one_and_a_taken_key_does_not_show(cast, note, record, propose):
    key = new_key()
    first = propose(key=key)
    assert propose(key=key, wrong="other").pk == first.pk == key
    assert Message.objects.filter(kind="corrections.proposed").count() == 1
    # Somebody else's key, or for another record: made under a new one.
    assert propose(by=cast.zoe, key=key).pk != key
    assert propose(of=note("Another"), key=key).pk != key
    assert Correction.objects.count() == 3


def test_the_owner_accepts_and_the_record_stays_as_it_is(cast, record, propose):
    row = actions.accept(correction=propose(), by=cast.xenia)
    assert (row.state, row.answered_by, row.answer) == ("accepted", cast.xenia, "")
    before = (record.title, record.version)
    record.refresh_from_db()
    assert (record.title, record.version) == before
    told = Entry.objects.filter(verb__startswith="correction.").order_by("seq")
    assert [(entry.verb, entry.subject_id) for entry in told] == [
        ("correction.propose", str(record.pk)),
        ("correction.accept", str(record.pk)),
    ]
    assert all(entry.data == {"correction": str(row.pk)} for entry in told)


def test_declining_needs_a_reason(cast, propose):
    row = propose()
    with pytest.raises(Refused) as refused:
        actions.decline(correction=row, by=cast.lars, answer="  ")
    assert refused.value.field == "answer"
    assert actions.decline(correction=row, by=cast.lars, answer="Our log says five.").answer == "Our log says five."


@pytest.mark.parametrize("step", [actions.accept, actions.decline])
def test_nobody_but_the_owner_answers(cast, propose, step):
    row = propose()
    for name, code in [("yann", "forbidden"), ("yara", "forbidden"), ("zoe", "not_found"), ("aldo", "not_found")]:
        with pytest.raises(Refused) as refused:
            step(correction=row, by=getattr(cast, name), answer="No.")
        assert refused.value.code == code, name
    # Arno of a1 reads it, and his role answers nothing.
    assert row.pk in known_to(cast.arno)
    assert not cast.arno.may(Permission.RECORD_ANSWER)
    with pytest.raises(Refused, match="role"):
        step(correction=row, by=cast.arno, answer="No.")
    row.refresh_from_db()
    assert row.state == "open"


def test_the_proposers_agency_withdraws_while_it_is_open(cast, propose):
    row = propose()
    for name, code in [("lars", "forbidden"), ("zoe", "not_found")]:
        with pytest.raises(Refused) as refused:
            actions.withdraw(correction=row, by=getattr(cast, name))
        assert refused.value.code == code
    assert actions.withdraw(correction=row, by=cast.yara).state == "withdrawn"
    for step in (
        lambda: actions.accept(correction=row, by=cast.lars),
        lambda: actions.withdraw(correction=row, by=cast.yann),
    ):
        with pytest.raises(Refused, match="withdrawn") as refused:
            step()
        assert refused.value.code == "state"


def test_it_is_answered_once(cast, propose):
    row = propose()
    actions.accept(correction=row, by=cast.lars)
    for act, by in ((actions.decline, cast.xenia), (actions.accept, cast.lars)):
        with pytest.raises(Refused, match="accepted already"):
            act(correction=row, by=by, answer="Late.")
    with pytest.raises(Refused, match="accepted already"):
        actions.withdraw(correction=row, by=cast.yann)


def test_what_becomes_hidden_hides_its_corrections_from_the_proposer_and_keeps_them_for_the_owner(
    cast, record, propose
):
    row = propose()
    records.mark(record=record, marking=records.Marking(["operational"], 2, 1), by=cast.xenia)
    assert known_to(cast.yann) == set()
    assert known_to(cast.lars) == {row.pk}
    with pytest.raises(Refused) as refused:
        actions.withdraw(correction=row, by=cast.yann)
    assert refused.value.code == "not_found"
    # Anton of a1, cleared for less, loses both.
    assert known_to(cast.anton) == set()


def test_the_database_holds_no_half_answer(cast, propose):
    row = propose()
    for values in (
        {"state": "accepted"},
        {"answered_by": cast.lars},
        {"state": "declined", "answered_by": cast.lars, "answered_at": timezone.now(), "answer": ""},
        {"wrong": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    assert row.instead == INSTEAD
