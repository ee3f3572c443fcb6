"""Records to be alerted of, as in the room of alerts below, and servers of the test's own that take what is sent."""

from tests.agreements.alerts.conftest import patrol_record, quiet, release, settled

__all__ = ["patrol_record", "quiet", "release", "settled"]
