"""Pages of what may go on, by two, cited, confined and searched, in a real browser: clean by axe, and fitting the screen."""

from typing import Any

import pytest

from agencies.directory.models import Agency
from agreements.approvals import actions as approvals
from agreements.citations import actions as citations
from agreements.onward import actions as onward
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Onward, Purpose
from agreements.register.models import Clause
from agreements.sharing.actions import compartments
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast, make_treaty
from tests.intel.reports.conftest import PLAIN, Bureau, bureau, desk

__all__ = ["bureau", "desk"]  # fixtures, found here by pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def request(cast: Cast, record: Any) -> ConsentRequest:
    """b asks a1 whether c may have it."""
    art9 = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9", onward=Onward.FREE,
    )  # fmt: skip
    to = To(AudienceKind.AGENCY, agency=cast.c)
    terms: dict[str, Any] = {"to": to, "clause": art9, "purpose": Purpose.COORDINATION}
    return onward.ask(record=record, by=cast.yann, reason="The same boats were seen further down.", **terms)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_clean(visitor: Visitor, cast: Cast, bureau: Bureau, size: tuple[int, int], theme: str) -> None:
    Clause.objects.filter(pk=cast.art7.pk).update(onward=Onward.CONSENT)
    shared, own = bureau.shared(title="Boats without lights", marking=PLAIN), bureau.write(title="Grey vans")
    asked = request(cast, shared.record)
    room = compartments.open_compartment(name="Case Heron", by=cast.ada)
    citations.cite(record=own.record, source=shared.record, by=cast.ada)
    Agency.objects.filter(pk=cast.a1.pk).update(second_officer_above=0)
    cast.ada.agency.refresh_from_db()
    two = approvals.ask(
        record=own.record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=cast.art7, purpose=Purpose.COORDINATION,
        by=cast.ada,
    )  # fmt: skip
    visitor.theme(theme)
    ours = (
        "/onward/", f"/onward/{asked.pk}/", f"/onward/records/{shared.pk}/panel/", "/approvals/", f"/approvals/{two.pk}/",
        "/records/compartments/", f"/records/compartments/{room.pk}/", f"/records/{own.pk}/confine/",
        f"/citations/records/{own.pk}/cite/?q=boats", f"/citations/records/{own.pk}/", f"/records/{own.pk}/who/",
        f"/records/{own.pk}/release/", "/hits/",
    )  # fmt: skip
    theirs = (
        f"/onward/records/{shared.pk}/",
        f"/intel/reports/{shared.pk}/",
        "/hits/searches/",
        "/distress/",
        "/distress/new/",
    )
    for who, paths in ((cast.ada, ours), (cast.yann, theirs)):
        visitor.sign_in(who)
        for path in paths:
            visitor.size(*size)
            page = visitor.open(path)
            page.set_viewport_size({"width": size[0], "height": page.evaluate("document.documentElement.scrollHeight")})
            assert_axe_clean(page)
            assert_fits(page)
