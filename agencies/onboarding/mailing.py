"""Two mails: the invitation to an agency, and the link for its admin's first password.

Neither names an agreement, a partner or a record (R17, R18); both are written when they are sent, from what holds
then (R13). A worker killed between sending and commit sends again, with the same Message-ID.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from agencies.directory.invitations import link_for
from agencies.directory.models import Appointment
from agencies.onboarding import links
from agencies.onboarding.models import Invitation

DOMAIN = "entente.invalid"


def invite(payload: dict[str, Any]) -> None:
    """Send the link, unless it was answered, withdrawn or sent meanwhile."""
    rows = Invitation.objects.open(timezone.now()).select_for_update(of=("self",))
    row = rows.filter(pk=payload["invitation"], mailed_at=None).first()
    if row is None:
        return
    context = {"link": links.link_of(row), "until": row.expires_at, "reference": reference(row)}
    _mail(
        f"An invitation to Entente (ref {context['reference']})",
        "invited",
        context,
        row.mail,
        f"{row.pk}.{row.sendings}",
    )
    row.mailed_at = timezone.now()
    row.save(update_fields=["mailed_at"])


def welcome(payload: dict[str, Any]) -> None:
    """Send the new admin the link for the first password, once and while there is none."""
    rows = Appointment.objects.select_related("officer", "agency__country")
    post = rows.filter(pk=payload["appointment"]).first()
    if post is None or post.officer.has_usable_password() or not post.is_in_effect(timezone.now()):
        return
    context = {"link": link_for(post.officer), "username": post.officer.username, "address": settings.SITE_URL}
    _mail("Your account in Entente", "welcome", context, post.officer.email, f"welcome.{post.pk}")


def reference(row: Invitation) -> str:
    """The random end of its key: it counts nothing."""
    return f"INV-{str(row.pk)[-6:].upper()}"


def _mail(subject: str, template: str, context: dict[str, Any], to: str, key: str) -> None:
    EmailMessage(
        subject=subject,
        body=render_to_string(f"onboarding/mail_{template}.txt", context),
        to=[to],
        headers={"Message-ID": f"<{key}@{DOMAIN}>", "Auto-Submitted": "auto-generated"},
    ).send()
