"""The pages of corrections in a real browser: clean and fitting, and an answer is given with the keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from agreements.corrections import actions
from agreements.corrections.models import Correction
from intel.reports import actions as reports
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast
from tests.intel.reports.conftest import PLAIN, Bureau, bureau, desk

__all__ = ["bureau", "desk"]  # fixtures, found here by pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtsgesellschaft" * 3


def proposed(cast: Cast, bureau: Bureau, **values: Any) -> Correction:
    row = bureau.shared(title="Boats without lights off the southern shore", marking=PLAIN)
    texts = {"wrong": f"The time is wrong. {LONG}", "instead": "It was at four.", **values}
    return actions.propose(record=row.record, by=cast.yann, **texts)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=["phone", "desk", "narrow"])
def test_every_page_is_clean(visitor: Visitor, cast: Cast, bureau: Bureau, size: tuple[int, int], theme: str) -> None:
    row, accepted = proposed(cast, bureau), proposed(cast, bureau)
    actions.accept(correction=accepted, by=cast.ada, answer="Thank you.")
    visitor.theme(theme)
    record = row.record_id
    own = (
        "/corrections/",
        f"/corrections/{row.pk}/",
        f"/corrections/{accepted.pk}/",
        f"/corrections/records/{record}/",
    )
    theirs = (f"/corrections/records/{record}/new/", f"/corrections/{row.pk}/withdraw/", f"/intel/reports/{record}/")
    for who, paths in ((cast.ada, own), (cast.yann, theirs)):
        visitor.sign_in(who)
        for path in paths:
            visitor.size(*size)
            page = visitor.open(path)
            page.set_viewport_size({"width": size[0], "height": page.evaluate("document.documentElement.scrollHeight")})
            assert_axe_clean(page)
            assert_fits(page)


def test_a_receiver_proposes_from_the_record_and_the_owner_answers(
    visitor: Visitor, cast: Cast, bureau: Bureau
) -> None:
    report = bureau.shared()
    visitor.sign_in(cast.yann)
    page = visitor.open(f"/intel/reports/{report.pk}/")
    page.get_by_role("link", name="Propose a correction").click()
    page.get_by_label("What is wrong").fill("The hour.")
    page.get_by_role("button", name="Send to X1").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_label("What it should say").fill("Four: our log says so.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/corrections/[0-9a-f-]{36}/$"))
    visitor.sign_in(cast.ada)
    page = visitor.open("/corrections/?state=open&side=ours")
    page.get_by_role("link", name="The hour.").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="Change the report").click()
    expect(page).to_have_url(re.compile(rf"/intel/reports/{report.pk}/change/$"))
    assert Correction.objects.get().state == "accepted"
    assert reports.Report.objects.get().record.version == 1
