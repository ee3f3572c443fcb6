"""Webhooks and gateways against a server of the test's own: signed, content-free, nowhere inside, never redirected."""

import base64
import hashlib
import hmac
import json
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agreements.delivery import actions, sealing, sending
from agreements.delivery.carriers import gateway, outbound
from agreements.delivery.models import Attempt, Delivery, Outlet
from portal.outbox import messages
from portal.ui.errors import Refused


@pytest.fixture
def webhook(cast: Any, record: Any, chief: Any, listener: Any) -> tuple[Outlet, str]:
    """A webhook of b at the listener, and its secret."""
    return actions.add_outlet(agency=cast.b, kind="webhook", name="Desk", url=f"{listener.address}/in", by=chief)


def is_genuine(asked: dict[str, Any], secret: str) -> bool:
    """As a receiver checks it, by the text of Standard Webhooks and with nothing of ours."""
    headers = {name.lower(): value for name, value in asked["headers"].items()}
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        return False
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), asked["body"]])
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(expected, part.partition(",")[2])
        for part in headers["webhook-signature"].split()
        if part.startswith("v1,")
    )


def test_a_receiver_can_tell_that_it_is_ours(cast: Any, webhook: Any, alert: Any, listener: Any, settled: Any) -> None:
    outlet, secret = webhook
    raised = alert(cast.yann, cast.yara)
    settled()
    (asked,) = listener.asked
    assert is_genuine(asked, secret)
    assert not is_genuine({**asked, "body": asked["body"] + b" "}, secret)
    assert not is_genuine(asked, sealing.new_secret())
    assert not is_genuine({**asked, "headers": {**asked["headers"], "webhook-timestamp": "1700000000"}}, secret)
    content = json.loads(asked["body"])
    row = Delivery.objects.get(outlet=outlet)
    assert content == {
        "type": "entente.alerts",
        "portal": "http://localhost:8000",
        "call_back": cast.b.desk_phone,
        "alerts": [{"reference": row.alert.reference, "urgency": "Expected", "severity": "Unknown"}],
    }
    assert asked["headers"]["webhook-id"] == str(row.pk)
    assert row.state == "sent"
    assert raised.key == row.alert.key


def test_no_request_holds_content(
    cast: Any, webhook: Any, alert: Any, record: Any, listener: Any, settled: Any
) -> None:
    cast.a1.acronym = "GUARDX"
    cast.a1.save(update_fields=["acronym"])
    alert(kind="test.must")
    settled()
    whole = json.dumps([{**asked, "body": asked["body"].decode()} for asked in listener.asked])
    hidden = [
        "Zqwerty",
        "Höchst",
        "H\\u00f6chst",
        str(record.pk),
        record.reference,
        "GUARDX",
        cast.a1.name,
        "Lars",
        "patrol",
    ]
    assert listener.asked
    assert [word for word in hidden if word in whole] == []


def test_it_is_tried_again_with_the_same_id_and_ends_after_the_last(
    webhook: Any, alert: Any, listener: Any, settings: Any
) -> None:
    outlet, secret = webhook
    listener.status = 503
    alert()
    row, waits = Delivery.objects.get(outlet=outlet), []
    for _ in range(messages.MAX_ATTEMPTS):
        begun = timezone.now()
        sending.deliver({"delivery": str(row.pk)})
        row.refresh_from_db()
        waits.append(round((row.due_at - begun).total_seconds()))
        Delivery.objects.filter(pk=row.pk, ended_at=None).update(due_at=timezone.now())
    assert waits[:4] == [5, 15, 45, 135]
    assert (row.state, row.attempts) == ("failed", messages.MAX_ATTEMPTS)
    assert len({asked["headers"]["webhook-id"] for asked in listener.asked}) == 1
    assert all(is_genuine(asked, secret) for asked in listener.asked)
    kept = list(Attempt.objects.filter(delivery=row).values_list("outcome", "code"))
    assert kept == [("later", "503")] * (messages.MAX_ATTEMPTS - 1) + [("refused", "503")]
    sending.deliver({"delivery": str(row.pk)})
    assert len(listener.asked) == messages.MAX_ATTEMPTS


@pytest.mark.parametrize("status", [301, 302, 307, 308, 410])
def test_redirects_are_followed_nowhere(webhook: Any, alert: Any, listener: Any, settled: Any, status: int) -> None:
    listener.status, listener.headers = status, {"Location": f"{listener.address}/elsewhere"}
    alert()
    settled()
    assert [asked["path"] for asked in listener.asked] == ["/in"]
    row = Delivery.objects.get(channel="webhook")
    assert (row.state, row.attempted.get().code) == ("failed", str(status))


def test_whoever_answers_drop_by_drop_holds_up_nobody(webhook: Any, alert: Any, listener: Any, settings: Any) -> None:
    settings.DELIVERY_HTTP_SECONDS = 0.6
    listener.drip = 0.2
    alert()
    started = time.monotonic()
    sending.deliver({"delivery": str(Delivery.objects.get(channel="webhook").pk)})
    assert time.monotonic() - started < 2.5
    assert Delivery.objects.get(channel="webhook").state == "waiting"
    assert Attempt.objects.get().outcome == "later"


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.1.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_goes_into_private_networks(settings: Any, address: str) -> None:
    settings.DELIVERY_LOOPBACK = False
    host = f"[{address}]" if ":" in address else address
    target = outbound.target_of(f"https://{host}/")
    with pytest.raises(outbound.Forbidden):
        outbound.addresses_of(target)


