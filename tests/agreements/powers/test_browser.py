"""Powers in a real browser: recorded, confirmed, read on a phone; clean and fitting."""

import re

import pytest
from playwright.sync_api import expect

from agreements.powers import actions
from tests.agreements.powers.conftest import Chancery
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_article_to_the_card(visitor: Visitor, cast: Cast, chancery: Chancery) -> None:
    """The treaty admin of X records a power and reads it first; Y's confirms; the liaison officer reads the card."""
    agreement = chancery.pursuit.agreement_id
    visitor.sign_in(cast.tara)
    page = visitor.open(f"/agreements/{agreement}/")
    page.get_by_text("Record a power of …").click()
    page.get_by_role("link", name="Art. 16", exact=True).last.click()
    page.get_by_label("May they …").select_option("pursue")
    page.get_by_label("The article says").select_option("only_if")
    page.get_by_role("button", name="How does it read?").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_label("Kilometres from the crossing").fill("10")
    page.get_by_role("button", name="How does it read?").click()
    expect(page.get_by_role("status", name="How it reads")).to_contain_text("at most 10 km from the crossing")
    assert_axe_clean(page)
    page.get_by_role("button", name="Record it").click()
    visitor.sign_in(cast.yusuf)
    page = visitor.open(f"/agreements/{agreement}/")
    page.get_by_role("button", name="Confirm the selected powers").click()
    expect(page.get_by_text("Confirmed.")).to_be_visible()
    visitor.sign_in(cast.lars)
    visitor.size(*PHONE)
    page = visitor.open("/powers/?actor=XX&host=YY")
    expect(page.get_by_role("heading", name="Officers of X-land in Y-land")).to_be_visible()
    expect(page.get_by_text("at most 10 km from the crossing")).to_be_visible()
    page.get_by_role("link", name="Deutsch").click()
    expect(page).to_have_url(re.compile("lang=de"))
    expect(page.get_by_text("höchstens 10 km vom Ort des Übertritts")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_text("Border, day, language").click()
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.startswith("powers-xx-yy-")


@pytest.mark.parametrize(
    ("size", "theme"), [(PHONE, "light"), (DESK, "dark"), ((320, 640), "light")], ids=["phone", "desk", "narrow"]
)
def test_every_page_is_clean(
    visitor: Visitor, cast: Cast, chancery: Chancery, size: tuple[int, int], theme: str
) -> None:
    row = chancery.confirmed(answer="only_if", triggers=["caught"], distance_m=10_000, words="Donaudampfschiff" * 6)
    chancery.confirmed(act="detain", answer="no", occasions=["pursuit"])
    chancery.record(by=cast.yusuf, act="carry_arms", answer="authorised")
    actions.put_into_words(power=row, by=cast.tara, language="de", words="Nacheile.", origin="own_words")
    visitor.theme(theme)
    visitor.sign_in(cast.tara)
    for path in (
        "/powers/",
        "/powers/?actor=XX&host=YY&lang=de",
        f"/powers/agreements/{row.agreement.pk}/",
        f"/powers/{row.pk}/",
        f"/powers/{row.pk}/correct/",
        f"/powers/{row.pk}/words/",
    ):
        visitor.size(*size)
        page = visitor.open(path)
        page.set_viewport_size({"width": size[0], "height": page.evaluate("document.documentElement.scrollHeight")})
        assert_axe_clean(page)
        assert_fits(page)
