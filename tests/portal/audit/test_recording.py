"""What is written to the ledger, and through which door."""

import datetime as dt
import enum
import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from portal.audit import door, recording
from portal.audit.models import Entry
from portal.celery import app


def view(request, **kwargs):
    """A view that records something."""
    recording.record(verb="test.look", by=None)
    return HttpResponse("seen")


view.login_required = False

patrols = ([path("<int:pk>/", view, name="patrol-detail")], "patrols")
urlpatterns = [
    path("patrols/", include(patrols)),
    path("api/v1/records/", view, name="records-list"),
    path("broken/", lambda request: 1 / 0),
]


@pytest.mark.django_db
def test_an_action_is_recorded_with_who_for_whom_and_what(officer):
    record = uuid.uuid4()
    recording.record(verb="patrol.start", by=officer, subject_kind="patrol", subject_id=record, data={"km": 3})
    entry = Entry.objects.get()
    assert (entry.officer_id, entry.appointment_id, entry.agency_id) == (
        officer.officer_id,
        officer.pk,
        officer.agency_id,
    )
    assert (entry.verb, entry.subject_kind, entry.subject_id, entry.data) == (
        "patrol.start",
        "patrol",
        str(record),
        {"km": 3},
    )


@pytest.mark.django_db
def test_the_system_is_nobody():
    recording.record(verb="patrol.overdue", by=None)
    entry = Entry.objects.get()
    assert (entry.officer_id, entry.appointment_id, entry.agency_id) == (None, None, None)


@pytest.mark.django_db
def test_a_response_that_discloses_is_one_row_with_all_its_records(officer):
    one, other = uuid.uuid4(), uuid.uuid4()
    recording.disclose(
        by=officer,
        door="page patrols:patrol-list",
        items=[
            {"record": one, "release": 7, "clause": uuid.UUID(int=3)},
            {"record": other, "title": "never written"},
        ],
    )
    entry = Entry.objects.get()
    assert entry.records == [
        {"record": str(one), "release": 7, "clause": str(uuid.UUID(int=3))},
        {"record": str(other), "release": None, "clause": None},
    ]
    assert Entry.objects.disclosing(one).get() == entry
    assert Entry.objects.disclosing(other).get() == entry
    assert not Entry.objects.disclosing(uuid.uuid4()).exists()


@pytest.mark.django_db
def test_a_response_that_discloses_nothing_is_no_row(officer):
    assert recording.disclose(by=officer, items=[]) is None
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_entries_of_a_subject_are_found():
    recording.record(verb="patrol.start", by=None, subject_kind="patrol", subject_id="1")
    recording.record(verb="patrol.start", by=None, subject_kind="patrol", subject_id="2")
    assert [entry.subject_id for entry in Entry.objects.about("patrol", "2")] == ["2"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_its_cause():
    with pytest.raises(RuntimeError), transaction.atomic():
        recording.record(verb="patrol.start", by=None)
        raise RuntimeError
    assert not Entry.objects.exists()


class Colour(enum.StrEnum):
    RED = "red"


@pytest.mark.django_db
def test_values_are_written_plainly():
    recording.record(
        verb="test",
        by=None,
        data={
            "colour": Colour.RED,
            "at": dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))),
            "day": dt.date(2026, 11, 24),
            "key": uuid.UUID(int=1),
            "amount": Decimal("1.50"),
            "set": {"b", "a"},
            "text": "a\x00b\ud800",
            "number": float("inf"),
            7: None,
        },
    )
    assert Entry.objects.get().data == {
        "colour": "red",
        "at": "2026-11-24T08:30:00+00:00",
        "day": "2026-11-24",
        "key": str(uuid.UUID(int=1)),
        "amount": "1.50",
        "set": ["a", "b"],
        "text": "ab?",
        "number": "inf",
        "7": None,
    }


def test_what_has_no_plain_form_is_refused():
    with pytest.raises(TypeError, match="object"):
        recording.plain({"thing": object()})


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_page_and_an_api_operation_name_their_door_and_request():
    page = Client().get("/patrols/7/")
    api = Client().get("/api/v1/records/")
    one, other = Entry.objects.all()
    assert (one.door, one.request_id) == ("page patrols:patrol-detail", page["X-Request-ID"])
    assert (other.door, other.request_id) == ("api records-list", api["X-Request-ID"])
    assert one.request_id != other.request_id
    assert door.current() == door.Passage()


@pytest.mark.django_db
def test_a_door_may_be_named_on_the_spot():
    with door.through("mail"):
        recording.record(verb="mail.send", by=None)
    recording.record(verb="mail.send", by=None, door="export")
    assert [entry.door for entry in Entry.objects.all()] == ["mail", "export"]
    assert door.current() == door.Passage()


@pytest.mark.django_db
def test_a_task_is_a_door():
    @app.task(name="test.recording")
    def task():
        recording.record(verb="test", by=None)

    task.apply()
    assert Entry.objects.get().door == "task test.recording"
    assert door.current() == door.Passage()
