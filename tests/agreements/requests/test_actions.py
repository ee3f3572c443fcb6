"""Ask, approve once and for a time, refuse, withdraw, lapse: who may, who may not, and what nobody can tell (R17)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Unit, new_key
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.approvals import actions as approvals
from agreements.approvals.choices import State as Waiting
from agreements.approvals.models import Approval
from agreements.hits.models import Answer
from agreements.register.choices import Purpose
from agreements.requests import actions
from agreements.requests.alerting import OVER, REFUSED
from agreements.requests.choices import Side, State
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.requests.reading import answers_to, asked_of, bases_for, waiting_for
from agreements.sharing.actions import compartments, releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.disclosure import note_opening
from agreements.sharing.models import Release
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.outbox.models import Due, Message
from portal.ui.errors import Refused
from tests.agreements.hits.conftest import Index, search_clause
from tests.agreements.requests.conftest import UNKNOWN, Counter
from tests.agreements.sharing.conftest import sees
from tests.conftest import make_agency, make_appointment, make_treaty
from tests.doors.test_succession import held, succeed
from tests.doors.world import suspend

NOW = timezone.now


def alerted(kind: str) -> list[str]:
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def told(row: AccessRequest) -> dict[str, Any]:
    """Everything of the asker's row that an asker could compare."""
    row = AccessRequest.objects.get(pk=row.pk)
    hidden = ("id", "reference", "asked_at", "lapses_at", "closed_at")
    fields = {field.name: getattr(row, field.attname) for field in row._meta.fields if field.name not in hidden}
    return {**fields, "now": row.now, "closed": row.closed_at is not None}


def given_releases(record: Any) -> Any:
    return Release.objects.filter(content_object=record, clause__isnull=False)


