"""Agency admins keep their agency's officers and its desk: who may, who may not, and what partners read of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.directory import actions
from agencies.directory.models import Agency, Appointment, Officer, Unit, new_key
from agencies.directory.roles import Role
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import Cast, make_appointment

NEW = "a-long-new-password-7"


@pytest.fixture
def admin(cast: Cast) -> Appointment:
    return make_appointment("amina", cast.a1, Role.AGENCY_ADMIN)


@pytest.fixture
def system(cast: Cast) -> Appointment:
    return make_appointment("sasha", cast.c, Role.SYSTEM_ADMIN)


def today(agency: Agency) -> Any:
    return timezone.now().astimezone(agency.zone).date()


def officer(agency: Agency, **values: Any) -> dict[str, Any]:
    return {
        "username": "nora",
        "full_name": "Nora N.",
        "email": "nora@x1.invalid",
        "role": "patrol_leader",
        "clearance": 1,
        "title": "Duty leader",
        "starts_on": today(agency).isoformat(),
        **values,
    }


def test_a_new_officer_sets_the_password_by_the_link_and_works(cast: Cast, admin: Appointment, as_: Any) -> None:
    page = as_(admin).post(reverse("directory:officer-create", args=[cast.a1.pk]), officer(cast.a1))
    assert page.status_code == 200
    link = re.search(r'value="(http[^"]+)"', page.content.decode())
    assert link
    client = Client()
    form = client.get(link[1].split("8000", 1)[-1], follow=True)
    answer = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert client.post(reverse("account_login"), {"login": "nora", "password": NEW}).status_code == 302
    assert client.get("/").status_code == 200
    again = Client().get(link[1].split("8000", 1)[-1], follow=True)
    assert "password1" not in again.content.decode()
    verbs = set(Entry.objects.filter(officer_id=admin.officer_id).values_list("verb", flat=True))
    assert {"officer.create", "appointment.give"} <= verbs


def test_a_refused_form_comes_back_filled_in(cast: Cast, admin: Appointment, as_: Any) -> None:
    url = reverse("directory:officer-create", args=[cast.a1.pk])
    values = officer(cast.a1, username="Lars", starts_on="2020-01-01")
    page = as_(admin).post(url, values).content.decode()
    assert "This user name is taken" in page
    assert 'value="Nora N."' in page
    page = as_(admin).post(url, officer(cast.a1, starts_on="2020-01-01")).content.decode()
    assert "today or later" in page
    assert not Officer.objects.filter(username="nora").exists()


@pytest.mark.parametrize("who", ["xenia", "tara", "arno", "yara"])
def test_no_other_role_keeps_officers(cast: Cast, admin: Appointment, as_: Any, who: str) -> None:
    client = as_(getattr(cast, who))
    for name in ("officer-list", "officer-create", "agency-contacts"):
        assert client.get(reverse(f"directory:{name}", args=[cast.a1.pk])).status_code == 403
    with pytest.raises(Refused):
        actions.end_appointment(appointment=cast.lars, by=getattr(cast, who))


def test_an_admin_keeps_only_the_own_agency(cast: Cast, admin: Appointment, as_: Any) -> None:
    client = as_(admin)
    assert client.get(reverse("directory:officer-list", args=[cast.b.pk])).status_code == 403
    url = reverse("directory:appointment-create", args=[cast.a1.pk, cast.yann.officer_id])
    assert client.get(url).status_code == 404
    assert client.post(reverse("directory:appointment-end", args=[cast.yann.pk])).status_code == 404
    assert client.get(reverse("directory:appointment-end", args=[new_key()])).status_code == 404


def test_an_ended_appointment_ends_on_the_next_click(cast: Cast, admin: Appointment, as_: Any) -> None:
    lars = as_(cast.lars)
    assert lars.get(reverse("sharing:record-list")).status_code == 200
    url = reverse("directory:appointment-end", args=[cast.lars.pk])
    assert "End" in as_(admin).get(url).content.decode()
    as_(admin).post(url)
    assert lars.get(reverse("sharing:record-list")).status_code != 200


def test_nobody_serves_oneself(cast: Cast, admin: Appointment) -> None:
    values: dict[str, Any] = {"role": Role.COMMANDER, "clearance": 1, "starts_on": today(cast.a1)}
    with pytest.raises(Refused, match="oneself"):
        actions.give_appointment(officer=admin.officer, agency=cast.a1, by=admin, **values)
    with pytest.raises(Refused, match="one's own"):
        actions.end_appointment(appointment=admin, by=admin)


def test_no_road_leads_from_the_system_admin_to_content(cast: Cast, system: Appointment, admin: Appointment) -> None:
    values: dict[str, Any] = {"officer": cast.lars.officer, "clearance": 1, "starts_on": today(cast.a1)}
    for role in Role:
        if role not in (Role.AGENCY_ADMIN, Role.SYSTEM_ADMIN):
            with pytest.raises(Refused, match="no role that reads content"):
                actions.give_appointment(agency=cast.a1, role=role, by=system, **values)
    assert actions.give_appointment(agency=cast.a1, role=Role.AGENCY_ADMIN, by=system, **values)
    with pytest.raises(Refused, match="system admin"):
        actions.give_appointment(agency=cast.a1, role=Role.SYSTEM_ADMIN, by=admin, **values)


def test_the_same_role_is_not_held_twice_on_a_day(cast: Cast, admin: Appointment) -> None:
    values: dict[str, Any] = {"officer": cast.lars.officer, "agency": cast.a1, "clearance": 1, "by": admin}
    first = today(cast.a1) + timedelta(days=3)
    actions.give_appointment(role=Role.COMMANDER, starts_on=first, ends_on=first, **values)
    with pytest.raises(Refused, match="holds this role"):
        actions.give_appointment(role=Role.COMMANDER, starts_on=first - timedelta(days=1), **values)
    actions.give_appointment(role=Role.COMMANDER, starts_on=first + timedelta(days=1), **values)


def test_a_link_is_given_only_until_the_officer_has_a_password(cast: Cast, admin: Appointment) -> None:
    actions.invite_to_sign_in(officer=cast.lars.officer, agency=cast.a1, by=admin)
    cast.lars.officer.set_password(NEW)
    cast.lars.officer.save()
    with pytest.raises(Refused, match="has a password"):
        actions.invite_to_sign_in(officer=cast.lars.officer, agency=cast.a1, by=admin)


def test_the_desk_is_read_by_those_who_share_something(cast: Cast, admin: Appointment, as_: Any) -> None:
    url = reverse("directory:agency-contacts", args=[cast.a1.pk])
    form = as_(admin).get(url).context["form"].initial
    values = {**form, "desk_phone": "+99 111 222 333"}
    assert as_(admin).post(url, values).status_code == 302
    assert "This was changed" in as_(admin).post(url, values).content.decode()
    seen = reverse("directory:agency-detail", args=[cast.a1.pk])
    assert "+99 111 222 333" in as_(cast.yann).get(seen).content.decode()
    strange = as_(cast.zoe).get(seen).content.decode()
    assert "+99 111 222 333" not in strange
    assert "Xenia" not in strange
    assert "Xenia" not in as_(cast.yann).get(seen).content.decode()


def test_the_api_gives_the_link_once(cast: Cast, admin: Appointment, api_as: Any) -> None:
    client = api_as(admin)
    body = officer(cast.a1)
    body["name"] = body.pop("full_name")
    made = client.send("POST", "officers/", body=body, idempotency_key="one")
    assert made.status_code == 201, made.content
    assert made.json()["sign_in_link"].startswith("http")
    again = client.send("POST", "officers/", body=body, idempotency_key="one")
    assert again.json()["id"] == made.json()["id"]
    assert again.json()["sign_in_link"] is None
    ended = client.send("POST", f"appointments/{made.json()['id']}/end/")
    assert ended.status_code == 200, ended.content
    assert ended.json()["ended_at"]
    for who in (cast.lars, cast.yann):
        assert api_as(who).send("POST", "officers/", body=body).status_code == 403
    assert api_as(cast.yann).send("GET", f"officers/{made.json()['id']}/").status_code == 404


def test_units_are_opened_posted_to_and_closed(cast: Cast, admin: Appointment, as_: Any) -> None:
    client, agency_page = as_(admin), reverse("directory:agency-detail", args=[cast.a1.pk])
    create = reverse("directory:unit-create", args=[cast.a1.pk])
    assert client.post(create, {"name": "  Harbour  post "}).status_code == 302
    unit = Unit.objects.get()
    assert unit.name == "Harbour post"
    assert "has a unit of this name" in client.post(create, {"name": "harbour POST"}).content.decode()
    values = officer(cast.a1, unit=str(unit.pk))
    client.post(reverse("directory:officer-create", args=[cast.a1.pk]), values)
    nora = Appointment.objects.get(officer__username="nora")
    assert nora.unit == unit
    close = reverse("directory:unit-close", args=[cast.a1.pk, unit.pk])
    assert "Officers are posted to it" in client.post(close, follow=True).content.decode()
    actions.end_appointment(appointment=nora, by=admin)
    client.post(close)
    unit.refresh_from_db()
    assert unit.closed_at is not None
    assert client.post(close).status_code == 404
    assert "Harbour post" not in client.get(agency_page).content.decode()
    assert client.post(create, {"name": "Harbour post"}).status_code == 302


def test_units_are_known_to_partners_alone(cast: Cast, admin: Appointment, as_: Any) -> None:
    unit = actions.open_unit(agency=cast.a1, name="Harbour post", by=admin)
    page = reverse("directory:agency-detail", args=[cast.a1.pk])
    assert "Harbour post" in as_(cast.yann).get(page).content.decode()
    assert "Harbour post" not in as_(cast.zoe).get(page).content.decode()
    for who in (cast.xenia, cast.tara):
        assert as_(who).get(reverse("directory:unit-create", args=[cast.a1.pk])).status_code == 403
        with pytest.raises(Refused):
            actions.close_unit(unit=unit, by=who)
    assert as_(admin).post(reverse("directory:unit-create", args=[cast.b.pk]), {"name": "x"}).status_code == 403
    with pytest.raises(Refused, match="no such unit"):
        foreign = Unit.objects.create(agency=cast.b, name="Lake")
        actions.give_appointment(
            officer=cast.lars.officer, agency=cast.a1, role=Role.COMMANDER, clearance=1, starts_on=today(cast.a1),
            unit=foreign, by=admin,
        )  # fmt: skip


def test_units_over_the_api(cast: Cast, admin: Appointment, as_: Any) -> None:
    client = as_(admin)
    url = f"/api/v1/agencies/{cast.a1.pk}/units/"
    made = client.post(url, {"name": "Harbour post"}, content_type="application/json")
    assert made.status_code == 201
    key = made.json()["id"]
    assert client.get(f"/api/v1/agencies/{cast.a1.pk}/").json()["units"][0]["id"] == key
    assert as_(cast.zoe).get(f"/api/v1/agencies/{cast.a1.pk}/").json()["units"] is None
    values = {"officer": str(cast.lars.officer_id), "role": "commander", "clearance": 1, "unit": key}
    values["starts_on"] = today(cast.a1).isoformat()
    given = client.post("/api/v1/appointments/", values, content_type="application/json")
    assert given.status_code == 201
    assert given.json()["unit"] == key
    foreign = Unit.objects.create(agency=cast.b, name="Lake")
    values = {**values, "role": "liaison_officer", "unit": str(foreign.pk)}
    assert client.post("/api/v1/appointments/", values, content_type="application/json").status_code == 400
    assert client.post(f"{url}{key}/close/").status_code == 409
    assert client.post(f"{url}{foreign.pk}/close/").status_code == 404
    assert as_(cast.xenia).post(url, {"name": "x"}, content_type="application/json").status_code == 403
