"""The audience line tells what saving does: the same agencies, or that it is held and why (R6, R27)."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from agreements.register.choices import Category
from agreements.sharing.actions import compartments, orders
from agreements.sharing.actions.records import Marking, create
from agreements.sharing.choices import Tlp
from agreements.sharing.foresight import foresee
from agreements.sharing.forms import MarkingForm
from agreements.sharing.models import Record
from agreements.sharing.policy import access, agencies_that_see
from tests.agreements.sharing.conftest import NOTE, Desk, sees
from tests.agreements.sharing.test_pages import suspend
from tests.conftest import Cast

PLAIN = {"categories": [Category.OPERATIONAL], "classification": 1, "tlp": Tlp.AMBER.value}


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("suspended", [True, False])
@pytest.mark.parametrize("photographs", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"categories": []},
        {"categories": [Category.OPERATIONAL, Category.PERSONAL_DATA]},
        {"classification": 2},
        {"classification": 0},
        {"tlp": Tlp.AMBER_STRICT.value},
        {"tlp": Tlp.RED.value},
        {"rel_to": []},
        {"rel_to": ["YY"]},
        {"rel_to": ["ZZ"]},
    ],
)
def test_the_line_equals_what_access_then_does(
    changes: dict[str, Any], photographs: bool, suspended: bool, ordered: bool, desk: Desk
) -> None:
    operation = desk.operation()
    if ordered:
        desk.order(operation)
    if suspended:
        suspend(desk.cast)
    marking = Marking(**{**PLAIN, **changes})
    now = timezone.now()
    asked = {"by": desk.cast.xenia, "operation": operation, "kind": NOTE, "marking": marking}
    line = foresee(**asked, at=now, photographs=photographs)
    record = create(
        by=desk.cast.xenia, kind=NOTE, title="N", marking=marking, operation=operation, photographs=photographs
    )
    told = {reader.agency for reader in line.readers}
    rows = record.releases.standing().select_related("clause__agreement", "audience__appointment")
    after = set(agencies_that_see(record, rows, timezone.now())) - {desk.cast.a1}
    assert told == after
    assert (desk.cast.b in told) == sees(desk.cast.yann, record)
    assert line.held == (not told)
    assert bool(line.reason) == line.held


def test_without_an_operation_nothing_goes_out(desk: Desk) -> None:
    line = foresee(by=desk.cast.xenia, operation=None, kind=NOTE, marking=Marking(**PLAIN), at=timezone.now())
    assert line.held
    assert "outside an operation" in line.reason


def test_a_revoked_order_is_no_order(desk: Desk) -> None:
    operation = desk.operation()
    orders.revoke(order=desk.order(operation), by=desk.cast.xenia)
    line = foresee(by=desk.cast.xenia, operation=operation, kind=NOTE, marking=Marking(**PLAIN), at=timezone.now())
    assert "has no standing order" in line.reason


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_fragment_answers_for_the_forms_present_marking(method: str, desk: Desk, as_: Any) -> None:
    operation = desk.operation()
    desk.order(operation)
    ask = getattr(as_(desk.cast.xenia), method)
    asked = {"kind": NOTE, "operation": str(operation.pk), **PLAIN}
    shown = ask(reverse("sharing:audience-line"), asked).content.decode()
    assert "Will be seen by" in shown
    assert "Y1 under Art. 7 of the X–Y Treaty" in shown
    held = ask(reverse("sharing:audience-line"), {**asked, "categories": ["dna"]}).content.decode()
    assert "Held" in held
    assert "does not name dna" in held


@pytest.mark.parametrize("junk", [{"classification": "9"}, {"tlp": "x"}, {"kind": "x"}, {"operation": "x"}])
def test_a_marking_that_is_not_one_is_no_error(junk: dict[str, str], desk: Desk, as_: Any) -> None:
    answer = as_(desk.cast.xenia).get(reverse("sharing:audience-line"), {"kind": NOTE, **PLAIN, **junk})
    assert answer.status_code == 200
    assert "Complete the marking" in answer.content.decode()


def test_the_fragment_knows_no_hidden_operation(desk: Desk, as_: Any) -> None:
    operation = desk.operation()
    asked = {"kind": NOTE, **PLAIN}
    client = as_(desk.cast.zoe)
    url = reverse("sharing:audience-line")
    hidden = client.get(url, {**asked, "operation": str(operation.pk)}).content
    unknown = client.get(url, {**asked, "operation": "00000000-0000-0000-0000-000000000000"}).content
    assert hidden == unknown


def test_the_tag_renders_the_line_on_first_load(desk: Desk, rf: RequestFactory) -> None:
    operation = desk.operation()
    desk.order(operation)
    request = rf.get("/")
    request.now = timezone.now()  # type: ignore[attr-defined]
    request.access = access(desk.cast.xenia, request.now)  # type: ignore[attr-defined]
    form = MarkingForm(clearance=2, initial={"categories": [Category.OPERATIONAL]})
    page = Template("{% load sharing %}{% audience_line form kind operation %}")
    shown = page.render(Context({"request": request, "form": form, "kind": NOTE, "operation": operation}))
    assert "Will be seen by" in shown
    assert f"operation={operation.pk}" in shown
    assert "csrfmiddlewaretoken" not in shown
    assert Record.objects.filter(kind=NOTE).count() == 0


def test_the_line_tells_of_the_compartment_that_is_chosen(cast: Cast, as_: Any) -> None:
    """R3, R27: on the page as it changes, in a form that comes back filled in, and through the API."""
    room = compartments.open_compartment(name="Case Heron", by=cast.ada)
    client, inside = as_(cast.ada), "only you, those inside “Case Heron”, and officers of your agency named for it"
    asked = {"kind": "report", "tlp": "3", "classification": "1"}
    line = reverse("sharing:audience-line")
    assert "only X1 (own officers)" in client.get(line, asked).content.decode()
    assert inside in client.get(line, {**asked, "compartment": str(room.pk)}).content.decode()
    again = client.post(reverse("reports:report-create"), {**asked, "title": "", "compartment": str(room.pk)})
    assert inside in again.content.decode()
    told = client.post(
        reverse("records-audience-preview"), {**asked, "compartment": str(room.pk)}, content_type="application/json"
    )
    assert "those inside “Case Heron”" in told.json()["own"]
    # RED is narrower still (R8).
    red = client.get(line, {**asked, "tlp": "4", "compartment": str(room.pk)}).content.decode()
    assert "only you, and officers of your agency named for it" in red


def test_a_compartment_one_is_not_inside_of_is_unknown(cast: Cast, as_: Any) -> None:
    room, client = compartments.open_compartment(name="Case Heron", by=cast.ada), as_(cast.lars)
    asked = {"kind": "report", "tlp": "3", "classification": "1"}
    preview, nothing = reverse("records-audience-preview"), "00000000-0000-0000-0000-000000000000"
    pages, answers = [], []
    for key in (str(room.pk), nothing):
        pages.append(client.get(reverse("sharing:audience-line"), {**asked, "compartment": key}).content)
        answers.append(client.post(preview, {**asked, "compartment": key}, content_type="application/json"))
    assert pages[0] == pages[1]
    assert "Complete the marking" in pages[0].decode()
    assert [answer.status_code for answer in answers] == [400, 400]
    said = [
        str(answer.json()["errors"]).replace(key, "")
        for answer, key in zip(answers, (str(room.pk), nothing), strict=True)
    ]
    assert said[0] == said[1]
    assert "compartment" in said[0]
