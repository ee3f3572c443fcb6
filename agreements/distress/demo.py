"""The demonstration's call of danger to life: of last week, answered, and still to be reviewed. Invented."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.distress import actions
from agreements.distress.choices import Nature
from agreements.distress.models import DistressCall
from portal.ui import demo

KEY = uuid.UUID("3d0c8f57-6b0e-4e51-9a52-7b1fd0c4e2a9")
AGO, ANSWERED_AFTER = timedelta(days=6, hours=5), timedelta(minutes=2)


@transaction.atomic
def load() -> int:
    """The call, if it is not there yet; how many are new."""
    sender = Appointment.objects.select_related("agency").filter(officer__username="ch.leader").first()
    answers = Appointment.objects.select_related("agency").filter(officer__username="de.liaison").first()
    if sender is None or answers is None or DistressCall.objects.filter(pk=KEY).exists():
        return 0
    call = actions.send(
        nature=Nature.VESSEL,
        position=(47.6512, 9.2101),
        place="east of the ferry line Konstanz–Meersburg",
        call_back=sender.agency.desk_phone,
        reason="A sailing boat took water in the squall with four on board. Our own boat was forty minutes away.",
        agencies=list(Agency.objects.filter(pk=answers.agency_id)),
        by=sender,
        key=KEY,
    )
    actions.note_reading(call=call, by=answers)
    actions.acknowledge(call=call, by=answers)
    at = timezone.now() - AGO
    DistressCall.objects.filter(pk=KEY).update(sent_at=at)
    call.addressees.update(acknowledged_at=at + ANSWERED_AFTER)
    call.readings.update(at=at + ANSWERED_AFTER)
    return 1


def register() -> None:
    demo.register(demo.Step("distress", 75, load))
