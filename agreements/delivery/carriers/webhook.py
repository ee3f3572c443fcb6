"""A signed webhook, as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, timestamp and body.

The receiver works the signature out again with the secret that it was given, refuses timestamps that are minutes old,
and drops an id that it knows: the same message may come twice, never with another id.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from django.utils import timezone

from agreements.delivery.carriers import http
from agreements.delivery.carriers.results import Result
from agreements.delivery.models import Outlet
from agreements.delivery.sealing import PREFIX, unseal
from agreements.delivery.wording import Notice


def body_of(notice: Notice) -> bytes:
    """The same bytes for the same notice, so that a second sending is the first one again."""
    content = {
        "type": "entente.test" if notice.test else "entente.alerts",
        "portal": notice.address,
        "call_back": notice.call_back,
        "alerts": [
            {"reference": item.reference, "urgency": item.urgency, "severity": item.severity} for item in notice.items
        ],
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode()


def signature(secret: str, key: str, at: datetime, body: bytes) -> str:
    """`v1,` and the digest in base64."""
    signed = f"{key}.{int(at.timestamp())}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def send(outlet: Outlet, notice: Notice, key: str) -> Result:
    """Hand the notice to the agency's system. `key` stays the same however often it is sent."""
    body, at = body_of(notice), timezone.now()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Entente-Webhook/1",
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(unseal(outlet.secret), key, at, body),
    }
    return http.send("POST", outlet.url, headers, body)
