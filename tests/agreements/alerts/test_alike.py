"""One officer stands for all whom the policy cannot tell apart: what it says of one, it says of each."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Officer, Unit
from agencies.directory.roles import Role
from agreements.alerts import alike, concerned
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from agreements.sharing.policy import access
from portal import second_lock
from tests.conftest import make_appointment
from tests.doors.clock import instant
from tests.doors.rows import Ground, built
from tests.doors.worlds import NOW, ByChance, draw_world

# As many as the leak test makes, by the forty: ENTENTE_LEAK_WORLDS.
WORLDS = max(int(os.environ.get("ENTENTE_LEAK_WORLDS", "160")) // 40, 1)


def twin(row, number):
    """Another officer with the same post in all that a directory tells, and nothing by name."""
    officer = Officer.objects.create_user(f"twin{number}", password=None, full_name=f"Twin {number}", invented=True)
    names = ("role", "clearance", "title", "starts_on", "ends_on", "ended_at", "recorded_at")
    facts = {name: getattr(row, name) for name in names}
    return Appointment.objects.create(officer=officer, agency=row.agency, unit=row.unit, **facts)


def one_by_one(record, sights):
    """Whom the policy lets see it, of the officers with these accesses, by the key of their appointment."""
    with second_lock.opened("the policy, asked for each"):
        rows = Record.objects.filter(pk=record.pk)
        return [key for key, sight in sights.items() if rows.visible_to(sight).exists()]


@pytest.mark.django_db
@pytest.mark.parametrize("part", [11, 12])
def test_in_every_world_whoever_is_alike_sees_the_same(part):
    ground, together, told_apart, seen = Ground(), 0, 0, 0
    for number in range(WORLDS):
        with built(ground, draw_world(ByChance(1000 * part + number))) as rows:
            now = instant(NOW)
            people = list(rows.officers.values())
            people += [twin(row, place) for place, row in enumerate(people)]
            people = list(
                Appointment.objects.filter(pk__in=[row.pk for row in people]).select_related(
                    "officer", "agency__country"
                )
            )
            sights = {row.pk: access(row, now) for row in people}
            for record in rows.records.values():
                record = Record.objects.get(pk=record.pk)
                found = [row.pk for row in concerned.who_see(record, people, now)]
                cleared = [row.pk for row in people if row.clearance >= record.classification]
                assert found == one_by_one(record, {key: sights[key] for key in cleared})
                with second_lock.opened("the marks of a record"):
                    groups = alike.alike(record, people, now)
                assert sorted(row.pk for group in groups for row in group) == sorted(row.pk for row in people)
                together += sum(len(group) > 1 for group in groups)
                told_apart += sum(len(group) == 1 for group in groups)
                seen += len(found)
    assert together
    assert told_apart
    assert seen


@pytest.fixture
def crowd(cast):
    """Of each role in each of the two agencies three."""
    rows = [
        make_appointment(f"{agency.acronym}{role}{number}".lower(), agency, role)
        for agency in (cast.a1, cast.b)
        for role in (Role.COMMANDER, Role.LIAISON_OFFICER, Role.TREATY_ADMIN)
        for number in range(3)
    ]
    return [*rows, *cast.everybody]


def test_a_release_by_name_reaches_the_one_among_those_who_are_alike(cast, crowd, patrol_record, release):
    record = patrol_record()
    named = next(row for row in crowd if row.agency_id == cast.b.pk and row.role == Role.LIAISON_OFFICER)
    release(record, to=To(AudienceKind.OFFICER, appointment=named))
    at = timezone.now()
    found = concerned.who_see(record, crowd, at)
    assert [row for row in found if row.agency_id == cast.b.pk] == [named]
    assert [row.pk for row in found] == one_by_one(record, {row.pk: access(row, at) for row in crowd})


def test_a_release_to_a_unit_reaches_its_officers_alone(cast, crowd, patrol_record, release):
    unit = Unit.objects.create(agency=cast.b, name="Sector 2")
    inside = [row for row in crowd if row.agency_id == cast.b.pk][:2]
    for row in inside:
        row.unit = unit
        row.save(update_fields=["unit"])
    record = patrol_record()
    release(record, to=To(AudienceKind.UNIT, unit=unit, agency=cast.b))
    at = timezone.now()
    found = concerned.who_see(record, crowd, at)
    assert {row.pk for row in found if row.agency_id == cast.b.pk} <= {row.pk for row in inside}
    assert [row.pk for row in found] == one_by_one(record, {row.pk: access(row, at) for row in crowd})


def test_a_release_to_a_function_reaches_whoever_has_it(cast, crowd, patrol_record, release):
    holder = next(row for row in crowd if row.agency_id == cast.b.pk and row.role == Role.COMMANDER)
    Appointment.objects.filter(pk=holder.pk).update(title="Head of sector")
    holder.title = "Head of sector"
    record = patrol_record()
    release(record, to=To(AudienceKind.FUNCTION, agency=cast.b, function="Head of sector"))
    at = timezone.now()
    found = concerned.who_see(record, crowd, at)
    assert [row for row in found if row.agency_id == cast.b.pk] == [holder]
    assert [row.pk for row in found] == one_by_one(record, {row.pk: access(row, at) for row in crowd})


def test_what_was_named_to_a_post_is_named_to_the_one_that_goes_on_from_it(cast, crowd, patrol_record, release):
    record = patrol_record()
    release(record, to=To(AudienceKind.OFFICER, appointment=cast.yann))
    at = timezone.now()
    Appointment.objects.filter(pk=cast.yann.pk).update(ended_at=at - timedelta(seconds=1))
    later = make_appointment("yanneke", cast.b, Role.LIAISON_OFFICER)
    last = make_appointment("yannick", cast.b, Role.LIAISON_OFFICER)
    Appointment.objects.filter(pk=later.pk).update(continues=cast.yann, ended_at=at - timedelta(seconds=1))
    Appointment.objects.filter(pk=last.pk).update(continues=later)
    people = list(Appointment.objects.select_related("officer", "agency__country"))
    found = concerned.who_see(record, people, at)
    assert [row.pk for row in found if row.agency_id == cast.b.pk] == [last.pk]
    assert alike.chains_of(people) == {row.pk: row.chain for row in people}


def test_a_thousand_more_who_are_alike_cost_no_more_questions(
    cast, crowd, patrol_record, release, django_assert_max_num_queries
):
    record = patrol_record()
    release(record)
    at = timezone.now()
    with second_lock.opened("counting what it costs"):
        few = len(alike.alike(record, crowd, at))
        more = [make_appointment(f"more{number}", cast.b, Role.COMMANDER) for number in range(20)]
        assert len(alike.alike(record, [*crowd, *more], at)) == few
        with django_assert_max_num_queries(5):
            alike.alike(record, [*crowd, *more], at)
    assert len(concerned.who_see(record, more, at)) == 20
