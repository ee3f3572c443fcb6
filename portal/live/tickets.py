"""The ticket that opens a stream: the topics, signed, for a minute. The stream itself then needs no database."""

from django.core import signing

SALT = "portal.live"
# Seconds from the page's asking to the opening of the stream.
GOOD_FOR = 60


def issue(topics: list[str]) -> str:
    """A ticket for these topics."""
    return signing.dumps(topics, salt=SALT, compress=True)


def read(ticket: str) -> list[str]:
    """The topics of a ticket; none when it is not ours or too old."""
    try:
        return list(signing.loads(ticket, salt=SALT, max_age=GOOD_FOR))
    except signing.BadSignature:
        return []
