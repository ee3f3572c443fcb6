"""Secrets of outlets at rest: encrypted with a key of the installation's, so that a copy of the database is no key."""

import base64
import secrets
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PREFIX = "whsec_"


def _keys() -> MultiFernet:
    """Of the secret key and the earlier ones, as all that is signed or sealed here."""
    words = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(b"entente.delivery.outlet:" + word.encode()).digest() for word in words]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode() if text else ""


def unseal(text: str) -> str:
    """What was sealed. Empty when the key that it was sealed with is gone: somebody sets it anew."""
    try:
        return _keys().decrypt(text.encode()).decode() if text else ""
    except InvalidToken:
        return ""


def new_secret() -> str:
    """256 random bits, written as Standard Webhooks has them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