def test_asked_approved_once_and_for_a_time(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    row = counter.asked(record)
    assert not sees(cast.yann, record)
    done = counter.approve(row)
    assert sees(cast.yann, record)
    assert not sees(cast.yara, record), "a named grant is an audience of one (R9)"
    # A second click is answered with the first; nothing is released again.
    again = counter.approve(AskedRecord.objects.with_words().get(), by=cast.lars)
    assert again.release_id == done.release_id
    (release,) = given_releases(record)
    assert (release.until is not None, release.audience.appointment) == (True, cast.yann)
    assert AccessRequest.objects.get().state == State.ANSWERED
    verbs = list(Entry.objects.filter(verb__startswith="access.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["access.ask", "access.asked", "access.approve"]
    by_agency = dict(Entry.objects.filter(verb__startswith="access.").values_list("verb", "agency_id"))
    assert by_agency == {"access.ask": cast.b.pk, "access.asked": cast.a1.pk, "access.approve": cast.a1.pk}


def test_it_closes_by_itself_and_at_once_when_taken_back(counter: Counter) -> None:
    cast, first, second = counter.cast, counter.note(), counter.note()
    counter.approve(counter.asked(first))
    given_releases(first).update(released_at=NOW() - timedelta(days=2), until=NOW() - timedelta(seconds=1))
    assert not sees(cast.yann, first)
    row = counter.approve(counter.asked(second))
    assert sees(cast.yann, second)
    actions.revoke(asked=row, by=cast.lars)
    assert not sees(cast.yann, second)
    row = AskedRecord.objects.with_words().get(pk=row.pk)
    assert row.words_now == "Taken back"
    # What was used cannot be used again.
    assert counter.approve(row).release.revoked_at is not None
    assert not sees(cast.yann, second)


def test_an_end_is_mandatory_and_lies_ahead(counter: Counter) -> None:
    row = counter.asked(counter.note())
    for until in (None, NOW() - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            counter.approve(row, until=until)
        assert refused.value.field == "until"
    assert not given_releases(row.record).exists()


def test_it_may_go_to_the_unit_or_the_agency_and_to_nobody_else(counter: Counter) -> None:
    cast, lake = counter.cast, Unit.objects.create(agency=counter.cast.b, name="Lake post")
    type(cast.yann).objects.filter(pk=cast.yann.pk).update(unit=lake)
    cast.yann.refresh_from_db()
    row = counter.asked(counter.note())
    for to in (
        To(AudienceKind.OFFICER, appointment=cast.yara),
        To(AudienceKind.AGENCY, agency=cast.c),
        To(AudienceKind.ALL_PARTIES),
        To(AudienceKind.PARTY, country=cast.b.country),
        To(AudienceKind.FUNCTION, agency=cast.b, function=cast.yara.function),
        To.of_unit(Unit.objects.create(agency=cast.b, name="Another")),
    ):
        with pytest.raises(Refused):
            counter.approve(row, to=to)
    fits = answers_to(row, cast.xenia, NOW()).offers.fits
    assert [offer.to.kind for offer in fits] == [AudienceKind.OFFICER, AudienceKind.UNIT, AudienceKind.AGENCY]
    counter.approve(row, to=To.of_unit(lake))
    assert sees(cast.yann, row.record)
    assert not sees(cast.yara, row.record)


def test_hidden_unknown_refused_and_unanswered_are_the_same_to_the_asker(counter: Counter) -> None:
    cast = counter.cast
    refused, silent = counter.note(), counter.note()
    rows = {"refused": counter.ask(refused), "silent": counter.ask(silent), "unknown": counter.ask(UNKNOWN)}
    counter.work()
    assert told(rows["refused"]) == told(rows["silent"]) == told(rows["unknown"])
    actions.refuse(asked=AskedRecord.objects.get(record=refused), by=cast.xenia, words="A source would be known.")
    counter.work()
    assert told(rows["refused"]) == told(rows["silent"]) == told(rows["unknown"])
    assert told(rows["refused"])["now"] == State.SENT
    counter.lapse()
    assert told(rows["refused"]) == told(rows["silent"]) == told(rows["unknown"])
    assert told(rows["refused"])["now"] == State.LAPSED
    alerts = Alert.objects.filter(appointment=cast.yann)
    assert sorted(alerts.values_list("kind", "subject")) == sorted((OVER, row.reference) for row in rows.values())
    assert not sees(cast.yann, refused)


@pytest.mark.parametrize("what", ["hidden", "unknown"])
def test_asking_writes_the_same_rows(counter: Counter, what: str) -> None:
    reference = counter.note().reference if what == "hidden" else UNKNOWN
    before = [model.objects.count() for model in (Entry, Message, Due, AccessRequest, AskedRecord, Alert)]
    counter.ask(reference)
    after = [model.objects.count() for model in (Entry, Message, Due, AccessRequest, AskedRecord, Alert)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1, 1, 0, 0]


def test_who_knows_of_it_is_told_of_a_refusal(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    release = counter.desk.release(record)
    note_opening(access(cast.yann, NOW()), record)
    releases.revoke(release=release, by=cast.xenia)
    row = counter.asked(record)
    assert row.known
    actions.refuse(asked=row, by=cast.xenia, words="It is before a court now.")
    counter.work()
    mine = AccessRequest.objects.get()
    assert (mine.state, mine.words) == (State.REFUSED, "It is before a court now.")
    assert alerted(REFUSED) == ["yann"]


def test_by_the_reference_of_a_hit(counter: Counter) -> None:
    cast = counter.cast
    index = Index(counter.desk, search_clause(cast))
    record = index.desk.note(by=cast.ada)
    index.index(record)
    hit, missed = index.answer(), index.answer(value="NOBODY99")
    # Those who were not given it have no use for it, and a search that hit nothing has no reference.
    other = make_appointment("ylva", cast.a2, Role.LIAISON_OFFICER)
    for by, reference in ((other, hit.reference), (cast.yann, missed.reference)):
        row = counter.ask(reference, by=by)
        counter.work()
        assert not AskedRecord.objects.filter(request=row).exists()
    row = counter.ask(hit.reference)
    counter.work()
    asked = AskedRecord.objects.with_words().get(request=row)
    assert (asked.record, asked.known) == (record, True)
    counter.approve(asked, by=cast.ada)
    assert sees(cast.yann, record)
    assert Answer.objects.filter(reference=hit.reference).count() == 1


def test_what_one_sees_is_not_asked_for(counter: Counter) -> None:
    record = counter.note()
    counter.desk.release(record)
    with pytest.raises(Refused) as refused:
        counter.ask(record)
    assert refused.value.code == actions.SEEN
    assert not AccessRequest.objects.exists()


def test_who_may_ask(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    for by in (cast.yusuf, cast.arno):
        with pytest.raises(Refused) as refused:
            counter.ask(record, by=by)
        assert refused.value.code == "forbidden"
    # Without any article between them one may ask all the same; the owner reads that none covers it.
    row = counter.asked(record, by=cast.zoe)
    answers = answers_to(row, cast.xenia, NOW())
    assert answers.offers.fits == []
    assert answers.missing == ["No article in force lets X1 give anything to Z1"]
    with pytest.raises(Refused):
        counter.approve(row)
    assert not sees(cast.zoe, record)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reference": "lost paper"}, "reference"),
        ({"until": timezone.now() - timedelta(days=1)}, "until"),
        ({"agency": "b"}, "agency"),
        ({"clause": "foreign"}, "clause"),
        ({"clause": "art7", "purpose": Purpose.SAFETY}, "purpose"),
    ],
)
def test_what_cannot_be_asked(counter: Counter, values: dict[str, Any], field: str) -> None:
    cast, values = counter.cast, dict(values)
    foreign = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9",
    )  # fmt: skip
    known = {"b": cast.b, "foreign": foreign, "art7": cast.art7}
    for name in ("agency", "clause"):
        values = {**values, name: known[values[name]]} if name in values else values
    with pytest.raises(Refused) as refused:
        counter.ask(values.pop("reference", UNKNOWN), **values)
    assert refused.value.field == field
    assert not AccessRequest.objects.exists()


def test_only_articles_by_which_that_agency_gives_are_proposed(counter: Counter) -> None:
    cast = counter.cast
    assert bases_for(cast.yann, NOW()) == {cast.a1.pk: [cast.art7]}
    assert bases_for(cast.yann, NOW(), cast.c) == {}
    assert bases_for(cast.zoe, NOW()) == {}


def test_so_often_a_day_and_the_same_once(counter: Counter, settings: Any) -> None:
    cast = counter.cast
    settings.ACCESS_REQUESTS_A_DAY = 2
    counter.ask(UNKNOWN)
    with pytest.raises(Refused, match="already"):
        counter.ask(UNKNOWN)
    counter.ask("NOT-0000FFEF")
    with pytest.raises(Refused) as refused:
        counter.ask("NOT-0000FFF0")
    assert refused.value.code == "too_many"
    counter.ask(UNKNOWN, by=cast.yara)
    AccessRequest.objects.update(asked_at=NOW() - timedelta(days=1, seconds=1))
    counter.ask("NOT-0000FFF0")
    # What has lapsed may be asked again, though the sweep is late.
    AccessRequest.objects.update(lapses_at=NOW() - timedelta(seconds=1))
    counter.ask(UNKNOWN)


def test_sent_twice_asks_once(counter: Counter) -> None:
    record, key = counter.note(), new_key()
    assert counter.ask(record, key=key).pk == counter.ask(record, key=key).pk == key
    assert counter.ask(record, key=key, by=counter.cast.yara).pk != key


def test_who_is_told_and_who_answers(counter: Counter) -> None:
    cast = counter.cast
    record = counter.desk.note(by=cast.ada, classification=2)
    row = counter.asked(record)
    # The author decides; those without the right or the clearance are not told.
    assert alerted(actions.ASKED) == ["ada"]
    for who in (cast.xenia, cast.lars, cast.ada):
        assert AskedRecord.objects.visible_to(access(who, NOW())).exists()
        assert waiting_for(access(who, NOW())) == 1
    for who in (cast.anton, cast.aldo, cast.yann, cast.yara, cast.zoe):
        mine = access(who, NOW())
        assert not AskedRecord.objects.visible_to(mine).exists()
        assert waiting_for(mine) == 0
        assert not asked_of(record, mine)
        for step in (
            lambda who=who: counter.approve(row, by=who),
            lambda who=who: actions.refuse(asked=row, by=who),
            lambda who=who: actions.revoke(asked=row, by=who),
        ):
            with pytest.raises(Refused) as refused:
                step()
            assert refused.value.code == "not_found"
    # An auditor and a treaty admin of the owner see the record or not, and answer nothing.
    for who in (cast.arno, cast.tara):
        with pytest.raises(Refused):
            counter.approve(row, by=who)
    for who in (cast.xenia, cast.yara, cast.zoe):
        assert not AccessRequest.objects.visible_to(access(who, NOW())).exists()
    assert AccessRequest.objects.visible_to(access(cast.yann, NOW())).exists()


def test_colleagues_outside_a_compartment_learn_nothing(counter: Counter) -> None:
    cast = counter.cast
    record = counter.desk.note(by=cast.ada)
    team = compartments.open_compartment(name="Case Heron", by=cast.ada)
    compartments.confine(record=record, compartment=team, by=cast.ada)
    row = counter.asked(record)
    assert alerted(actions.ASKED) == ["ada"]
    assert not AskedRecord.objects.visible_to(access(cast.xenia, NOW())).exists()
    with pytest.raises(Refused):
        counter.approve(row, by=cast.xenia)
    counter.approve(row, by=cast.ada)
    assert sees(cast.yann, record)


def test_the_ceiling_governs_and_is_said(counter: Counter) -> None:
    cast, record = counter.cast, counter.note(classification=2)
    row = counter.asked(record, clause=cast.art7)
    answers = answers_to(row, cast.xenia, NOW())
    assert answers.offers.fits == []
    assert "above the ceiling of Art. 7" in answers.missing[0]
    assert "above the ceiling" in answers.basis_gap
    with pytest.raises(Refused, match="above the ceiling"):
        counter.approve(row)
    assert not sees(cast.yann, record)


def test_red_goes_to_the_officer_alone(counter: Counter) -> None:
    cast = counter.cast
    row = counter.asked(counter.note(tlp=Tlp.RED))
    kinds = [offer.to.kind for offer in answers_to(row, cast.xenia, NOW()).offers.fits]
    assert kinds == [AudienceKind.OFFICER]
    with pytest.raises(Refused):
        counter.approve(row, to=To(AudienceKind.AGENCY, agency=cast.b))


def test_withdrawn_by_the_asker(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    row = counter.asked(record)
    mine = AccessRequest.objects.get()
    for by in (cast.yara, cast.xenia):
        with pytest.raises(Refused) as refused:
            actions.withdraw(request=mine, by=by)
        assert refused.value.code == "not_found"
    actions.withdraw(request=mine, by=cast.yann)
    # At once for the owner too, though its side is closed a moment later.
    with pytest.raises(Refused, match="withdrawn"):
        counter.approve(row)
    counter.work()
    assert AskedRecord.objects.get().state == Side.CLOSED
    assert not Alert.objects.filter(kind=actions.ASKED, done_at=None).exists()
    with pytest.raises(Refused):
        actions.withdraw(request=mine, by=cast.yann)


def test_what_has_lapsed_is_not_approved(counter: Counter) -> None:
    cast, row = counter.cast, counter.asked(counter.note())
    AccessRequest.objects.update(lapses_at=NOW() - timedelta(seconds=1))
    row = AskedRecord.objects.with_words().get(pk=row.pk)
    with pytest.raises(Refused):
        counter.approve(row)
    assert waiting_for(access(cast.xenia, NOW())) == 0
    counter.lapse()
    assert AskedRecord.objects.get().state == Side.CLOSED
    # The message comes again and has no second effect.
    counter.lapse()
    assert alerted(OVER) == ["yann"]


def test_an_answered_request_does_not_lapse(counter: Counter) -> None:
    counter.approve(counter.asked(counter.note()))
    counter.lapse()
    assert AccessRequest.objects.get().state == State.ANSWERED
    assert alerted(OVER) == []
    assert alerted(actions.DECIDED) == ["yann"]


def test_a_second_officer_where_the_agency_wants_one(counter: Counter) -> None:
    cast = counter.cast
    counter.wants_two()
    record = counter.note()
    row = counter.approve(counter.asked(record))
    assert (row.state, row.release) == (Side.OPEN, None)
    assert not sees(cast.yann, record)
    approvals.approve(approval=Approval.objects.get(), by=cast.lars)
    counter.work()
    row = AskedRecord.objects.with_words().get()
    assert (row.state, row.decided_by) == (Side.APPROVED, cast.lars)
    assert sees(cast.yann, record)
    assert AccessRequest.objects.get().state == State.ANSWERED
    assert given_releases(record).count() == 1


def test_colleagues_do_not_ask_for_the_same_twice(counter: Counter) -> None:
    """Whoever comes second approves, and is that second officer; nothing else is asked for the request meanwhile."""
    cast = counter.cast
    counter.wants_two()
    record = counter.note()
    row = counter.approve(counter.asked(record))
    with pytest.raises(Refused, match="Xenia has asked for the same: approve that"):
        counter.approve(row, by=cast.lars)
    with pytest.raises(Refused, match="A second officer decides on it already"):
        counter.approve(row, to=To(AudienceKind.AGENCY, agency=cast.b))
    assert counter.approve(row).release is None, "a second click is answered with the first"
    approvals.approve(approval=Approval.objects.get(), by=cast.lars)
    assert AskedRecord.objects.get().state == Side.APPROVED


def test_who_asked_is_no_longer_there(counter: Counter) -> None:
    """What nobody can approve any more does not stand in the way."""
    cast = counter.cast
    counter.wants_two()
    row = counter.approve(counter.asked(counter.note()))
    Appointment.objects.filter(pk=cast.xenia.pk).update(ended_at=NOW())
    assert counter.approve(row, by=cast.lars).release is None
    assert [approval.asked_by for approval in Approval.objects.order_by("asked_at", "pk")] == [cast.xenia, cast.lars]


def test_no_second_officer_decides_on_what_was_refused(counter: Counter) -> None:
    cast = counter.cast
    counter.wants_two()
    record = counter.note()
    actions.refuse(asked=counter.approve(counter.asked(record)), by=cast.lars)
    counter.work()
    approval = Approval.objects.get()
    assert approval.state == Waiting.WITHDRAWN
    with pytest.raises(Refused, match="It is decided: taken back"):
        approvals.approve(approval=approval, by=cast.lars)
    assert not sees(cast.yann, record)


def test_a_later_release_to_the_same_takes_its_place(counter: Counter) -> None:
    """It closes the first one; what was given goes on by it, and is taken back with it."""
    cast, record = counter.cast, counter.note()
    to = To(AudienceKind.AGENCY, agency=cast.b)
    counter.approve(counter.asked(record), to=to)
    later = counter.desk.release(record, to)
    for row in (AskedRecord.objects.get(), AskedRecord.objects.with_words().get()):
        assert row.release.revoked_at is not None
        assert (row.given, row.ended_at, row.words_now, row.chip) == (later, None, "Approved", row.state)
    actions.revoke(asked=row, by=cast.xenia)
    assert not sees(cast.yann, record)
    for row in (AskedRecord.objects.get(), AskedRecord.objects.with_words().get()):
        assert row.words_now == "Taken back"


def test_the_second_officer_declines(counter: Counter) -> None:
    cast = counter.cast
    counter.wants_two()
    record = counter.note()
    row = counter.approve(counter.asked(record))
    assert row.words_now == "Waits for a second officer"
    approvals.decline(approval=Approval.objects.get(), words="Too early.", by=cast.lars)
    assert not sees(cast.yann, record)
    row = AskedRecord.objects.with_words().get()
    assert (row.state, row.words_now) == (Side.OPEN, "Waits for an answer"), "the owner may still answer otherwise"
    counter.approve(row, to=To(AudienceKind.AGENCY, agency=cast.b))
    assert AskedRecord.objects.get().words_now == "Waits for a second officer"


@pytest.mark.parametrize("way", ["withdrawn", "lapsed"])
def test_no_second_officer_decides_on_what_nobody_asks_for_any_more(counter: Counter, way: str) -> None:
    cast = counter.cast
    counter.wants_two()
    record = counter.note()
    row = counter.approve(counter.asked(record))
    counter.work()
    assert alerted(approvals.ASKED) == ["ada", "anton", "lars"]
    if way == "withdrawn":
        actions.withdraw(request=row.request, by=cast.yann)
        counter.work()
    else:
        counter.lapse()
    approval = Approval.objects.get()
    assert (approval.state, approval.decided_by) == (Waiting.WITHDRAWN, None)
    assert AskedRecord.objects.get().state == Side.CLOSED
    assert not Alert.objects.filter(kind=approvals.ASKED, superseded_at=None, done_at=None).exists()
    with pytest.raises(Refused, match="It is decided: taken back"):
        approvals.approve(approval=approval, by=cast.lars)
    assert not sees(cast.yann, record)
    entry = Entry.objects.filter(verb="release.take_back").get()
    assert (entry.officer_id, entry.data["approval"]) == (None, str(approval.pk))


def test_a_second_officer_still_decides_on_what_another_request_waits_for(counter: Counter) -> None:
    cast = counter.cast
    counter.wants_two()
    record = counter.note()
    to = To(AudienceKind.AGENCY, agency=cast.b)
    first = counter.approve(counter.asked(record), to=to)
    counter.approve(counter.asked(record, by=cast.yara), to=to)
    actions.withdraw(request=first.request, by=cast.yann)
    counter.work()
    approvals.approve(approval=Approval.objects.get(), by=cast.lars)
    assert [row.state for row in AskedRecord.objects.order_by("pk")] == [Side.CLOSED, Side.APPROVED]


def test_a_clearance_below_it_is_not_the_owners_to_know(counter: Counter) -> None:
    cast = counter.cast
    low = make_appointment("yrsa", cast.b, Role.LIAISON_OFFICER, clearance=0)
    row = counter.asked(counter.note(), by=low)
    answers = answers_to(row, cast.xenia, NOW())
    assert answers.offers.fits
    assert "clearance" not in " ".join([*answers.missing, *(offer.words for offer in answers.offers.fits)]).lower()
    counter.approve(row)
    assert not sees(low, row.record)


def test_suspension_closes_what_was_given(counter: Counter) -> None:
    cast, record = counter.cast, counter.note()
    counter.approve(counter.asked(record))
    suspend(cast)
    assert not sees(cast.yann, record)


def test_successors_ask_and_answer(counter: Counter) -> None:
    """R30: what was the predecessor's is found at the successor, and who went along reads on."""
    cast, record, other = counter.cast, counter.note(), counter.note()
    row = counter.asked(record)
    heir = make_agency("XX", "Successor of X1", "NEW")
    succeed(cast.a1, heir)
    xenia, lars = held(cast)["xenia"], held(cast)["lars"]
    assert waiting_for(access(xenia, NOW())) == 1
    counter.approve(AskedRecord.objects.with_words().get(pk=row.pk), by=xenia)
    assert sees(cast.yann, record)
    # Asked of the successor, by the old reference.
    row = counter.asked(other, agency=heir)
    assert row.record == other
    succeed(cast.b, make_agency("YY", "Successor of Y1", "NEWB"))
    yann = held(cast)["yann"]
    assert AccessRequest.objects.visible_to(access(yann, NOW())).count() == 2
    row = AskedRecord.objects.with_words().get(pk=row.pk)
    offer = answers_to(row, lars, NOW()).offers.fits[0]
    assert offer.to.appointment == yann
    counter.approve(row, by=lars, to=offer.to)
    assert sees(yann, other)
