"""On the phone, without a network: a quick button, the fields of the type, what is wrong at its field, one receipt."""

import pytest
from playwright.sync_api import expect

from operations.patrols.models import Observation
from tests.browser import Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast
from tests.operations.device.test_journeys import desk, first_visit, joint, phone
from tests.operations.patrols.conftest import Joint
from tests.operations.types.conftest import BIRD, VAN, publish

__all__ = ["desk", "joint", "phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_type_is_filled_in_without_a_network(phone: Visitor, joint: Joint, cast: Cast) -> None:
    made = publish(joint, VAN, BIRD)
    patrol = joint.plan()
    page = first_visit(phone, cast.anton)
    page.context.set_offline(True)
    page.locator(f"[data-start='{patrol.pk}']").click()
    # Two taps to typing, as ever.
    page.locator("[data-quick='van']").click()
    expect(page.get_by_label("What was seen?")).to_be_focused()
    expect(page.get_by_role("radio", name="Van")).to_be_checked()
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#f-persons-wrong")).to_have_text("Fill in “Persons”.")
    expect(page.locator("#f-persons")).to_be_focused()
    for _ in range(3):
        page.get_by_role("button", name="One more: Persons").click()
    expect(page.locator("#f-persons")).to_have_value("2")
    expect(page.locator("#f-persons-wrong")).to_be_empty()
    page.locator("#f-speed").fill("500")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#f-speed-wrong")).to_contain_text("from 0 to 120 km/h")
    page.locator("#f-speed").fill("48,5")
    page.locator("label", has_text="Low").click()
    expect(page.locator("[data-audience]")).to_contain_text("Will be seen by X1 and Y1")
    page.locator("#f-plate").fill("KN-X 1")
    expect(page.locator("[data-audience]")).to_contain_text("Waits for a release")
    # What was filled in is a draft like the rest: it is there again.
    page.get_by_role("link", name="Later").click()
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("#f-plate")).to_have_value("KN-X 1")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".rows").get_by_text("Waiting to send").first).to_be_visible()
    # The words of every operation are a tap away.
    page.locator("[data-quick='bird']").click()
    page.locator("summary", has_text="Other").click()
    page.locator("label", has_text="Hazard").click()
    page.get_by_label("What was seen?").fill("Ice on the path")
    page.get_by_role("button", name="Save").click()
    page.context.set_offline(False)
    expect(page.locator(".rows").get_by_text("Received").first).to_be_visible(timeout=20_000)
    expect(page.locator(".rows").get_by_text("Waiting to send")).to_have_count(0)
    van = Observation.objects.get(type="check")
    assert van.filled is not None
    assert (van.filled.catalogue, van.filled.values) == (
        made.pk,
        {"speed": 48.5, "plate": "KN-X 1", "persons": 2, "signs": ["low"]},
    )
    assert "personal_data" in van.record.categories
    assert Observation.objects.get(type="hazard").filled is None
