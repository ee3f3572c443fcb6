"""The style page shows every part; what is clean there is clean everywhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast

# Three corners, and the first again.
THREE_CORNERS = re.compile(r'^\{"type":"Polygon","coordinates":\[\[(\[[\d.]+,[\d.]+\],?){4}\]\]\}$')
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=["phone", "desk", "narrow"])
def test_style_page_is_clean(visitor: Visitor, cast: Cast, size: tuple[int, int], theme: str) -> None:
    visitor.size(*size)
    visitor.theme(theme)
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    assert_axe_clean(page)
    assert_fits(page)


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/nowhere/"])
def test_pages_before_sign_in_are_clean(visitor: Visitor, path: str) -> None:
    visitor.size(*PHONE)
    for theme in ("light", "dark"):
        visitor.theme(theme)
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)
    visitor.complaints = [line for line in visitor.complaints if "404" not in line]


def test_theme_is_chosen_and_kept(visitor: Visitor, cast: Cast) -> None:
    visitor.theme("light")
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    page.get_by_role("button", name="Change between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_keyboard_skips_to_content_and_errors_take_focus(visitor: Visitor, cast: Cast) -> None:
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("[data-error-summary] a", has_text="Place").press("Enter")
    expect(page.locator("#id_place")).to_be_focused()
    page.goto(f"{visitor.address}/account/login/?next=/style/")
    page.goto(f"{visitor.address}/account/password/change/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_grave_step_is_asked_about(visitor: Visitor, cast: Cast) -> None:
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("form[data-confirm]").evaluate("form => form.requestSubmit()")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Send this to two agencies?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "POST" not in sent


def test_menu_opens_on_a_phone(visitor: Visitor, cast: Cast) -> None:
    visitor.size(*PHONE)
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    bar = page.get_by_role("navigation", name="Main, short")
    expect(bar).to_be_visible()
    menu = bar.get_by_role("button", name="Menu")
    if menu.count():
        menu.click()
        rail = page.locator("#rail")
        expect(rail).to_be_visible()
        rail.get_by_role("button", name="Close").click()
        expect(rail).to_be_hidden()


def test_area_is_drawn_by_keyboard_and_read_from_the_field(visitor: Visitor, cast: Cast) -> None:
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    corner = page.get_by_role("button", name="Set a corner in the middle")
    region = page.get_by_role("region", name="Draw the area")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        corner.press("Enter")
        region.press(key)
        page.wait_for_timeout(400)
    expect(page.locator("#id_area")).to_have_value(THREE_CORNERS)
    page.get_by_role("button", name="Clear").first.click()
    expect(page.locator("#id_area")).to_have_value("")


def test_list_beside_the_map_opens_the_same_thing(visitor: Visitor, cast: Cast) -> None:
    visitor.sign_in(cast.xenia)
    page = visitor.open("/style/")
    page.locator(".map-list").get_by_role("button", name="Patrol Lake 2").click()
    expect(page.locator(".leaflet-popup-content")).to_contain_text("active")
    expect(page.get_by_role("button", name="Crossing point").first).to_be_visible()
