"""What belongs to an incident, and the duty of keeping an event."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.postings import duties
from agreements.sharing.actions import records
from agreements.sharing.policy import access
from operations.incidents.actions import links
from operations.incidents.models import Event, Link
from operations.incidents.presenting import linked_of
from portal.ui.errors import Refused
from tests.operations.incidents.conftest import PLAIN, Watch


def entry(by: Any, title: str) -> Any:
    return records.create(by=by, kind="observation", title=title, marking=PLAIN)


def test_a_link_opens_nothing_and_shows_to_each_what_each_sees(watch: Watch) -> None:
    cast, report = watch.cast, watch.told()
    ours, theirs = entry(cast.lars, "Smoke at the pier"), entry(cast.yann, "Their boat")
    links.link(report=report, record=ours, by=cast.lars)
    links.link(report=report, record=ours, by=cast.lars)
    assert Link.objects.count() == 1
    with pytest.raises(Refused, match="no such record"):
        links.link(report=report, record=theirs, by=cast.lars)
    with pytest.raises(Refused, match="no such record"):
        links.link(report=report, record=watch.told(title="Another").record, by=cast.lars)
    watch.release(report)
    at = timezone.now()
    assert [item.record for item in linked_of(report, access(cast.lars, at))] == [ours]
    assert linked_of(report, access(cast.yann, at)) == [], "who sees the incident does not see the entry by that"
    with pytest.raises(Refused, match="Only X1"):
        links.link(report=report, record=theirs, by=cast.yann)
    links.unlink(report=report, record=ours, by=cast.lars)
    assert not Link.objects.exists()


def test_links_by_hand_and_over_the_api(watch: Watch, as_: Any, api_as: Any) -> None:
    cast, report = watch.cast, watch.told()
    ours = entry(cast.lars, "Smoke at the pier")
    page, client = reverse("incidents:report-link", args=[report.pk]), as_(cast.lars)
    assert "Smoke at the pier" in client.get(f"{page}?q=pier").content.decode()
    assert "Smoke at the pier" not in client.get(page).content.decode()
    client.post(page, {"record": ours.pk})
    detail = reverse("incidents:report-detail", args=[report.pk])
    assert "Smoke at the pier" in client.get(detail).content.decode()
    panel = reverse("incidents:record-incidents", args=[ours.pk])
    assert "Fire on a barge" in client.get(panel).content.decode()
    watch.release(report)
    assert "Smoke at the pier" not in as_(cast.yann).get(detail).content.decode()
    assert as_(cast.yann).get(panel).status_code == 404
    assert as_(cast.yann).get(page).status_code == 403
    assert as_(cast.zoe).get(page).status_code == 404
    for key in ("", "x", report.pk):
        assert client.post(page, {"record": key}).status_code == 404
    path = f"incidents/{report.pk}/"
    assert [row["record"] for row in api_as(cast.lars).send("get", f"{path}links/").json()] == [str(ours.pk)]
    assert api_as(cast.yann).send("get", f"{path}links/").json() == []
    assert api_as(cast.lars).send("post", f"{path}unlink/", {"record": str(ours.pk)}).status_code == 204
    again = api_as(cast.lars).send("post", f"{path}links/", {"record": str(ours.pk)})
    assert again.status_code == 201, again.content
    assert api_as(cast.yann).send("post", f"{path}links/", {"record": str(ours.pk)}).status_code == 400
    client.post(reverse("incidents:report-unlink", args=[report.pk]), {"record": ours.pk})
    assert not Link.objects.exists()


def test_keeping_an_event_is_a_duty(watch: Watch) -> None:
    cast, event = watch.cast, watch.event()
    duty = duties.get("events")
    assert duty is not None
    assert duty.move is not None
    at = timezone.now()
    assert [item.key for item in duty.find([cast.lars], at)] == [str(event.pk)]
    assert duty.read([str(event.pk)], cast.xenia, at)[str(event.pk)].title == "Fires on the lake"
    assert duty.read([str(event.pk)], cast.tara, at) == {}
    for taker in (cast.yann, cast.anton):
        with pytest.raises(Refused):
            duty.move(str(event.pk), cast.lars, taker, cast.xenia)
    duty.move(str(event.pk), cast.lars, watch.otto, cast.xenia)
    assert Event.objects.get().keeper == watch.otto
