"""Words of what comes in from devices in the field."""

from django.db import models


class ItemKind(models.TextChoices):
    """What a device can have logged without a network. A photograph comes by itself, as a file."""

    PATROL_START = "patrol.start", "Patrol started"
    LEG_START = "leg.start", "Leg started"
    LEG_PAUSE = "leg.pause", "Leg paused"
    LEG_RESUME = "leg.resume", "Leg resumed"
    LEG_END = "leg.end", "Leg ended"
    PATROL_END = "patrol.end", "Patrol ended"
    OBSERVATION = "observation", "Entry of the log"
    TRACK = "track", "Track"
    CROSSING_ENTER = "crossing.enter", "Partner territory entered"
    CROSSING_LEAVE = "crossing.leave", "Partner territory left"
    CHECK_IN = "check_in", "Check-in"
    PANIC = "panic", "Call for help"
    PHOTOGRAPH = "photograph", "Photograph"


# Those that a batch may hold.
IN_BATCHES = [(kind.value, kind.label) for kind in ItemKind if kind != ItemKind.PHOTOGRAPH]


class ReceiptState(models.TextChoices):
    RECEIVED = "received", "Received"
    REFUSED = "refused", "Refused"
    CONFLICT = "conflict", "Two versions"
    QUARANTINED = "quarantined", "In quarantine"


class Flag(models.TextChoices):
    """What a reader should know of an item's times, or of what became of it."""

    CLOCK = "clock", "The device's clock was wrong: the time was put right"
    FUTURE = "future", "The device put it in the future: the time of receipt stands for it"
    ALREADY = "already", "A colleague had done it already"
    OLDER = "older", "It was made with an earlier version of its type"


class QuarantineState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ADMITTED = "admitted", "Admitted"
    REJECTED = "rejected", "Rejected"


class QuarantineCause(models.TextChoices):
    NO_APPOINTMENT = "no_appointment", "The officer's appointment had ended"
    BY_HAND = "by_hand", "A colleague brought it in by hand"


class VersionState(models.TextChoices):
    """What became of words that are not those of the entry."""

    WAITING = "waiting", "Waiting for a decision"
    TAKEN = "taken", "Taken"
    DECLINED = "declined", "Not taken"
    APART = "apart", "Kept as an entry of its own"
    EARLIER = "earlier", "Replaced"


class Outcome(models.TextChoices):
    """What a person says of two versions."""

    STANDING = "standing", "Keep the one that stands"
    SECOND = "second", "Take the second one"
    BOTH = "both", "Keep both: the second becomes an entry of its own"


class SignalKind(models.TextChoices):
    CHECK_IN = "check_in", "Check-in"
    PANIC = "panic", "Call for help"


STATE_ICONS = {
    ReceiptState.RECEIVED: "check2-circle",
    ReceiptState.REFUSED: "x-circle",
    ReceiptState.CONFLICT: "files",
    ReceiptState.QUARANTINED: "shield-exclamation",
}


class PositionMethod(models.TextChoices):
    """How a device came by a place."""

    GPS = "gps", "By the device, at a tap"
    LAST_KNOWN = "last_known", "Last known place of the device"
    MAP = "map", "Pointed at on the map"
    DECIMAL = "decimal", "Typed, decimal degrees"
    DMS = "dms", "Typed, degrees and minutes"
    UTM = "utm", "Typed, UTM"
    MGRS = "mgrs", "Typed, MGRS"
