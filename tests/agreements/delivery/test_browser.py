"""Rules, deliveries and outlets in a real browser: an area drawn on the map, a webhook set up, both clean and fitting."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agreements.delivery import actions
from agreements.delivery.choices import Manner
from agreements.delivery.models import Outlet, Rule
from tests.browser import DESK, PHONE, assert_axe_clean, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rule_with_an_area_drawn_on_the_map(visitor: Any, cast: Any) -> None:
    visitor.size(*DESK)
    visitor.sign_in(cast.yann)
    page = visitor.open(reverse("delivery:rule-list"))
    page.get_by_role("link", name="New rule").first.click()
    visitor.settle()
    assert_axe_clean(page)
    chart = page.locator("[data-map]")
    box = chart.bounding_box()
    assert box is not None
    for x, y in ((0.3, 0.3), (0.6, 0.3), (0.5, 0.6)):
        chart.click(position={"x": box["width"] * x, "y": box["height"] * y})
    page.get_by_label("Incidents").check()
    page.get_by_label("In a daily digest").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("in an area with 3 corners")).to_be_visible()
    assert_axe_clean(page)
    assert Rule.objects.get().area["type"] == "Polygon"


def test_a_webhook_is_set_up(visitor: Any, cast: Any, chief: Any) -> None:
    visitor.size(*DESK)
    visitor.sign_in(chief)
    page = visitor.open(reverse("directory:agency-detail", args=[cast.b.pk]))
    page.get_by_role("link", name="New webhook").click()
    page.get_by_label("Name").fill("Dispatch")
    page.get_by_label("Address").fill("https://desk.example.org/in")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("shown this once")).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("link", name="I have kept it").click()
    expect(page.get_by_role("heading", name="Dispatch")).to_be_visible()
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("Nothing goes there any more")).to_be_visible()
    assert Outlet.objects.get().ended_at is not None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=["phone", "desk", "narrow"])
def test_pages_are_clean(visitor: Any, cast: Any, chief: Any, alert: Any, settled: Any, size: Any, theme: str) -> None:
    actions.add_rule(by=chief, manner=Manner.WEEKLY, words="bridge")
    outlet, _ = actions.add_outlet(
        agency=cast.b,
        kind="gateway",
        name="SMS",
        url="https://sms.example.org/a-rather-long-address",
        body="{number}",
        by=chief,
    )
    row = alert()
    settled()
    visitor.theme(theme)
    visitor.size(*size)
    visitor.sign_in(chief)
    names = ("rule-list", "rule-create", "preference-change", "delivery-list")
    paths = [reverse(f"delivery:{name}") for name in names]
    paths += [reverse("delivery:delivery-detail", args=[row.deliveries.get().pk])]
    paths += [reverse(f"delivery:{name}", args=[outlet.pk]) for name in ("outlet-detail", "outlet-change")]
    paths += [reverse("delivery:agency-panel", args=[cast.b.pk])]
    for path in paths:
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)
