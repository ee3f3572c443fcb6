"""Who may index and search, what is answered, and what of it is written where (R19)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.hits import actions
from agreements.hits.alerting import HIT
from agreements.hits.choices import Outcome, Term
from agreements.hits.models import Answer, IndexEntry, Search
from agreements.register.choices import ActionKind, Category, Purpose
from agreements.register.models import TreatyAction
from agreements.sharing.actions import compartments, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from agreements.sharing.offers import offers_for
from intel.reports import actions as reports
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from portal.ui.errors import Refused
from tests.agreements.hits.conftest import VALUE, Index, search_clause
from tests.agreements.sharing.conftest import sees


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """No nudges: `sweep` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()


def suspend(index: Index) -> None:
    TreatyAction.objects.create(
        agreement=index.clause.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=timezone.now().date(),
        recorded_by=index.cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip


def test_worked_example_seven(index: Index) -> None:
    """b searches what a1 indexed from a SECRET report: hit. c searches: X was not searched."""
    cast, record = index.cast, index.note()
    index.index(record)
    hit = index.answer()
    assert (hit.outcome, hit.agency, hit.clause) == (Outcome.HIT, cast.a1, index.clause)
    assert len(hit.reference) == 8
    assert not sees(cast.yann, record), "a hit opens nothing"
    zoe = cast.zoe
    zoe.role = "analyst"
    zoe.save()
    answers = {row.country_id: row for row in index.search(by=zoe).answers.all()}
    assert answers["XX"].outcome == answers["YY"].outcome == Outcome.NOT_SEARCHED
    assert answers["XX"].agency is None


def test_another_value_kind_or_clause_is_no_hit(index: Index) -> None:
    index.index(index.note())
    assert index.answer(value="qx7355119").outcome == Outcome.HIT
    assert index.answer(value="QX7355118").outcome == Outcome.NO_HIT
    assert index.answer(term=Term.IDENTITY_CARD).outcome == Outcome.NO_HIT


def test_the_owner_does_not_search_itself(index: Index) -> None:
    index.index(index.note())
    row = index.search(by=index.cast.lars)
    assert not row.answers.filter(agency=index.cast.a1).exists()
    assert row.answers.get(agency=index.cast.b).outcome == Outcome.NO_HIT


def test_red_withdrawn_and_rel_to_are_silent(index: Index) -> None:
    record = index.note()
    entry = index.index(record)
    for change, back in (({"tlp": Tlp.RED}, {"tlp": Tlp.AMBER}), ({"rel_to": []}, {"rel_to": ["YY"]})):
        Record.objects.filter(pk=record.pk).update(**change)
        assert index.answer().outcome == Outcome.NO_HIT
        Record.objects.filter(pk=record.pk).update(**back)
        assert index.answer().outcome == Outcome.HIT
    actions.withdraw(entry=entry, by=index.cast.ada)
    assert index.answer().outcome == Outcome.NO_HIT
    index.index(record)
    assert index.answer().outcome == Outcome.HIT


def test_a_withdrawn_report_is_hit_no_more(index: Index) -> None:
    """R19: its entries are withdrawn with it; other records' entries stay."""
    cast, marking = index.cast, Marking(["operational"], 2, Tlp.AMBER)
    text: dict[str, Any] = {
        "summary": "S",
        "body": "B",
        "scheme": "nato",
        "source_grade": "B",
        "information_grade": "2",
    }
    report = reports.write(by=cast.ada, title="R", marking=marking, occurred_at=timezone.now(), **text)
    entry = index.index(report.record)
    other = index.index(index.note(), value="AB 12-34-567")
    assert index.answer().outcome == Outcome.HIT
    reports.withdraw(report=report, by=cast.ada, reason="A hoax.")
    assert index.answer().outcome == Outcome.NO_HIT
    assert index.answer(value="AB 12-34-567").outcome == Outcome.HIT
    entry.refresh_from_db()
    assert entry.withdrawn_by == cast.ada
    assert Entry.objects.get(verb="hit.withdraw").data["entry"] == str(entry.pk)
    with pytest.raises(Refused):
        index.index(report.record)
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_a_suspended_treaty_is_not_searched(index: Index) -> None:
    index.index(index.note())
    suspend(index)
    answer = index.answer()
    assert (answer.outcome, answer.entries) == (Outcome.NOT_SEARCHED, [])
    assert "X–Y Search Treaty" in answer.words


def test_a_term_or_purpose_that_the_article_does_not_name_is_not_searched(index: Index) -> None:
    answer = index.answer(term=Term.VEHICLE)
    assert (answer.outcome, "does not cover vehicle registration" in answer.words) == (Outcome.NOT_SEARCHED, True)
    answer = index.answer(purpose=Purpose.COORDINATION)
    assert (answer.outcome, "does not name this purpose" in answer.words) == (Outcome.NOT_SEARCHED, True)


def test_a_direction_binds(desk: Any) -> None:
    """X gives to Y alone: b may ask a1, and a1 not b."""
    index = Index(desk, search_clause(desk.cast, direction="one_way"))
    index.clause.senders.set(["XX"])
    index.clause.receivers.set(["YY"])
    assert index.answer().outcome == Outcome.NO_HIT
    assert index.search(by=desk.cast.lars).answers.get(agency=desk.cast.b).outcome == Outcome.NOT_SEARCHED


def test_such_a_clause_lets_nothing_be_released(index: Index) -> None:
    cast, record = index.cast, index.desk.note()
    to = To(AudienceKind.AGENCY, agency=cast.b)
    with pytest.raises(Refused, match="hit/no-hit searches alone"):
        releases.release(record=record, to=to, clause=index.clause, purpose=Purpose.LAW_ENFORCEMENT, by=cast.xenia)
    offers = offers_for(cast.xenia, record, timezone.now(), kind=record.kind)
    assert str(index.clause.pk) not in offers.clauses
    assert str(cast.art7.pk) in offers.clauses


def test_who_may_not_search(index: Index) -> None:
    cast = index.cast
    for by in (cast.yara, cast.yusuf, cast.xenia, cast.anton, cast.arno):
        with pytest.raises(Refused) as refused:
            index.search(by=by)
        assert refused.value.code == "forbidden"
    with pytest.raises(Refused) as refused:
        index.search(reason="  ")
    assert refused.value.field == "reason"
    assert not Search.objects.exists()


def test_who_may_not_index(index: Index) -> None:
    cast, record = index.cast, index.note()
    for by in (cast.xenia, cast.yann, cast.zoe, cast.aldo):
        with pytest.raises(Refused) as refused:
            index.index(record, by=by)
        assert refused.value.code == "not_found", "of a SECRET record they know nothing"
    open_one = index.desk.note()
    index.desk.release(open_one)
    for by in (cast.arno, cast.yann):
        with pytest.raises(Refused) as refused:
            index.index(open_one, by=by)
        assert refused.value.code == "forbidden"
    with pytest.raises(Refused, match="not named for such a clause"):
        index.index(record, clause=cast.art7)
    with pytest.raises(Refused, match="does not cover vehicle"):
        index.index(record, term=Term.VEHICLE)
    with pytest.raises(Refused, match="RED"):
        index.index(index.note(tlp=Tlp.RED))
    assert not IndexEntry.objects.exists()


def test_a_confined_record_is_indexed_by_who_is_inside_and_hit_by_anybody(index: Index) -> None:
    cast, record = index.cast, index.note(classification=1)
    team = compartments.open_compartment(name="Case", by=cast.ada)
    compartments.confine(record=record, compartment=team, by=cast.ada)
    with pytest.raises(Refused):
        index.index(record, by=cast.xenia)
    index.index(record)
    assert index.answer().outcome == Outcome.HIT


def test_who_may_not_withdraw(index: Index) -> None:
    cast, entry = index.cast, index.index(index.desk.note(by=index.cast.ada))
    for by, code in ((cast.arno, "forbidden"), (cast.yann, "not_found"), (cast.aldo, "not_found")):
        with pytest.raises(Refused) as refused:
            actions.withdraw(entry=entry, by=by)
        assert refused.value.code == code
    assert index.answer().outcome == Outcome.HIT


def test_indexed_twice_is_indexed_once_and_two_records_are_one_hit(index: Index) -> None:
    record = index.note()
    assert index.index(record).pk == index.index(record, value="qx7355119").pk
    index.index(index.note(title="Another"))
    row = index.search()
    assert row.answers.filter(agency=index.cast.a1).count() == 1
    assert len(row.answers.get(agency=index.cast.a1).entries) == 2


def test_references_tell_nothing(index: Index) -> None:
    entry = index.index(index.note())
    first, second = index.answer(), index.answer()
    assert first.reference != second.reference
    assert first.entries == second.entries == [entry.pk]
    assert index.answer(value="OTHER123").reference, "there is one whether it hits or not"


def test_the_same_work_whether_hit_or_not(index: Index) -> None:
    index.index(index.note())
    index.search()
    seen = []
    for value in (VALUE, "NOBODY99"):
        before = (Answer.objects.count(), Entry.objects.count(), Message.objects.count(), Search.objects.count())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            index.search(value=value)
        after = (Answer.objects.count(), Entry.objects.count(), Message.objects.count(), Search.objects.count())
        seen.append((len(queries), [b - a for a, b in zip(before, after, strict=True)]))
    assert seen[0] == seen[1]
    assert seen[0][1] == [2, 2, 1, 1], "two answers (a1 and Z), an entry on each side, a message, a search"


def test_both_sides_log_and_nobody_logs_the_value(index: Index) -> None:
    cast, record = index.cast, index.note()
    index.index(record)
    row = index.search(reason="Stopped at the bridge")
    hit = row.answers.get(agency=cast.a1)
    mine = Entry.objects.get(verb="hit.search")
    assert (mine.agency_id, mine.officer_id, mine.data["reason"]) == (cast.b.pk, cast.yann.officer_id, row.reason)
    assert str(record.pk) not in str(mine.data) + mine.subject_id, "the searcher's ledger does not name the record"
    theirs = Entry.objects.get(verb="hit.answer")
    assert (theirs.agency_id, theirs.officer_id, theirs.subject_id) == (cast.a1.pk, None, str(record.pk))
    assert (theirs.data["outcome"], theirs.data["reference"]) == ("hit", hit.reference)
    assert "Stopped" not in str(theirs.data)
    while sweep():
        pass
    spoken = [mail_.subject + mail_.body for mail_ in mail.outbox]
    tables = [Entry, Message, Search, Answer, IndexEntry, Alert]
    everything = str([list(table.objects.values()) for table in tables]) + str(spoken)
    for value in (VALUE, "QX7355119", "7355119", "73-55-119"):
        assert value not in everything


def test_no_hit_is_logged_there_as_well_and_not_searched_is_not(index: Index) -> None:
    index.search()
    assert Entry.objects.get(verb="hit.answer").data["outcome"] == "no_hit"
    suspend(index)
    index.search()
    assert Entry.objects.filter(verb="hit.answer").count() == 1
    assert Entry.objects.filter(verb="hit.search").count() == 2


def test_the_owner_is_alerted_of_a_hit_alone(index: Index) -> None:
    cast, record = index.cast, index.note(classification=1)
    index.index(record)
    index.search(value="NOBODY99")
    hit = index.answer()
    while sweep():
        pass
    alert = Alert.objects.get(kind=HIT)
    assert (alert.appointment, alert.record, alert.subject) == (cast.ada, record, hit.reference)
    cast.ada.ended_at = timezone.now()
    cast.ada.save()
    index.search()
    while sweep():
        pass
    told = Alert.objects.filter(kind=HIT).exclude(appointment=cast.ada)
    assert sorted(told.values_list("appointment__officer__username", flat=True)) == ["anton", "lars", "xenia"]


def test_too_often_is_refused_by_officer(index: Index, settings: Any) -> None:
    settings.HIT_SEARCHES_AN_HOUR = 3
    for _ in range(3):
        index.search()
    with pytest.raises(Refused, match="as often as is allowed"):
        index.search()
    index.search(by=index.cast.lars)
    Search.objects.filter(searched_by=index.cast.yann).update(searched_at=timezone.now() - timedelta(minutes=61))
    assert index.search().pk


def test_a_reservation_narrows_the_search(index: Index) -> None:
    index.index(index.note())
    TreatyAction.objects.create(
        agreement=index.clause.agreement, kind=ActionKind.RESERVATION, country_id="XX", done_on=timezone.now().date(),
        excludes=[Category.TRAVEL_DOCUMENTS], recorded_by=index.cast.tara, recorded_for_id="XX",
    )  # fmt: skip
    assert index.answer().outcome == Outcome.NOT_SEARCHED
