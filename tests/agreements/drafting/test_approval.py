"""The second officer and the day: who may, what makes it void, and what goes out (R22)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.drafting import actions
from agreements.drafting.actions import going
from agreements.drafting.models import Submission
from agreements.register import actions as register
from agreements.register.choices import ActionKind
from agreements.register.models import Agreement, Clause
from portal.audit.models import Entry
from portal.outbox import due, messages
from portal.outbox.models import Due
from portal.ui.errors import Refused
from tests.agreements.drafting.conftest import Desk, alerted, days, soon
from tests.conftest import Cast, make_agency, make_appointment


def state(row: Submission) -> str:
    row.refresh_from_db()
    return row.state


def put(row: Agreement) -> bool:
    return Agreement.objects.get(pk=row.pk).registered_at is not None


def fire(at: datetime) -> None:
    """The sweep, at that instant."""
    due.fire(at)
    for message in messages.Message.objects.waiting():
        messages.dispatch(message.pk)


def test_two_officers_put_it_to_the_parties(desk: Desk) -> None:
    cast, asked = desk.cast, desk.asked(note="As agreed")
    row = asked.agreement
    assert alerted("drafting.asked") == ["tilda"]
    assert not put(row)
    actions.approve(submission=asked, by=desk.tilda)
    assert (state(asked), put(row)) == ("put", True)
    assert (asked.asked_by, asked.decided_by) == (cast.tara, desk.tilda)
    assert alerted("drafting.put") == ["tara", "tilda"]
    # The other party is asked, and nothing works before it answers (R22).
    assert alerted("register.registered") == ["yusuf"]
    clause = Clause.objects.get(agreement=row)
    assert (clause.recorded_by, clause.recorded_for_id) == (cast.tara, "XX")
    row.refresh_from_db()
    assert len(register.outstanding(row, "YY")) == 6
    entry = Entry.objects.get(verb="agreement.put_to_parties")
    assert entry.data["approved_by"] == str(desk.tilda.pk)


def test_who_may_not_approve(desk: Desk) -> None:
    cast, asked = desk.cast, desk.asked()
    row = asked.agreement
    other_post = Appointment.objects.create(
        officer=cast.tara.officer, agency=cast.a1, role=Role.TREATY_ADMIN, clearance=2,
        starts_on=timezone.localdate() - timedelta(days=9),
    )  # fmt: skip
    actions.share(agreement=row, by=cast.tara, agency=cast.b)
    assert state(asked) == "waiting"
    for by in (cast.tara, other_post, cast.xenia, cast.arno, cast.aldo, cast.yusuf, cast.yara, cast.zeno):
        with pytest.raises(Refused) as refused:
            actions.approve(submission=asked, by=by)
        assert refused.value.code in ("forbidden", "not_found"), by
        with pytest.raises(Refused):
            actions.send_back(submission=asked, by=by, words="No")
        if by.officer_id != cast.tara.officer_id:
            with pytest.raises(Refused):
                actions.take_back(submission=asked, by=by)
    # Nor does anybody go round it.
    for by in (cast.tara, desk.tilda):
        with pytest.raises(Refused) as refused:
            register.put_to_parties(agreement=row, by=by)
        assert refused.value.code == "second_officer"
        with pytest.raises(Refused):
            register.put_to_parties(agreement=row, by=by, second=by)
        with pytest.raises(Refused):
            register.put_to_parties(agreement=row, by=by, second=cast.yusuf)
        with pytest.raises(Refused, match="second officer"):
            register.register(
                by=by, title="T", short_name="T", kind="treaty", parties=[cast.a1.country, cast.b.country]
            )
    assert not put(row)


def test_over_the_api_nobody_goes_round_it(desk: Desk, api_as: Any) -> None:
    row, client = desk.filled(), api_as(desk.cast.tara)
    answer = client.send("POST", f"agreements/{row.pk}/put/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:entente:problem:second_officer")
    body = {"title": "T", "short_name": "T", "kind": "treaty", "parties": ["XX", "YY"]}
    assert client.send("POST", "agreements/", body).status_code == 409
    assert client.send("POST", "agreements/", {**body, "draft": True}).status_code == 201


def test_a_second_officer_elsewhere_in_the_state(cast: Cast) -> None:
    """Another agency's treaty admin may approve once that agency is invited, and nobody else is needed."""
    other = make_agency("XX", "Ministry of X", "M1", "ministry")
    mina = make_appointment("mina", other, Role.TREATY_ADMIN)
    desk = Desk(cast, mina)
    row = desk.filled()
    with pytest.raises(Refused, match="Share it with the agency of one first"):
        desk.asked(row)
    actions.share(agreement=row, by=cast.tara, agency=other)
    asked = desk.asked(row)
    assert alerted("drafting.asked") == ["mina"]
    actions.approve(submission=asked, by=mina)
    assert put(row)


