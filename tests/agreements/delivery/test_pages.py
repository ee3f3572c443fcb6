"""Rules, deliveries and outlets as pages and over the API: one's own, one's agency's, and nobody else's."""

import re
from typing import Any

import pytest
from django.urls import reverse

from agencies.directory.roles import Role
from agreements.delivery import actions
from agreements.delivery.choices import MOST_RULES, Manner
from agreements.delivery.models import Delivery, Outlet, Preference, Rule
from agreements.sharing.actions import records, releases
from portal.audit.models import Entry
from portal.keys import new_key
from portal.ui.errors import Refused
from tests.agreements.alerts.conftest import OPEN
from tests.answers import text_of
from tests.api import fault
from tests.conftest import make_appointment

RULES = reverse("delivery:rule-list")


def test_a_rule_is_made_changed_moved_and_removed(cast: Any, as_: Any) -> None:
    client = as_(cast.yann)
    page = client.get(RULES).content.decode()
    assert "No rules yet" in page
    assert "Cannot be switched off" in page
    assert "Recall" in page
    made = client.post(reverse("delivery:rule-create"), {"families": ["meeting"], "manner": "daily"}, follow=True)
    assert "Meetings" in made.content.decode()
    client.post(reverse("delivery:rule-create"), {"words": "bridge", "manner": "now", "channels": ["mail", "gateway"]})
    first, second = Rule.objects.all()
    assert (second.words, second.channels) == ("bridge", ["mail", "gateway"])
    client.post(reverse("delivery:rule-move", args=[second.pk]))
    assert list(Rule.objects.values_list("pk", flat=True)) == [second.pk, first.pk]
    assert client.get(reverse("delivery:rule-change", args=[second.pk])).status_code == 200
    client.post(reverse("delivery:rule-change", args=[second.pk]), {"words": "road", "manner": "page"})
    second.refresh_from_db()
    assert (second.words, second.manner, second.channels) == ("road", "page", [])
    client.post(reverse("delivery:rule-remove", args=[second.pk]))
    assert Rule.objects.get() == first
    verbs = Entry.objects.filter(verb__startswith="delivery.rule").values_list("verb", flat=True)
    assert set(verbs) == {f"delivery.rule.{word}" for word in ("add", "change", "move", "remove")}
    assert not Entry.objects.filter(data__icontains="bridge").exists(), "the ledger does not learn what one looks for"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"manner": "now", "channels": []}, "Choose by what they come"),
        ({"manner": "page", "area": "nonsense"}, "Line 1"),
        ({"manner": "soon"}, "Select a valid choice"),
        ({"manner": "page", "operation": str(new_key())}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(cast: Any, as_: Any, values: dict[str, Any], words: str) -> None:
    page = as_(cast.yann).post(reverse("delivery:rule-create"), values).content.decode()
    assert words in page
    assert not Rule.objects.exists()


def test_anothers_rule_is_as_unknown(cast: Any, as_: Any, api_as: Any) -> None:
    rule = actions.add_rule(by=cast.yann, manner=Manner.PAGE, words="bridge")
    for name in ("rule-change", "rule-move", "rule-remove"):
        for key in (rule.pk, new_key()):
            assert as_(cast.yara).post(reverse(f"delivery:{name}", args=[key])).status_code == 404
    client = api_as(cast.yara)
    assert client.send("GET", "delivery-rules/").json()["results"] == []
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "up/")):
        assert client.send(method, f"delivery-rules/{rule.pk}/{path}", {"manner": "page"}).status_code == 404
    with pytest.raises(Refused) as refused:
        actions.change_rule(rule=rule, by=cast.yara, manner=Manner.NOW, channels=["mail"])
    assert refused.value.code == "not_found"
    assert Rule.objects.get().words == "bridge"


def test_an_operation_that_is_hidden_by_now_is_not_named(
    cast: Any, as_: Any, api_as: Any, patrol_record: Any, release: Any
) -> None:
    operation = records.create(by=cast.xenia, kind="operation", title="Operation Zebra", marking=OPEN)
    given = release(operation, by=cast.xenia)
    rule = actions.add_rule(by=cast.yann, manner=Manner.PAGE, operation=operation.pk)
    assert "Operation Zebra" in as_(cast.yann).get(RULES).content.decode()
    releases.revoke(release=given, by=cast.xenia)
    page = as_(cast.yann).get(RULES).content.decode()
    assert "Zebra" not in page
    assert "an operation that you see no more" in page
    assert "Zebra" not in as_(cast.yann).get(reverse("delivery:rule-change", args=[rule.pk])).content.decode()
    assert api_as(cast.yann).send("GET", f"delivery-rules/{rule.pk}/").json()["operation"] is None


