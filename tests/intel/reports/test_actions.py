"""Write, change, withdraw: who may, what it needs, and what it never does by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.register.choices import Purpose
from agreements.sharing.actions import orders, releases
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, StandingOrder
from agreements.sharing.policy import access, decide
from intel.reports import actions, lifecycle
from intel.reports.models import Report
from operations.planning.actions import invitations
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.intel.reports.conftest import RED, Bureau
from tests.operations.planning.conftest import Desk, sees, suspend


def readers(bureau: Bureau, row: Report) -> set[str]:
    return {name for name, who in bureau.cast.people.items() if sees(who, row)}


def abroad(row: Report) -> int:
    return row.record.releases.filter(clause__isnull=False, revoked_at=None).count()


def test_a_report_is_read_in_its_agency_by_role_and_clearance(bureau: Bureau) -> None:
    assert readers(bureau, bureau.write()) == {"ada", "xenia", "lars", "arno"}
    secret = bureau.write(marking=Marking(["operational"], 3, Tlp.AMBER.value))
    assert readers(bureau, secret) == {"ada", "arno"}


def test_released_it_reaches_the_neighbours_officers_who_may(bureau: Bureau) -> None:
    row = bureau.shared()
    assert readers(bureau, row) == {"ada", "xenia", "lars", "arno", "yann", "yara", "yvo"}
    suspend(bureau.cast)
    assert readers(bureau, row) == {"ada", "xenia", "lars", "arno"}


def test_red_is_its_authors_and_theirs_who_are_named(bureau: Bureau) -> None:
    row = bureau.write(marking=RED)
    assert readers(bureau, row) == {"ada"}
    with pytest.raises(Refused, match="does not travel to one agency"):
        bureau.release(row)
    bureau.release(row, To(AudienceKind.OFFICER, appointment=bureau.yvo))
    assert readers(bureau, row) == {"ada", "yvo"}


def test_no_standing_order_releases_a_report(bureau: Bureau, desk: Desk) -> None:
    """Not even one that somebody managed to write for reports (R6)."""
    cast, operation = bureau.cast, desk.joined()
    order: dict[str, Any] = {
        "circle": operation.circle, "clause": cast.art7, "purpose": Purpose.BORDER_OPERATION,
        "categories": ["operational"], "ceiling": 1, "tlp": Tlp.AMBER,
    }  # fmt: skip
    orders.issue(by=cast.xenia, kinds=["report", "observation"], **order)
    row = bureau.write(operation=operation.record)
    assert abroad(row) == 0
    found = orders.order_for(
        by=cast.ada, operation=operation.record, kind="report", marking=row.record, photographs=False, at=timezone.now()
    )
    assert found is None
    assert StandingOrder.objects.exists()


def test_who_may_write(bureau: Bureau) -> None:
    for who in (bureau.cast.ada, bureau.cast.lars, bureau.yvo):
        assert bureau.write(by=who).record.owner == who.agency
    for name in ("xenia", "anton", "arno", "tara", "zoe"):
        with pytest.raises(Refused, match="Your role does not permit this") as caught:
            bureau.write(by=bureau.cast.people[name])
        assert caught.value.code == "forbidden"
    assert Report.objects.count() == 3


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"source_grade": "X"}, "source_grade", "NATO does not know “X”"),
        ({"information_grade": "7"}, "information_grade", "1, 2, 3, 4, 5, 6"),
        ({"scheme": "eu4x4", "information_grade": "5"}, "information_grade", "EU 4×4 does not know"),
        ({"scheme": "cise"}, "scheme", "no such scheme"),
        ({"occurred_at": timezone.now() + timedelta(days=1)}, "occurred_at", "lies in the future"),
        ({"marking": Marking(["operational"], 4)}, "classification", "not cleared"),
        ({"marking": Marking(handling_codes=["H3"])}, "handling_note", "H3 needs a note"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(bureau: Bureau, values: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        bureau.write(**values)
    assert caught.value.field == field
    assert not Record.objects.filter(kind="report").exists()


def test_an_operation_must_be_seen(bureau: Bureau, desk: Desk) -> None:
    operation = desk.plan()
    assert bureau.write(operation=operation.record).record.operation == operation.record
    for hidden in (operation.record, bureau.write().record):
        with pytest.raises(Refused, match="There is no such operation") as caught:
            bureau.write(by=bureau.yvo, operation=hidden)
        assert caught.value.field == "operation"
    desk.invite(operation)
    invitations.accept_invitation(operation=operation, by=bureau.cast.yara)
    assert bureau.write(by=bureau.cast.yann).record.operation is None


def test_sent_twice_makes_one_and_a_taken_key_shows_nothing(bureau: Bureau) -> None:
    key = new_key()
    assert bureau.write(key=key).pk == bureau.write(key=key, title="Again").pk == key
    other = bureau.write(by=bureau.yvo, key=key)
    assert other.pk != key
    assert Report.objects.count() == 2


def test_its_words_are_searched(bureau: Bureau) -> None:
    row = bureau.write()
    for word in ("night", "lights", "evenings"):
        assert list(Record.objects.matching(word)) == [row.record]
    actions.change(report=row, by=bureau.cast.ada, body="Two vans.")
    assert list(Record.objects.matching("vans")) == [row.record]
    assert not Record.objects.matching("evenings").exists()


def test_change(bureau: Bureau) -> None:
    cast, row = bureau.cast, bureau.write(position=(47.6, 9.1))
    row = actions.change(
        report=row, by=cast.lars, version=1, title="Vans", source_grade="C", position=None, zone="Europe/Berlin"
    )
    row.refresh_from_db()
    assert (row.record.title, row.grade, row.record.latitude, row.record.zone) == ("Vans", "C2", None, "Europe/Berlin")
    assert (row.version, row.changed_at is not None) == (2, True)
    entry = Entry.objects.filter(verb="report.change").get()
    assert entry.data["changed"] == ["latitude", "longitude", "source_grade", "title", "zone"]


def test_a_change_of_nothing_changes_nothing(bureau: Bureau) -> None:
    row = bureau.write()
    same = actions.change(report=row, by=bureau.cast.ada, title=row.record.title, body=row.body)
    assert (same.version, same.changed_at) == (1, None)
    assert not Entry.objects.filter(verb="report.change").exists()


def test_a_change_of_an_old_version_is_refused(bureau: Bureau) -> None:
    row = bureau.write()
    actions.change(report=row, by=bureau.cast.ada, version=1, summary="First.")
    with pytest.raises(Refused, match="was changed since you read it") as caught:
        actions.change(report=row, by=bureau.cast.lars, version=1, summary="Second.")
    assert caught.value.code == "stale"
    assert Report.objects.get().summary == "First."


def test_scheme_and_grades_change_together(bureau: Bureau) -> None:
    row = bureau.write()
    with pytest.raises(Refused) as caught:
        actions.change(report=row, by=bureau.cast.ada, scheme="uk3x5x2")
    assert caught.value.field == "source_grade"
    row = actions.change(report=row, by=bureau.cast.ada, scheme="uk3x5x2", source_grade="1", information_grade="A")
    assert row.grade == "1A"


@pytest.mark.parametrize("step", ["change", "withdraw"])
def test_only_its_owners_writers_change_or_withdraw(bureau: Bureau, step: str) -> None:
    cast, row = bureau.cast, bureau.shared()
    values: dict[str, Any] = {"summary": "Other."} if step == "change" else {"reason": "Wrong."}
    codes = {"yvo": "forbidden", "yann": "forbidden", "xenia": "forbidden", "zoe": "not_found", "tara": "not_found"}
    for name, code in codes.items():
        with pytest.raises(Refused) as caught:
            getattr(actions, step)(report=row, by=cast.people[name], **values)
        assert caught.value.code == code, name
    red = bureau.write(marking=RED)
    with pytest.raises(Refused) as caught:
        getattr(actions, step)(report=red, by=cast.lars, **values)
    assert caught.value.code == "not_found"
    assert set(Report.objects.values_list("state", "changed_at")) == {("issued", None)}


def test_withdrawn_it_closes_abroad_and_can_never_be_released_again(bureau: Bureau) -> None:
    cast, row = bureau.cast, bureau.shared()
    bureau.release(row, To(AudienceKind.OFFICER, appointment=cast.yara))
    row = actions.withdraw(report=row, by=cast.lars, reason=" A hoax. ")
    assert (row.state, row.withdraw_reason, abroad(row)) == ("withdrawn", "A hoax.", 0)
    assert readers(bureau, row) == {"ada", "xenia", "lars", "arno"}
    decision = decide(access(cast.ada, timezone.now()), row.record, "release")
    assert decision.missing == (lifecycle.WITHDRAWN_SAYS["release"],)
    with pytest.raises(Refused, match="withdrawn: nothing of it is released") as caught:
        bureau.release(row)
    assert caught.value.code == "forbidden"
    for step, values in (("change", {"summary": "New."}), ("withdraw", {"reason": "Again."})):
        with pytest.raises(Refused, match="withdrawn") as caught:
            getattr(actions, step)(report=row, by=cast.ada, **values)
        assert caught.value.code == "state"
    verbs = list(Entry.objects.filter(subject_id=str(row.pk)).order_by("pk").values_list("verb", flat=True))
    assert verbs[0] == "report.create"
    assert verbs[-1] == "report.withdraw"
    assert verbs.count("record.revoke") == 2


def test_withdrawing_needs_a_reason(bureau: Bureau) -> None:
    row = bureau.shared()
    with pytest.raises(Refused) as caught:
        actions.withdraw(report=row, by=bureau.cast.ada, reason="  ")
    assert caught.value.field == "reason"
    assert abroad(row) == 1


def test_only_the_own_agencys_releases_are_revoked(bureau: Bureau) -> None:
    mine, theirs = bureau.shared(), bureau.write(by=bureau.yvo)
    releases.release(
        record=theirs.record, to=To(AudienceKind.AGENCY, agency=bureau.cast.a1), clause=bureau.cast.art7,
        purpose=Purpose.COORDINATION, by=bureau.yvo,
    )  # fmt: skip
    actions.withdraw(report=mine, by=bureau.cast.ada, reason="Old.")
    assert abroad(theirs) == 1
    assert marking_of(theirs.record).tlp == Tlp.AMBER
