"""A draft is begun with a name and a kind; all else follows in any order."""

import uuid

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.drafting.models import Draft
from agreements.drafting.rights import looked_at
from agreements.register import actions as register
from agreements.register.models import Agreement, Clause


@transaction.atomic
def start(
    *, by: Appointment, short_name: str, kind: str, made_under: Clause | None = None, key: uuid.UUID | None = None
) -> Agreement:
    """Begin a draft of the own agency, with the own country as its first party. Sent twice, it is begun once."""
    agreement = register.register(
        by=by,
        title=short_name,
        short_name=short_name,
        kind=kind,
        made_under=made_under,
        time_zone=by.agency.time_zone,
        parties=[by.agency.country],
        draft=True,
        key=key,
    )
    Draft.objects.get_or_create(agreement=agreement, defaults={"started_by": by, "changed_by": by})
    looked_at(agreement, "name")
    return agreement


def changed(verb: str, agreement: Agreement, by: Appointment) -> None:
    """Told by the register of every change of a draft: who was the last to write."""
    if verb not in ("agreement.draft", "agreement.register", "agreement.delete_draft"):
        Draft.objects.update_or_create(agreement=agreement, defaults={"changed_by": by, "changed_at": timezone.now()})
