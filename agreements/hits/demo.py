"""The demonstration's index entry: a passport of a Swiss report, which a German post may search for."""

from agencies.directory.models import Appointment
from agreements.hits import actions
from agreements.hits.choices import Term
from agreements.hits.models import IndexEntry
from agreements.hits.searching import clauses_to_index
from agreements.sharing.models import Record
from portal.ui import demo

TITLE = "Boats without lights off Ermatingen"
# Invented: the value to try, see docs/demo.md.
PASSPORT = "X 4711-0815"


def load() -> int:
    """The entry, unless it is there; how many are new."""
    record = Record.objects.filter(title=TITLE, owner__acronym="BAZG").select_related("author__agency").first()
    by = Appointment.objects.filter(officer__username="ch.analyst", ended_at=None).select_related("agency").first()
    if record is None or by is None or IndexEntry.objects.filter(record=record).exists():
        return 0
    clause = next(
        (row for row in clauses_to_index(by) if row.agreement.short_name == "Technical Arrangement Upper Rhine"), None
    )
    if clause is None:
        return 0
    actions.index(record=record, clause=clause, term=Term.PASSPORT, value=PASSPORT, by=by)
    return 1


def register() -> None:
    demo.register(demo.Step("hit/no-hit entry", 71, load))
