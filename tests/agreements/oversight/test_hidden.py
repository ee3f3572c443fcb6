"""What the ledger tells of records that its reader does not see (R17, R18)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.roles import Role
from agreements.register.choices import ActionKind, Category, Purpose
from agreements.register.models import TreatyAction
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from portal.audit.models import Entry
from tests.conftest import Cast, make_appointment

LEDGER, API = "/oversight/", "/api/v1/ledger/"


@pytest.fixture
def given(cast: Cast, as_: Any) -> Record:
    """A record of a1, given to b and read there."""
    record = records.create(
        by=cast.xenia, kind="observation", title="Blue van", marking=Marking([Category.OPERATIONAL], 1, Tlp.AMBER)
    )
    to = To(AudienceKind.AGENCY, agency=cast.b)
    releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)
    as_(cast.yann).get(f"/records/{record.pk}/why/")
    return record


def suspend(cast: Cast) -> None:
    TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=timezone.localdate(),
        recorded_by=cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip


def test_a_partners_record_is_told_while_it_is_visible_and_no_longer(cast: Cast, given: Record, as_: Any) -> None:
    client = as_(make_appointment("yola", cast.b, Role.AUDITOR))
    assert "Blue van" in client.get(LEDGER).content.decode()
    assert str(given.pk) in client.get(API).content.decode()
    suspend(cast)
    for path in (LEDGER, API):
        text = client.get(path).content.decode()
        assert "Blue van" not in text
        assert str(given.pk) not in text
        assert "shown" in text or "record.disclose" in text
    assert "no longer visible" in client.get(LEDGER).content.decode()


@pytest.mark.parametrize("path", [LEDGER, API])
def test_a_filter_by_a_hidden_record_is_one_by_an_unknown(cast: Cast, given: Record, as_: Any, path: str) -> None:
    client = as_(make_appointment("yola", cast.b, Role.AUDITOR))
    asked = {"record": str(given.pk)}
    # The page says in words what the API says by its code.
    door = "record-why" if path == API else "why one sees a record"
    assert door in client.get(path, asked).content.decode()
    suspend(cast)
    assert door not in client.get(path, asked).content.decode()


def test_the_owners_auditor_reads_the_key_of_an_own_red_record(cast: Cast, as_: Any) -> None:
    red = records.create(
        by=cast.ada, kind="observation", title="Source Heron", marking=Marking([Category.OPERATIONAL], 1, Tlp.RED)
    )
    text = as_(cast.arno).get(LEDGER).content.decode()
    assert str(red.pk) in text
    assert "Source Heron" not in text


def test_the_story_of_one_record_tells_of_no_other(cast: Cast, given: Record, as_: Any) -> None:
    """Responses show many records at once; and more of them than fit on a page."""
    other = records.create(
        by=cast.yann, kind="observation", title="Green boat", marking=Marking([Category.OPERATIONAL], 1, Tlp.AMBER)
    )
    client = as_(cast.yann)
    for _ in range(52):
        client.get("/records/")
    both = Entry.objects.disclosing(given.pk).filter(recorded_at__gt=timezone.now() - timedelta(hours=1))
    assert both.disclosing(other.pk).count() == 52
    page = as_(cast.xenia).get(f"/oversight/records/{given.pk}/").content.decode()
    assert "Older" in page
    assert "Green boat" not in page
    assert str(other.pk) not in page
    assert "Yann" not in page
