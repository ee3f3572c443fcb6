"""In a real browser: the matrix by keyboard and by touch, the network, a country, who can talk; axe on each."""

from datetime import date

from playwright.sync_api import expect

from agencies.channels.models import CommunicationChannel
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import LONG_AGO, Cast, make_treaty


def looked_at(visitor: Visitor) -> None:
    """Light and wide, dark and narrow: clean, and no wider than the narrowest screen."""
    for theme, size in (("light", DESK), ("dark", PHONE)):
        visitor.theme(theme)
        visitor.size(*size)
        assert_axe_clean(visitor.page)
        assert_fits(visitor.page)
    visitor.size(320, 640)
    assert_fits(visitor.page)


def test_a_flow_is_found_read_and_followed(cast: Cast, visitor: Visitor) -> None:
    make_treaty(
        short_name="Z Treaty", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno], categories=["operational", "dna"],
    )  # fmt: skip
    for agency, number in ((cast.a1, "+999 1"), (cast.b, "+999 2")):
        CommunicationChannel.objects.create(
            agency=agency, means="telephone", address=number, languages=["de"], starts_on=date(2024, 1, 1),
            recorded_at=LONG_AGO,
        )  # fmt: skip
    visitor.sign_in(cast.xenia)
    visitor.size(*DESK)
    page = visitor.open("/atlas/?against=2024-01-01")
    expect(page.get_by_text("opened").first).to_be_visible()
    # One stop of Tab for the whole grid; arrows move, End goes to the last column, Enter reads the articles beside.
    first = page.locator("[data-grid] a").first
    first.focus()
    assert page.locator("[data-grid] a[tabindex='0']").count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    flow = page.locator("#flow")
    expect(flow.get_by_text("Open since").first).to_be_visible()
    expect(flow).to_be_focused()
    assert page.url.endswith("against=2024-01-01")
    expect(page.locator(".flow-cell.is-chosen")).to_have_count(1)
    looked_at(visitor)
    visitor.size(*PHONE)
    page = visitor.open("/atlas/")
    expect(page.locator("[data-grid]")).to_be_hidden()
    page.locator(".flow-list details[open] a").first.click()
    expect(page.get_by_text("Open since").first).to_be_visible()
    looked_at(visitor)

    visitor.size(*DESK)
    page = visitor.open("/atlas/network/?around=all")
    looked_at(visitor)
    page.locator(".net-edge a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("and")
    looked_at(visitor)
    for path in ("/atlas/?category=operational&between=all", "/atlas/countries/YY/", "/channels/"):
        visitor.open(path)
        looked_at(visitor)
    visitor.open(f"/directory/agencies/{cast.b.pk}/")
    expect(visitor.page.get_by_text("Can we talk?")).to_be_visible()
    looked_at(visitor)
