from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.directory.models import Country, new_key
from agencies.directory.roles import Role
from agreements.register.choices import Purpose
from agreements.sharing.models import Record
from operations.planning.actions import invitations, operations, team
from operations.planning.basis import basis_holds, reachable
from operations.planning.choices import OperationState
from operations.planning.lifecycle import STEPS
from operations.planning.models import Instruction, Operation
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import make_appointment, make_treaty
from tests.operations.planning.conftest import INSTRUCTIONS, SQUARE, Desk, sees, suspend

ACTIONS = {
    "open": operations.open_operation,
    "close": operations.close_operation,
    "cancel": lambda **v: operations.cancel(reason="Fog", **v),
    "archive": operations.archive,
}
PATHS = {"planned": [], "open": ["open"], "closed": ["open", "close"], "archived": ["open", "close", "archive"]}


def in_state(desk: Desk, state: str) -> Operation:
    row = desk.plan()
    for name in PATHS.get(state, ["cancel"]):
        row = ACTIONS[name](operation=row, by=desk.cast.xenia)
    return row


@pytest.mark.parametrize("name", sorted(STEPS))
@pytest.mark.parametrize("state", [state.value for state in OperationState])
def test_every_step_from_every_state(desk: Desk, state: str, name: str) -> None:
    row = in_state(desk, state)
    assert row.state == state
    step = STEPS[name]
    if state in step.sources:
        assert ACTIONS[name](operation=row, by=desk.cast.xenia).state == step.target
        assert Entry.objects.filter(verb=step.verb, subject_id=str(row.pk)).exists()
        row.circle.refresh_from_db()
        assert (row.circle.closed_at is not None) == (step.target not in ("planned", "open"))
    else:
        with pytest.raises(Refused) as refused:
            ACTIONS[name](operation=row, by=desk.cast.xenia)
        assert refused.value.code == "state"


def test_who_may_not_plan(desk: Desk) -> None:
    for who in (desk.cast.lars, desk.cast.anton, desk.cast.ada, desk.cast.tara):
        with pytest.raises(Refused) as refused:
            desk.plan(by=who)
        assert refused.value.code == "forbidden"


def test_only_usable_clauses_carry_an_operation(desk: Desk) -> None:
    for who in (desk.cast.aldo, desk.cast.zoe):
        with pytest.raises(Refused) as refused:
            desk.plan(by=who)
        assert refused.value.field == "clauses"
    suspend(desk.cast)
    with pytest.raises(Refused) as refused:
        desk.plan()
    assert (refused.value.field, refused.value.code) == ("clauses", "no_basis")


