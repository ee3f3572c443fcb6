"""What would lose or gain its legal basis, and what ends with an agency's part (R28): as it is then."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.register import actions, foresight
from agreements.register.choices import ActionKind
from agreements.register.models import Designation, TreatyAction
from agreements.sharing.models import Participation, Record
from agreements.sharing.policy import access
from operations.meetings import actions as meetings
from operations.meetings.actions import Invitee
from operations.planning.actions import invitations
from operations.planning.basis import basis_holds
from operations.planning.models import Operation
from portal.audit.models import Entry
from tests.conftest import Cast, make_appointment

Found = dict[str, tuple[int, int]]


def suspending(cast: Cast, by: Appointment, **values: Any) -> Any:
    terms = {"kind": ActionKind.SUSPENSION, "done_on": timezone.localdate(), "country": by.agency.country, **values}
    return lambda: actions.record_action(agreement=cast.art7.agreement, by=by, **terms)


def foreseen(cast: Cast, by: Appointment, step: Any) -> foresight.Foreseen:
    return foresight.foresee(agreement=cast.art7.agreement, by=by, step=step)


def footings(found: foresight.Foreseen) -> Found:
    return {row.words: (row.lost, row.gained) for row in found.footings}


def running(cast: Cast) -> Operation:
    return Operation.objects.live().with_basis().get(record__circle__participations__agency=cast.b)


def test_operations_and_patrols_that_lose_their_basis_are_counted_for_both_parties(
    cast: Cast, world: list[Record]
) -> None:
    row, told = running(cast), {"Operations": (1, 0), "Patrols": (2, 0)}
    step = suspending(cast, cast.yusuf)
    for by in (cast.yusuf, cast.tara):
        own = step if by == cast.yusuf else suspending(cast, cast.tara)
        found = footings(foreseen(cast, by, own))
        assert {key: found[key] for key in told} == told
    assert basis_holds(row, timezone.now(), [cast.b]).holds
    step()
    assert not basis_holds(row, timezone.now(), [cast.b]).holds


def test_what_an_operation_stands_on_comes_back_with_the_other_sides_word(cast: Cast, world: list[Record]) -> None:
    suspension = suspending(cast, cast.yusuf)()
    lift = lambda: actions.record_action(  # noqa: E731
        agreement=cast.art7.agreement, by=cast.yusuf, kind=ActionKind.LIFTING, done_on=timezone.localdate(),
        country=cast.b.country, lifts=suspension,
    )  # fmt: skip
    assert footings(foreseen(cast, cast.yusuf, lift)) == {}
    asked = foresight.foresee(agreement=cast.art7.agreement, by=cast.yusuf, step=lift, confirmed=True)
    assert asked.confirmed
    assert footings(asked)["Operations"] == (0, 1)
    assert not TreatyAction.objects.filter(kind=ActionKind.LIFTING).exists()


def test_a_third_party_is_told_of_nobodys_operation(cast: Cast, world: list[Record]) -> None:
    agreement = cast.art7.agreement
    agreement.parties.create(country=cast.c.country)
    found = foresight.foresee(
        agreement=agreement, by=cast.zeno,
        step=lambda: actions.record_action(
            agreement=agreement, by=cast.zeno, kind=ActionKind.DENUNCIATION, done_on=timezone.localdate(),
            effective_on=timezone.localdate(), country=cast.c.country,
        ),
    )  # fmt: skip
    assert found.footings == []


def test_a_meeting_is_named_to_who_may_see_it_and_disclosed(cast: Cast, as_: Any) -> None:
    """A treaty admin of the caller reads of the meeting; the page says so in the ledger and under its marking."""
    now = timezone.now()
    meeting = meetings.call(
        by=cast.xenia, title="Yearly review", agreement=cast.art7.agreement, starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=3, hours=1), place="Here", link="", agenda="",
        invitees=[Invitee(cast.b, cast.art7, "coordination")],
    )  # fmt: skip
    meetings.accept_invitation(meeting=meeting, by=cast.yara)
    url = reverse("register:action-create", args=[cast.art7.agreement_id])
    sent = {"kind": "suspension", "done_on": timezone.localdate().isoformat(), "country": "XX"}
    text = as_(cast.tara).post(url, sent).content.decode()
    assert "Yearly review" in text
    assert str(meeting.pk) in str(Entry.objects.filter(verb="record.disclose").latest("seq").records)
    found = foreseen(cast, cast.tara, suspending(cast, cast.tara))
    assert footings(found)["Meetings"] == (1, 0)
    other = make_appointment("tom", cast.a2, Role.TREATY_ADMIN)
    hidden = foreseen(cast, other, suspending(cast, other))
    assert footings(hidden)["Meetings"] == (1, 0)
    assert [row.losing for row in hidden.footings if row.words == "Meetings"] == [()]


def test_withdrawing_a_designation_says_first_what_it_closes(
    cast: Cast, world: list[Record], as_: Any, api_as: Any
) -> None:
    row = Designation.objects.get(agreement=cast.art7.agreement, agency=cast.b)
    url = reverse("register:designation-withdraw", args=[row.pk])
    text = as_(cast.yusuf).post(url).content.decode()
    assert "Articles that close" in text
    assert "lose their legal basis" in text or "loses its legal basis" in text
    row.refresh_from_db()
    assert row.withdrawn_at is None
    path = f"agreements/{row.agreement_id}/designations/{row.pk}/withdraw/what-if/"
    answer = api_as(cast.yusuf).send("POST", path)
    assert answer.status_code == 200, answer.content
    assert {item["kind"]: item["lost"] for item in answer.json()["footings"]}["Operations"] == 1
    assert api_as(cast.zeno).send("POST", path).status_code == 404
    assert api_as(cast.yara).send("POST", path).status_code == 403
    assert as_(cast.tara).post(url).status_code == 403
    assert as_(cast.yusuf).post(url, {"sure": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at


def test_designating_says_what_it_would_open_once_confirmed(cast: Cast, as_: Any, api_as: Any) -> None:
    agreement = cast.art7.agreement
    url = reverse("register:designation-create", args=[agreement.pk])
    sent = {"agency": str(cast.a2.pk), "starts_on": timezone.localdate().isoformat(), "foresee": "1"}
    text = as_(cast.tara).post(url, sent).content.decode()
    assert "once every party has confirmed it" in text
    assert not agreement.designations.filter(agency=cast.a2).exists()
    body = {"agency": str(cast.a2.pk), "starts_on": sent["starts_on"], "clauses": []}
    path = f"agreements/{agreement.pk}/designations/what-if/"
    assert api_as(cast.tara).send("POST", path, body).json()["confirmed"] is False
    assert api_as(cast.tara).send("POST", f"{path}?confirmed=true", body).json()["confirmed"] is True
    assert not agreement.designations.filter(agency=cast.a2).exists()
    assert as_(cast.tara).post(url, {**sent, "sure": "1"}).status_code == 302
    assert agreement.designations.filter(agency=cast.a2).exists()


def lost(cast: Cast, by: Appointment) -> dict[str, int]:
    found = invitations.foresee_end(operation=running(cast), agency=cast.b, by=by)
    return {row.kind: row.lost for row in found}


def seen(who: Appointment) -> set[Any]:
    return set(Record.objects.visible_to(access(who, timezone.now())).values_list("pk", "kind"))


def test_the_end_of_a_part_is_foretold_and_comes_so(cast: Cast, world: list[Record]) -> None:
    told, before = lost(cast, cast.yara), seen(cast.yara) | seen(cast.yann)
    assert told["Operations"] == 1
    assert lost(cast, cast.xenia) == told
    assert Participation.objects.get(agency=cast.b, circle__record=running(cast).record).ended_at is None
    invitations.end_participation(operation=running(cast), agency=cast.b, by=cast.yara)
    gone = before - seen(cast.yara) - seen(cast.yann)
    assert len(gone) == sum(told.values())


def test_the_page_asks_first_and_others_learn_nothing(cast: Cast, world: list[Record], as_: Any, api_as: Any) -> None:
    row = running(cast)
    url = reverse("planning:participation-end", args=[row.pk, cast.b.pk])
    path = f"operations/{row.pk}/participants/{cast.b.pk}/end/what-if/"
    assert "What closes to Y1" in as_(cast.yara).post(url).content.decode()
    assert {item["kind"] for item in api_as(cast.yara).send("GET", path).json()} >= {"Operations"}
    for stranger in (cast.zoe, cast.aldo):
        assert as_(stranger).post(url).status_code == 404
        assert api_as(stranger).send("GET", path).status_code == 404
    assert running(cast)
    assert as_(cast.yara).post(url, {"sure": "1"}).status_code == 302
    assert not Participation.objects.filter(circle__record=row.record, agency=cast.b, ended_at=None).exists()
