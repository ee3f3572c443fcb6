"""How an officer comes to a call at this moment, and what may be done there."""

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.distress.choices import CallState, Side
from agreements.distress.models import Addressee, DistressCall
from agreements.sharing.policy import Access


def side_of(call: DistressCall, access: Access) -> Side | None:
    """None: for this officer there is no such call (R17). The same question as `visible_to`, of one row."""
    by = access.appointment
    if by is None or not by.may(Permission.DISTRESS_VIEW):
        return None
    if call.sent_by.agency_id in by.agencies:
        return Side.SENT
    if not any(row.agency_id in by.agencies for row in call.addressees.all()):
        return None
    if by.may(Permission.DISTRESS_SEND):
        return Side.RECEIVED if call.state_at(access.at) == CallState.LIVE else None
    return Side.ACCOUNT if by.may(Permission.LEDGER_VIEW) else None


def addressees_of(call: DistressCall, access: Access) -> list[Addressee]:
    """All to the sender's agency; to a receiver its own line alone: it learns of no other (R18)."""
    rows = list(call.addressees.all())
    if side_of(call, access) == Side.SENT:
        return rows
    return [row for row in rows if access.appointment and row.agency_id in access.appointment.agencies]


def steps_of(call: DistressCall, access: Access) -> dict[str, bool]:
    by, side = access.appointment, side_of(call, access)
    if by is None or side is None:
        return dict.fromkeys(("acknowledge", "over", "again", "review"), False)
    live, own, sends = call.state_at(access.at) == CallState.LIVE, side == Side.SENT, by.may(Permission.DISTRESS_SEND)
    waits = any(row.acknowledged_at is None for row in addressees_of(call, access))
    return {
        "acknowledge": side == Side.RECEIVED and waits,
        "over": own and live and sends,
        "again": own and sends,
        "review": own and not live and call.reviewed_at is None and _reviews(call, by),
    }


def _reviews(call: DistressCall, by: Appointment) -> bool:
    return by.may(Permission.DISTRESS_REVIEW) and call.sent_by.officer_id != by.officer_id
