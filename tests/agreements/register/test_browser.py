"""A treaty's life in a real browser: registered with a condition, in force by a third ratification, denounced."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agreements.register import actions
from agreements.register.choices import ActionKind, Category, ClauseKind, Purpose
from agreements.register.models import Agreement
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_in_force_by_the_third_ratification_and_denounced(visitor: Visitor, cast: Cast) -> None:
    page = _register(visitor, cast)
    agreement = Agreement.objects.get(short_name="Lake Convention")
    _share(cast, agreement)
    for admin in (cast.tara, cast.yusuf):
        _ratify(agreement, admin)
    _confirm(cast, agreement)

    visitor.sign_in(cast.zeno)
    page = visitor.open(f"/agreements/{agreement.pk}/")
    expect(page.get_by_role("region", name="Entry into force")).to_contain_text("2 of 3 consents")
    assert_axe_clean(page)
    page.get_by_role("link", name="Record an action").click()
    _asks_what_concerns_the_act(page)
    page.get_by_label("Action*").select_option("ratification")
    page.get_by_label("By", exact=True).select_option("ZZ")
    page.get_by_label("Done on").fill(str(timezone.now().date()))
    page.get_by_text("What each action means").click()
    assert_axe_clean(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Entry into force")).to_contain_text("Met on")
    _confirm(cast, agreement)

    page = visitor.open(f"/agreements/{agreement.pk}/")
    works = page.get_by_role("region", name="Works here with your country")
    expect(works).to_contain_text("X-land: both stand behind it")
    expect(works).to_contain_text("Y-land: both stand behind it")
    _denounce(visitor, page, agreement)


def _asks_what_concerns_the_act(page: Page) -> None:
    act, towards = page.get_by_label("Action*"), page.get_by_label("Towards")
    lifted, excluded = page.get_by_label("What a lifting lifts"), page.get_by_text("Data categories that a reservation")
    act.select_option("suspension")
    expect(towards).to_be_visible()
    expect(excluded).to_be_hidden()
    towards.select_option("YY")
    act.select_option("reservation")
    expect(excluded).to_be_visible()
    page.get_by_label("Biometric data", exact=True).or_(page.get_by_label("Personal data", exact=True)).first.check()
    act.select_option("lifting")
    expect(lifted).to_be_visible()
    # What was chosen for another act goes along with none.
    for hidden in (towards, excluded):
        expect(hidden).to_be_hidden()
    expect(towards).to_be_disabled()


def _register(visitor: Visitor, cast: Cast) -> Page:
    visitor.sign_in(cast.tara)
    page = visitor.open("/agreements/new/")
    page.get_by_label("Title").fill("Convention of three on the Lake")
    page.get_by_label("Short name").fill("Lake Convention")
    page.get_by_label("Kind").select_option("convention")
    page.get_by_label("Parties").select_option(["XX", "YY", "ZZ"])
    page.get_by_label("Concluded on").fill(str(timezone.now().date() - timedelta(days=40)))
    page.get_by_label("Notice of a denunciation, in months").fill("6")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Say on what its entry into force depends").click()
    page.get_by_label("How many consents").fill("3")
    page.get_by_label("Article").fill("Art. 12")
    assert_axe_clean(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Entry into force")).to_contain_text("With the 3rd consent")
    return page


def _share(cast: Cast, agreement: Agreement) -> None:
    actions.add_clause(
        agreement=agreement, article="Art. 3", kind=ClauseKind.INFORMATION_SHARING, by=cast.tara,
        categories=[Category.OPERATIONAL], purposes=[Purpose.COORDINATION],
    )  # fmt: skip
    for agency in (cast.a1, cast.b, cast.c):
        actions.designate(agreement=agreement, agency=agency, starts_on=timezone.now().date(), by=cast.tara)


def _ratify(agreement: Agreement, by: Any) -> None:
    day = timezone.now().date() - timedelta(days=3)
    actions.record_action(
        agreement=agreement, kind=ActionKind.RATIFICATION, country=by.agency.country, done_on=day, by=by
    )


def _confirm(cast: Cast, agreement: Agreement) -> None:
    for admin in (cast.tara, cast.yusuf, cast.zeno):
        actions.confirm(agreement=agreement, by=admin)


def _denounce(visitor: Visitor, page: Page, agreement: Agreement) -> None:
    page.get_by_role("link", name="Record an action").click()
    page.get_by_label("Action*").select_option("denunciation")
    page.get_by_label("By", exact=True).select_option("ZZ")
    page.get_by_label("Done on").fill(str(timezone.now().date()))
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Record the denunciation").click()
    running = page.get_by_role("region", name="What runs out")
    expect(running).to_contain_text("Denunciation by Z-land")
    row = agreement.actions.get(kind=ActionKind.DENUNCIATION)
    assert row.effective_on is not None
    left = (row.effective_on - timezone.now().date()).days - 1
    expect(running).to_contain_text(f"{left} days left")
    expect(page.get_by_role("region", name="Works here with your country")).to_contain_text("both stand behind it")
    page = visitor.open(f"/agreements/{agreement.pk}/?on={row.effective_on}")
    expect(page.get_by_role("region", name="Parties")).to_contain_text("Ended")


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light"), ((320, 640), "light")])
def test_the_pages_are_clean(visitor: Visitor, cast: Cast, size: tuple[int, int], theme: str) -> None:
    agreement = cast.art7.agreement
    right = actions.add_clause(
        agreement=agreement, article="Art. 7", kind=cast.art7.kind, summary="Plans and logs", by=cast.tara,
        categories=[Category.OPERATIONAL], purposes=cast.art7.purposes, rectifies=cast.art7,
    )  # fmt: skip
    visitor.theme(theme)
    visitor.sign_in(cast.tara)
    for path in (
        f"/agreements/{agreement.pk}/?on=2024-04-15",
        f"/agreements/clauses/{right.pk}/compare/",
        f"/agreements/{agreement.pk}/relations/new/",
        f"/agreements/{agreement.pk}/condition/",
    ):
        visitor.size(*size)
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)
