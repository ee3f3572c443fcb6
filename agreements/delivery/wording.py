"""What leaves the portal about alerts: how urgent and severe, a reference, the portal's address, whom to call back.

Nothing else, whatever an alert is about (R17, R18): a notice is made of these fields alone, and everything that is
sent is made of a notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from agencies.directory.models import Agency
from agreements.alerts.choices import Severity, Urgency
from agreements.alerts.models import Alert

GRAVE = (Severity.EXTREME, Severity.SEVERE)
# Of more, a message names these and says how many others there are.
MOST_NAMED = 40


@dataclass(frozen=True)
class Item:
    reference: str
    urgency: str
    severity: str

    @property
    def words(self) -> str:
        """Immediate, Severe. A severity that nobody gave is not named."""
        return self.urgency if self.severity == Severity.UNKNOWN else f"{self.urgency}, {self.severity}"


@dataclass(frozen=True)
class Notice:
    """What one message says. `then_summary`: further ones of this hour come as one summary."""

    items: tuple[Item, ...]
    critical: bool
    call_back: str
    address: str
    then_summary: bool = False
    test: bool = False

    @property
    def first(self) -> Item:
        return self.items[0]

    @property
    def named(self) -> tuple[Item, ...]:
        return self.items[:MOST_NAMED]

    @property
    def more(self) -> int:
        return max(len(self.items) - MOST_NAMED, 0)

    @property
    def subject(self) -> str:
        """Of a mail, and the beginning of a text message."""
        reference = self.first.reference
        if self.test:
            return f"Entente: a test, nothing is to be done (ref {reference})"
        if self.critical:
            return f"Entente: {self.first.words} – something needs you now (ref {reference})"
        if len(self.items) == 1:
            return f"Entente: something needs you (ref {reference})"
        return f"Entente: {len(self.items)} things need you (ref {reference} and others)"

    @property
    def text(self) -> str:
        """One line, short enough for a text message."""
        call = f" No access? Call {self.call_back}." if self.call_back else ""
        urgency = "" if self.critical or self.test else f" {self.first.words}."
        return f"{self.subject}.{urgency}{call}"


def is_critical(alert: Alert) -> bool:
    """Immediate and at least severe: it waits for nothing."""
    return alert.urgency == Urgency.IMMEDIATE and alert.severity in GRAVE


def notice_of(alerts: Sequence[Alert], agency: Agency, *, then_summary: bool = False) -> Notice:
    """The notice about these alerts of officers of one agency, most urgent first."""
    urgencies, severities = list(Urgency.values), list(Severity.values)
    ordered = sorted(alerts, key=lambda row: (urgencies.index(row.urgency), severities.index(row.severity), row.pk))
    return Notice(
        items=tuple(Item(row.reference, row.urgency, row.severity) for row in ordered),
        critical=is_critical(ordered[0]),
        call_back=agency.desk_phone,
        address=settings.SITE_URL,
        then_summary=then_summary,
    )


def trial_notice(agency: Agency, reference: str) -> Notice:
    """What a test of an outlet sends."""
    item = Item(reference, Urgency.UNKNOWN, Severity.UNKNOWN)
    return Notice((item,), critical=False, call_back=agency.desk_phone, address=settings.SITE_URL, test=True)
