"""How sign-in behaves: accounts are made by agency admins, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.directory.dormancy import is_dormant


class OfficerAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> Any:
        return super().clean_username(username.strip(), shallow=shallow)

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Told only to whoever gave the right password: nobody else learns that the account sleeps."""
        if is_dormant(user, timezone.now()):
            return render(request, "account/dormant.html", status=403)
        return super().pre_login(request, user, **options)  # type: ignore[no-any-return]