def test_preferences(cast: Any, as_: Any, api_as: Any) -> None:
    page = reverse("delivery:preference-change")
    client = as_(cast.yann)
    values = {"digest_hour": "6", "digest_weekday": "4"}
    wrong = client.post(page, {**values, "number": "079 000"}).content.decode()
    assert "with + and the country" in wrong
    wrong = client.post(page, {**values, "quiet_from": "22:00"}).content.decode()
    assert "a start and an end" in wrong
    assert not Preference.objects.exists()
    right = {**values, "number": "+41 79 000 00 00", "quiet_from": "22:00", "quiet_until": "06:00", "quiet_days": ["4"]}
    assert client.post(page, right).status_code == 302
    assert api_as(cast.yann).send("GET", "delivery-preferences/").json() == {
        "number": "+41790000000", "quiet_from": "22:00:00", "quiet_until": "06:00:00", "quiet_days": [4],
        "digest_hour": 6, "digest_weekday": 4,
    }  # fmt: skip
    answer = api_as(cast.yara).send("PUT", "delivery-preferences/", {"digest_hour": 24})
    assert "digest_hour" in fault(answer)
    assert api_as(cast.yara).send("PUT", "delivery-preferences/", {"digest_hour": 5}).json()["digest_hour"] == 5
    assert Preference.objects.get(officer=cast.yann.officer).digest_hour == 6


def test_rules_over_the_api(cast: Any, api_as: Any) -> None:
    client = api_as(cast.yann)
    body = {"id": str(new_key()), "manner": "page", "words": "bridge"}
    for _ in range(2):
        answer = client.send("POST", "delivery-rules/", body)
        assert (answer.status_code, answer.json()["id"]) == (201, body["id"])
    assert Rule.objects.count() == 1
    assert fault(client.send("POST", "delivery-rules/", {"manner": "now"})) != {}
    square = {"type": "Polygon", "coordinates": [[[9, 47], [10, 47], [10, 48], [9, 47]]]}
    changed = client.send("PUT", f"delivery-rules/{body['id']}/", {"manner": "weekly", "area": square}).json()
    assert (changed["manner"], changed["words"], changed["area"]["type"]) == ("weekly", "", "Polygon")
    assert "area" in fault(
        client.send("PUT", f"delivery-rules/{body['id']}/", {"manner": "page", "area": {"type": "x"}})
    )
    assert client.send("DELETE", f"delivery-rules/{body['id']}/").status_code == 204
    for number in range(MOST_RULES):
        actions.add_rule(by=cast.yann, manner=Manner.PAGE, words=str(number))
    assert client.send("POST", "delivery-rules/", {"manner": "page"}).status_code >= 400


@pytest.fixture
def sent(cast: Any, alert: Any, settled: Any) -> Delivery:
    row = alert()
    settled()
    return row.deliveries.get()


def test_deliveries_are_shown_to_the_recipient_and_the_agencys_admin(
    cast: Any, sent: Delivery, chief: Any, as_: Any, api_as: Any
) -> None:
    system = make_appointment("sven", cast.b, Role.SYSTEM_ADMIN)
    theirs = make_appointment("axel", cast.a1, Role.AGENCY_ADMIN)
    address, reference = reverse("delivery:delivery-detail", args=[sent.pk]), sent.alert.reference
    for who, seen in (
        (cast.yann, True),
        (chief, True),
        (cast.yara, False),
        (cast.lars, False),
        (theirs, False),
        (cast.zoe, False),
    ):
        assert as_(who).get(address).status_code == (200 if seen else 404), who
        assert (reference in as_(who).get("/deliveries/").content.decode()) is seen, who
        rows = api_as(who).send("GET", "deliveries/").json()["results"]
        assert [row["reference"] for row in rows] == ([reference] if seen else []), who
        assert api_as(who).send("GET", f"deliveries/{sent.pk}/").status_code == (200 if seen else 404)
    assert as_(system).get(address).status_code == 200, "an admin of the same agency"
    page = text_of(as_(chief).get(address))
    assert "250" in page
    told = re.sub(r"<title>.*?</title>", "", page.partition("<main")[2].partition("</main>")[0])
    for word in ("Zqwerty", "X1", "X-land", "patrol", "Open the alert"):
        assert word not in told, word
    row = api_as(cast.yann).send("GET", f"deliveries/{sent.pk}/").json()
    assert row["history"] == [{"at": row["history"][0]["at"], "outcome": "accepted", "code": "250", "test": False}]


