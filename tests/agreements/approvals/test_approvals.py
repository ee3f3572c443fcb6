"""Two-person release (R20): above what the agency sets, a second officer approves each release."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory import actions as directory
from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.approvals import actions
from agreements.approvals.choices import State
from agreements.approvals.models import Approval
from agreements.onward import actions as onward
from agreements.register.choices import Onward, Purpose
from agreements.register.models import Clause
from agreements.sharing.actions import circles, releases
from agreements.sharing.actions.held import release_held
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.holding import held_of
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.outbox.sweeping import sweep
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, api_as, desk, note_kind, sees
from tests.conftest import Cast, make_appointment, make_treaty

__all__ = ["api_as", "desk", "note_kind"]
NOW = timezone.now


@pytest.fixture
def two(desk: Desk) -> Desk:
    """a1 wants a second officer for everything above UNCLASSIFIED."""
    Agency.objects.filter(pk=desk.cast.a1.pk).update(second_officer_above=0)
    for person in desk.cast.everybody:
        person.agency.refresh_from_db()
    return desk


def ask(desk: Desk, record: Record, by: Appointment | None = None, **values: Any) -> Approval:
    terms = {
        "to": To(AudienceKind.AGENCY, agency=desk.cast.b),
        "clause": desk.cast.art7,
        "purpose": Purpose.COORDINATION,
        **values,
    }
    return actions.ask(record=record, by=by or desk.cast.xenia, **terms)


def alerted(kind: str) -> list[str]:
    while sweep():
        pass
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def test_one_alone_releases_nothing(two: Desk) -> None:
    record = two.note()
    with pytest.raises(Refused) as refused:
        two.release(record)
    assert refused.value.code == releases.SECOND
    with pytest.raises(Refused):
        releases.release(
            record=record, to=To(AudienceKind.AGENCY, agency=two.cast.b), clause=two.cast.art7,
            purpose=Purpose.COORDINATION, by=two.cast.xenia, second=two.cast.xenia,
        )  # fmt: skip
    assert not sees(two.cast.yann, record)


def test_two_do(two: Desk) -> None:
    cast, record = two.cast, two.note()
    row = ask(two, record)
    assert not sees(cast.yann, record)
    assert alerted(actions.ASKED) == ["ada", "anton", "lars"]
    actions.approve(approval=row, by=cast.lars)
    assert sees(cast.yann, record)
    release = Release.objects.get(clause__isnull=False)
    assert (release.released_by, release.approved_by) == (cast.xenia, cast.lars)
    assert alerted(actions.DECIDED) == ["xenia"]
    assert not Alert.objects.filter(kind=actions.ASKED, done_at=None).exists()
    entry = Entry.objects.get(verb="record.release")
    assert entry.data["approved_by"] == str(cast.lars.pk)


def test_below_the_bound_one_is_enough(two: Desk) -> None:
    record = two.note(classification=0)
    with pytest.raises(Refused, match="No second officer is needed"):
        ask(two, record)
    two.release(record)
    assert sees(two.cast.yann, record)
    # Another agency's rule is its own.
    theirs = two.note(by=two.cast.yann)
    two.release(theirs, To(AudienceKind.AGENCY, agency=two.cast.a1), by=two.cast.yann)


def test_who_may_not_approve(two: Desk) -> None:
    cast, record = two.cast, two.note()
    row = ask(two, record)
    other_post = Appointment.objects.create(
        officer=cast.xenia.officer, agency=cast.a1, role=Role.ANALYST, clearance=3,
        starts_on=timezone.localdate() - timedelta(days=9),
    )  # fmt: skip
    for by in (cast.xenia, other_post, cast.arno, cast.tara, cast.aldo, cast.yara, cast.zoe):
        with pytest.raises(Refused):
            actions.approve(approval=row, by=by)
    secret = two.note(by=cast.ada, classification=2)
    Clause.objects.filter(pk=cast.art7.pk).update(ceiling=3)
    high = ask(two, secret, by=cast.ada)
    with pytest.raises(Refused) as refused:
        actions.approve(approval=high, by=cast.anton)
    assert refused.value.code == "not_found"


def test_declined_with_a_reason_and_taken_back(two: Desk) -> None:
    cast, record = two.cast, two.note()
    row = ask(two, record)
    with pytest.raises(Refused) as refused:
        actions.decline(approval=row, words=" ", by=cast.lars)
    assert refused.value.field == "words"
    actions.decline(approval=row, words="Names a source.", by=cast.lars)
    with pytest.raises(Refused):
        actions.approve(approval=row, by=cast.lars)
    again = ask(two, record)
    for by in (cast.lars, cast.yara):
        with pytest.raises(Refused):
            actions.take_back(approval=again, by=by)
    actions.take_back(approval=again, by=cast.xenia)
    assert Approval.objects.get(pk=again.pk).state == State.WITHDRAWN
    assert not sees(cast.yann, record)


def test_asked_twice_waits_once(two: Desk) -> None:
    record = two.note()
    assert ask(two, record).pk == ask(two, record).pk
    assert Approval.objects.count() == 1


def test_what_would_be_refused_is_refused_when_asked_and_when_approved(two: Desk) -> None:
    cast, record = two.cast, two.note()
    with pytest.raises(Refused, match="Nobody could read it"):
        ask(two, record, to=To(AudienceKind.AGENCY, agency=cast.c))
    with pytest.raises(Refused, match="does not travel"):
        ask(two, record, to=To(AudienceKind.ALL_PARTIES))
    row = ask(two, record)
    Record.objects.filter(pk=record.pk).update(tlp=4)
    with pytest.raises(Refused):
        actions.approve(approval=row, by=cast.lars)
    assert Approval.objects.get(pk=row.pk).state == State.WAITING
    Record.objects.filter(pk=record.pk).update(tlp=2)
    Appointment.objects.filter(pk=cast.xenia.pk).update(ended_at=NOW())
    with pytest.raises(Refused, match="holds the appointment no more"):
        actions.approve(approval=row, by=cast.lars)


def test_a_standing_order_releases_nothing_that_needs_two(two: Desk) -> None:
    Agency.objects.filter(pk=two.cast.a1.pk).update(second_officer_above=None)
    two.cast.xenia.agency.refresh_from_db()
    operation = two.operation()
    two.order(operation)
    Agency.objects.filter(pk=two.cast.a1.pk).update(second_officer_above=0)
    two.cast.xenia.agency.refresh_from_db()
    record = two.note(operation=operation)
    assert not sees(two.cast.yann, record)
    found = held_of(access(two.cast.xenia, NOW()), None, NOW())
    row = next(item for item in found.rows if item.record == record)
    assert "second officer" in row.missing
    with pytest.raises(Refused):
        release_held(rows=[row], by=two.cast.xenia)


def test_an_invitation_stands_on_a_release_by_two(two: Desk) -> None:
    cast = two.cast
    record = two.note()
    circle = circles.open_circle(record=record, kind="operation", by=cast.xenia)
    terms: dict[str, Any] = {"circle": circle, "agency": cast.b, "clause": cast.art7, "purpose": Purpose.COORDINATION}
    with pytest.raises(Refused, match="release it to Y1 first"):
        circles.invite(by=cast.xenia, **terms)
    actions.approve(approval=ask(two, record), by=cast.lars)
    assert circles.invite(by=cast.xenia, **terms).agency == cast.b


def test_what_is_passed_on_needs_two_as_well(desk: Desk) -> None:
    cast = desk.cast
    Clause.objects.filter(pk=cast.art7.pk).update(onward=Onward.FREE)
    art9 = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9",
    )  # fmt: skip
    record = desk.note()
    via = desk.release(record)
    Agency.objects.filter(pk=cast.b.pk).update(second_officer_above=0)
    for who in (cast.yara, cast.yann):
        who.agency.refresh_from_db()
    terms: dict[str, Any] = {
        "to": To(AudienceKind.AGENCY, agency=cast.c),
        "clause": art9,
        "purpose": Purpose.COORDINATION,
    }
    with pytest.raises(Refused) as refused:
        onward.pass_on(record=record, by=cast.yara, **terms)
    assert refused.value.code == releases.SECOND
    row = actions.ask(record=record, by=cast.yara, via=via, **terms)
    actions.approve(approval=row, by=cast.yann)
    assert sees(cast.zoe, record)
    assert Release.objects.get(via__isnull=False).approved_by == cast.yann


def test_the_pages(two: Desk, as_: Any) -> None:
    cast, record = two.cast, two.note()
    xenia, lars = as_(cast.xenia), as_(cast.lars)
    url = reverse("sharing:record-release", args=[record.pk])
    shown = xenia.get(url)
    value = next(v for _, group in shown.context["offers"].choices() for v, words in group if words == "Y1 (YY)")
    sent = {"to": value, "purpose": "coordination"}
    previewed = xenia.post(url, sent)
    assert "Ask a second officer" in previewed.content.decode()
    other = xenia.post(url, {**sent, "previewed": "another choice"})
    assert "changed after the preview: nothing is done yet" in other.content.decode()
    assert "after the preview" not in previewed.content.decode()
    assert xenia.post(url, {**sent, "previewed": previewed.context["previewed"]}).status_code == 302
    assert not sees(cast.yann, record)
    row = Approval.objects.get()
    assert "release waits for a second officer" in lars.get("/").content.decode()
    assert "waits for a second officer" not in xenia.get("/").content.decode()
    assert record.title in lars.get(reverse("approvals:approval-list"), {"state": "waiting"}).content.decode()
    detail = reverse("approvals:approval-detail", args=[row.pk])
    assert "Approve and release" in lars.get(detail).content.decode()
    assert "Approve and release" not in xenia.get(detail).content.decode()
    assert xenia.post(reverse("approvals:approval-approve", args=[row.pk])).status_code == 403
    lars.post(reverse("approvals:approval-decline", args=[row.pk]), {"words": ""})
    assert Approval.objects.get().state == State.WAITING
    assert lars.post(reverse("approvals:approval-approve", args=[row.pk])).status_code == 302
    assert sees(cast.yann, record)


def test_nobody_else_finds_it(two: Desk, as_: Any) -> None:
    cast, record = two.cast, two.note()
    row = ask(two, record)
    for who in (cast.yara, cast.zoe, cast.aldo):
        client = as_(who)
        assert record.title not in client.get(reverse("approvals:approval-list")).content.decode()
        for key in (row.pk, new_key()):
            assert client.get(reverse("approvals:approval-detail", args=[key])).status_code == 404
            assert client.post(reverse("approvals:approval-approve", args=[key])).status_code == 404


def test_the_api(two: Desk, api_as: Any) -> None:
    cast, record = two.cast, two.note()
    xenia, lars = api_as(cast.xenia), api_as(cast.lars)
    body = {"audience": "agency", "agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    refused = xenia.send("POST", f"/records/{record.pk}/releases/", body)
    assert refused.status_code in (409, 422)
    assert "second officer" in refused.json()["detail"]
    made = xenia.send("POST", "/approvals/", {**body, "record": str(record.pk)})
    assert made.status_code == 201, made.content
    url = f"/approvals/{made.json()['id']}/"
    assert lars.get(f"/api/v1{url}preview/").json()["gained"][0]["agency"]["acronym"] == "Y1"
    assert xenia.send("POST", f"{url}approve/").status_code == 403
    assert api_as(cast.zoe).send("POST", f"{url}approve/").status_code == 404
    assert lars.send("POST", f"{url}approve/").json()["state"] == "approved"
    assert sees(cast.yann, record)


def test_the_agency_sets_its_rule(cast: Cast, as_: Any) -> None:
    amina = make_appointment("amina", cast.a1, Role.AGENCY_ADMIN)
    url = reverse("directory:agency-rule", args=[cast.a1.pk])
    assert as_(cast.xenia).get(url).status_code == 403
    client = as_(amina)
    version = client.get(url).context["form"].initial["version"]
    assert client.post(url, {"above": "1", "version": version}).status_code == 302
    cast.a1.refresh_from_db()
    assert cast.a1.second_officer_above == 1
    assert "This was changed" in client.post(url, {"above": "", "version": version}).content.decode()
    page = reverse("directory:agency-detail", args=[cast.a1.pk])
    assert "Above RESTRICTED" in as_(cast.lars).get(page).content.decode()
    assert "Above RESTRICTED" not in as_(cast.yann).get(page).content.decode()
    with pytest.raises(Refused):
        directory.set_second_officer(agency=cast.b, above=None, by=amina)
    there = f"/api/v1/agencies/{cast.a1.pk}/"
    etag = client.get(there)["ETag"]
    answer = client.patch(there, {"second_officer_above": None}, content_type="application/json", HTTP_IF_MATCH=etag)
    assert answer.status_code == 200
    assert answer.json()["second_officer_above"] is None