def test_a_name_that_leads_inside_is_refused_and_one_that_the_settings_name_is_not(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.1.2.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    target = outbound.target_of("https://sms.example.org/")
    with pytest.raises(outbound.Forbidden):
        outbound.addresses_of(target)
    settings.DELIVERY_PRIVATE_HOSTS = ["sms.example.org"]
    assert outbound.addresses_of(target) == ["93.184.216.34", "10.1.2.3"]
    found[1] = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 443))
    with pytest.raises(outbound.Forbidden):
        outbound.addresses_of(target)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "example.org", "https://user:pw@example.org/",
        "https://example.org/#x", "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org:99999/",
        "file:///etc/passwd", "http://localhost.evil.org/", "gopher://x/", "",
    ],
)  # fmt: skip
def test_addresses_that_are_none(settings: Any, url: str) -> None:
    settings.DELIVERY_LOOPBACK = True
    with pytest.raises(Refused) as refused:
        outbound.target_of(url)
    assert refused.value.field == "url"


def test_a_webhook_inside_is_refused_at_sending_for_good(
    cast: Any, chief: Any, alert: Any, listener: Any, settings: Any, settled: Any
) -> None:
    outlet, _ = actions.add_outlet(agency=cast.b, kind="webhook", name="x", url=f"{listener.address}/", by=chief)
    settings.DELIVERY_LOOPBACK = False
    alert()
    settled()
    row = Delivery.objects.get(outlet=outlet)
    assert (row.state, row.attempted.get().code) == ("failed", "private address")
    assert listener.asked == []


def test_placeholders_are_written_as_their_place_needs_it() -> None:
    values = {"text": 'a "quote" & {more} <b>', "number": "+41 7"}
    assert gateway.filled("{text}|{other}|{ }", values, str) == 'a "quote" & {more} <b>|{other}|{ }'
    as_json = gateway._writer({"Content-Type": "application/json"})
    assert json.loads(gateway.filled('{"t": "{text}"}', values, as_json)) == {"t": values["text"]}
    as_form = gateway._writer({"content-type": "application/x-www-form-urlencoded"})
    assert gateway.filled("to={number}", values, as_form) == "to=%2B41+7"
    as_xml = gateway._writer({"Content-Type": "text/xml"})
    assert gateway.filled("<t>{text}</t>", values, as_xml) == '<t>a "quote" &amp; {more} &lt;b&gt;</t>'


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "https://{number}.example.org/"}, "url"),
        ({"url": "https://example.org/{title}"}, "url"),
        ({"body": "{number} {record}"}, "body"),
        ({"body": "{text}"}, "body"),
        ({"headers": "no colon"}, "headers"),
        ({"headers": "Host: elsewhere"}, "headers"),
        ({"headers": "X-Key: ä"}, "headers"),
        ({"headers": "\n".join(f"X-{number}: 1" for number in range(11))}, "headers"),
    ],
)
def test_what_a_gateway_may_not_be(cast: Any, chief: Any, values: dict[str, str], field: str) -> None:
    right = {"url": "https://sms.example.org/", "body": "{number} {text}", "headers": ""}
    with pytest.raises(Refused) as refused:
        actions.add_outlet(agency=cast.b, kind="gateway", name="SMS", by=chief, **{**right, **values})
    assert refused.value.field == field
    assert not Outlet.objects.exists()


def test_a_test_says_that_it_is_one(cast: Any, webhook: Any, chief: Any, listener: Any, settled: Any) -> None:
    outlet, secret = webhook
    actions.try_outlet(outlet=outlet, by=chief)
    settled()
    (asked,) = listener.asked
    assert json.loads(asked["body"])["type"] == "entente.test"
    assert is_genuine(asked, secret)
    assert (outlet.attempts.get().outcome, outlet.attempts.get().code) == ("accepted", "200")
    with pytest.raises(Refused) as refused:
        actions.try_outlet(outlet=outlet, by=chief)
    assert refused.value.code == "conflict"
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=1))
    renewed = actions.renew_secret(outlet=outlet, by=chief)
    actions.try_outlet(outlet=Outlet.objects.get(), by=chief)
    settled()
    assert is_genuine(listener.asked[1], renewed)
    assert not is_genuine(listener.asked[1], secret)


def test_an_ended_outlet_is_told_nothing_and_its_keys_are_gone(
    cast: Any, webhook: Any, chief: Any, alert: Any, listener: Any, settled: Any
) -> None:
    alert()
    actions.end_outlet(outlet=webhook[0], by=chief)
    settled()
    assert listener.asked == []
    row = Delivery.objects.get(channel="webhook")
    assert (row.state, row.reason) == ("withheld", "nowhere")
    assert (Outlet.objects.get().secret, Outlet.objects.get().headers) == ("", "")


def test_a_changed_host_does_not_learn_the_old_key(cast: Any, chief: Any) -> None:
    outlet, _ = actions.add_outlet(
        agency=cast.b,
        kind="gateway",
        name="SMS",
        url="https://sms.example.org/",
        body="{number}",
        headers="X-Key: k",
        by=chief,
    )
    with pytest.raises(Refused) as refused:
        actions.change_outlet(outlet=outlet, url="https://spy.example.org/", by=chief)
    assert refused.value.field == "headers"
    actions.change_outlet(outlet=outlet, url="https://sms.example.org/v2", by=chief)
    assert sealing.unseal(Outlet.objects.get().headers) == "X-Key: k"


def test_secrets_are_sealed_and_survive_a_new_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    sealed = sealing.seal("whsec_nobody")
    assert "nobody" not in sealed
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]
    assert sealing.unseal(sealed) == "whsec_nobody"
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(sealed) == ""