def test_deliveries_are_filtered_and_cost_the_same_for_many(
    cast: Any, sent: Delivery, alert: Any, chief: Any, as_: Any, api_as: Any, django_assert_max_num_queries: Any
) -> None:
    client, api = as_(chief), api_as(chief)
    for ask in (lambda: client.get("/deliveries/"), lambda: api.send("GET", "deliveries/")):
        ask()
        with django_assert_max_num_queries(60) as one:
            ask()
        for _ in range(3):
            alert(cast.yann, cast.yara)
        with django_assert_max_num_queries(len(one)):
            ask()
    assert client.get("/deliveries/?state=sent").content.decode().count("<td><a") == 1
    assert client.get("/deliveries/?state=nonsense").content.decode().count("<td><a") == 0
    assert as_(cast.yara).get("/deliveries/?mine=on").content.decode().count("<td><a") == 6


def test_an_admin_sets_up_a_webhook_whose_secret_is_shown_once(cast: Any, chief: Any, as_: Any) -> None:
    client = as_(chief)
    new = reverse("delivery:outlet-create", args=[cast.b.pk, "webhook"])
    assert "Only https" in client.get(new).content.decode()
    wrong = client.post(new, {"name": "Desk", "url": "http://desk.example.org/"}).content.decode()
    assert "Only https addresses are asked" in wrong
    answer = client.post(new, {"name": "Desk", "url": "https://desk.example.org/in"})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{40,}", answer.content.decode())
    assert secret is not None
    assert answer["Cache-Control"] == "no-store"
    row = Outlet.objects.get()
    assert secret[0] not in row.secret
    detail = client.get(reverse("delivery:outlet-detail", args=[row.pk])).content.decode()
    assert "whsec_" not in detail
    assert row.name in client.get(reverse("delivery:agency-panel", args=[cast.b.pk])).content.decode()
    renewed = client.post(reverse("delivery:outlet-secret", args=[row.pk])).content.decode()
    assert secret[0] not in renewed
    assert "whsec_" in renewed
    assert client.post(reverse("delivery:outlet-try", args=[row.pk]), follow=True).status_code == 200
    client.post(
        reverse("delivery:outlet-change", args=[row.pk]), {"name": "Desk 2", "url": "https://desk.example.org/2"}
    )
    row.refresh_from_db()
    assert row.name == "Desk 2"
    client.post(reverse("delivery:outlet-end", args=[row.pk]))
    assert client.get(reverse("delivery:outlet-detail", args=[row.pk])).status_code == 404
    entries = Entry.objects.filter(verb__startswith="outlet.")
    assert set(entries.values_list("verb", flat=True)) == {
        "outlet.add", "outlet.renew_secret", "outlet.try", "outlet.change", "outlet.end"
    }  # fmt: skip
    assert all(entry.data["host"] == "desk.example.org" for entry in entries)


def test_a_gateways_headers_are_not_shown_again(cast: Any, chief: Any, as_: Any, api_as: Any) -> None:
    values = {
        "name": "SMS",
        "method": "POST",
        "url": "https://sms.example.org/",
        "body": "{number} {text}",
        "headers": "X-Key: s3cret",
    }
    client = as_(chief)
    client.post(reverse("delivery:outlet-create", args=[cast.b.pk, "gateway"]), values)
    row = Outlet.objects.get()
    for name in ("outlet-detail", "outlet-change"):
        page = client.get(reverse(f"delivery:{name}", args=[row.pk])).content.decode()
        assert "s3cret" not in page
    assert "X-Key" in client.get(reverse("delivery:outlet-detail", args=[row.pk])).content.decode()
    assert "s3cret" not in api_as(chief).send("GET", "outlets/").content.decode()
    second = client.post(reverse("delivery:outlet-create", args=[cast.b.pk, "gateway"]), values).content.decode()
    assert "has a gateway" in second
    tried = client.post(reverse("delivery:outlet-try", args=[row.pk]), follow=True).content.decode()
    assert "Give your own number first" in tried


