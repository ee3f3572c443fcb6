"""Incidents. In EUROSUR's words a report is not an event: reports are what agencies tell, an event groups them."""

from operations.incidents.models.events import Event, EventLink, LevelProposal, Link
from operations.incidents.models.reports import ChainLink, IncidentReport, Involved, Validation
from operations.incidents.models.serious import Concerned, Recipient, SeriousIncident

__all__ = [
    "ChainLink",
    "Concerned",
    "Event",
    "EventLink",
    "IncidentReport",
    "Involved",
    "LevelProposal",
    "Link",
    "Recipient",
    "SeriousIncident",
    "Validation",
]
