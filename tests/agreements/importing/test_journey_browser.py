"""A list with deliberate faults in a real browser: imported, repaired, made, undone; clean by axe, fitting the screen."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from agencies.directory.models import Country
from agreements.importing.models import Import
from agreements.register.models import Agreement
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAMPLE = Path(settings.BASE_DIR) / "docs" / "treaty-list-sample.csv"


@pytest.fixture
def germans(cast: Cast) -> Cast:
    """The border guard of X is one of Germany's for once, so that the list is its own."""
    for code, name in (
        ("DE", "Germany"),
        ("CH", "Switzerland"),
        ("CZ", "Czechia"),
        ("SK", "Slovakia"),
        ("SZ", "Eswatini"),
    ):
        Country.objects.update_or_create(code=code, defaults={"alpha3": "", "name": name})
    type(cast.a1).objects.filter(pk=cast.a1.pk).update(country="DE")
    breaker.trip()
    yield cast
    breaker.reset()


def looked_at(visitor: Visitor) -> None:
    """The page as it stands, on a desk and on a telephone."""
    for size in (DESK, PHONE):
        visitor.size(*size)
        assert_axe_clean(visitor.page)
        assert_fits(visitor.page)
    visitor.size(*DESK)


def worked() -> None:
    while sweep():
        pass


def test_a_list_with_faults_is_repaired_imported_and_undone(visitor: Visitor, germans: Cast, tmp_path: Any) -> None:
    visitor.sign_in(germans.tara)
    page = visitor.open("/imports/")
    looked_at(visitor)
    page.get_by_role("link", name="Import a list").first.click()
    looked_at(visitor)
    page.get_by_label("File").set_input_files(SAMPLE)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible()
    expect(page.get_by_label("Meaning of Datum der Unterzeichnung")).to_have_value("signed")
    expect(page.get_by_label("Meaning of Ratifikation (Germany)")).to_have_value("ratification")
    looked_at(visitor)
    page.get_by_role("button", name="Check all rows").click()
    expect(page.get_by_role("heading", name="Names that are not certain")).to_be_visible()
    looked_at(visitor)
    page.get_by_role("button", name="The day first").click()
    page.get_by_role("link", name="Decide on 2 names").click()
    looked_at(visitor)
    page.get_by_role("region", name="Swizerland").get_by_role("button", name="Switzerland").click()
    panel = page.get_by_role("region", name="Tschechoslowakei")
    panel.get_by_label("Note").fill("No single state goes on.")
    panel.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Every name is certain")).to_be_visible()
    page.get_by_role("link", name="Back to the rows").click()
    page.get_by_role("link", name="Row 6").click()
    looked_at(visitor)
    page.get_by_role("link", name="Repair").click()
    page.get_by_label("Datum der Unterzeichnung").fill("29.02.1988")
    page.get_by_label("Fundstelle").fill("INV 5")
    looked_at(visitor)
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_text("Checked again: will be made")).to_be_visible()
    job = Import.objects.get()
    double = job.rows.get(number=8)
    visitor.open(f"/imports/rows/{double.pk}/decide/")
    looked_at(visitor)
    page.get_by_label("Leave the row out").check()
    page.get_by_role("button", name="Save and check").click()
    visitor.open(f"/imports/{job.pk}/?state=error")
    expect(page.get_by_role("link", name="Row 7")).to_be_visible()
    page.get_by_role("button", name="Import 5 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    worked()
    expect(page.get_by_role("link", name="Undo …")).to_be_visible(timeout=15000)
    counts = job.rows.counts()
    assert (counts["made"], counts["kept"], counts["skipped"], counts["all"]) == (5, 1, 1, 7)
    looked_at(visitor)
    page.get_by_role("link", name="Undo …").click()
    looked_at(visitor)
    page.get_by_role("button", name="Undo the import").click()
    worked()
    expect(page.get_by_text("Undone", exact=True).first).to_be_visible(timeout=15000)
    assert Agreement.objects.count() == 1
    for path in ("/imports/", "/imports/names/", "/imports/register/"):
        visitor.open(path)
        looked_at(visitor)