def test_a_state_with_one_officer_acts_alone_and_it_is_written_down(cast: Cast) -> None:
    desk = Desk(cast, cast.tara)
    asked = desk.asked()
    assert (state(asked), asked.decided_by, put(asked.agreement)) == ("put", None, True)
    assert Entry.objects.get(verb="draft.ask").data["alone"] is True


def test_a_second_officer_who_comes_meanwhile_is_needed(cast: Cast) -> None:
    desk = Desk(cast, cast.tara)
    asked = desk.asked(put_on=soon())
    assert state(asked) == "approved"
    make_appointment("tilda", cast.a1, Role.TREATY_ADMIN)
    fire(asked.put_at + timedelta(minutes=1) if asked.put_at else timezone.now())
    Submission.objects.filter(pk=asked.pk).update(put_on=timezone.localdate())
    going.activate({"submission": str(asked.pk)})
    assert (state(asked), put(asked.agreement)) == ("void", False)
    assert "second officer" in asked.words


def test_sent_back_with_a_reason(desk: Desk) -> None:
    asked = desk.asked()
    with pytest.raises(Refused) as refused:
        actions.send_back(submission=asked, by=desk.tilda, words="  ")
    assert refused.value.field == "words"
    actions.send_back(submission=asked, by=desk.tilda, words="§ 2 has no end")
    assert (state(asked), asked.words, asked.decided_by) == ("sent_back", "§ 2 has no end", desk.tilda)
    assert alerted("drafting.sent_back") == ["tara"]
    with pytest.raises(Refused):
        actions.approve(submission=asked, by=desk.tilda)
    again = desk.asked(asked.agreement)
    assert state(again) == "waiting"


def test_taken_back(desk: Desk) -> None:
    asked = desk.asked()
    assert alerted("drafting.asked") == ["tilda"]
    with pytest.raises(Refused, match="asked for already"):
        desk.asked(asked.agreement)
    with pytest.raises(Refused):
        actions.take_back(submission=asked, by=desk.tilda)
    actions.take_back(submission=asked, by=desk.cast.tara)
    assert state(asked) == "withdrawn"
    assert alerted("drafting.asked") == ["tilda"]
    assert not Alert.objects.filter(kind="drafting.asked", done_at=None).exists()
    with pytest.raises(Refused):
        actions.approve(submission=asked, by=desk.tilda)


