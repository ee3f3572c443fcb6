"""Outlets of an agency: set up, changed, tried and ended by its admins. The ledger learns hosts, never keys."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agreements.delivery import sealing
from agreements.delivery.carriers import gateway, outbound
from agreements.delivery.choices import MOST_OUTLETS, Method, OutletKind
from agreements.delivery.models import Outlet, Preference
from agreements.delivery.trials import TRY
from portal.audit import recording
from portal.keys import new_key
from portal.outbox import messages
from portal.ui.errors import Refused

# Between two tests of one outlet: the button must not become a way to flood somebody.
PAUSE = timedelta(seconds=10)


def _need(agency: Agency, by: Appointment) -> None:
    if not may_manage(agency, by):
        raise Refused("Only an admin of the agency keeps where its alerts go.", code="forbidden")


@transaction.atomic
def add_outlet(
    *,
    agency: Agency,
    kind: str,
    name: str,
    url: str,
    by: Appointment,
    method: str = Method.POST,
    headers: str = "",
    body: str = "",
    severity_least: str = "",
) -> tuple[Outlet, str]:
    """Set up a webhook or the gateway; the row and, of a webhook, the secret, which is told only now.

    Raises Refused at the field for an address that is never asked, a template with an unknown placeholder, or more
    outlets than an agency may have.
    """
    _need(agency, by)
    Agency.objects.select_for_update().get(pk=agency.pk)
    standing = agency.outlets.filter(ended_at=None)
    if standing.count() >= MOST_OUTLETS:
        raise Refused(f"An agency has {MOST_OUTLETS} outlets at most. End one first.", field="name")
    if kind == OutletKind.GATEWAY and standing.filter(kind=kind).exists():
        raise Refused("The agency has a gateway. Change it, or end it first.", field="name")
    secret = sealing.new_secret() if kind == OutletKind.WEBHOOK else ""
    row = Outlet(agency=agency, kind=OutletKind(kind), created_by=by, secret=sealing.seal(secret))
    _fill(row, name=name, url=url, method=method, headers=headers, body=body, severity_least=severity_least)
    row.save()
    _note("outlet.add", row, by)
    return row, secret


def _fill(row: Outlet, **values: str) -> None:
    """Check and take the values. A webhook has neither method, headers nor body of its own."""
    if row.is_webhook:
        values |= {"method": Method.POST, "headers": "", "body": ""}
        outbound.target_of(values["url"])
    else:
        values["severity_least"] = ""
        _check_gateway(values)
    row.name, row.url, row.method = values["name"], values["url"], Method(values["method"])
    row.body, row.severity_least = values["body"], values["severity_least"]
    row.headers = sealing.seal(values["headers"])


def _check_gateway(values: dict[str, str]) -> None:
    for field in ("url", "body", "headers"):
        gateway.check_template(values[field], field)
    sample = dict.fromkeys(gateway.PLACEHOLDERS, "0")
    target = outbound.target_of(gateway.filled(values["url"], sample, str))
    other = outbound.target_of(gateway.filled(values["url"], dict.fromkeys(gateway.PLACEHOLDERS, "1"), str))
    if (target.host, target.port) != (other.host, other.port):
        raise Refused("A placeholder may not choose the host.", field="url")
    gateway.headers_of(values["headers"])
    if "{number}" not in values["url"] + values["body"] + values["headers"]:
        raise Refused("Say with {number} where the officer's number goes.", field="body")


@transaction.atomic
def change_outlet(*, outlet: Outlet, by: Appointment, version: int | None = None, **values: Any) -> Outlet:
    """Change name, address or templates; without `headers` those stay. `version` is the one it was made from."""
    _need(outlet.agency, by)
    row = _locked(outlet)
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    if not row.is_webhook and not values.get("headers") and _host(values.get("url", row.url)) != _host(row.url):
        # Else whoever may change the address reads the key that somebody else put in.
        raise Refused("Another host: write the headers anew, for it must not learn the old key.", field="headers")
    kept = {"name": row.name, "url": row.url, "method": row.method, "body": row.body}
    kept |= {"severity_least": row.severity_least, "headers": sealing.unseal(row.headers)}
    given = {name: value for name, value in values.items() if name != "headers" or value}
    _fill(row, **{**kept, **given})
    row.changed_at = timezone.now()
    row.save()
    _note("outlet.change", row, by)
    return row


def _host(url: str) -> str:
    return outbound.target_of(gateway.filled(url, dict.fromkeys(gateway.PLACEHOLDERS, "0"), str)).host


@transaction.atomic
def renew_secret(*, outlet: Outlet, by: Appointment) -> str:
    """Another secret for a webhook; it is told only now. The old one signs nothing from then on."""
    _need(outlet.agency, by)
    row = _locked(outlet)
    if not row.is_webhook:
        raise Refused("A gateway has no secret: its headers carry its key.", code="conflict")
    secret = sealing.new_secret()
    row.secret, row.changed_at = sealing.seal(secret), timezone.now()
    row.save(update_fields=["secret", "changed_at"])
    _note("outlet.renew_secret", row, by)
    return secret


@transaction.atomic
def try_outlet(*, outlet: Outlet, by: Appointment) -> None:
    """Send a test, of which the receiver reads that it is one. What came of it stands at the outlet soon after."""
    _need(outlet.agency, by)
    row = _locked(outlet)
    if row.attempts.filter(delivery=None, at__gt=timezone.now() - PAUSE).exists():
        raise Refused("It was tried just now. Wait some seconds.", code="conflict")
    if not row.is_webhook and not Preference.objects.filter(officer=by.officer_id).exclude(number="").exists():
        raise Refused("Give your own number first, under “How alerts reach you”: the test goes there.", code="conflict")
    key = new_key()
    payload = {"outlet": str(row.pk), "trial": str(key), "officer": str(by.officer_id)}
    messages.emit(kind=TRY, key=f"outlet.try:{key}", payload=payload)
    _note("outlet.try", row, by)


@transaction.atomic
def end_outlet(*, outlet: Outlet, by: Appointment) -> Outlet:
    """Nothing goes there from now on. What waits for it is withheld; its keys are forgotten. Twice changes nothing."""
    _need(outlet.agency, by)
    row = Outlet.objects.select_for_update(of=("self",)).select_related("agency").get(pk=outlet.pk)
    if row.ended_at is None:
        row.ended_at, row.secret, row.headers = timezone.now(), "", ""
        row.save(update_fields=["ended_at", "secret", "headers"])
        _note("outlet.end", row, by)
    return row


def _locked(outlet: Outlet) -> Outlet:
    row = Outlet.objects.select_for_update(of=("self",)).select_related("agency").get(pk=outlet.pk)
    if row.ended_at is not None:
        raise Refused("This outlet has been ended. Add a new one.", code="conflict")
    return row


def _note(verb: str, row: Outlet, by: Appointment) -> None:
    data = {"agency": row.agency_id, "kind": row.kind, "host": _host(row.url)}
    recording.record(verb=verb, by=by, subject_kind="outlet", subject_id=str(row.pk), data=data)
