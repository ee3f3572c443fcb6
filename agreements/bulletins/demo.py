"""The demonstration's bulletins: one that a neighbour has acknowledged, an exercise, and one that was cancelled. Invented."""

import uuid

from agencies.directory.models import Appointment
from agreements.bulletins import actions
from agreements.bulletins.actions import Draft
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Bulletin
from agreements.bulletins.scopes import Scope
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from portal.ui import demo

KEYS = [uuid.UUID(f"5b1e0c52-8f0a-4c7e-9a3d-2f6b7c81d0a{number}") for number in range(3)]
PLAIN = Marking(categories=[Category.OPERATIONAL.value], classification=1, tlp=Tlp.AMBER.value)
TERMS = {"marking": PLAIN, "acknowledging": "anyone"}


def load() -> int:
    """Those that are not there yet; how many are new."""
    people = {
        row.officer.username: row
        for row in Appointment.objects.select_related("officer", "agency__country").filter(
            officer__username__in=("ch.liaison", "de.liaison", "at.liaison")
        )
    }
    if len(people) < 3 or Bulletin.objects.filter(pk__in=KEYS).exists():
        return 0
    by, german, austrian = people["ch.liaison"], people["de.liaison"], people["at.liaison"]
    desks = [Scope(TargetKind.DESK, row.agency) for row in (german, austrian)]
    sent = actions.send(
        by=by,
        draft=Draft(
            headline="Storm warning for the upper lake",
            instruction="Keep boats east of Konstanz in harbour until 18:00. Tell us which of yours are out. Invented.",
            scopes=desks,
            severity="Severe",
            certainty="Likely",
            minutes=240,
            key=KEYS[0],
            **TERMS,  # type: ignore[arg-type]
        ),
    )
    if sent.receipts.filter(agency=german.agency).exists():
        actions.acknowledge(bulletin=sent, by=german)
    actions.send(
        by=by,
        draft=Draft(
            headline="Alarm chain of the joint patrol",
            instruction="Acknowledge, nothing else: we try the chain. Invented.",
            scopes=desks[:1],
            severity="Minor",
            minutes=1440,
            exercise=True,
            key=KEYS[1],
            **TERMS,  # type: ignore[arg-type]
        ),
    )
    over = actions.send(
        by=by,
        draft=Draft(
            headline="Grey van without plates",
            instruction="Stop it at the crossing and call back. Invented.",
            scopes=desks[:1],
            severity="Moderate",
            minutes=60,
            key=KEYS[2],
            **TERMS,  # type: ignore[arg-type]
        ),
    )
    actions.cancel(bulletin=over, by=by, words="It was found at the car park of the ferry.")
    return 3


def register() -> None:
    demo.register(demo.Step("bulletins", 92, load))
