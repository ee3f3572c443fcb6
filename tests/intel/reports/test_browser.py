"""The pages of reports in a real browser: clean, fitting, and the grades narrow to the chosen scheme."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from intel.reports.models import Report
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.intel.reports.conftest import RED, Bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HANDLED = Marking(
    ["operational"], 1, Tlp.AMBER.value, rel_to=["YY"], handling_codes=["H1", "H3"], handling_note="Ask the desk first."
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=["phone", "desk", "narrow"])
def test_list_form_and_detail_are_clean(visitor: Visitor, bureau: Bureau, size: tuple[int, int], theme: str) -> None:
    row = bureau.shared(marking=HANDLED, position=(47.66, 9.17), title="Boats without lights off the southern shore")
    red = bureau.write(marking=RED)
    visitor.theme(theme)
    visitor.sign_in(bureau.cast.ada)
    own = ("", "new/", f"{row.pk}/", f"{row.pk}/change/", f"{row.pk}/withdraw/", "?source_grade=nato:B")
    for path in (*(f"/intel/reports/{each}" for each in own), f"/records/{red.pk}/name/"):
        visitor.size(*size)
        page = visitor.open(path)
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })")
        # On a screen as tall as the page nothing lies under the bars that stick to its edges.
        page.set_viewport_size({"width": size[0], "height": page.evaluate("document.documentElement.scrollHeight")})
        assert_axe_clean(page)
        assert_fits(page)


def asked_again(page: Page) -> Any:
    """The audience line is asked for again whenever the form changes: let the answer come before the next step."""
    return page.expect_response(lambda response: "audience-line" in response.url)


def test_a_report_is_written_with_grades_of_one_scheme(visitor: Visitor, bureau: Bureau) -> None:
    visitor.size(*PHONE)
    visitor.sign_in(bureau.cast.ada)
    page = visitor.open("/intel/reports/new/")
    source, line = page.locator("#id_source_grade"), page.locator(".audience-live")
    expect(source.locator("optgroup")).to_have_count(1)
    with asked_again(page):
        source.select_option("nato:B")
    with asked_again(page):
        page.get_by_label("Graded by").select_option("eu4x4")
    # A grade of another scheme is chosen anew.
    expect(source).to_have_value("")
    expect(source.locator("optgroup")).to_have_attribute("label", "European 4×4")
    expect(line).to_contain_text("reports never go out by themselves")
    with asked_again(page):
        page.get_by_label("TLP").select_option("4")
    expect(line).to_contain_text("named for it")
    with asked_again(page):
        page.get_by_label("Title").fill("Vans")
        page.get_by_label("Title").press("Tab")
    page.get_by_role("button", name="Save the report").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("Vans")
    expect(page.get_by_label("Graded by")).to_have_value("eu4x4")
    expect(source.locator("optgroup")).to_have_attribute("label", "European 4×4")
    with asked_again(page):
        page.get_by_label("Summary").fill("Two vans wait.")
        page.get_by_label("Summary").press("Tab")
    for field, grade in (("#id_source_grade", "eu4x4:X"), ("#id_information_grade", "eu4x4:4")):
        with asked_again(page):
            page.locator(field).select_option(grade)
    page.get_by_role("button", name="Save the report").click()
    expect(page).to_have_url(re.compile(r"/intel/reports/[0-9a-f-]{36}/$"))
    expect(page.locator(".grade-code")).to_have_text("X4")
    assert Report.objects.get().scheme == "eu4x4"