EDITS: dict[str, Any] = {
    "name": lambda desk, row: actions.save_name(agreement=row, by=desk.tilda, summary="New"),
    "party": lambda desk, row: actions.add_party(agreement=row, by=desk.cast.tara, country=Country.objects.get(pk="ZZ")),
    "dates": lambda desk, row: actions.save_dates(agreement=row, by=desk.cast.tara, days=days(notice_months=3)),
    "article": lambda desk, row: desk.article(row, "§ 9"),
    "terms": lambda desk, row: actions.set_terms(clause=row.clauses.get(), by=desk.tilda, ceiling=3),
    "register": lambda desk, row: register.record_action(
        agreement=row, by=desk.cast.tara, kind=ActionKind.DECLARATION, country=desk.cast.a1.country, done_on=days().in_force_on
    ),
    "agency": lambda desk, row: actions.unname_agency(
        designation=row.designations.select_related("agreement")[0], by=desk.tilda
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", sorted(EDITS))
@pytest.mark.parametrize("approved", [False, True])
def test_an_edit_makes_it_void(desk: Desk, edit: str, approved: bool) -> None:
    asked = desk.asked(put_on=soon() if approved else None)
    row = asked.agreement
    if approved:
        actions.approve(submission=asked, by=desk.tilda)
        assert Due.objects.filter(cancelled_at=None).count() == 1
    EDITS[edit](desk, row)
    assert state(asked) == "void"
    assert "changed" in asked.words
    assert not Due.objects.filter(cancelled_at=None).exists()
    assert "tara" in alerted("drafting.void") or asked.ended_by == desk.cast.tara
    with pytest.raises(Refused):
        actions.approve(submission=asked, by=desk.tilda)
    fire(timezone.now() + timedelta(days=9))
    assert not put(row)


def test_looking_sharing_and_marking_void_nothing(desk: Desk) -> None:
    asked = desk.asked()
    row = asked.agreement
    actions.mark(agreement=row, by=desk.tilda, task="dates", done=True)
    actions.save_dates(agreement=row, by=desk.tilda, days=days())
    actions.save_name(agreement=row, by=desk.tilda, short_name=row.short_name)
    actions.share(agreement=row, by=desk.cast.tara, agency=desk.cast.b)
    assert state(asked) == "waiting"


def test_a_change_that_nobody_told_of_is_found_when_it_is_approved(desk: Desk) -> None:
    """What goes out is compared with what was asked for, whatever door wrote it."""
    asked = desk.asked()
    Clause.objects.filter(agreement=asked.agreement).update(ceiling=4)
    actions.approve(submission=asked, by=desk.tilda)
    assert (state(asked), put(asked.agreement)) == ("void", False)


def test_goes_out_on_its_day_and_once(desk: Desk) -> None:
    asked, cast = desk.asked(put_on=soon()), desk.cast
    row = asked.agreement
    actions.approve(submission=asked, by=desk.tilda)
    armed = Due.objects.get()
    assert armed.fire_at == asked.put_at
    assert armed.fire_at.astimezone(row.zone).strftime("%H:%M") == "00:00"
    assert (armed.zone, armed.kind) == ("Europe/Zurich", "drafting.activate")
    assert alerted("drafting.approved") == ["tara"]
    fire(armed.fire_at - timedelta(seconds=1))
    assert not put(row)
    # A message that comes early does nothing.
    going.activate({"submission": str(asked.pk)})
    assert not put(row)
    Submission.objects.filter(pk=asked.pk).update(put_on=timezone.localdate())
    for _ in range(3):
        fire(armed.fire_at)
        going.activate({"submission": str(asked.pk)})
    assert (state(asked), put(row)) == ("put", True)
    assert Entry.objects.filter(verb="agreement.put_to_parties").count() == 1
    assert alerted("register.registered") == ["yusuf"]
    assert cast.tara.pk == asked.asked_by_id


def test_stopped_before_its_day(desk: Desk) -> None:
    asked = desk.asked(put_on=soon())
    with pytest.raises(Refused):
        actions.cancel(submission=asked, by=desk.cast.tara)
    actions.approve(submission=asked, by=desk.tilda)
    with pytest.raises(Refused):
        actions.cancel(submission=asked, by=desk.cast.yusuf)
    actions.cancel(submission=asked, by=desk.cast.tara)
    assert state(asked) == "cancelled"
    assert alerted("drafting.cancelled") == ["tilda"]
    fire(timezone.now() + timedelta(days=30))
    assert not put(asked.agreement)


def test_another_day_or_now(desk: Desk) -> None:
    asked = desk.asked(put_on=soon())
    with pytest.raises(Refused):
        actions.schedule(submission=asked, by=desk.cast.tara, put_on=None)
    actions.approve(submission=asked, by=desk.tilda)
    later = soon() + timedelta(days=30)
    actions.schedule(submission=asked, by=desk.tilda, put_on=later)
    fire(timezone.now() + timedelta(days=5))
    assert (state(asked), asked.put_on) == ("approved", later)
    with pytest.raises(Refused) as refused:
        actions.schedule(submission=asked, by=desk.tilda, put_on=timezone.localdate() - timedelta(days=2))
    assert refused.value.field == "put_on"
    actions.schedule(submission=asked, by=desk.cast.tara, put_on=None)
    assert put(asked.agreement)


def test_who_left_meanwhile_puts_nothing(desk: Desk) -> None:
    asked = desk.asked(put_on=soon())
    actions.approve(submission=asked, by=desk.tilda)
    Appointment.objects.filter(pk=desk.tilda.pk).update(ended_at=timezone.now())
    Submission.objects.filter(pk=asked.pk).update(put_on=timezone.localdate())
    going.activate({"submission": str(asked.pk)})
    assert (state(asked), put(asked.agreement)) == ("void", False)
    assert alerted("drafting.void") == ["tara"]


def test_what_is_missing_cannot_be_asked_for(desk: Desk) -> None:
    row = desk.start()
    with pytest.raises(Refused) as refused:
        desk.asked(row)
    assert "Add at least one article." in refused.value.reasons
    with pytest.raises(Refused) as refused:
        desk.asked(desk.filled("Other"), put_on=timezone.localdate() - timedelta(days=2))
    assert refused.value.field == "put_on"


def test_thrown_away_while_armed(desk: Desk) -> None:
    asked = desk.asked(put_on=soon())
    actions.approve(submission=asked, by=desk.tilda)
    register.delete_draft(agreement=asked.agreement, by=desk.cast.tara)
    assert not Due.objects.filter(cancelled_at=None).exists()
    going.activate({"submission": str(asked.pk)})
    assert not Agreement.objects.filter(pk=asked.agreement_id).exists()


def test_the_pages_of_it(desk: Desk, as_: Any) -> None:
    row, cast = desk.filled(), desk.cast
    first, second = as_(cast.tara), as_(desk.tilda)
    check, detail = reverse("drafting:check", args=[row.pk]), reverse("drafting:draft-detail", args=[row.pk])
    assert "It is approved by one of" in first.get(check).content.decode()
    said = first.post(
        reverse("drafting:ask", args=[row.pk]), {"put_on": soon().isoformat(), "note": "Please"}, follow=True
    )
    assert "Asked. A colleague is told" in said.content.decode()
    asked = Submission.objects.get()
    assert "Read and decide" in second.get(detail).content.decode()
    assert "Approve" in second.get(check).content.decode()
    assert "Take it back" in first.get(detail).content.decode()
    back = reverse("drafting:submission-send-back", args=[asked.pk])
    assert "This field is required" in second.post(back, {"words": ""}).content.decode()
    assert first.post(reverse("drafting:submission-approve", args=[asked.pk])).status_code == 403
    said = second.post(reverse("drafting:submission-approve", args=[asked.pk]), follow=True)
    assert "It goes to the parties on" in said.content.decode()
    assert "Stop it" in first.get(detail).content.decode()
    said = first.post(reverse("drafting:submission-schedule", args=[asked.pk]), {"put_on": "2001-01-01"})
    assert "This day is over" in said.content.decode()
    said = first.post(reverse("drafting:submission-schedule", args=[asked.pk]), {"put_on": ""}, follow=True)
    assert said.redirect_chain[-1][0] == reverse("register:agreement-detail", args=[row.pk])
    assert "Put to the parties. Each of them confirms it now." in said.content.decode()
    assert first.get(check).status_code == 404
    for who in (cast.yusuf, cast.zeno):
        assert as_(who).post(reverse("drafting:submission-cancel", args=[asked.pk])).status_code == 404
