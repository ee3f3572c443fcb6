"""One agency follows another (R30): who proposes and accepts it, who may not, and what becomes of the officers."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory import actions, succession
from agencies.directory.models import Agency, Appointment, Succession
from agencies.directory.roles import Role
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import Cast, make_agency, make_appointment


@pytest.fixture
def b2(cast: Cast) -> Agency:
    return make_agency("YY", "Federal Border Police of Y", "Y2")


@pytest.fixture
def giving(cast: Cast) -> Appointment:
    return make_appointment("gerd", cast.b, Role.AGENCY_ADMIN)


@pytest.fixture
def taking(b2: Agency) -> Appointment:
    return make_appointment("tina", b2, Role.AGENCY_ADMIN)


def today(agency: Agency) -> Any:
    return timezone.now().astimezone(agency.zone).date()


def proposed(cast: Cast, b2: Agency, by: Appointment, days: int = 0) -> Succession:
    day = today(cast.b) + timedelta(days=days)
    return succession.propose(predecessor=cast.b, successor=b2, starts_on=day, basis="Act of Y, § 1", by=by)


def test_officers_go_along_and_the_agency_stands_for_both(
    cast: Cast, b2: Agency, giving: Appointment, taking: Appointment
) -> None:
    row = succession.accept(succession=proposed(cast, b2, giving), by=taking)
    now = timezone.now()
    assert not Appointment.objects.get(pk=cast.yann.pk).is_in_effect(now)
    on = Appointment.objects.get(continues=cast.yann)
    assert on.is_in_effect(now)
    assert (on.agency, on.role, on.clearance, on.function) == (
        b2,
        cast.yann.role,
        cast.yann.clearance,
        cast.yann.function,
    )
    assert on.agencies == {b2.pk, cast.b.pk}
    assert Appointment.objects.get(pk=taking.pk).agencies == {b2.pk, cast.b.pk}
    assert Appointment.objects.get(pk=cast.yann.pk).held_on(now) == on
    assert cast.b not in Agency.objects.active()
    assert Succession.objects.successor_of(cast.b.pk, now) == b2
    assert row.starts_at
    assert row.starts_at <= now
    verbs = Entry.objects.filter(subject_id=str(row.pk)).values_list("verb", flat=True)
    assert set(verbs) == {"succession.propose", "succession.accept"}


def test_it_waits_for_its_first_day(cast: Cast, b2: Agency, giving: Appointment, taking: Appointment) -> None:
    succession.accept(succession=proposed(cast, b2, giving, days=3), by=taking)
    now = timezone.now()
    yann, on = Appointment.objects.get(pk=cast.yann.pk), Appointment.objects.get(continues=cast.yann)
    assert yann.is_in_effect(now)
    assert not on.is_in_effect(now)
    assert Appointment.objects.get(pk=taking.pk).agencies == {b2.pk}
    assert cast.b in Agency.objects.active()
    later = now + timedelta(days=4)
    assert not yann.is_in_effect(later)
    assert on.is_in_effect(later)
    assert Agency.objects.get(pk=b2.pk).stands_for(later) == {b2.pk, cast.b.pk}


def test_who_is_dismissed_before_the_day_does_not_go_along(
    cast: Cast, b2: Agency, giving: Appointment, taking: Appointment
) -> None:
    succession.accept(succession=proposed(cast, b2, giving, days=3), by=taking)
    actions.end_appointment(appointment=cast.yann, by=giving)
    on = Appointment.objects.get(continues=cast.yann)
    assert not Appointment.objects.get(pk=cast.yann.pk).is_in_effect(timezone.now())
    assert not on.is_in_effect(timezone.now() + timedelta(days=4))


def test_a_successor_that_is_succeeded_hands_on_all_it_stood_for(
    cast: Cast, b2: Agency, giving: Appointment, taking: Appointment
) -> None:
    succession.accept(succession=proposed(cast, b2, giving), by=taking)
    b3 = make_agency("YY", "Third of Y", "Y3")
    third, second = make_appointment("theo", b3, Role.AGENCY_ADMIN), Appointment.objects.get(continues=giving)
    row = succession.propose(predecessor=b2, successor=b3, starts_on=today(b2), basis="Act of Y, § 2", by=third)
    succession.accept(succession=row, by=second)
    now = timezone.now()
    assert Agency.objects.get(pk=b3.pk).stands_for(now) == {cast.b.pk, b2.pk, b3.pk}
    assert Succession.objects.successor_of(cast.b.pk, now) == b3
    held = Appointment.objects.get(pk=cast.yann.pk).held_on(now)
    assert held
    assert held.agency == b3
    assert len(held.chain) == 3


@pytest.mark.parametrize("who", ["giving", "gerda", "amina", "yara"])
def test_only_another_person_of_the_other_side_accepts(
    cast: Cast, b2: Agency, giving: Appointment, taking: Appointment, who: str
) -> None:
    row = proposed(cast, b2, giving)
    by = {
        "giving": giving,
        "gerda": make_appointment("gerda", cast.b, Role.AGENCY_ADMIN),
        "amina": make_appointment("amina", cast.a1, Role.AGENCY_ADMIN),
        "yara": cast.yara,
    }[who]
    with pytest.raises(Refused, match="other agency"):
        succession.accept(succession=row, by=by)
    assert Succession.objects.accepted().count() == 0
    assert cast.yann.held_on(timezone.now()) == cast.yann


def test_one_system_admin_alone_makes_no_succession(cast: Cast, b2: Agency, taking: Appointment) -> None:
    system, other = (make_appointment(name, cast.c, Role.SYSTEM_ADMIN) for name in ("sasha", "sven"))
    row = proposed(cast, b2, system)
    with pytest.raises(Refused):
        succession.accept(succession=row, by=system)
    assert succession.accept(succession=row, by=other).accepted_by == other


@pytest.mark.parametrize(
    ("change", "field"),
    [({"starts_on": -1}, "starts_on"), ({"basis": "  "}, "basis"), ({"successor": "b"}, "successor")],
)
def test_bad_terms_are_refused_at_their_field(
    cast: Cast, b2: Agency, giving: Appointment, change: dict[str, Any], field: str
) -> None:
    values: dict[str, Any] = {"successor": b2, "starts_on": 0, "basis": "Act", **change}
    values["successor"] = cast.b if values["successor"] == "b" else b2
    values["starts_on"] = today(cast.b) + timedelta(days=values["starts_on"])
    with pytest.raises(Refused) as refused:
        succession.propose(predecessor=cast.b, by=giving, **values)
    assert refused.value.field == field


def test_an_agency_has_one_successor_and_none_that_is_leaving_itself(
    cast: Cast, b2: Agency, giving: Appointment, taking: Appointment
) -> None:
    row = proposed(cast, b2, giving)
    with pytest.raises(Refused, match="successor already"):
        proposed(cast, b2, giving)
    with pytest.raises(Refused, match="about to be succeeded"):
        succession.propose(predecessor=b2, successor=cast.b, starts_on=today(b2), basis="Act", by=taking)
    succession.drop(succession=row, by=taking)
    assert proposed(cast, b2, giving).pk != row.pk
    with pytest.raises(Refused, match="dropped"):
        succession.accept(succession=row, by=taking)


def test_by_the_pages(cast: Cast, b2: Agency, giving: Appointment, taking: Appointment, as_: Any) -> None:
    url = reverse("directory:succession-propose", args=[cast.b.pk])
    values = {"successor": str(b2.pk), "starts_on": today(cast.b).isoformat(), "basis": ""}
    page = as_(giving).post(url, values)
    assert page.status_code == 200
    assert "This field is required" in page.content.decode()
    assert f'value="{b2.pk}" selected' in page.content.decode()
    assert as_(giving).post(url, {**values, "basis": "Act of Y"}).status_code == 302
    row = Succession.objects.get()
    detail = reverse("directory:succession-detail", args=[row.pk])
    assert "Drop the proposal" in as_(giving).get(detail).content.decode()
    assert 'data-confirm-action="Accept it"' not in as_(giving).get(detail).content.decode()
    page = as_(taking).get(detail).content.decode()
    assert "Designations" in page
    assert 'data-confirm-action="Accept it"' in page
    for stranger in (cast.yara, make_appointment("amina", cast.a1, Role.AGENCY_ADMIN)):
        assert as_(stranger).get(detail).status_code in (403, 404)
        assert as_(stranger).post(reverse("directory:succession-accept", args=[row.pk])).status_code in (403, 404)
    assert as_(taking).post(reverse("directory:succession-accept", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.accepted_at
    old, new = (as_(taking).get(reverse("directory:agency-detail", args=[key])) for key in (cast.b.pk, b2.pk))
    assert "stands for it now" in old.content.decode()
    assert "Stands for" in new.content.decode()


def test_by_the_api(cast: Cast, b2: Agency, giving: Appointment, taking: Appointment, api_as: Any) -> None:
    body = {
        "predecessor": str(cast.b.pk),
        "successor": str(b2.pk),
        "starts_on": today(cast.b).isoformat(),
        "basis": "Act",
    }
    assert api_as(cast.yara).send("POST", "successions/", body).status_code == 403
    answer = api_as(giving).send("POST", "successions/", body)
    assert answer.status_code == 201, answer.content
    url = f"successions/{answer.json()['id']}/"
    assert api_as(make_appointment("amina", cast.a1, Role.AGENCY_ADMIN)).send("GET", url).status_code == 404
    assert api_as(giving).send("POST", f"{url}accept/").status_code == 403
    assert api_as(taking).send("POST", f"{url}accept/").json()["starts_at"]
    assert api_as(taking).send("POST", f"{url}drop/").status_code == 409
