"""In Chromium: a bilateral treaty from nothing to its parties, with a colleague who approves; clean for axe, and on a telephone."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.drafting import actions
from agreements.drafting.models import Submission
from agreements.register.models import Agreement
from tests.agreements.drafting.conftest import Desk
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).first.click()
    visitor.page.wait_for_load_state()
    visitor.settle()


def follow(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("link", name=name, exact=True).first.click()
    visitor.page.wait_for_load_state()
    visitor.settle()


def status(page: Page, task: str) -> str:
    return page.locator(f"#status-{task}").inner_text().strip()


def sure(page: Page) -> None:
    page.locator("dialog [value=yes]").click()
    page.wait_for_load_state()


def test_from_nothing_to_the_parties(desk: Desk, visitor: Visitor) -> None:
    page = visitor.page
    visitor.size(*DESK)
    visitor.sign_in(desk.cast.tara)
    visitor.open(reverse("register:agreement-list"))
    follow(visitor, "Register")
    page.get_by_label("Name", exact=False).first.fill("Lake Agreement")
    page.get_by_label("Kind").select_option("agreement")
    press(visitor, "Begin")
    assert_axe_clean(page)
    assert (status(page, "name"), status(page, "parties"), status(page, "sharing")) == (
        "In progress", "Not started", "Cannot start yet",
    )  # fmt: skip

    follow(visitor, "Parties and their agencies")
    page.get_by_label("Another party").select_option("YY")
    press(visitor, "Add")
    for agency in (desk.cast.a1, desk.cast.b):
        page.get_by_label("Agency", exact=False).first.select_option(str(agency.pk))
        page.locator("#add-agency ~ form").get_by_label("From", exact=False).fill("2026-05-01")
        press(visitor, "Name it")
    assert_axe_clean(page)
    press(visitor, "This part is done")
    assert status(page, "parties") == "Done"

    follow(visitor, "Dates")
    page.get_by_label("Concluded on").fill("2026-03-02")
    page.get_by_label("In force from").fill("2026-05-01")
    for country in ("X-land", "Y-land"):
        page.get_by_label(f"{country}: is bound by").select_option("ratification")
        page.get_by_label(f"{country}: done on").fill("2026-04-01")
    # What follows stands beside, before anything is saved.
    expect(page.locator("#follows-body")).to_contain_text("from 1 May 2026")
    assert_axe_clean(page)
    press(visitor, "Save")
    assert status(page, "dates") == "In progress"

    follow(visitor, "Articles")
    follow(visitor, "Add an article")
    page.get_by_label("Article", exact=False).first.fill("Art. 4")
    page.get_by_label("About").select_option("information_sharing")
    page.get_by_label("What it permits").fill("Patrols share what they log.")
    press(visitor, "Save")
    press(visitor, "This part is done")

    follow(visitor, "Data sharing")
    assert "Shares nothing." in page.content()
    follow(visitor, "Art. 4")
    page.get_by_label("Operational", exact=True).check()
    page.get_by_label("Border operation", exact=True).check()
    page.get_by_label("Kept for how many days", exact=False).fill("90")
    assert_axe_clean(page)
    press(visitor, "Save")
    assert "X-land and Y-land may give each other operational data, for border operation" in page.content()
    press(visitor, "This part is done")

    follow(visitor, "Check your answers")
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    assert_axe_clean(page)
    follow(visitor, "Change Name and kind")
    page.get_by_label("Full title").fill("Agreement on the Lake between X and Y")
    page.get_by_label("This part is done").check()
    press(visitor, "Save")
    assert page.url.endswith(f"/drafts/{Agreement.objects.get(short_name='Lake Agreement').pk}/check/")
    follow(visitor, "What would it change?")
    expect(page.get_by_text("Articles that open")).to_be_visible()
    assert_axe_clean(page)
    follow(visitor, "Back to your answers")
    press(visitor, "Ask for approval")
    expect(page.get_by_text("A second officer is asked")).to_be_visible()

    row = Agreement.objects.get(short_name="Lake Agreement")
    visitor.sign_in(desk.tilda)
    visitor.open(reverse("drafting:draft-list"))
    assert_axe_clean(page)
    follow(visitor, "Read and decide on Lake Agreement")
    assert_axe_clean(page)
    press(visitor, "Approve")
    sure(page)
    page.wait_for_url(re.compile(r"/agreements/"))
    expect(page.get_by_text("Put to the parties.")).to_be_visible()
    row.refresh_from_db()
    assert row.registered_at
    assert Submission.objects.get().decided_by == desk.tilda

    # The other state confirms, and it works.
    visitor.sign_in(desk.cast.yusuf)
    visitor.open(reverse("register:agreement-detail", args=[row.pk]))
    press(visitor, "Confirm the selected")
    expect(page.get_by_text("both stand behind it")).to_be_visible()


def test_on_a_telephone_and_in_the_dark(desk: Desk, visitor: Visitor) -> None:
    row, page = desk.filled(), visitor.page
    actions.share(agreement=row, by=desk.cast.tara, agency=desk.cast.b, tasks=["dates"])
    desk.asked(row)
    clause: Any = row.clauses.get()
    visitor.sign_in(desk.cast.tara)
    visitor.size(*PHONE)
    names = (
        "draft-detail",
        "name",
        "parties",
        "dates",
        "articles",
        "sharing",
        "contacts",
        "powers",
        "documents",
        "check",
        "share",
        "draft-delete",
    )
    addresses = [reverse(f"drafting:{name}", args=[row.pk]) for name in names]
    addresses += [reverse("drafting:draft-list"), reverse("drafting:draft-create")]
    addresses += [reverse(f"drafting:{name}", args=[row.pk, clause.pk]) for name in ("article-change", "terms")]
    addresses += [f"{reverse('drafting:preview', args=[row.pk])}?agency={desk.cast.b.pk}"]
    for number, address in enumerate(addresses):
        visitor.theme("dark" if number % 2 else "light")
        visitor.open(address)
        assert_fits(page)
        assert_axe_clean(page)
