"""Pages and API of onward transfer."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.onward import actions
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Onward, Purpose
from agreements.sharing.models import Release
from tests.agreements.onward.conftest import Road
from tests.agreements.sharing.conftest import sees

NOW = timezone.now
LIST = "/onward/"


def page(name: str, key: Any) -> str:
    return reverse(f"onward:{name}", args=[key])


def value_for(form: Any, words: str) -> str:
    return next(value for _, group in form.fields["to"].choices for value, said in group if words in said)


def test_asked_and_consented_by_the_pages(road: Road, as_: Any) -> None:
    cast, record = road.cast, road.received()
    yara, xenia = as_(cast.yara), as_(cast.xenia)
    url = page("pass-on", record.pk)
    shown = yara.get(url)
    assert "with the consent of X1" in shown.content.decode()
    sent = {"to": value_for(shown.context["form"], "Z1"), "purpose": "coordination", "reason": "", "key": new_key()}
    refused = yara.post(url, sent)
    assert refused.context["form"].errors.keys() == {"reason"}
    assert yara.post(url, {**sent, "reason": "Same boats."}).status_code == 302
    row = ConsentRequest.objects.get()
    listed = xenia.get(LIST, {"state": "asked", "side": "owner"}).content.decode()
    assert record.title in listed
    assert record.title not in xenia.get(LIST, {"side": "asker"}).content.decode()
    detail = xenia.get(page("request-detail", row.pk)).content.decode()
    assert "Same boats." in detail
    assert "Yara" not in detail
    wrong = xenia.post(page("request-consent", row.pk), {"ends_at": "2020-01-01T10:00"})
    assert "in the past" in wrong.content.decode()
    ends = (NOW() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    xenia.post(page("request-consent", row.pk), {"ends_at": ends})
    assert yara.post(page("request-pass", row.pk)).status_code == 302
    assert sees(cast.zoe, record)
    panel = xenia.get(page("record-panel", record.pk)).content.decode()
    assert "by Y1" in panel
    release = Release.objects.get(via__isnull=False)
    assert as_(cast.zoe).post(reverse("sharing:release-revoke", args=[release.pk])).status_code in (403, 404)
    assert xenia.post(reverse("sharing:release-revoke", args=[release.pk])).status_code == 302
    assert not sees(cast.zoe, record)


def test_passed_on_freely_after_a_preview(road: Road, as_: Any) -> None:
    cast, record = road.cast, road.received()
    road.rule(Onward.FREE)
    client, url = as_(cast.yara), page("pass-on", record.pk)
    chosen = value_for(client.get(url).context["form"], "Z1 (ZZ)")
    assert all("X1" not in said for _, g in client.get(url).context["form"].fields["to"].choices for _, said in g)
    sent = {"to": chosen, "purpose": "coordination"}
    shown = client.post(url, sent)
    assert shown.context["preview"].gained[0].agency == cast.c
    assert not sees(cast.zoe, record)
    assert client.post(url, {**sent, "previewed": shown.context["previewed"]}).status_code == 302
    assert sees(cast.zoe, record)


def test_where_it_may_not_go_on_the_page_says_why(road: Road, as_: Any) -> None:
    cast, record = road.cast, road.received()
    road.rule(Onward.NEVER)
    client = as_(cast.yara)
    assert client.get(page("pass-on", record.pk)).status_code == 403
    panel = client.get(page("record-panel", record.pk)).content.decode()
    assert "does not let it go on to anybody" in panel
    assert "pass-on" not in panel
    assert as_(cast.xenia).get(page("pass-on", record.pk)).status_code == 403
    assert as_(cast.zoe).get(page("record-panel", record.pk)).status_code == 404


def test_third_parties_find_no_request(road: Road, as_: Any) -> None:
    cast, record = road.cast, road.received()
    row = road.ask(record)
    for who in (cast.zoe, cast.aldo):
        client = as_(who)
        assert record.title not in client.get(LIST).content.decode()
        for name in ("detail", "consent", "refuse", "release", "pass", "end", "take-back"):
            method = client.get if name == "detail" else client.post
            assert method(page(f"request-{name}", row.pk)).status_code == 404
            assert method(page(f"request-{name}", new_key())).status_code == 404


def test_the_list_costs_the_same_with_many(road: Road, as_: Any) -> None:
    client = as_(road.cast.xenia)
    counts = []
    for number in (1, 12):
        for _ in range(number):
            road.ask(road.received())
        with CaptureQueriesContext(connection) as found:
            client.get(LIST)
        counts.append(len(found))
    assert counts[1] <= counts[0] + 1


def test_the_api_does_the_same(road: Road, api_as: Any) -> None:
    cast, record = road.cast, road.received()
    yara, xenia = api_as(cast.yara), api_as(cast.xenia)
    told = yara.get(f"/api/v1/records/{record.pk}/onward/").json()
    assert told["rule"] == "consent"
    offer = next(row for row in told["offers"] if row["audience"] == "agency")
    wanted = {name: offer[name] for name in ("audience", "agency", "clause")} | {"purpose": "coordination"}
    assert yara.send("POST", f"/records/{record.pk}/onward/", wanted).status_code == 403
    body = {"id": str(new_key()), "record": str(record.pk), "purpose": "coordination", "reason": "Same boats."}
    both = yara.send("POST", "/consent-requests/", {**body, "agency": str(cast.c.pk), "release": wanted})
    assert both.status_code == 400
    made = yara.send("POST", "/consent-requests/", {**body, "release": wanted})
    assert made.status_code == 201, made.content
    assert yara.send("POST", "/consent-requests/", {**body, "release": wanted}).json()["id"] == made.json()["id"]
    url = f"/consent-requests/{made.json()['id']}/"
    assert xenia.get(f"/api/v1{url}").json()["asked_by"]["name"] is None
    assert yara.send("POST", f"{url}consent/", {"ends_at": "2040-01-01T00:00:00Z"}).status_code == 403
    assert xenia.send("POST", f"{url}consent/", {"ends_at": "2001-01-01T00:00:00Z"}).status_code == 422
    assert xenia.send("POST", f"{url}consent/", {"ends_at": "2040-01-01T00:00:00Z"}).status_code == 200
    assert yara.send("POST", f"{url}pass/").json()["state"] == "passed"
    assert sees(cast.zoe, record)
    assert api_as(cast.zoe).get(f"/api/v1{url}").status_code == 404
    assert api_as(cast.zoe).get("/api/v1/consent-requests/").json()["results"] == []
    assert xenia.send("POST", f"{url}end/").json()["state"] == "ended"
    assert not sees(cast.zoe, record)
    hidden = {**body, "id": str(new_key()), "agency": str(cast.a2.pk)}
    assert api_as(cast.zoe).send("POST", "/consent-requests/", hidden).status_code == 400


def test_home_counts_what_waits(road: Road, as_: Any) -> None:
    client = as_(road.cast.xenia)
    assert "to pass on wait" not in client.get("/").content.decode()
    actions.ask(
        record=road.received(), by=road.cast.yara, to=road.to_c, clause=road.art9, purpose=Purpose.COORDINATION,
        reason="Same boats.",
    )  # fmt: skip
    assert "request to pass on waits" in client.get("/").content.decode()
