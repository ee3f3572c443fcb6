"""Pages of incidents: forms keep their input, hidden is 404, not allowed is 403 with the reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from operations.incidents import demo
from operations.incidents.actions import chain, levels, reports
from operations.incidents.models import ChainLink, Event, IncidentReport, Recipient, SeriousIncident
from tests.operations.incidents.conftest import FIRE, Watch
from tests.operations.planning.conftest import Desk


def url(name: str, *keys: Any) -> str:
    return reverse(f"incidents:{name}", args=keys)


def form(**values: Any) -> dict[str, Any]:
    at = timezone.localtime() - timedelta(hours=2)
    return {
        "title": "Fire on a barge", "type": FIRE, "impact": "3", "confidence": "4", "account": "Smoke.",
        "occurred_at": f"{at:%Y-%m-%dT%H:%M}", "known_at": f"{at:%Y-%m-%dT%H:%M}", "zone": "Europe/Zurich",
        "position": "47.66, 9.17", "categories": ["operational"], "classification": "1", "tlp": "2", **values,
    }  # fmt: skip


def test_write_involve_report(watch: Watch, as_: Any) -> None:
    client = as_(watch.cast.lars)
    page = client.get(url("report-create"))
    assert page.status_code == 200
    assert "never go out by themselves" in page.content.decode()
    made = client.post(url("report-create"), form())
    row = IncidentReport.objects.get()
    assert made.status_code == 302, made.content.decode()
    page = client.get(url("report-detail", row.pk)).content.decode()
    assert "First report due in" in page
    client.post(
        url("report-involve", row.pk), {"thing": "person", "subject": "witness", "name": "Man", "known_as": "fact"}
    )
    row.record.refresh_from_db()
    assert "personal_data" in row.record.categories
    client.post(url("involved-remove", row.involved.get().pk))
    assert not row.involved.exists()
    assert client.get(url("report-submit", row.pk)).status_code == 200
    client.post(url("report-submit", row.pk))
    row.refresh_from_db()
    assert row.state == "validated"
    assert client.get(url("report-change", row.pk)).status_code == 403
    assert client.get(url("report-geojson", row.pk)).json()["features"][0]["properties"]["kind"] == "incident"
    follow = client.post(f"{url('report-create')}?follows={row.pk}", form(title="Fire out"))
    assert follow.status_code == 302, follow.content.decode()
    assert "Fire out" in client.get(url("report-detail", row.pk)).content.decode()


def test_a_fault_keeps_the_input(watch: Watch, as_: Any) -> None:
    page = as_(watch.cast.lars).post(url("report-create"), form(impact="", account="Kept words"))
    assert page.status_code == 200
    assert "Kept words" in page.content.decode()
    assert not IncidentReport.objects.exists()


def test_change_touches_what_was_touched(watch: Watch, as_: Any) -> None:
    row, client = watch.write(), as_(watch.cast.lars)
    page = client.get(url("report-change", row.pk))
    sent = {**{k: v for k, v in page.context["form"].initial.items() if v is not None}, "title": "Two barges"}
    sent |= {name: f"{sent[name]:%Y-%m-%dT%H:%M}" for name in ("occurred_at", "known_at")}
    assert client.post(url("report-change", row.pk), sent).status_code == 302
    again = IncidentReport.objects.get(pk=row.pk)
    assert (again.record.title, again.known_at) == ("Two barges", row.known_at)


def test_validate_and_decide(watch: Watch, desk: Desk, as_: Any) -> None:
    cast, operation = watch.cast, desk.joined().record
    chain.set_link(operation=operation, step="centre", agency=cast.b, role="liaison_officer", by=cast.xenia)
    row = watch.told(operation=operation)
    own = as_(cast.lars)
    assert "Y1 cannot read it yet" in own.get(url("report-detail", row.pk)).content.decode()
    assert as_(cast.yann).get(url("report-validate", row.pk)).status_code == 404
    watch.release(row)
    theirs = as_(cast.yann)
    assert own.get(url("report-validate", row.pk)).status_code == 403
    page = theirs.post(url("report-validate", row.pk), {"verdict": "return", "words": ""})
    assert "Say what is missing" in page.content.decode()
    theirs.post(url("report-validate", row.pk), {"verdict": "validate"})
    row.refresh_from_db()
    assert row.state == "validated"
    theirs.post(url("levels-propose", row.pk), {"impact": "4", "confidence": "4", "reason": "It spreads."})
    found = row.record.level_proposals.get()
    assert "It spreads." in own.get(url("report-detail", row.pk)).content.decode()
    assert theirs.get(url("proposal-decide", found.pk)).status_code == 403
    assert as_(cast.zoe).get(url("proposal-decide", found.pk)).status_code == 404
    own.post(url("proposal-decide", found.pk), {"verdict": "accept"})
    row.refresh_from_db()
    assert row.impact == 4


def test_events(watch: Watch, as_: Any) -> None:
    row, client = watch.told(), as_(watch.cast.lars)
    assert client.get(f"{url('event-create')}?report={row.pk}").status_code == 200
    sent = form(summary="Two barges.")
    assert client.post(f"{url('event-create')}?report={row.pk}", sent).status_code == 302
    event = Event.objects.get()
    assert row.record.title in client.get(url("event-detail", event.pk)).content.decode()
    other = watch.told(title="Another")
    assert "Another" in client.get(url("event-link", event.pk)).content.decode()
    client.post(url("event-link", event.pk), {"report": other.pk})
    assert event.links.count() == 2
    client.post(url("levels-propose", event.pk), {"impact": "1", "confidence": "4", "reason": "Small."})
    assert "Small." in client.get(url("event-detail", event.pk)).content.decode()
    client.post(url("event-hand-on", event.pk), {"keeper": watch.otto.pk})
    assert client.get(url("event-close", event.pk)).status_code == 403
    as_(watch.otto).post(url("event-close", event.pk), {"outcome": "ended"})
    assert "ended" in client.get(url("event-detail", event.pk)).content.decode().lower()
    assert client.get(url("event-list")).status_code == 200
    assert as_(watch.cast.yann).get(url("event-detail", event.pk)).status_code == 404


def test_serious(watch: Watch, desk: Desk, as_: Any) -> None:
    cast, operation = watch.cast, desk.joined().record
    client = as_(cast.anton)
    sent = form(kind="other", account="A shot was fired.", operation=operation.pk, concerns=[cast.lars.pk])
    asked = client.post(url("serious-create"), sent)
    assert "is it “use of a firearm”" in asked.content.decode()
    assert client.post(url("serious-create"), {**sent, "sure": "on"}).status_code == 302
    row = SeriousIncident.objects.get()
    for who, status in ((cast.anton, 200), (cast.arno, 200), (cast.xenia, 404), (cast.lars, 404), (cast.yann, 404)):
        assert as_(who).get(url("serious-detail", row.pk)).status_code == status
        assert (row.record.title in as_(who).get(url("serious-list")).content.decode()) == (status == 200)
    assert client.get(url("serious-take", row.pk)).status_code == 403
    as_(cast.arno).post(url("serious-take", row.pk))
    as_(cast.arno).post(url("serious-close", row.pk), {"finding": "A blank."})
    assert "A blank." in client.get(url("serious-detail", row.pk)).content.decode()


def test_the_operations_chain(watch: Watch, desk: Desk, as_: Any) -> None:
    cast, operation = watch.cast, desk.joined().record
    page, client = url("operation-chain", operation.pk), as_(cast.xenia)
    assert client.get(page).status_code == 200
    client.post(page, {"step": "centre", "agency": cast.b.pk, "role": "liaison_officer"})
    assert ChainLink.objects.get().agency == cast.b
    client.post(page, {"appointment": cast.ada.pk})
    assert Recipient.objects.get().appointment == cast.ada
    client.post(page, {"unname": cast.ada.pk})
    assert not Recipient.objects.exists()
    assert "Choose an officer" in client.post(page, {}).content.decode()
    assert as_(cast.lars).get(page).status_code == 403
    assert as_(cast.zoe).get(page).status_code == 404
    assert as_(cast.yara).post(page, {"step": "centre", "agency": "", "role": "commander"}).status_code == 403
    assert "Report an incident" in as_(cast.lars).get(url("operation-incidents", operation.pk)).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Fire on a barge", "Draft", "Grave"}),
        ("?show=running", {"Grave"}),
        ("?show=late", set()),
        ("?state=draft", {"Draft", "Grave"}),
        ("?impact=3", {"Grave"}),
        ("?q=barge", {"Fire on a barge"}),
        ("?list=crisis", set()),
        ("?show=first", {"Fire on a barge", "Draft", "Grave"}),
        ("?state=nothing", set()),
        ("?since=2026-02-02&till=2026-01-01", set()),
        ("?before=nonsense", set()),
    ],
)
def test_filters_stand_in_the_address(watch: Watch, as_: Any, query: str, found: set[str]) -> None:
    watch.told()
    watch.write(title="Draft")
    watch.write(title="Grave", impact=4)
    page = as_(watch.cast.lars).get(f"{url('report-list')}{query}")
    assert {row.record.title for row, _, _ in page.context["rows"]} == found


def test_the_list_and_the_page_cost_the_same_with_one_and_with_many(watch: Watch, as_: Any) -> None:
    client, row = as_(watch.cast.lars), watch.told()
    watch.write(follows=row)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    pages = [url("report-list"), url("report-detail", row.pk)]
    few = [queries(page) for page in pages]
    for _ in range(6):
        watch.write(follows=row)
    assert [queries(page) for page in pages] == few


def test_home_tells_what_waits(watch: Watch, as_: Any) -> None:
    watch.write(title="Grave", impact=4)
    assert "first report due within 24 hours" in as_(watch.cast.lars).get("/").content.decode()


def test_the_demonstration_leaves_alone_what_has_no_operation(cast: Any) -> None:
    assert demo.load() == 0


def test_hidden_and_unknown_are_the_same(watch: Watch, as_: Any) -> None:
    row = reports.submit(report=watch.write(), by=watch.cast.lars)
    levels.propose(row=row, by=watch.cast.lars, impact=4, confidence=4, reason="x")
    client = as_(watch.cast.yann)
    for name in (
        "report-detail",
        "report-change",
        "report-submit",
        "report-involve",
        "report-withdraw",
        "levels-propose",
    ):
        assert client.get(url(name, row.pk)).status_code == 404, name
    assert client.get(f"{url('report-create')}?follows={row.pk}").status_code == 404
    assert client.get(f"{url('event-create')}?report={row.pk}").status_code == 404


def test_the_operations_map_shows_it_to_who_sees_it(watch: Watch, desk: Desk, as_: Any) -> None:
    operation = desk.joined().record
    row = watch.told(operation=operation, position=(47.65, 9.1))
    address = reverse("picture:operation-features", args=[operation.pk])

    def shown(who: Any) -> bool:
        return str(row.pk) in {feature["id"] for feature in as_(who).get(address).json()["features"]}

    assert shown(watch.cast.lars)
    assert not shown(watch.cast.yann)
    watch.release(row)
    assert shown(watch.cast.yann)
