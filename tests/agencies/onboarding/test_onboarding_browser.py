"""A journey: an agency is invited, accepts, is let in, enters what partners need, is named, and reads a first record."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.directory.models import Agency, Appointment, Officer
from agreements.register.choices import Purpose
from agreements.register.models import Designation
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from intel.reports import actions as reports
from tests.agencies.onboarding.conftest import link_in
from tests.browser import PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-new-password-7"


def seen(page: Page) -> None:
    assert_axe_clean(page)
    assert_fits(page)


def confirm(page: Page) -> None:
    """The question that an irreversible step asks."""
    page.locator(
        "dialog[open] button.btn-primary, dialog[open] button.btn-danger, .modal.show .btn-primary, .modal.show .btn-danger"
    ).first.click()
    page.wait_for_load_state("networkidle")


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def set_password(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_load_state("networkidle")


def sign_in(visitor: Visitor, username: str) -> None:
    visitor.page.context.clear_cookies()
    page = visitor.open("/account/login/")
    fill(page, {"login": username, "password": PASSWORD})
    page.locator("main button").click()
    page.wait_for_load_state("networkidle")


def test_from_the_invitation_to_the_first_shared_record(
    cast: Cast, visitor: Visitor, carry: Callable[[], list[Any]]
) -> None:
    page = visitor.page
    # Tara of X invites the customs of Y.
    visitor.sign_in(cast.tara)
    visitor.open("/partners/invitations/new/")
    page.locator("main [name=country]").select_option("YY")
    fill(page, {"name": "Customs of Y", "acronym": "CY", "mail": "boss@cy.invalid"})
    page.locator("main [name=kind]").select_option("customs")
    page.locator("main [name=why]").fill("Joint checks on the bridges.")
    seen(page)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("It opens nothing.")).to_be_visible()
    (invitation,) = carry()

    # Its head opens the link on a telephone, without an account, and names an admin.
    page.context.clear_cookies()
    visitor.size(*PHONE)
    visitor.open(link_in(invitation))
    expect(page.get_by_text("Joint checks on the bridges.")).to_be_visible()
    seen(page)
    page.locator("main [name=time_zone]").select_option("Europe/Vienna")
    fill(page, {"native_name": "Zoll von Y", "admin_name": "Klara Klug", "admin_mail": "klara@cy.invalid"})
    page.get_by_label("I may answer for this agency").check()
    page.get_by_role("button", name="Accept for").click()
    expect(page.get_by_role("heading", name="Accepted")).to_be_visible()
    seen(page)
    visitor.size(1440, 900)

    # Yusuf, treaty admin of Y, lets it in: home tells him.
    visitor.sign_in(cast.yusuf)
    visitor.open("/")
    page.get_by_role("link", name=re.compile("agency to let in")).first.click()
    page.get_by_role("link", name="Customs of Y").click()
    seen(page)
    page.get_by_role("button", name="Let it in", exact=True).first.click()
    confirm(page)
    expect(page.get_by_text("is let in").first).to_be_visible()
    (welcome,) = carry()

    # Klara sets her password and works through the list.
    page.context.clear_cookies()
    set_password(visitor, link_in(welcome))
    agency = Agency.objects.get(name="Customs of Y")
    klara = Officer.objects.get(email="klara@cy.invalid")
    sign_in(visitor, klara.username)
    visitor.open(f"/partners/agencies/{agency.pk}/setup/")
    expect(page.get_by_text("Cannot start yet")).to_be_visible()
    seen(page)
    page.get_by_role("link", name="Duty desk, day and night").click()
    fill(page, {"desk_phone": "+00 123 456 789", "desk_email": "desk@cy.invalid"})
    page.get_by_role("button", name="Save").click()
    visitor.open(f"/partners/agencies/{agency.pk}/languages/")
    page.locator("main [name=de]").select_option("native")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("German (working language)")).to_be_visible()
    page.get_by_role("button", name=re.compile("Tried today.*Duty desk")).click()
    page.get_by_role("link", name=re.compile("Enter.*Pursuit")).click()
    fill(page, {"telephone": "+00 123 456 780", "opens": "08:00", "closes": "17:00"})
    seen(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("every day 08:00–17:00")).to_be_visible()
    seen(page)
    visitor.open(f"/partners/agencies/{agency.pk}/setup/")
    page.get_by_role("button", name=re.compile("That is all.*Contacts")).click()
    page.get_by_role("button", name=re.compile("That is all.*Units")).click()
    page.get_by_role("link", name="Officers", exact=True).click()
    page.get_by_role("link", name="New officer").click()
    fill(page, {"username": "otto", "full_name": "Otto Ohm", "email": "otto@cy.invalid"})
    page.locator("main [name=role][value=liaison_officer]").check()
    page.get_by_role("button", name="Create the account").click()
    link = page.locator("#link").input_value()
    page.context.clear_cookies()
    set_password(visitor, "/" + link.split("/", 3)[3])

    # Yusuf designates it from its page, Tara confirms it from there.
    visitor.sign_in(cast.yusuf)
    visitor.open(f"/directory/agencies/{agency.pk}/")
    page.get_by_text("Designate it for another agreement").click()
    page.get_by_role("link", name="X–Y Treaty").click()
    page.locator("main [name=agency]").select_option(str(agency.pk))
    fill(page, {"starts_on": timezone.now().astimezone(agency.zone).date().isoformat()})
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state("networkidle")
    if not Designation.objects.filter(agency=agency).exists():
        page.locator("main form button.btn-primary, main form button.btn-danger").first.click()
        page.wait_for_load_state("networkidle")
    assert Designation.objects.filter(agency=agency).exists()
    visitor.open(f"/directory/agencies/{agency.pk}/")
    expect(page.get_by_text("X-land").first).to_be_visible()
    otto = Appointment.objects.get(officer__username="otto")
    record = reports.write(
        by=cast.ada,
        title="A van at the bridge",
        summary="White, without plates.",
        scheme="nato",
        source_grade="B",
        information_grade="2",
        marking=Marking(categories=["operational"], classification=1, tlp=Tlp.GREEN),
    ).record
    visitor.sign_in(otto)
    visitor.open("/records/")
    expect(page.get_by_text("A van at the bridge")).to_have_count(0)
    visitor.sign_in(cast.tara)
    visitor.open(f"/directory/agencies/{agency.pk}/")
    page.get_by_role("link", name=re.compile("Confirm.*X–Y")).click()
    page.get_by_role("button", name=re.compile("Confirm")).first.click()
    page.wait_for_load_state("networkidle")
    if page.locator("dialog[open], .modal.show").count():
        confirm(page)
    assert agency.designations.get().confirmations.exists()

    # X shares; the new agency's officer reads a partner's record for the first time.
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=agency), clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.ada
    )  # fmt: skip
    sign_in(visitor, "otto")
    visitor.open("/records/")
    page.get_by_role("link", name="A van at the bridge").click()
    expect(page.get_by_role("heading", name="A van at the bridge")).to_be_visible()
