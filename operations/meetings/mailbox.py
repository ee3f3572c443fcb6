"""Mail that answers an invitation: whose it is, the address says that it was sent to; all else is left alone.

Nothing is ever answered to the sender, and nothing a stranger writes makes an error: it is no answer.
"""

import logging
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses

from django.db import transaction
from django.utils import timezone

from agreements.sharing.locking import key_of
from agreements.sharing.policy import access
from operations.meetings import invitations, replying
from portal import second_lock
from portal.audit import door
from portal.ui.errors import Refused

logger = logging.getLogger(__name__)
LARGEST = 512 * 1024
MOST_PARTS = 20
# Where a mail server says to whom a message was handed.
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


def take(content: bytes, recipient: str = "") -> str:
    """Take one message; what became of it, in a word or two, for the log of the mail server. Never raises for what
    the message holds. `recipient`: the address it came to, where the mail server tells it."""
    try:
        return _take(content, recipient)
    except Refused as refused:
        logger.info("An answer by mail was not taken: %s", refused.code)
        return f"not taken: {refused.message}"
    except (MessageError, ValueError, LookupError, UnicodeError, RecursionError):
        return "not taken: no readable message"


def _take(content: bytes, recipient: str) -> str:
    if len(content) > LARGEST:
        return "not taken: too large"
    message = message_from_bytes(content, policy=policy.default)
    keys = {key for address in _addresses(message, recipient) if (key := invitations.key_in(address))}
    if len(keys) != 1:
        return "not taken: to no invitation"
    at = timezone.now()
    with second_lock.opened("whose invitation the address stands for"):
        found = invitations.invited(keys.pop(), at)
    if found is None:
        return "not taken: to no invitation"
    said = replying.read(_calendar(message))
    meeting, by = found
    sight = access(by, at)
    with second_lock.fed(lambda: key_of(sight)), door.through("mail"), transaction.atomic():
        replying.take(said, meeting, by)
    return "taken"


def _addresses(message: EmailMessage, recipient: str) -> list[str]:
    """Those it was sent to. Told by the mail server, it is that one alone."""
    if recipient:
        return [recipient]
    lines = [str(value) for name in ADDRESSED for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(lines)][:MOST_PARTS]


def _calendar(message: EmailMessage) -> bytes:
    for count, part in enumerate(message.walk()):
        if count > MOST_PARTS:
            break
        if part.get_content_type() == "text/calendar":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload
    raise Refused("There is no calendar in this message.", code="invalid")
