"""The link of an invitation: worked out from the portal's own key when it is sent, known by its digest alone.

So neither the database nor a message that waits tells it, and sending it again makes another.
"""

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from agencies.onboarding.models import Invitation

SALT = "onboarding.invitation"


def key_of(invitation: "Invitation") -> str:
    """256 bits of the invitation and of how often it was sent, in 43 signs."""
    told = f"{invitation.pk}:{invitation.sendings}"
    found = salted_hmac(SALT, told, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode()


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def link_of(invitation: "Invitation") -> str:
    path = reverse("onboarding:invited", kwargs={"key": key_of(invitation)})
    return f"{settings.SITE_URL.rstrip('/')}{path}"