@pytest.mark.parametrize("name", ["yann", "yara", "yusuf", "xenia", "zoe"])
def test_nobody_but_an_admin_of_the_agency_keeps_outlets(
    cast: Any, chief: Any, as_: Any, api_as: Any, name: str
) -> None:
    outlet, _ = actions.add_outlet(
        agency=cast.b, kind="webhook", name="Hidden desk", url="https://desk.example.org/", by=chief
    )
    who = getattr(cast, name)
    for page in ("outlet-detail", "outlet-change"):
        assert as_(who).get(reverse(f"delivery:{page}", args=[outlet.pk])).status_code == 403
    for page in ("outlet-secret", "outlet-try", "outlet-end"):
        assert as_(who).post(reverse(f"delivery:{page}", args=[outlet.pk])).status_code == 403
    assert as_(who).get(reverse("delivery:outlet-create", args=[cast.b.pk, "webhook"])).status_code == 403
    assert "Hidden desk" not in as_(who).get(reverse("delivery:agency-panel", args=[cast.b.pk])).content.decode()
    assert api_as(who).send("GET", "outlets/").status_code == 403
    for work in (
        lambda: actions.end_outlet(outlet=outlet, by=who),
        lambda: actions.renew_secret(outlet=outlet, by=who),
        lambda: actions.try_outlet(outlet=outlet, by=who),
        lambda: actions.change_outlet(outlet=outlet, name="x", by=who),
        lambda: actions.add_outlet(agency=cast.b, kind="webhook", name="x", url="https://x.example.org/", by=who),
    ):
        with pytest.raises(Refused) as refused:
            work()
        assert refused.value.code == "forbidden"


def test_another_agencys_admin_finds_nothing(cast: Any, chief: Any, as_: Any, api_as: Any) -> None:
    theirs = make_appointment("axel", cast.a1, Role.AGENCY_ADMIN)
    outlet, _ = actions.add_outlet(
        agency=cast.b, kind="webhook", name="Desk", url="https://desk.example.org/", by=chief
    )
    for key in (outlet.pk, new_key()):
        for page in ("outlet-detail", "outlet-change"):
            assert as_(theirs).get(reverse(f"delivery:{page}", args=[key])).status_code == 404
        for page in ("outlet-secret", "outlet-try", "outlet-end"):
            assert as_(theirs).post(reverse(f"delivery:{page}", args=[key])).status_code == 404
        for method, path in (("GET", ""), ("PATCH", ""), ("POST", "secret/"), ("POST", "try/"), ("POST", "end/")):
            assert api_as(theirs).send(method, f"outlets/{key}/{path}", {}).status_code == 404
    assert as_(theirs).get(reverse("delivery:outlet-create", args=[cast.b.pk, "webhook"])).status_code == 403
    body = {"kind": "webhook", "name": "x", "url": "https://x.example.org/", "agency": str(cast.b.pk)}
    unknown = {**body, "agency": str(new_key())}
    assert fault(api_as(theirs).send("POST", "outlets/", body)) == fault(
        api_as(theirs).send("POST", "outlets/", unknown)
    )


def test_outlets_over_the_api(cast: Any, chief: Any, api_as: Any) -> None:
    client = api_as(chief)
    made = client.send("POST", "outlets/", {"kind": "webhook", "name": "Desk", "url": "https://desk.example.org/"})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    address = f"outlets/{made.json()['id']}/"
    read = client.send("GET", address)
    assert read.json()["secret"] is None
    assert client.send("PATCH", address, {"name": "Other"}).status_code == 428
    changed = client.send("PATCH", address, {"name": "Other"}, if_match=read["ETag"])
    assert changed.json()["name"] == "Other"
    assert client.send("PATCH", address, {"name": "Third"}, if_match=read["ETag"]).status_code == 412
    assert client.send("POST", f"{address}secret/").json()["secret"] != made.json()["secret"]
    assert client.send("POST", f"{address}try/").status_code == 202
    assert client.send("POST", f"{address}end/").status_code == 204
    assert client.send("GET", address).status_code == 404
