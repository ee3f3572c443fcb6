"""The task list of a new agency, and for which agreements it is named (R22, R23)."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory import actions as directory
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Role
from agencies.onboarding import designations, tasks
from agencies.onboarding.actions import contacts
from agencies.onboarding.choices import Progress, Task
from agreements.register.models import Designation
from tests.conftest import Cast, confirm_everything, make_agency, make_appointment


def states(agency: Agency, by: Appointment) -> dict[str, str]:
    row = Agency.objects.select_related("country").get(pk=agency.pk)
    return {step.task.value: step.progress.value for step in tasks.steps(row, by, timezone.now())}


def test_each_task_goes_its_way(cast: Cast, as_: Any) -> None:
    agency = make_agency("YY", "Customs of Y", "CY")
    Agency.objects.filter(pk=agency.pk).update(desk_phone="", desk_email="")
    klara = make_appointment("klara", agency, Role.AGENCY_ADMIN)
    begun = dict.fromkeys(Task.values, Progress.NOT_STARTED.value) | {"designations": Progress.CANNOT_START.value}
    assert states(agency, klara) == begun
    client = as_(klara)
    answer = client.get(reverse("onboarding:setup-task", args=[agency.pk, "languages"]))
    assert answer["Location"] == reverse("onboarding:agency-languages", args=[agency.pk])
    assert states(agency, klara)["languages"] == Progress.LOOKED_AT
    directory.change_contacts(agency=agency, desk_phone="+00 12345", desk_email="", by=klara)
    assert states(agency, klara)["desk"] == Progress.IN_PROGRESS
    directory.change_contacts(agency=agency, desk_phone="+00 12345", desk_email="d@cy.invalid", by=klara)
    assert states(agency, klara)["desk"] == Progress.IN_PROGRESS, "nobody has tried it"
    contacts.verify(agency=agency, by=klara)
    assert states(agency, klara)["desk"] == Progress.DONE
    contacts.set_contact(agency=agency, function="pursuit", by=klara, telephone="+00 4444")
    assert states(agency, klara)["contacts"] == Progress.IN_PROGRESS
    for task in ("contacts", "units"):
        client.post(reverse("onboarding:setup-settle", args=[agency.pk, task]))
        assert states(agency, klara)[task] == Progress.DONE
    client.post(reverse("onboarding:setup-settle", args=[agency.pk, "units"]), {"settled": "no"})
    assert states(agency, klara)["units"] == Progress.LOOKED_AT
    contacts.set_languages(agency=agency, levels={"de": "native"}, by=klara)
    assert states(agency, klara)["languages"] == Progress.DONE
    otto = make_appointment("otto", agency, Role.LIAISON_OFFICER)
    assert states(agency, klara)["officers"] == Progress.IN_PROGRESS, "no password yet"
    otto.officer.set_password("a-long-new-password-7")
    otto.officer.save()
    assert states(agency, klara)["officers"] == Progress.DONE
    assert states(agency, klara)["designations"] == Progress.NOT_STARTED
    row = Designation.objects.create(
        agreement=cast.art7.agreement, country=agency.country, agency=agency, starts_on=date(2024, 5, 1),
        recorded_by=cast.yusuf, recorded_for=agency.country,
    )  # fmt: skip
    told = tasks.steps(agency, klara, timezone.now())[-1]
    assert (told.progress, told.told) == (Progress.IN_PROGRESS, "Named for 1. Waits for X-land.")
    confirm_everything(row.agreement, cast.tara)
    assert states(agency, klara)["designations"] == Progress.DONE
    assert client.get(reverse("onboarding:agency-setup", args=[agency.pk])).status_code == 200


def test_who_named_it_and_for_whom_it_waits_is_told_to_who_may_know_the_agreement(cast: Cast, as_: Any) -> None:
    """R23: an agency of a state that is no party learns not even that there is such an agreement."""
    agency = make_agency("YY", "Customs of Y", "CY")
    Designation.objects.create(
        agreement=cast.art7.agreement, country=agency.country, agency=agency, starts_on=date(2024, 5, 1),
        recorded_by=cast.yusuf, recorded_for=agency.country,
    )  # fmt: skip
    url = reverse("onboarding:agency-designations", args=[agency.pk])
    for by, sees in ((cast.tara, True), (cast.yann, True), (cast.zeno, False), (cast.zoe, False)):
        page = as_(by).get(url).content.decode()
        assert ("X–Y Treaty" in page) == sees, by
    assert "Confirm" in as_(cast.tara).get(url).content.decode()
    assert "Confirm<" not in as_(cast.yann).get(url).content.decode()
    (row,) = designations.standing(agency, cast.tara, timezone.now())
    assert (row.named_by, row.confirmed_by, row.waits_for, row.works) == ("Y-land", [], ["X-land"], False)
    # Its own state's treaty admin is led to the agreements in which it could be named; nobody else is.
    other = make_agency("YY", "Police of Y", "PY")
    could = {
        who: designations.could_be_named(other, getattr(cast, who), timezone.now()) for who in ("yusuf", "tara", "yann")
    }
    assert [row.agreement for row in could["yusuf"]] == ["X–Y Treaty"]
    assert could["tara"] == could["yann"] == []
