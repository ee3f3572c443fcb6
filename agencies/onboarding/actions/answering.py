"""What the invited person does, who has no account: opens the link, corrects the facts, names the admin, or declines."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.onboarding import links
from agencies.onboarding.models import Invitation
from portal.audit import recording
from portal.ui.errors import Refused

FACTS = ("name", "native_name", "acronym", "kind", "time_zone")


def find(key: str) -> Invitation | None:
    """The invitation of a link that works now, or None: for an unknown, used, old or withdrawn one alike (R17).

    One statement by the digest, whatever it finds, so that the time taken tells nothing either.
    """
    rows = Invitation.objects.open(timezone.now()).filter(digest=links.digest_of(key))
    return rows.with_words().first()


@transaction.atomic
def open_link(*, invitation: Invitation) -> None:
    """Note once that the link was opened. Mail servers that try links do so too."""
    if Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now()):
        _note("invitation.open", invitation)


@transaction.atomic
def accept(*, key: str, admin_name: str, admin_mail: str, **facts: Any) -> Invitation:
    """Accept for the agency: its facts as confirmed, and who its admin shall be. The link is used up.

    It is let in by a second officer; until then there is no account. Raises Refused, with `not_found` for a link that
    does not work any more.
    """
    row = _held(key)
    name, admin_name = " ".join(str(facts["name"]).split()), " ".join(admin_name.split())
    if not name:
        raise Refused("Give its name.", field="name")
    if not admin_name:
        raise Refused("Name its admin.", field="admin_name")
    if admin_mail.casefold() == row.invited_by.officer.email.casefold():
        raise Refused("The admin must be a person of your agency.", field="admin_mail")
    facts["name"] = name
    row.as_invited = {field: getattr(row, field) for field in FACTS[:4] if getattr(row, field) != facts[field]}
    for field in FACTS:
        setattr(row, field, facts[field])
    row.admin_name, row.admin_mail, row.accepted_at = admin_name, admin_mail, timezone.now()
    row.save()
    _note("invitation.accept", row, corrected=sorted(row.as_invited))
    return row


@transaction.atomic
def decline(*, key: str, words: str = "") -> Invitation:
    """Decline for the agency. The link is used up; why is read by the inviting side."""
    row = _held(key)
    row.declined_at, row.words = timezone.now(), words.strip()
    row.save(update_fields=["declined_at", "words"])
    _note("invitation.decline", row)
    return row


def _held(key: str) -> Invitation:
    rows = Invitation.objects.open(timezone.now()).select_for_update(of=("self",))
    row = rows.select_related("country", "invited_by__officer").filter(digest=links.digest_of(key)).first()
    if row is None:
        raise Refused("This link does not work.", code="not_found")
    return row


def _note(verb: str, row: Invitation, **data: object) -> None:
    recording.record(verb=verb, by=None, subject_kind="invitation", subject_id=str(row.pk), data=data)
