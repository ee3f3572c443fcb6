"""The demonstration's request: a German post asks whether Austria may have a Swiss report, which only Switzerland can give."""

from agencies.directory.models import Agency, Appointment
from agreements.onward import actions
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Purpose
from agreements.sharing.models import Record
from portal.ui import demo

TITLE = "Boats without lights off Ermatingen"


def load() -> int:
    """The request, unless it is there; how many are new."""
    record = Record.objects.filter(title=TITLE, owner__acronym="BAZG").select_related("owner").first()
    by = Appointment.objects.filter(officer__username="de.liaison", ended_at=None).select_related("agency").first()
    if record is None or by is None or ConsentRequest.objects.filter(record=record).exists():
        return 0
    actions.ask(
        record=record,
        by=by,
        agency=Agency.objects.get(acronym="AT Police"),
        purpose=Purpose.LAW_ENFORCEMENT,
        reason="The same two boats were seen off Bregenz. Our colleagues there should know, and no article of ours lets us tell them.",
    )
    return 1


def register() -> None:
    demo.register(demo.Step("request to pass on", 70, load))
