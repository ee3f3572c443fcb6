"""In a real browser: a treaty admin uploads a text and sees how far it is, a partner's officer finds it, and the calendar."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agreements.deadlines import actions as deadlines
from agreements.papers.models import Document
from agreements.register.models import Agreement
from tests.agreements.papers.conftest import Shelf
from tests.agreements.papers.files import pdf
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_text_is_uploaded_searched_and_its_agreements_end_stands_in_the_calendar(
    visitor: Visitor, shelf: Shelf
) -> None:
    treaty, cast = shelf.treaty, shelf.cast
    Agreement.objects.filter(pk=treaty.pk).update(expires_on=timezone.now().date() + timedelta(days=20))
    visitor.sign_in(cast.tara)
    page = visitor.open(f"/agreements/{treaty.pk}/")
    page.get_by_role("link", name="Add a document").click()
    page.wait_for_url("**/new/")
    assert_axe_clean(page)
    file = page.get_by_label("File")
    file.set_input_files({"name": "virus.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x00\x01not a PDF"})
    expect(page.get_by_label("Title")).to_have_value("virus")
    page.get_by_label("Title").fill("Text of the treaty")
    page.get_by_label("Language").select_option("en")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("none of the files that are taken")
    expect(page.get_by_label("Title")).to_have_value("Text of the treaty")
    assert_axe_clean(page)
    text = pdf("Article 1 Joint patrols", "Article 2 Officers may pursue a fleeing vehicle across the border")
    file.set_input_files({"name": "text.pdf", "mimeType": "application/pdf", "buffer": text})
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/papers/*/")
    expect(page.get_by_text("Text is being read", exact=True)).to_be_visible()
    row = Document.objects.get()
    expect(page.get_by_text(row.sha256)).to_be_visible()
    assert_axe_clean(page)
    shelf.read(row)

    visitor.sign_in(cast.yann)
    page = visitor.open("/papers/")
    page.locator("summary").first.click()
    page.get_by_label("Words").fill("pursuing vehicles")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status").filter(has_text="1 document")).to_be_visible()
    expect(page.locator("mark").first).to_have_text("pursue")
    expect(page.get_by_text("page 2", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Text of the treaty").click()
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == row.file_name

    page = visitor.open("/deadlines/")
    expect(page.get_by_role("cell", name="Last day of effect")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    assert download.value.suggested_filename == "entente-deadlines.ics"
    last = timezone.now().date() + timedelta(days=20)
    page = visitor.open(f"/deadlines/?view=month&month={last:%Y-%m}")
    expect(page.locator(".month").get_by_role("link", name="X–Y Treaty")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_clean(visitor: Visitor, shelf: Shelf, theme: str) -> None:
    row = shelf.text("Officers may pursue a fleeing vehicle across the border.")
    now = timezone.now().date()
    deadlines.plan_review(agreement=shelf.treaty, what="Annex", first_on=now, every_months=1, by=shelf.cast.tara)
    visitor.theme(theme)
    visitor.sign_in(shelf.cast.tara)
    paths = (
        "/papers/?q=pursue", f"/papers/{row.pk}/", f"/papers/{row.pk}/version/", f"/papers/{row.pk}/withdraw/",
        f"/papers/agreements/{shelf.treaty.pk}/", f"/papers/agreements/{shelf.treaty.pk}/new/", "/deadlines/",
        "/deadlines/?view=month", "/deadlines/lead-times/", f"/deadlines/agreements/{shelf.treaty.pk}/",
        f"/deadlines/agreements/{shelf.treaty.pk}/reviews/new/",
    )  # fmt: skip
    for path in paths:
        for size in (PHONE, DESK):
            visitor.size(*size)
            page: Any = visitor.open(path)
            assert_fits(page)
            assert_axe_clean(page)
    visitor.size(320, 700)
    for path in paths[:8]:
        assert_fits(visitor.open(path))
