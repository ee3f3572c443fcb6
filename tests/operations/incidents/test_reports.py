"""Drafts, the 24 hours, what is involved, follow-ups, withdrawing; and who may not."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.directory.models import new_key
from agreements.alerts.models import Alert
from agreements.sharing.actions import records
from agreements.sharing.actions.records import marking_of
from operations.incidents import alerting, lifecycle, types
from operations.incidents.actions import reports
from operations.incidents.choices import ChainStep, Impact, ReportState, Thing, categories_of
from operations.incidents.models import IncidentReport
from portal.outbox import due
from portal.outbox.models import Due, Message
from portal.ui.errors import Refused
from tests.operations.incidents.conftest import FIRE, Watch
from tests.operations.planning.conftest import Desk, sees, suspend


def readers(watch: Watch, row: Any) -> set[str]:
    return {name for name, who in watch.cast.people.items() if sees(who, row)}


OWN = {"lars", "xenia", "anton", "ada", "arno"}


def test_a_draft_is_its_agencys_alone_and_no_release_is_made_of_it(watch: Watch) -> None:
    row = watch.write()
    assert readers(watch, row) == OWN
    with pytest.raises(Refused, match="a draft"):
        watch.release(row)
    row = reports.submit(report=row, by=watch.cast.lars)
    assert row.state == ReportState.VALIDATED  # There is no chain.
    assert readers(watch, row) == OWN
    watch.release(row)
    assert readers(watch, row) == OWN | {"yann", "yara"}
    suspend(watch.cast)
    assert readers(watch, row) == OWN


def test_who_may_not_write(watch: Watch) -> None:
    for who in (watch.cast.arno, watch.cast.tara):
        with pytest.raises(Refused, match="Your role does not permit this"):
            watch.write(by=who)
    row = watch.write()
    for step in (
        lambda: reports.change(report=row, by=watch.cast.arno, title="x"),
        lambda: reports.submit(report=row, by=watch.cast.arno),
        lambda: reports.involve(report=row, by=watch.cast.yann, thing="vessel", name="x"),
        lambda: reports.withdraw(report=row, by=watch.cast.zoe, reason="x"),
    ):
        with pytest.raises(Refused):
            step()
    row = reports.submit(report=row, by=watch.cast.lars)
    watch.release(row)
    with pytest.raises(Refused, match="Only X1"):
        reports.withdraw(report=row, by=watch.cast.yann, reason="x")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("type", {"type": "maritime_safety:Nothing"}),
        ("impact", {"impact": 5}),
        ("confidence", {"confidence": 0}),
        ("account", {"account": " "}),
        ("occurred_at", {"occurred_at": timezone.now() + timedelta(days=1)}),
        ("known_at", {"known_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_faults_stand_at_their_field_and_nothing_is_written(watch: Watch, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        watch.write(**values)
    assert refused.value.field == field
    assert not IncidentReport.objects.exists()


def test_a_hidden_operation_is_none(watch: Watch, desk: Desk) -> None:
    hidden = desk.plan().record
    with pytest.raises(Refused, match="no such operation"):
        watch.write(by=watch.cast.yann, operation=hidden)


def test_sent_twice_it_is_one(watch: Watch) -> None:
    key = new_key()
    assert watch.write(key=key).pk == watch.write(key=key).pk
    assert IncidentReport.objects.count() == 1


def test_a_person_brings_personal_data_and_closes_it_where_no_article_covers_that(watch: Watch, desk: Desk) -> None:
    """Art. 7 covers operational alone: after the person the release is not live any more (R21)."""
    row = watch.told(operation=desk.joined().record)
    watch.release(row)
    assert "yann" in readers(watch, row)
    IncidentReport.objects.filter(pk=row.pk).update(state=ReportState.RETURNED)
    reports.involve(report=row, by=watch.cast.lars, thing="person", subject="suspect", name="Unknown man", number="QX1")
    row.record.refresh_from_db()
    assert set(row.record.categories) == {"operational", "personal_data", "travel_documents"}
    assert readers(watch, row) == OWN
    change = row.record.marking_changes.get()
    assert change.reason == "What is involved was added"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("subject", {"thing": "person"}),
        ("subject", {"thing": "vehicle", "subject": "suspect"}),
        ("goods", {"thing": "goods"}),
        ("goods", {"thing": "vessel", "goods": "drugs"}),
        ("name", {"thing": "vessel", "name": " "}),
        ("thing", {"thing": "idea"}),
    ],
)
def test_what_is_involved_says_what_it_is(watch: Watch, field: str, values: dict[str, Any]) -> None:
    row = watch.write()
    with pytest.raises(Refused) as refused:
        reports.involve(report=row, by=watch.cast.lars, **{"name": "x", **values})
    assert refused.value.field == field
    assert not row.involved.exists()


@given(thing=st.sampled_from(Thing.values), goods=st.sampled_from(["", "firearms", "cash"]), number=st.text(max_size=3))
def test_categories_never_shrink_with_a_number(thing: str, goods: str, number: str) -> None:
    goods = goods if thing == "goods" else ""
    assert categories_of(thing, goods, "") <= categories_of(thing, goods, number)
    assert ("personal_data" in categories_of(thing, goods, number)) == (thing == "person")


def test_the_marking_page_may_not_leave_the_categories_to_the_release(watch: Watch) -> None:
    """What is involved stays in the marking that the policy reads, through every change of the draft."""
    row = watch.write()
    reports.involve(report=row, by=watch.cast.lars, thing="goods", goods="firearms", name="Two rifles")
    reports.change(report=row, by=watch.cast.lars, title="Fire, and rifles")
    row.record.refresh_from_db()
    assert "firearms" in row.record.categories


def test_the_first_report_of_high_impact_is_due_in_24_hours(watch: Watch) -> None:
    row = watch.write(impact=3)
    assert row.due_at == row.known_at + timedelta(hours=24)
    armed = Due.objects.filter(key__startswith=f"incident:{row.pk}:", cancelled_at=None)
    assert sorted((row.due_at - item.fire_at).total_seconds() / 3600 for item in armed) == [0, 1, 4]
    reports.change(report=row, by=watch.cast.lars, impact=2)
    assert not armed.filter(fired_at=None).exists()
    row = reports.change(report=row, by=watch.cast.lars, impact=4)
    assert armed.all().count() == 3
    row = reports.submit(report=row, by=watch.cast.lars)
    assert row.due_at is None
    assert not armed.all().exists()


def test_the_alert_comes_before_it_runs_out_and_once(watch: Watch) -> None:
    row = watch.write(
        impact=4, known_at=timezone.now() - timedelta(hours=19), occurred_at=timezone.now() - timedelta(hours=20)
    )
    assert row.due_at is not None
    assert due.fire(row.due_at - timedelta(hours=4)) == 1
    message = Message.objects.get(kind="incidents.due")
    for _ in range(2):
        alerting.due(message.payload)
    alert = Alert.objects.get(kind="incidents.due")
    assert alert.appointment == watch.cast.lars
    assert alert.line.endswith(f"{row.due_at.astimezone(UTC):%H:%MZ}")


def test_no_alert_of_what_was_reported_meanwhile(watch: Watch) -> None:
    row = watch.write(impact=4)
    assert row.due_at is not None
    payload = {"incident": str(row.pk), "minutes": 60, "due_at": row.due_at.astimezone(UTC).isoformat()}
    reports.submit(report=row, by=watch.cast.lars)
    alerting.due(payload)
    assert not Alert.objects.filter(kind="incidents.due").exists()


def test_a_follow_up_hangs_from_the_first_and_runs_against_no_deadline(watch: Watch) -> None:
    first = watch.told(impact=4)
    more = watch.write(follows=first, impact=4, title="Fire out")
    assert more.is_follow_up
    assert more.due_at is None
    assert list(IncidentReport.objects.filter(record__host=first.pk)) == [more]
    with pytest.raises(Refused, match="follow-up itself"):
        watch.write(follows=reports.submit(report=more, by=watch.cast.lars))
    with pytest.raises(Refused, match="a draft"):
        watch.write(follows=watch.write())
    with pytest.raises(Refused, match="no such record"):
        watch.write(follows=first, by=watch.cast.yann)


def test_what_was_validated_stands(watch: Watch) -> None:
    row = watch.told()
    with pytest.raises(Refused, match="goes into a follow-up"):
        reports.change(report=row, by=watch.cast.lars, title="x")
    with pytest.raises(Refused, match="goes into a follow-up"):
        reports.involve(report=row, by=watch.cast.lars, thing="vessel", name="x")


def test_withdrawn_it_closes_abroad_and_stays_at_home(watch: Watch) -> None:
    row = watch.told()
    watch.release(row)
    with pytest.raises(Refused, match="Say why"):
        reports.withdraw(report=row, by=watch.cast.lars, reason=" ")
    reports.withdraw(report=row, by=watch.cast.lars, reason="A drill.")
    assert readers(watch, row) == OWN
    with pytest.raises(Refused, match="withdrawn"):
        watch.release(row)


def test_two_changes_of_one_version(watch: Watch) -> None:
    row = watch.write()
    reports.change(report=row, by=watch.cast.lars, version=row.version, title="One")
    with pytest.raises(Refused, match="changed since"):
        reports.change(report=row, by=watch.cast.lars, version=row.version, title="Two")


def test_a_marking_that_the_writer_could_not_see_is_not_saved(watch: Watch) -> None:
    row = watch.write()
    stricter = marking_of(row.record)
    stricter.classification = 4
    with pytest.raises(Refused):
        records.mark(record=row.record, marking=stricter, by=watch.cast.lars)


@given(chain=st.sets(st.sampled_from(ChainStep.values)), done=st.none() | st.sampled_from(ChainStep.values))
def test_the_chain_leads_on_and_ends(chain: set[str], done: str | None) -> None:
    """Step by step it ends validated, and no step comes twice or out of order."""
    passed = []
    state = lifecycle.next_state(chain, done)
    while state != ReportState.VALIDATED:
        step = lifecycle.WAITING[state]
        passed.append(step)
        state = lifecycle.next_state(chain, step)
    order = list(ChainStep)
    assert passed == [
        step for step in order if step in chain and (done is None or order.index(step) > order.index(ChainStep(done)))
    ]


@given(impact=st.sampled_from(Impact.values), follow=st.booleans())
def test_what_is_due(impact: int, follow: bool) -> None:
    at = timezone.now()
    found = lifecycle.first_due(impact, at, is_follow_up=follow)
    assert (found is None) == (follow or impact < Impact.HIGH)


def test_the_types_are_the_lists_of_cise() -> None:
    """Their numbers, each less "NonSpecified": what nobody chooses."""
    assert [len(group) for _, group in types.GROUPS] == [11, 44, 25, 40]
    assert len(dict(types.CHOICES)) == 120
    assert types.label_of(FIRE) == "Maritime safety: fire"
    assert types.label_of("maritime_safety:VTSRulesInfringement") == "Maritime safety: vts rules infringement"
