"""The duty chain on pages and over the API: kept by the agency's admin, read by its officers, by nobody else."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.chains import actions
from agencies.chains.models import DutyStep
from agencies.chains.week import Shift
from tests.api import fault


@pytest.fixture
def step(cast, keepers):
    return actions.add_step(agency=cast.a1, by=keepers.agnes, kind="post", post=cast.xenia, wait=7)


def body(**values):
    return {"kind": "role", "role": "commander", "wait": "12", **values}


def test_an_admin_builds_it_on_the_page(cast, keepers, as_):
    client = as_(keepers.agnes)
    hours = {"days_0": ["1", "2"], "from_0": "08:00", "to_0": "16:00"}
    answer = client.post(f"/duty/agencies/{cast.a1.pk}/new/", body(**hours))
    assert answer.status_code == 302, answer.context["form"].errors
    row = DutyStep.objects.get()
    assert [str(one) for one in row.hours.all()] == ["Monday 08:00–16:00", "Tuesday 08:00–16:00"]
    page = client.get(f"/duty/agencies/{cast.a1.pk}/").content.decode()
    assert "Every commander" in page
    assert "Nobody is on duty" in page
    assert 'value="08:00"' in client.get(f"/duty/{row.pk}/change/").content.decode()
    assert client.post(f"/duty/{row.pk}/change/", body(kind="desk", role="")).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.role, row.hours.count()) == ("desk", "", 0)
    assert client.post(f"/duty/{row.pk}/move/", {"way": "up"}).status_code == 302
    assert client.post(f"/duty/{row.pk}/remove/").status_code == 302
    assert not DutyStep.objects.exists()


def test_half_a_span_is_said_at_its_field(cast, keepers, as_):
    answer = as_(keepers.agnes).post(f"/duty/agencies/{cast.a1.pk}/new/", body(days_0=["1"], from_0="08:00"))
    assert answer.status_code == 200
    assert "days_0" in answer.context["form"].errors


def test_own_officers_read_it_and_change_nothing(cast, step, as_):
    client = as_(cast.lars)
    page = client.get(f"/duty/agencies/{cast.a1.pk}/").content.decode()
    assert "Commander" in page
    assert "New step" not in page
    assert client.get(f"/duty/agencies/{cast.a1.pk}/new/").status_code == 403
    assert client.post(f"/duty/{step.pk}/remove/").status_code == 403
    assert DutyStep.objects.exists()


@pytest.mark.parametrize("who", ["aldo", "yann", "yusuf", "zoe"])
def test_partners_read_nothing_of_it(cast, step, as_, api_as, who):
    person = getattr(cast, who)
    page = as_(person).get(f"/duty/agencies/{cast.a1.pk}/").content.decode()
    assert "7 min" not in page
    assert "Kept by the agency" in page
    api = api_as(person)
    assert api.send("get", "duty-steps/").json()["results"] == []
    assert api.send("get", f"duty-steps/{step.pk}/").status_code == 404


def test_an_admin_of_another_agency_finds_no_such_step(cast, keepers, step, as_, api_as):
    assert as_(keepers.bruno).post(f"/duty/{step.pk}/remove/").status_code == 404
    assert as_(keepers.bruno).get(f"/duty/agencies/{cast.a1.pk}/new/").status_code == 403
    assert api_as(keepers.bruno).send("post", f"duty-steps/{step.pk}/remove/").status_code == 404


def test_over_the_api(cast, keepers, api_as):
    api = api_as(keepers.agnes)
    made = api.send("post", "duty-steps/", {"kind": "desk", "wait": 5})
    assert made.status_code == 201, made.content
    hours = [{"day": 6, "starts": "22:00", "ends": "06:00"}]
    other = api.send("post", "duty-steps/", {"kind": "post", "post": str(cast.lars.pk), "wait": 9, "hours": hours})
    assert (other.json()["position"], other.json()["hours"][0]["day"]) == (2, 6)
    moved = api.send("post", f"duty-steps/{other.json()['id']}/move/", {"up": True})
    assert moved.json()["position"] == 1
    now = api.send("get", "duty-steps/on-duty/").json()
    assert now["gaps"] == []
    assert str(cast.xenia.pk) in now["steps"][-1]["people"]
    changed = api.send("post", f"duty-steps/{other.json()['id']}/change/", {"kind": "role", "wait": 3})
    assert fault(changed).keys() == {"role"}
    assert api.send("post", f"duty-steps/{other.json()['id']}/remove/").status_code == 204
    assert api_as(cast.xenia).send("post", "duty-steps/", {"kind": "desk", "wait": 5}).status_code == 403


def test_the_page_costs_the_same_for_many_hours(cast, keepers, step, as_):
    client = as_(keepers.agnes)
    address = f"/duty/agencies/{cast.a1.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    hours = [Shift(day, time(hour), time(hour + 1)) for day in range(1, 8) for hour in (1, 5, 9)]
    actions.change_step(step=step, by=keepers.agnes, kind="post", post=cast.xenia, wait=7, hours=hours)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(one)
