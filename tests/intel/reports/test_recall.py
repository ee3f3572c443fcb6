"""A report that is changed or withdrawn is told to whoever opened it (R16), once for each."""

import pytest

from agreements.alerts.models import Recall
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from intel.reports import actions
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.intel.reports.conftest import Bureau


@pytest.fixture(autouse=True)
def quiet():
    breaker.trip()
    yield
    breaker.reset()


def told() -> list[tuple[str, str]]:
    while sweep():
        pass
    rows = Recall.objects.order_by("at").values_list("what", "alert__appointment__officer__username")
    return list(rows)


def test_a_change_is_told_and_saving_the_same_is_not(bureau: Bureau, as_) -> None:
    row = bureau.shared()
    as_(bureau.yvo).get(f"/intel/reports/{row.pk}/")
    actions.change(report=row, by=bureau.cast.ada, summary=row.summary)
    assert told() == []
    actions.change(report=row, by=bureau.cast.ada, summary="They cross at four.")
    assert told() == [("corrected", "yvo")]


def test_a_withdrawal_is_told_once_however_many_releases_it_takes_back(bureau: Bureau, as_) -> None:
    row = bureau.shared()
    bureau.release(row, to=To(AudienceKind.OFFICER, appointment=bureau.cast.yann))
    for who in (bureau.yvo, bureau.cast.yann):
        as_(who).get(f"/intel/reports/{row.pk}/")
    actions.withdraw(report=row, by=bureau.cast.ada, reason="A joke.")
    assert sorted(told()) == [("withdrawn", "yann"), ("withdrawn", "yvo")]
    assert "A joke" not in Recall.objects.select_related("alert").first().alert.line


def test_the_page_says_before_who_will_be_told(bureau: Bureau, as_) -> None:
    row, ada = bureau.shared(), as_(bureau.cast.ada)
    address = f"/intel/reports/{row.pk}/"
    assert "No other agency has opened it" in ada.get(f"{address}withdraw/").content.decode()
    for who in (bureau.yvo, bureau.cast.yann):
        as_(who).get(address)
    for step, word in (("withdraw", "withdrawn"), ("change", "corrected")):
        page = ada.get(f"{address}{step}/").content.decode()
        assert "Opened by 1 agency:" in page
        assert f"is told that it was {word}" in page
    assert "1 agency opened the record: officers to whom this closes it are told" in ada.get(address).content.decode()


def test_who_opened_a_report_that_was_taken_back_before_is_told_of_its_withdrawal(bureau: Bureau, as_) -> None:
    row = bureau.write()
    given = bureau.release(row)
    as_(bureau.yvo).get(f"/intel/reports/{row.pk}/")
    releases.revoke(release=given, by=bureau.cast.ada)
    actions.withdraw(report=row, by=bureau.cast.ada, reason="Wrong.")
    assert told() == [("withdrawn", "yvo")] * 2
