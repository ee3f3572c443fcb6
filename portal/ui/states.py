"""Words of the portal that have a tone and an icon: states, markings. Never colour alone."""

TLP_TONES = {0: "clear", 1: "green", 2: "amber", 3: "amber", 4: "red"}
TLP_WORDS = {0: "TLP:CLEAR", 1: "TLP:GREEN", 2: "TLP:AMBER", 3: "TLP:AMBER+STRICT", 4: "TLP:RED"}
LEVELS = {0: "UNCLASSIFIED", 1: "RESTRICTED", 2: "CONFIDENTIAL", 3: "SECRET", 4: "TOP SECRET"}
# Word of a state → tone and icon.
STATES = {
    "active": ("success", "play-circle-fill"),
    "open": ("success", "play-circle-fill"),
    "running": ("success", "play-circle-fill"),
    "in_force": ("success", "check-circle-fill"),
    "bound": ("success", "check-circle-fill"),
    "accepted": ("success", "check-circle-fill"),
    "confirmed": ("success", "check-circle-fill"),
    "released": ("success", "send-check"),
    "received": ("success", "check2-all"),
    "approved": ("success", "check-circle-fill"),
    "planned": ("info", "calendar-event"),
    "called": ("info", "calendar-event"),
    "invited": ("info", "envelope"),
    "to_be_in_force": ("info", "calendar-event"),
    "provisionally_applied": ("info", "hourglass-split"),
    "draft": ("neutral", "pencil"),
    "signed": ("neutral", "pen"),
    "not_bound": ("neutral", "dash-circle"),
    "ended": ("neutral", "stop-circle"),
    "closed": ("neutral", "stop-circle"),
    "held_meeting": ("neutral", "check2-square"),
    "cancelled": ("neutral", "x-circle"),
    "withdrawn": ("neutral", "box-arrow-left"),
    "expired": ("neutral", "calendar-x"),
    "terminated": ("neutral", "calendar-x"),
    "acknowledged": ("neutral", "check2"),
    "waiting": ("warning", "hourglass-split"),
    "proposed": ("warning", "hourglass-split"),
    "denounced": ("warning", "hourglass-bottom"),
    "expiring": ("warning", "hourglass-bottom"),
    "held": ("warning", "lock"),
    "overdue": ("danger", "exclamation-triangle-fill"),
    "suspended": ("danger", "pause-circle-fill"),
    "revoked": ("danger", "slash-circle"),
    "declined": ("danger", "x-circle"),
    "failed": ("danger", "x-octagon"),
}
