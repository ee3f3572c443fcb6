"""Minutes go to those who attended under an article; each agrees or annotates; later edits reopen; all get a copy."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from operations.meetings.models import Presence
from operations.minutes import verifying
from operations.minutes.actions import agreeing, keeping, points
from operations.minutes.choices import Decision, Lapse, State
from operations.minutes.models import Annotation, Assent, Minutes, MinutesCopy, Point
from operations.sealing.canonical import digest_of, digest_of_text
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.operations.meetings.conftest import Hall
from tests.operations.minutes.conftest import Secretary
from tests.operations.planning.conftest import suspend


def test_the_agency_that_called_it_keeps_the_minutes(secretary: Secretary) -> None:
    cast = secretary.cast
    with pytest.raises(Refused) as refused:
        secretary.begin(by=cast.yann)
    assert refused.value.code == "forbidden"
    with pytest.raises(Refused):
        secretary.begin(by=cast.anton)
    row = secretary.begin()
    assert row.record.author == cast.lars
    assert [side.agency for side in row.sides.all()] == [cast.a1, cast.b]
    with pytest.raises(Refused, match="already"):
        secretary.begin(by=cast.xenia)


def test_no_minutes_before_the_meeting_nor_of_one_called_off(secretary: Secretary) -> None:
    ahead = secretary.hall.joint()
    with pytest.raises(Refused, match="not begun"):
        keeping.begin(meeting=ahead.record, by=secretary.cast.lars)


def test_a_draft_is_its_owners_alone(secretary: Secretary) -> None:
    row = secretary.begin()
    secretary.action(row)
    assert secretary.sees(secretary.cast.anton, Minutes) == [row.pk]
    for other in (secretary.cast.yann, secretary.cast.aldo, secretary.cast.zoe):
        assert secretary.sees(other, Minutes) == []


def test_put_to_those_who_attended(secretary: Secretary) -> None:
    row = secretary.put()
    assert row.state == State.PUT
    assert secretary.sees(secretary.cast.yann, Minutes) == [row.pk]
    for other in (secretary.cast.aldo, secretary.cast.zoe):
        assert secretary.sees(other, Minutes) == []


def test_put_to_those_of_whom_it_was_noted_since_that_they_were_there(secretary: Secretary) -> None:
    cast, time = secretary.cast, secretary.meeting.times.get()
    alone = Presence.objects.create(meeting=secretary.meeting, time=time, agency=cast.a1, noted_by=cast.lars)
    row = secretary.begin()
    secretary.item(row)
    assert keeping.attendance(row, cast.lars) == [cast.a1]
    Presence.objects.create(meeting=secretary.meeting, time=time, agency=cast.b, noted_by=cast.lars)
    assert keeping.attendance(row, cast.lars) == [cast.a1, cast.b]
    assert [side.agency for side in row.sides.all()] == [cast.a1]
    keeping.put_forward(minutes=secretary.again(row), by=cast.lars)
    assert {side.agency for side in row.sides.all()} == {cast.a1, cast.b}
    assert secretary.sees(cast.yann, Minutes) == [row.pk]
    # What they were put to stands, whatever is noted afterwards.
    alone.delete()
    assert set(keeping.attendance(secretary.again(row), cast.lars)) == {cast.a1, cast.b}


def test_not_put_to_those_who_were_not_there_unless_they_undertook_something(secretary: Secretary) -> None:
    cast, time = secretary.cast, secretary.meeting.times.get()
    row = secretary.begin()
    decision = secretary.decision(row)
    Presence.objects.create(meeting=secretary.meeting, time=time, agency=cast.a1, noted_by=cast.lars)
    assert keeping.attendance(row, cast.lars) == [cast.a1]
    item = secretary.action(row, decision=decision)
    assert keeping.attendance(row, cast.lars) == [cast.a1, cast.b]
    item.delete()
    keeping.put_forward(minutes=secretary.again(row), by=cast.lars)
    assert [side.agency for side in row.sides.all()] == [cast.a1]
    assert secretary.sees(cast.yann, Minutes) == []


def test_an_article_is_not_told_to_who_was_there_and_is_no_party_to_it(hall: Hall) -> None:
    """It could be named while the draft knew X and Y alone; then it was noted that Z was there too."""
    cast, now = hall.cast, timezone.now()
    begun = {"starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(hours=1)}
    secretary = Secretary(hall, hall.joint(agreement=cast.art7.agreement, **begun))
    row = secretary.begin()
    secretary.action(row, clause=cast.art7, objective="")
    for agency in (cast.a1, cast.b, cast.c):
        time = secretary.meeting.times.get()
        Presence.objects.create(meeting=secretary.meeting, time=time, agency=agency, noted_by=cast.lars)
    with pytest.raises(Refused, match="not all who were there are parties") as refused:
        keeping.put_forward(minutes=secretary.again(row), by=cast.lars)
    assert refused.value.code == "no_basis"
    Presence.objects.filter(agency=cast.c).delete()
    keeping.put_forward(minutes=secretary.again(row), by=cast.lars)


def test_to_nobody_without_an_article(secretary: Secretary) -> None:
    row = secretary.begin(marking=Marking(["personal_data"], 1))
    secretary.item(row)
    with pytest.raises(Refused) as refused:
        keeping.put_forward(minutes=row, by=secretary.cast.lars)
    assert refused.value.code == "no_basis"
    assert secretary.sees(secretary.cast.yann, Minutes) == []


def test_all_agree_and_each_owns_a_copy(secretary: Secretary) -> None:
    mine, theirs = secretary.agreed()
    assert mine.content_digest == theirs.content_digest == digest_of(mine.content["content"])
    assert mine.text != theirs.text
    assert digest_of_text(theirs.text) == theirs.digest
    assert all(check.ok for copy in (mine, theirs) for check in verifying.checks_of(copy))
    assert secretary.sees(secretary.cast.yann, MinutesCopy) == [theirs.pk]
    assert Minutes.objects.get().state == State.AGREED
    # Which officer it was is known to the own agency alone (R18).
    assert str(secretary.cast.yann.pk) not in mine.text
    assert "Yann" not in mine.text


def test_the_copy_stays_when_the_treaty_does_not(secretary: Secretary) -> None:
    row, (_, theirs) = Minutes, secretary.agreed()
    suspend(secretary.cast)
    assert secretary.sees(secretary.cast.yann, row) == []
    assert secretary.sees(secretary.cast.yann, MinutesCopy) == [theirs.pk]


def test_an_altered_copy_does_not_verify(secretary: Secretary) -> None:
    mine, _ = secretary.agreed()
    whole = json.loads(mine.text)
    whole["content"]["items"][0]["text"] = "Never seen."
    mine.text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    wrong = [check.what for check in verifying.checks_of(mine) if not check.ok]
    assert "All agreed to this text" in wrong
    assert "The copy is letter for letter what was sealed" in wrong


def test_an_annotation_is_a_record_of_its_own(secretary: Secretary) -> None:
    row = secretary.put()
    with pytest.raises(Refused) as refused:
        secretary.agree(row, secretary.cast.yann, decision=Decision.ANNOTATES.value, annotation=" ")
    assert refused.value.field == "annotation"
    with pytest.raises(Refused, match="wrote an annotation") as refused:
        secretary.agree(row, secretary.cast.yann, annotation="Once, by our log.")
    assert refused.value.field == "decision"
    assert not Assent.objects.exists()
    secretary.agree(row, secretary.cast.yann, decision=Decision.ANNOTATES.value, annotation="Once, by our log.")
    added = Annotation.objects.get()
    assert added.record.owner == secretary.cast.b
    assert secretary.sees(secretary.cast.lars, Annotation) == [added.pk]
    assert secretary.sees(secretary.cast.zoe, Annotation) == []
    secretary.agree(row, secretary.cast.lars)
    mine = secretary.copy(secretary.cast.a1)
    assert [item["text"] for item in mine.content["annotations"]] == ["Once, by our log."]
    assert all(check.ok for check in verifying.checks_of(mine))
    # Its copy cites what is b's: it goes on as b's rules allow (R12).
    assert mine.record.citations.filter(source=added.record).exists()


def test_who_did_not_attend_agrees_to_nothing(secretary: Secretary) -> None:
    row = secretary.put()
    for who, code in ((secretary.cast.zoe, "not_found"), (secretary.cast.anton, "forbidden")):
        with pytest.raises(Refused) as refused:
            secretary.agree(row, who)
        assert refused.value.code == code
    assert not Assent.objects.exists()


def test_what_was_read_is_what_is_agreed_to(secretary: Secretary) -> None:
    row = secretary.put()
    with pytest.raises(Refused) as refused:
        secretary.agree(row, secretary.cast.yann, seen="0" * 64)
    assert refused.value.code == "stale"


def test_a_later_edit_reopens(secretary: Secretary) -> None:
    row = secretary.put()
    secretary.agree(row, secretary.cast.yann)
    points.change_point(point=Point.objects.filter(level="item").get(), by=secretary.cast.lars, text="Seen thrice.")
    approval = Assent.objects.get()
    assert (approval.lapsed_why, secretary.again(row).revision) == (Lapse.TEXT, 2)
    # Nothing is sealed by the other's agreement alone.
    secretary.agree(row, secretary.cast.lars)
    assert not MinutesCopy.objects.exists()
    secretary.agree(row, secretary.cast.yann)
    assert MinutesCopy.objects.count() == 2


def test_a_new_marking_reopens(secretary: Secretary) -> None:
    row = secretary.put()
    secretary.agree(row, secretary.cast.yann)
    marking = records.marking_of(row.record)
    marking.handling_codes = ["H1"]
    records.mark(record=row.record, marking=marking, by=secretary.cast.xenia)
    assert Assent.objects.get().lapsed_why == Lapse.MARKING
    marking.display_only = True
    with pytest.raises(Refused):
        records.mark(record=row.record, marking=marking, by=secretary.cast.xenia)


def test_taken_back_before_all_have(secretary: Secretary) -> None:
    row = secretary.put()
    secretary.agree(row, secretary.cast.yann)
    agreeing.take_back(minutes=secretary.again(row), by=secretary.cast.yann)
    secretary.agree(row, secretary.cast.lars)
    assert secretary.again(row).state == State.PUT


def test_withdrawn_they_are_gone(secretary: Secretary) -> None:
    row = secretary.put()
    keeping.withdraw(minutes=row, by=secretary.cast.lars, reason="Of another meeting.")
    assert secretary.sees(secretary.cast.yann, Minutes) == []
    assert secretary.begin(by=secretary.cast.xenia).pk != row.pk


def test_nothing_changes_once_agreed(secretary: Secretary) -> None:
    secretary.agreed()
    row = Minutes.objects.select_related("record__owner").get()
    with pytest.raises(Refused) as refused:
        points.add_point(minutes=row, by=secretary.cast.lars, title="Late")
    assert refused.value.code == "state"


def test_only_the_secretarys_agency_writes(secretary: Secretary) -> None:
    row = secretary.put()
    for act in (
        lambda by: points.add_point(minutes=secretary.again(row), by=by, title="Mine"),
        lambda by: points.change_action(action=secretary.only(row), by=by, text="Less"),
        lambda by: points.remove_action(action=secretary.only(row), by=by),
        lambda by: keeping.withdraw(minutes=secretary.again(row), by=by, reason="No"),
    ):
        with pytest.raises(Refused) as refused:
            act(secretary.cast.yann)
        assert refused.value.code == "forbidden"


def test_words_in_another_language_are_agreed_on(secretary: Secretary) -> None:
    row = secretary.put()
    secretary.agree(row, secretary.cast.yann)
    item = row.points.get(level="item")
    keeping.put_into_words(
        minutes=secretary.again(row),
        by=secretary.cast.lars,
        language="de",
        texts={f"{item.pk}.title": "Boote ohne Licht"},
    )
    assert Assent.objects.get().lapsed_why == Lapse.TEXT
    with pytest.raises(Refused, match="no such point"):
        keeping.put_into_words(
            minutes=secretary.again(row), by=secretary.cast.lars, language="de", texts={str(row.pk): "x"}
        )


def test_the_ledger_knows_each_step(secretary: Secretary) -> None:
    secretary.agreed()
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"minutes.create", "minutes.put", "minutes.agree", "minutes.complete", "minutes.seal"} <= verbs
