"""The link with which a new officer sets the first password: works once, for three days, and is shown once."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from agencies.directory.models import Officer


def link_for(officer: Officer) -> str:
    """The address to hand over. Nothing of it is kept; setting a password makes it void."""
    key = default_token_generator.make_token(officer)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(officer), "key": key})
    return f"{settings.SITE_URL.rstrip('/')}{path}"
