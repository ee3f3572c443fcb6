"""Mail about an alert: that something needs the officer, and nothing of what it is (R17).

It carries urgency, a reference, the portal's address and the officer's own agency's call-back number. Rights are
asked again at sending (R13). A worker killed between sending and commit sends again, with the same Message-ID.
"""

from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from agreements.alerts.choices import DeliveryState
from agreements.alerts.models import Alert, Delivery
from agreements.sharing.locking import key_of
from agreements.sharing.policy import access
from portal import second_lock
from portal.outbox.models import Message

# SMTP replies from 500 on: the address will not be taken later either.
PERMANENT = 500


def deliver(payload: dict[str, Any]) -> None:
    """Send one mail, unless it went out, or must not go out any more. Raises what the mail server says."""
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk=payload["delivery"], state=DeliveryState.WAITING)
    delivery = rows.select_related("alert__appointment__officer", "alert__appointment__agency__country").first()
    if delivery is None:
        return
    if not _is_due(delivery.alert):
        _end(delivery, DeliveryState.WITHHELD)
        return
    try:
        compose(delivery).send()
    except SMTPRecipientsRefused as refused:
        if any(code < PERMANENT for code, _ in refused.recipients.values()):
            raise
        _end(delivery, DeliveryState.FAILED)
        return
    _end(delivery, DeliveryState.SENT)


def _is_due(alert: Alert) -> bool:
    """Whether the recipient has an address, has not read it already, and may know of the subject now."""
    if not alert.appointment.officer.email or not alert.is_unread:
        return False
    now = access(alert.appointment, timezone.now())
    with second_lock.fed(lambda: key_of(now)):
        return Alert.objects.visible_to(now).filter(pk=alert.pk).exists()


def _end(delivery: Delivery, state: DeliveryState) -> None:
    earlier = Message.objects.filter(key=f"deliver:{delivery.pk}").values_list("attempts", flat=True).first() or 0
    delivery.state, delivery.ended_at, delivery.attempts = state, timezone.now(), earlier + 1
    delivery.save(update_fields=["state", "ended_at", "attempts"])


def compose(delivery: Delivery) -> EmailMessage:
    """The mail: the same words whatever the subject is."""
    alert = delivery.alert
    context = {
        "urgency": alert.get_urgency_display(),
        "reference": alert.reference,
        "address": settings.SITE_URL,
        "call_back": alert.appointment.agency.desk_phone,
    }
    return EmailMessage(
        subject=f"Entente: something needs you (ref {alert.reference})",
        body=render_to_string("alerts/mail.txt", context),
        to=[alert.appointment.officer.email],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
