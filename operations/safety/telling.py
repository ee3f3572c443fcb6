"""What this room adds to a patrol's log, and to what a device takes along."""

from typing import Any

from django.urls import reverse

from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.field import kit
from operations.field.actions import signals
from operations.field.kit import Kit
from operations.patrols import sources
from operations.patrols.journal import Line
from operations.patrols.models import Patrol
from operations.patrols.sources import Conditions, Feature
from operations.safety import standing
from operations.safety.actions.timers import minutes_of
from operations.safety.models import Alarm, LimitChange
from operations.safety.querysets import named_by
from operations.safety.standing import Stay


def register() -> None:
    sources.register(sources.Source(lines, _nothing))
    kit.register_part("crossings", stays)
    kit.register_part("safety", safety)
    signals.register_usual(minutes_of)


def _nothing(*_: Any) -> tuple[list[Feature], list[Record]]:
    return [], []


def lines(conditions: Conditions, access: Access, most: int | None) -> list[Line]:
    """Where the limits of a stay changed while it lasted."""
    inside = {f"crossing__{name}": value for name, value in conditions.items()}
    rows = LimitChange.objects.visible_to(access).filter(**inside).order_by("-at", "-pk")
    rows = rows.select_related("crossing__record__owner__country", "crossing__territory")
    return [_line(row) for row in (rows if most is None else rows[:most])]


def _line(row: LimitChange) -> Line:
    record = row.crossing.record
    return Line(
        row.at,
        "limit",
        f"{row} in {row.crossing.territory.name}" if row.permitted else str(row),
        "sign-stop",
        record.owner,
        record,
        url=reverse("field:crossing-detail", args=[row.crossing_id]),
        note="By the treaty, while the team was there.",
    )


def stays(access: Access, found: Kit) -> tuple[Any, list[Record]]:
    """Own stays on partner territory, with the limits then and now: the device counts down by the latter."""
    by = access.appointment
    rows = standing.stays_of(access, by) if by else []
    return [_stay(row) for row in rows], [row.crossing.record for row in rows]


def _stay(row: Stay) -> dict[str, Any]:
    crossing = row.crossing
    return {
        "id": str(crossing.pk),
        "patrol": str(crossing.record.host_id) if crossing.record.host_id else None,
        "territory": crossing.territory_id,
        "basis": crossing.basis,
        "entered_at": crossing.entered_at.isoformat(),
        "until": crossing.until.isoformat() if crossing.until else None,
        "limits": crossing.limits,
        "limits_now": row.limits,
        "permitted": row.is_permitted,
    }


def safety(access: Access, found: Kit) -> tuple[Any, list[Record]]:
    """For each patrol under way the own timer and the next check-in; and the own alarms, with who acts on them."""
    by = access.appointment
    if by is None:
        return {"timers": [], "alarms": []}, []
    teams = [row for row in found.patrols if any(team.agency_id in by.agencies for team in row.teams.all())]
    alarms = Alarm.objects.visible_to(access).open().filter(signal__sent_by=by).with_words(access)
    told = {"timers": [_timer(row, access) for row in teams], "alarms": [alarm_words(row) for row in alarms]}
    return told, named_by(alarms, access)


def _timer(patrol: Patrol, access: Access) -> dict[str, Any]:
    assert access.appointment is not None
    row = standing.watched(patrol, access.appointment.agency)
    return {
        "patrol": str(patrol.pk),
        "every": row.timer.every,
        "last_at": row.last.at.isoformat() if row.last else None,
        "next_at": row.next_at.isoformat() if row.next_at else None,
        "desk_after": row.timer.desk_after,
        "partners_after": row.timer.partners_after,
        "neighbours_after": row.timer.neighbours_after,
    }


def alarm_words(row: Alarm) -> dict[str, Any]:
    """What the team in the field reads of its alarm: who acts on it, by function, and what partners answered."""
    answers = row.notice.answers.all() if row.notice_is_seen else ()  # type: ignore[attr-defined]
    return {
        "id": str(row.pk),
        "signal": str(row.signal_id),
        "patrol": str(row.signal.patrol) if row.signal.patrol and row.patrol_is_seen else None,  # type: ignore[attr-defined]
        "cause": row.cause,
        "raised_at": row.raised_at.isoformat(),
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
        "acknowledged_by": row.acknowledged_by.function if row.acknowledged_by else None,
        "told": [{"step": told.step, "result": told.result, "at": told.at.isoformat()} for told in row.steps.all()],
        "answers": [
            {"agency": each.agency.short, "acts": each.acts, "words": each.words, "at": each.at.isoformat()}
            for each in answers
        ],
    }
