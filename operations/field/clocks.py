"""What a device's clock says, and when things happened by the server's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from operations.field.choices import Flag

# A request may take that long on its way, and clocks may differ by as much: what a device says is taken as it is.
TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Clock:
    """A device's clock beside the server's, at one sending. What was carried by hand tells nothing of drift."""

    sent_at: datetime
    received_at: datetime
    by_hand: bool = False

    @property
    def drift(self) -> timedelta:
        """Server minus device."""
        return timedelta() if self.by_hand else self.received_at - self.sent_at

    @property
    def is_wrong(self) -> bool:
        return abs(self.drift) > TOLERANCE

    def happened(self, told: datetime) -> tuple[datetime, list[Flag]]:
        """The instant by the server's clock, never after the receipt, and what a reader should know of it."""
        at = told + self.drift if self.is_wrong else told
        flags = [Flag.CLOCK] if self.is_wrong else []
        if at > self.received_at + TOLERANCE:
            flags.append(Flag.FUTURE)
        return min(at, self.received_at), flags