def test_clauses_of_one_agreement(desk: Desk) -> None:
    cast = desk.cast
    other = make_treaty(
        short_name="Second Treaty",
        countries=["XX", "YY"],
        designated=[cast.a1, cast.b],
        recorded_by=cast.tara,
        confirmed_by=[cast.yusuf],
    )
    with pytest.raises(Refused, match="one agreement"):
        desk.plan(clauses=[cast.art7, other])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": timezone.now() - timedelta(days=2)}, "ends_at"),
        (
            {"starts_at": timezone.now() + timedelta(days=9000), "ends_at": timezone.now() + timedelta(days=9001)},
            "starts_at",
        ),
        ({"purpose": Purpose.SAFETY}, "purpose"),
        ({"classification": 2}, "classification"),
        ({"clauses": []}, "clauses"),
    ],
)
def test_what_cannot_be_planned(desk: Desk, values: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.plan(**values)
    assert refused.value.field == field
    assert not Record.objects.exists()


def test_host_state_is_a_party(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.plan(host_state=Country.objects.get(pk="ZZ"))
    assert refused.value.field == "host_state"


def test_sent_twice_makes_one(desk: Desk) -> None:
    key = new_key()
    assert desk.plan(key=key).pk == desk.plan(key=key).pk == key
    assert Operation.objects.count() == 1
    # A key that somebody else's record has is not told: another one is taken.
    assert desk.plan(by=make_appointment("xaver", desk.cast.a1, Role.COMMANDER), key=key).pk != key


def test_the_author_commands_and_the_middle_of_the_area_is_its_point(desk: Desk) -> None:
    row = desk.plan()
    record = Record.objects.get(pk=row.pk)
    assert (record.latitude, record.longitude) == pytest.approx((47.65, 9.1))
    assert row.circle.participations.get().assignments.get().role == "commander"
    assert record.operation_id is None


def test_invitation_reaches_the_agency_and_nobody_else(desk: Desk) -> None:
    cast, row = desk.cast, desk.plan()
    assert not sees(cast.yara, row)
    desk.invite(row)
    assert sees(cast.yara, row)
    assert sees(cast.yann, row)
    for who in (cast.zoe, cast.aldo, cast.zeno, cast.tara):
        assert not sees(who, row)


def test_no_invitation_without_a_channel(desk: Desk) -> None:
    row = desk.plan()
    for agency in (desk.cast.c, desk.cast.a2):
        with pytest.raises(Refused) as refused:
            desk.invite(row, agency)
        assert refused.value.code == "no_basis"
        assert refused.value.reasons
    with pytest.raises(Refused):
        desk.invite(row, desk.cast.a1)
    assert row.circle.participations.count() == 1


def test_who_may_not_invite(desk: Desk) -> None:
    row = desk.joined()
    for who in (desk.cast.yara, desk.cast.lars, desk.cast.zoe):
        with pytest.raises(Refused) as refused:
            desk.invite(row, by=who)
        assert refused.value.code == "forbidden"


def test_accepting_brings_an_own_copy(desk: Desk) -> None:
    cast, row = desk.cast, desk.plan()
    with pytest.raises(Refused):
        invitations.accept_invitation(operation=row, by=cast.yara)
    desk.invite(row)
    with pytest.raises(Refused):
        invitations.accept_invitation(operation=row, by=cast.zoe)
    invitations.accept_invitation(operation=row, by=cast.yann)
    invitations.accept_invitation(operation=row, by=cast.yann)
    copy = Instruction.objects.get()
    assert (copy.text, copy.record.owner, copy.operation_record_id) == (INSTRUCTIONS, cast.b, row.pk)
    assert sees(cast.yara, copy)
    assert not sees(cast.xenia, copy)


def test_changed_instructions_are_taken_anew(desk: Desk) -> None:
    row = desk.joined()
    row = operations.edit(operation=row, by=desk.cast.xenia, instructions="Return at once.")
    first = Instruction.objects.get()
    assert first.text == INSTRUCTIONS
    new = invitations.take_instructions(operation=row, by=desk.cast.yara)
    assert new.text == "Return at once."
    assert Instruction.objects.filter(record__owner=desk.cast.b).count() == 2


def test_the_basis_falls_away(desk: Desk) -> None:
    cast, row = desk.cast, desk.joined()
    now = timezone.now()
    assert basis_holds(row, now).holds
    assert basis_holds(row, now, [cast.a1, cast.b]).holds
    assert "Art. 7" in basis_holds(row, now, [cast.b]).lines[0].sentence
    suspend(cast)
    now = timezone.now()
    fallen = basis_holds(row, now, [cast.b])
    assert not fallen.holds
    assert fallen.fallen[0].sentence
    assert not basis_holds(row, now).holds
    assert not sees(cast.yara, row)
    assert sees(cast.yara, Instruction.objects.get())
    assert sees(cast.xenia, row)
    with pytest.raises(Refused) as refused:
        operations.open_operation(operation=row, by=cast.xenia)
    assert refused.value.code == "no_basis"


def test_end_by_the_lead_closes_the_operation_to_the_partner(desk: Desk) -> None:
    cast, row = desk.cast, desk.joined()
    with pytest.raises(Refused):
        invitations.end_participation(operation=row, agency=cast.b, by=cast.zoe)
    invitations.end_participation(operation=row, agency=cast.b, by=cast.xenia)
    assert not sees(cast.yara, row)
    desk.invite(row)
    assert sees(cast.yara, row)


def test_a_partner_that_leaves_is_like_one_never_invited(desk: Desk) -> None:
    cast, row = desk.cast, desk.joined()
    own = Instruction.objects.get()
    invitations.end_participation(operation=row, agency=cast.b, by=cast.yann)
    for who in (cast.yann, cast.yara):
        assert not sees(who, row)
        assert sees(who, own)
    assert sees(cast.xenia, row)
    release = row.record.releases.get(clause__isnull=False)
    assert release.revoked_by == cast.yann
    assert Entry.objects.filter(verb="record.revoke", subject_id=str(row.pk)).count() == 1
    desk.invite(row)
    assert sees(cast.yara, row)
    invitations.end_participation(operation=row, agency=cast.b, by=cast.yara)
    assert not sees(cast.yara, row)


def test_a_partner_leaves_at_once(desk: Desk) -> None:
    row = desk.joined()
    part = invitations.end_participation(operation=row, agency=desk.cast.b, by=desk.cast.yann)
    assert part.ended_at is not None
    with pytest.raises(Refused):
        team.assign_officer(operation=row, appointment=desk.cast.yara, by=desk.cast.yara)
    with pytest.raises(Refused):
        invitations.end_participation(operation=row, agency=desk.cast.a1, by=desk.cast.xenia)


def test_each_agency_assigns_its_own(desk: Desk) -> None:
    cast, row = desk.cast, desk.joined()
    for who, officer in ((cast.xenia, cast.yara), (cast.yara, cast.lars), (cast.zoe, cast.zoe), (cast.anton, cast.ada)):
        with pytest.raises(Refused):
            team.assign_officer(operation=row, appointment=officer, by=who)
    found = team.assign_officer(operation=row, appointment=cast.lars, by=cast.xenia, role="liaison")
    team.unassign(assignment=found, by=cast.xenia)
    assert team.assign_officer(operation=row, appointment=cast.lars, by=cast.xenia).pk != found.pk


def test_who_directs_whose_team(desk: Desk) -> None:
    cast, row = desk.cast, desk.joined()
    with pytest.raises(Refused) as refused:
        team.assign_officer(operation=row, appointment=cast.yara, by=cast.yara, directs=[cast.a1])
    assert refused.value.field == "directs"
    with pytest.raises(Refused):
        team.assign_officer(operation=row, appointment=cast.anton, by=cast.xenia, directs=[cast.c])
    found = team.assign_officer(operation=row, appointment=cast.anton, by=cast.xenia, directs=[cast.a1, cast.b])
    assert set(found.directs.all()) == {cast.a1, cast.b}
    with pytest.raises(Refused) as refused:
        team.assign_officer(operation=row, appointment=cast.yara, by=cast.yara, role="host_commander")
    assert refused.value.field == "role"


def test_edit(desk: Desk) -> None:
    cast, row = desk.cast, desk.joined()
    version = row.version
    row = operations.edit(operation=row, by=cast.xenia, name="Winter", area=None, version=version)
    row.circle.refresh_from_db()
    assert (row.record.title, row.area, row.circle.name, row.version) == ("Winter", None, "Winter", version + 1)
    with pytest.raises(Refused) as refused:
        operations.edit(operation=row, by=cast.xenia, name="Spring", version=version)
    assert refused.value.code == "stale"
    for who in (cast.yara, cast.lars, cast.zoe):
        with pytest.raises(Refused):
            operations.edit(operation=row, by=who, name="Mine")
    operations.cancel(operation=row, by=cast.xenia, reason="Fog")
    with pytest.raises(Refused):
        operations.edit(operation=row, by=cast.xenia, name="Late")


def test_the_basis_stays_while_others_are_in(desk: Desk) -> None:
    cast = desk.cast
    other = make_treaty(
        short_name="Second Treaty",
        countries=["XX", "YY"],
        designated=[cast.a1, cast.b],
        recorded_by=cast.tara,
        confirmed_by=[cast.yusuf],
    )
    row = desk.joined()
    with pytest.raises(Refused) as refused:
        operations.edit(operation=row, by=cast.xenia, clauses=[other])
    assert refused.value.field == "clauses"
    alone = operations.edit(operation=desk.plan(), by=cast.xenia, clauses=[other])
    assert alone.agreement == other.agreement


def test_reachable(desk: Desk) -> None:
    cast = desk.cast
    assert [item.agency for item in reachable(cast.a1, timezone.now())] == [cast.b]
    assert reachable(cast.a1, timezone.now(), classification=2) == []
    assert reachable(cast.c, timezone.now()) == []


def test_cancelling_needs_a_reason(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        operations.cancel(operation=desk.plan(), by=desk.cast.xenia, reason=" ")
    assert refused.value.field == "reason"


def test_the_square_is_kept(desk: Desk) -> None:
    assert desk.plan().area == SQUARE
