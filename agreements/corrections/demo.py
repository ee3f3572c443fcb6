"""The demonstration's corrections: one that waits for its owner, one accepted, one declined. Invented."""

import uuid
from dataclasses import dataclass

from agencies.directory.models import Appointment
from agreements.corrections import actions
from agreements.corrections.models import Correction
from agreements.sharing.models import Record
from portal.ui import demo

NAMESPACE = uuid.UUID("8f6f0c52-7a35-4b0f-9c0e-53d1d0c1b7a4")


@dataclass(frozen=True)
class Sample:
    title: str
    by: str
    wrong: str
    instead: str
    step: str = ""
    answered_by: str = ""
    answer: str = ""


SAMPLES = (
    Sample(
        title="Boats without lights off Ermatingen",
        by="de.analyst",
        wrong="The boats are said to come from the Höri shore, all three evenings.",
        instead="On the second evening they came from the Reichenau: our boat crew followed two of them from its southern landing.",
    ),
    Sample(
        title="Van with changed plates between Weil and Riehen",
        by="ch.analyst",
        wrong="The dent is said to be in the left rear door.",
        instead="It is in the right one. Two officers at the Riehen crossing stood behind the van and noted it in their log.",
        step="accept",
        answered_by="de.analyst",
        answer="Thank you, we take it over.",
    ),
    Sample(
        title="Cigarettes by bicycle over the Au bridge",
        by="li.liaison",
        wrong="Riders are said never to ride on market days.",
        instead="On the last market day we saw two of them pass at noon, with bags.",
        step="decline",
        answered_by="at.analyst",
        answer="The shopkeeper's count of that noon shows nobody: yours may have been other riders. Seen again, tell us at once.",
    ),
)


def load() -> int:
    """Corrections that are not there yet, of reports that are; how many are new."""
    return sum(_load(sample) for sample in SAMPLES)


def _load(sample: Sample) -> int:
    key = uuid.uuid5(NAMESPACE, sample.title)
    record = Record.objects.filter(title=sample.title, kind="report").first()
    if record is None or Correction.objects.filter(pk=key).exists():
        return 0
    row = actions.propose(
        record=record, by=_appointment(sample.by), wrong=sample.wrong, instead=sample.instead, key=key
    )
    if sample.step:
        act = {"accept": actions.accept, "decline": actions.decline}[sample.step]
        act(correction=row, by=_appointment(sample.answered_by), answer=sample.answer)
    return 1


def _appointment(username: str) -> Appointment:
    rows = Appointment.objects.select_related("officer", "agency__country")
    return rows.filter(officer__username=username, ended_at=None).earliest("starts_on")


def register() -> None:
    demo.register(demo.Step("corrections", 70, load))
