"""Two officers of two agencies in two browsers sign one text; the pages are clean for axe, on both sizes and themes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from operations.joint.models import JointReport, Signature
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits, fresh_profile
from tests.operations.joint.conftest import Table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def other(served: str, chromium: Browser) -> Iterator[Visitor]:
    """A second browser profile: the officer of the other side."""
    with fresh_profile(chromium, served) as someone:
        yield someone


def looked_at(visitor: Visitor, path: str) -> None:
    for size, theme in ((PHONE, "dark"), (DESK, "light")):
        visitor.size(*size)
        visitor.theme(theme)
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)


def test_two_officers_sign(visitor: Visitor, other: Visitor, table: Table) -> None:
    visitor.sign_in(table.cast.lars)
    other.sign_in(table.cast.yann)
    other.size(*PHONE)
    page = visitor.open(reverse("patrols:patrol-detail", args=[table.patrol.pk]))
    page.get_by_role("link", name="Write a joint report").click()
    page.get_by_label("Joint text").fill("Both teams walked the shore.")
    looked_at(visitor, page.url.removeprefix(visitor.address))
    page.get_by_label("Joint text").fill("Both teams walked the shore.")
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("link", name="Put it to the sides").click()
    assert_axe_clean(page)
    page.get_by_role("button", name="Put it to the sides").click()
    row = JointReport.objects.get()
    # The other side: from home to signing, with a statement of its own.
    theirs = other.open("/")
    theirs.get_by_role("link", name=row.record.title).first.click()
    looked_at(other, reverse("joint:report-sign", args=[row.pk]))
    theirs.get_by_label("Records its own statement").check()
    theirs.get_by_label("Your side's statement").fill("It rained all night.")
    theirs.get_by_role("button", name="Sign").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text(row.record.title)
    mine = Signature.objects.get()
    assert mine.device is not None
    assert mine.device_at is not None
    assert abs((mine.signed_at - mine.device_at).total_seconds()) < 60
    # A change reopens it.
    visitor.open(reverse("joint:report-change", args=[row.pk]))
    page.get_by_label("Joint text").fill("Both teams walked the shore in the rain.")
    page.get_by_role("button", name="Save").click()
    theirs = other.open(reverse("joint:report-detail", args=[row.pk]))
    expect(theirs.get_by_text("To sign again")).to_be_visible()
    theirs.get_by_role("link", name="Sign …").click()
    theirs.get_by_role("button", name="Sign").click()
    visitor.open(reverse("joint:report-sign", args=[row.pk]))
    page.get_by_role("button", name="Sign").click()
    page.get_by_role("link", name="Your agency's copy").click()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name="It is what was sealed")).to_be_visible()
    assert_axe_clean(page)
    with page.expect_download() as printed:
        page.get_by_role("link", name="Print in all languages").click()
    assert printed.value.suggested_filename.endswith(".pdf")
    for someone in (visitor, other):
        looked_at(someone, reverse("joint:copy-detail", args=[table.copy(someone_side(someone is visitor, table)).pk]))
    for name in ("report-list", "copy-list"):
        looked_at(visitor, reverse(f"joint:{name}"))
    looked_at(visitor, reverse("joint:report-detail", args=[row.pk]))


def someone_side(is_first: bool, table: Table) -> Any:
    return table.cast.a1 if is_first else table.cast.b
