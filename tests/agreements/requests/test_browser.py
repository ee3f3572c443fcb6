"""Access requests in a real browser: asked and approved, clean by axe, and fitting the screen."""

import re
from typing import Any

import pytest

from agreements.requests.models import AccessRequest, AskedRecord
from agreements.sharing.models import Record
from portal.outbox.sweeping import sweep
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast
from tests.intel.reports.conftest import PLAIN, Bureau, bureau, desk

__all__ = ["bureau", "desk"]  # fixtures, found here by pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def work() -> None:
    while sweep():
        pass


def expect_dead_end(visitor: Visitor) -> None:
    """The browser complains of a 404, which is what was opened; of nothing else."""
    assert ["404 (Not Found)" in line for line in visitor.complaints] == [True]
    visitor.complaints.clear()


def ask_by_page(visitor: Visitor, cast: Cast, record: Record) -> Any:
    """From the dead end to the request that was sent."""
    visitor.sign_in(cast.yann)
    page = visitor.open(f"/intel/reports/{record.pk}/")
    expect_dead_end(visitor)
    page.get_by_role("link", name="Ask for a record by its reference").click()
    page.get_by_label("Of which agency").select_option(str(cast.a1.pk))
    page.get_by_label("Reference").fill(record.reference.lower())
    page.get_by_label("Purpose").select_option("coordination")
    page.get_by_label("Proposed legal basis").select_option(f"{cast.a1.pk}|{cast.art7.pk}")
    page.get_by_label("Why").fill("Quoted in the minutes of the lake meeting.")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_text("if the reference is theirs").wait_for()
    work()
    return page


def test_from_the_dead_end_to_the_record(visitor: Visitor, cast: Cast, bureau: Bureau) -> None:
    report = bureau.write(title="Grey vans", marking=PLAIN)
    asker = ask_by_page(visitor, cast, report.record)
    assert "Grey vans" not in asker.content()
    visitor.sign_in(cast.ada)
    page = visitor.open(f"/requests/asked/{AskedRecord.objects.get().pk}/")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Take it back").wait_for()
    visitor.sign_in(cast.yann)
    page = visitor.open(f"/requests/{AccessRequest.objects.get().pk}/")
    page.get_by_role("link", name="Grey vans").click()
    page.wait_for_url(re.compile(f".*{report.pk}.*"))
    page.get_by_role("heading", name="Grey vans").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_clean(visitor: Visitor, cast: Cast, bureau: Bureau, size: tuple[int, int], theme: str) -> None:
    report = bureau.write(title="Grey vans", marking=PLAIN)
    ask_by_page(visitor, cast, report.record)
    visitor.theme(theme)
    mine, asked = AccessRequest.objects.get(), AskedRecord.objects.get()
    theirs = ("/requests/", "/requests/ask/", f"/requests/{mine.pk}/", "/nothing/here/")
    ours = ("/requests/asked/", f"/requests/asked/{asked.pk}/", f"/requests/records/{report.pk}/panel/")
    for who, paths in ((cast.yann, theirs), (cast.ada, ours)):
        visitor.sign_in(who)
        for path in paths:
            visitor.size(*size)
            page = visitor.open(path)
            if "nothing" in path:
                expect_dead_end(visitor)
            page.set_viewport_size({"width": size[0], "height": page.evaluate("document.documentElement.scrollHeight")})
            assert_axe_clean(page)
            assert_fits(page)
