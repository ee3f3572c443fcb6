"""Alert kinds, told by the rooms that raise them. What an alert says is worked out when it is read."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from agreements.alerts.choices import Certainty, Family, Severity, Urgency
from agreements.sharing.policy import Access


@dataclass(frozen=True)
class AlertKind:
    """A kind of alert: its words, how urgent it is, and how one line and its address come from what it is about.

    `line(alert)` gives one sentence; it is asked only when the recipient may see the subject now, and finds
    `alert.record` (with owner) and `alert.agreement` loaded. `url(alert)` is the page to open; without one, that of
    the record or agreement. A `mandatory` kind cannot be switched off. Without `mail` it is shown in the page only.
    An alert about neither a record nor an agreement is shown only where the kind is `standalone`; with
    `shown(access)`, a condition on alerts, only those that meet it now. `family` is what officers make rules about;
    `severity` and `certainty` are the Common Alerting Protocol's, for an alert that says no other. Where the room sends
    a mail of its own, `mailed(alerts)` names those of them, by key, whose officers have it from there: one is enough.
    """

    name: str
    label: str
    icon: str
    urgency: Urgency
    mandatory: bool
    line: Callable[[Any], str] = field(compare=False)
    url: Callable[[Any], str] | None = field(default=None, compare=False)
    mail: bool = True
    standalone: bool = False
    shown: Callable[[Access], Q] | None = field(default=None, compare=False)
    family: Family = Family.SYSTEM
    severity: Severity = Severity.UNKNOWN
    certainty: Certainty = Certainty.OBSERVED
    mailed: Callable[[Sequence[Any]], Collection[uuid.UUID]] | None = field(default=None, compare=False)


_KINDS: dict[str, AlertKind] = {}


def register(kind: AlertKind) -> None:
    """Make the kind known. A second registration under the same name replaces the first."""
    _KINDS[kind.name] = kind


def get(name: str) -> AlertKind:
    """The kind. Raise KeyError when nobody registered it."""
    return _KINDS[name]


def all_kinds() -> list[AlertKind]:
    return sorted(_KINDS.values(), key=lambda kind: kind.label)


def names() -> list[str]:
    return sorted(_KINDS)


def names_of(family: str) -> list[str]:
    """Names of the kinds of that family."""
    return sorted(kind.name for kind in _KINDS.values() if kind.family == family)


def mailed(alerts: Sequence[Any]) -> set[uuid.UUID]:
    """Of these alerts those, by key, that a mail of the room itself tells."""
    of_kind: dict[str, list[Any]] = defaultdict(list)
    for alert in alerts:
        of_kind[alert.kind].append(alert)
    found: set[uuid.UUID] = set()
    for name, rows in of_kind.items():
        ask = _KINDS[name].mailed
        found |= set(ask(rows)) if ask else set()
    return found


def standing_alone(access: Access) -> Q:
    """Which alerts about neither a record nor an agreement the officer may know of now."""
    found = Q(kind__in=[kind.name for kind in _KINDS.values() if kind.standalone and kind.shown is None])
    for kind in _KINDS.values():
        if kind.standalone and kind.shown is not None:
            found |= Q(kind=kind.name) & kind.shown(access)
    return found
