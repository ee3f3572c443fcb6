"""A bulletin reaches whom it is addressed to, each by an article or not at all; the preview says the same."""

import uuid

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.alerts.models import Alert
from agreements.bulletins import actions
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Bulletin, Receipt
from agreements.bulletins.scopes import Scope
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access
from portal.outbox.models import Due, Message
from portal.ui.errors import Refused
from tests.agreements.bulletins.conftest import PLAIN


def sees(who, row):
    return Bulletin.objects.visible_to(access(who, timezone.now())).filter(pk=row.pk).exists()


def test_the_desk_of_a_partner_is_alerted_by_an_article(cast, room):
    row = room.send()
    assert room.told() == ["yann", "yara"]
    assert room.receipt(row, cast.b).clause == cast.art7
    alert = Alert.objects.filter(kind="bulletins.sent").first()
    assert (alert.severity, alert.urgency, alert.exercise) == ("Severe", "Immediate", False)
    assert "Stop the white van" in alert.line
    assert sees(cast.yann, row)
    for who in (cast.aldo, cast.zoe, cast.zeno):
        assert not sees(who, row)


def test_a_role_and_one_officer(cast, room):
    row = room.send(Scope(TargetKind.ROLE, cast.b, role="commander"))
    assert room.told() == ["yara"]
    assert sees(cast.yann, row)
    row = room.send(Scope(TargetKind.OFFICER, cast.b, appointment=cast.yann))
    assert room.told() == ["yann", "yara"]
    assert sees(cast.yann, row)
    assert not sees(cast.yara, row)


def test_own_officers_need_no_article(cast, room):
    row = room.send(Scope(TargetKind.ROLE, cast.a1, role="commander"))
    assert room.told() == ["xenia"]
    assert room.receipt(row, cast.a1).clause is None
    assert not Release.objects.filter(content_object=row.record, clause__isnull=False).exists()


def test_nobody_is_alerted_where_no_article_fits_and_the_preview_says_so(cast, room):
    scopes = [room.desk(agency) for agency in (cast.a1, cast.a2, cast.b, cast.c)]
    lines = {line.agency: line for line in actions.foresee(draft=room.draft(*scopes), by=cast.lars)}
    assert [lines[agency].sees for agency in (cast.a1, cast.a2, cast.b, cast.c)] == [True, False, True, False]
    assert sorted(p.officer.username for p in lines[cast.a1].people) == ["anton", "lars", "xenia"]
    assert lines[cast.b].people == []
    assert lines[cast.c].reason
    # Nothing is left of the preview.
    for model in (Bulletin, Receipt, Alert, Due, Message):
        assert not model.objects.exists()
    assert not Record.objects.filter(kind="bulletin").exists()
    row = room.send(*scopes)
    assert room.told() == ["anton", "lars", "xenia", "yann", "yara"]
    assert set(row.receipts.values_list("agency", flat=True)) == {cast.a1.pk, cast.b.pk}
    assert set(row.targets.values_list("agency", flat=True)) == {cast.a1.pk, cast.b.pk}


@pytest.mark.parametrize(
    "marking",
    [
        Marking(categories=["personal_data"], classification=1, tlp=Tlp.AMBER.value),
        Marking(categories=["operational"], classification=2, tlp=Tlp.AMBER.value),
        Marking(categories=[], classification=1, tlp=Tlp.AMBER.value),
        Marking(categories=["operational"], classification=1, tlp=Tlp.RED.value),
        Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER.value, rel_to=["ZZ"]),
    ],
)
def test_what_no_article_covers_alerts_nobody(cast, room, marking):
    with pytest.raises(Refused, match="Nobody would be alerted"):
        room.send(marking=marking)
    assert not Bulletin.objects.exists()
    assert room.told() == []


def test_above_the_agencys_bound_it_stays_at_home(cast, room):
    cast.a1.second_officer_above = 0
    cast.a1.save()
    cast.lars.refresh_from_db()
    with pytest.raises(Refused, match="second officer"):
        room.send()


def test_who_may_not_send(cast, room):
    for who in (cast.ada, cast.arno, cast.tara):
        with pytest.raises(Refused, match="sends no bulletins"):
            room.send(by=who)
        with pytest.raises(Refused, match="sends no bulletins"):
            actions.foresee(draft=room.draft(), by=who)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"headline": " "}, "headline"),
        ({"headline": "x" * 121}, "headline"),
        ({"instruction": ""}, "instruction"),
        ({"instruction": "x" * 501}, "instruction"),
        ({"urgency": "Soon"}, "urgency"),
        ({"severity": "Bad"}, "severity"),
        ({"certainty": "Sure"}, "certainty"),
        ({"acknowledging": "all"}, "acknowledging"),
        ({"acknowledging": "role", "minutes": 5}, "acknowledging_role"),
        ({"acknowledging": "anyone"}, "minutes"),
        ({"minutes": 5}, "minutes"),
        ({"acknowledging": "anyone", "minutes": 0}, "minutes"),
        ({"acknowledging": "anyone", "minutes": 7 * 24 * 60 + 1}, "minutes"),
    ],
)
def test_what_is_missing_is_said_at_its_field(cast, room, values, field):
    with pytest.raises(Refused) as refused:
        room.send(**values)
    assert refused.value.field == field


def test_without_anybody_to_alert(cast, room):
    with pytest.raises(Refused) as refused:
        actions.send(draft=room.draft(scopes=()), by=cast.lars)
    assert refused.value.field == "scopes"


def test_sent_twice_under_one_key_it_goes_out_once(cast, room):
    key = uuid.uuid4()
    assert room.send(key=key).pk == room.send(key=key).pk == key
    assert room.told() == ["yann", "yara"]


def test_an_exercise_is_marked_everywhere(cast, room, as_):
    row = room.send(exercise=True)
    room.told()
    assert row.record.title == "EXERCISE: Stop the white van"
    assert set(Alert.objects.values_list("exercise", flat=True)) == {True}


def test_what_it_speaks_of_is_cited_and_its_terms_taken(cast, room):
    strict = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER_STRICT.value, handling_codes=["H1"])
    about = records.create(by=cast.lars, kind="patrol", title="Night patrol", marking=strict)
    row = room.send(about=about)
    assert (row.record.tlp, row.record.handling_codes) == (Tlp.AMBER_STRICT, ["H1"])
    assert row.record.citations.get().source == about


def test_a_record_of_another_that_may_not_go_on_keeps_it_at_home(cast, room):
    theirs = records.create(by=cast.yann, kind="patrol", title="Theirs", marking=PLAIN)
    with pytest.raises(Refused) as refused:
        room.send(about=theirs)
    assert refused.value.code == "not_found"


def test_the_article_ends_before_it_is_sent_on_nobody_is_alerted(cast, room):
    row = room.send()
    releases.revoke(release=row.record.releases.get(clause__isnull=False), by=cast.lars)
    assert room.told() == []


def test_who_left_before_it_was_handled_is_not_alerted(cast, room):
    room.send()
    Appointment.objects.filter(pk=cast.yara.pk).update(ended_at=timezone.now())
    assert room.told() == ["yann"]
