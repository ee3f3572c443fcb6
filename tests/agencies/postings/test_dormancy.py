"""Accounts that sleep after 35 days: who may not sign in, who wakes them, who is told, and who is never locked out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from agencies.directory.actions import end_appointment
from agencies.directory.dormancy import ASLEEP, SOON, dormant_among, is_dormant
from agencies.directory.invitations import link_for
from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Role
from agencies.postings import accounts, warning
from agencies.postings.choices import AccountState
from portal.audit.models import Entry
from portal.outbox import sweeping
from portal.ui.errors import Refused
from tests.conftest import PASSWORD, Cast, make_agency, make_appointment

TICK = timedelta(seconds=1)


def idle(post: Appointment, since: timedelta, *, signed_in: bool = True) -> Officer:
    """As if the account was last used so long ago."""
    at = timezone.now() - since
    officer = Officer.objects.get(pk=post.officer_id)
    officer.date_joined, officer.last_login, officer.woken_at = at, at if signed_in else None, None
    officer.set_password(PASSWORD)
    officer.save()
    return officer


def sign_in(officer: Officer) -> Any:
    return Client().post("/account/login/", {"login": officer.username, "password": PASSWORD})


@pytest.mark.parametrize(("since", "sleeps"), [(ASLEEP - TICK, False), (ASLEEP, True), (ASLEEP * 3, True)])
def test_the_edge(cast: Cast, since: timedelta, sleeps: bool) -> None:
    at = timezone.now()
    officer = Officer(date_joined=at - 2 * since, last_login=at - since)
    assert is_dormant(officer, at) is sleeps


def test_before_the_first_sign_in_the_making_counts(cast: Cast) -> None:
    at = timezone.now()
    assert is_dormant(Officer(date_joined=at - ASLEEP), at)
    assert not is_dormant(Officer(date_joined=at - ASLEEP + TICK), at)
    assert not is_dormant(Officer(date_joined=at - 2 * ASLEEP, woken_at=at - TICK), at)


def test_no_sign_in_until_an_admin_wakes_it(cast: Cast, gerd: Appointment, as_: Any) -> None:
    officer = idle(cast.lars, ASLEEP)
    answer = sign_in(officer)
    assert answer.status_code == 403
    assert b"dormant" in answer.content
    assert Officer.objects.get(pk=officer.pk).last_login == officer.last_login
    # A wrong password learns nothing of it.
    wrong = Client().post("/account/login/", {"login": officer.username, "password": "wrong"})
    assert (wrong.status_code, b"dormant" in wrong.content) == (200, False)
    as_(gerd).post(f"/postings/accounts/{officer.pk}/wake/")
    assert sign_in(officer).status_code == 302
    assert Entry.objects.filter(verb="officer.wake", subject_id=str(officer.pk), officer_id=gerd.officer_id).exists()


def test_a_session_ends_too(cast: Cast, as_: Any) -> None:
    client = as_(cast.lars)
    assert client.get("/directory/me/").status_code == 200
    idle(cast.lars, ASLEEP)
    answer = client.get("/directory/me/")
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]
    assert "_auth_user_id" not in client.session


def test_no_token_either_and_a_token_is_a_sign_in(cast: Cast, api_as: Any) -> None:
    officer = idle(cast.lars, ASLEEP)
    body = {"username": officer.username, "password": PASSWORD}
    client = api_as(cast.anton)
    client.logout()
    refused = client.send("POST", "auth/token", body)
    unknown = client.send("POST", "auth/token", {**body, "username": "nobody"})
    assert (refused.status_code, refused.json()["detail"]) == (unknown.status_code, unknown.json()["detail"])
    officer = idle(cast.lars, ASLEEP - timedelta(hours=1))
    assert client.send("POST", "auth/token", body).status_code == 200
    last = Officer.objects.get(pk=officer.pk).last_login
    assert last is not None
    assert timezone.now() - last < timedelta(minutes=1)


def test_a_forgotten_password_does_not_wake_it(cast: Cast) -> None:
    officer = idle(cast.lars, ASLEEP)
    client = Client()
    path = "/account/" + link_for(officer).split("/account/")[1]
    page = client.get(path, follow=True)
    new = "another-horse-battery-staple"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert Client().post("/account/login/", {"login": officer.username, "password": new}).status_code == 403


def test_a_fresh_first_link_wakes_an_account_that_was_never_used(cast: Cast, gerd: Appointment, as_: Any) -> None:
    officer = idle(cast.lars, ASLEEP, signed_in=False)
    officer.set_unusable_password()
    officer.save()
    assert is_dormant(officer, timezone.now())
    assert as_(gerd).post(f"/directory/agencies/{cast.a1.pk}/officers/{officer.pk}/link/").status_code == 200
    assert not is_dormant(Officer.objects.get(pk=officer.pk), timezone.now())


def test_woken_with_a_new_password(cast: Cast, gerd: Appointment) -> None:
    officer = idle(cast.lars, ASLEEP)
    accounts.wake(officer=officer, agency=cast.a1, by=gerd, new_password=True)
    fresh = Officer.objects.get(pk=officer.pk)
    assert not fresh.has_usable_password()
    assert sign_in(officer).status_code == 200  # The form again: the old password is void.


def test_who_may_not_wake(cast: Cast, gerd: Appointment, sysop: Appointment, as_: Any) -> None:
    officer = idle(cast.lars, ASLEEP)
    yael = make_appointment("yael", cast.b, Role.AGENCY_ADMIN)
    for who in (cast.xenia, yael):
        with pytest.raises(Refused) as refused:
            accounts.wake(officer=officer, agency=cast.a1, by=who)
        assert refused.value.code == "forbidden"
    # Of an officer who does not serve at the own agency nothing is known.
    assert as_(yael).post(f"/postings/accounts/{officer.pk}/wake/").status_code == 404
    assert as_(cast.xenia).post(f"/postings/accounts/{officer.pk}/wake/").status_code == 403
    with pytest.raises(Refused, match="no appointment"):
        accounts.wake(officer=officer, agency=cast.b, by=yael)
    end_appointment(appointment=cast.lars, by=gerd)
    with pytest.raises(Refused, match="no appointment"):
        accounts.wake(officer=officer, agency=cast.a1, by=gerd)
    with pytest.raises(Refused, match="not dormant"):
        accounts.wake(officer=idle(cast.anton, SOON), agency=cast.a1, by=sysop)


def test_a_system_admin_wakes_accounts_of_any_agency(cast: Cast, sysop: Appointment, as_: Any, api_as: Any) -> None:
    """The road for an agency whose last admin sleeps."""
    yael = make_appointment("yael", cast.b, Role.AGENCY_ADMIN)
    officer, lars = idle(yael, ASLEEP), idle(cast.lars, ASLEEP)
    page = as_(sysop).get(f"/postings/accounts/?agency={cast.b.pk}&state=dormant")
    assert [row.officer for row in page.context["rows"]] == [officer]
    as_(sysop).post(f"/postings/accounts/{officer.pk}/wake/", {"agency": cast.b.pk})
    assert sign_in(officer).status_code == 302
    yael = Appointment.objects.get(pk=yael.pk)
    assert as_(yael).get(f"/postings/accounts/?agency={cast.a1.pk}").status_code == 404
    assert as_(yael).post(f"/postings/accounts/{lars.pk}/wake/", {"agency": cast.a1.pk}).status_code == 404
    api = api_as(sysop)
    assert api.send("GET", f"accounts/?agency={cast.a1.pk}").status_code == 200
    assert api.send("GET", "accounts/?agency=nonsense").status_code == 404
    assert api.send("POST", f"accounts/{lars.pk}/wake/", {"agency": str(cast.a1.pk)}).status_code == 204
    assert api_as(yael).send("GET", f"accounts/?agency={cast.a1.pk}").status_code == 404


def test_the_last_admin_is_not_locked_out(cast: Cast, gerd: Appointment) -> None:
    """With nobody awake who could wake it, an admin's account stays awake: of the agency, and then of the portal."""
    officer = idle(gerd, 2 * ASLEEP)
    assert not is_dormant(officer, timezone.now())
    assert sign_in(officer).status_code == 302
    officer = idle(gerd, 2 * ASLEEP)
    second = make_appointment("gitta", cast.a1, Role.AGENCY_ADMIN)
    assert is_dormant(officer, timezone.now())
    idle(second, ASLEEP)
    # Both idle: either may come back and wake the other.
    assert dormant_among([officer, Officer.objects.get(pk=second.officer_id)], timezone.now()) == set()
    elsewhere = make_appointment("yael", cast.b, Role.AGENCY_ADMIN)
    assert not is_dormant(officer, timezone.now())
    assert elsewhere.is_in_effect(timezone.now())
    sysop = make_appointment("sysop", cast.a2, Role.SYSTEM_ADMIN)
    assert is_dormant(officer, timezone.now())
    # And the last system admin, with nobody above.
    lone = idle(sysop, 2 * ASLEEP)
    assert not is_dormant(lone, timezone.now())


def test_the_page_lists_by_state(cast: Cast, gerd: Appointment, as_: Any) -> None:
    idle(cast.lars, ASLEEP)
    idle(cast.anton, SOON)
    idle(cast.ada, SOON - TICK * 60)
    end_appointment(appointment=cast.tara, by=gerd)
    client = as_(gerd)

    def shown(state: AccountState) -> set[str]:
        page = client.get(f"/postings/accounts/?state={state.value}")
        return {row.officer.full_name for row in page.context["rows"]}

    assert shown(AccountState.DORMANT) == {"Lars"}
    assert shown(AccountState.SOON) == {"Anton"}
    assert shown(AccountState.ENDED) == {"Tara"}
    assert shown(AccountState.ACTIVE) == {"Xenia", "Ada", "Arno", "Gerd"}
    assert as_(cast.xenia).get("/postings/accounts/").status_code == 403
    assert b"Yann" not in client.get("/postings/accounts/").content


def test_queries_do_not_grow(cast: Cast, gerd: Appointment, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        accounts.accounts_of(cast.a1, timezone.now())
    for number in range(5):
        idle(make_appointment(f"many{number}", cast.a1, Role.ANALYST), ASLEEP)
    with django_assert_num_queries(3):
        rows = accounts.accounts_of(cast.a1, timezone.now())
    assert sum(row.state == AccountState.DORMANT for row in rows) == 5


def test_a_mail_a_week_before_once(cast: Cast) -> None:
    officer = idle(cast.lars, SOON)
    idle(cast.anton, SOON - TICK * 60)
    idle(cast.ada, ASLEEP)
    assert warning.warn() == 1
    warning.warn()
    sweeping.sweep()
    [sent] = mail.outbox
    assert sent.to == [officer.email]
    assert "7 days" in sent.body
    assert "Lars" not in sent.body + sent.subject
    assert "X1" not in sent.body + sent.subject


def test_no_mail_to_who_signed_in_meanwhile(cast: Cast) -> None:
    idle(cast.lars, SOON)
    warning.warn()
    Officer.objects.filter(pk=cast.lars.officer_id).update(last_login=timezone.now())
    sweeping.sweep()
    assert mail.outbox == []


def test_nor_to_who_left(cast: Cast, gerd: Appointment) -> None:
    idle(cast.lars, SOON)
    end_appointment(appointment=cast.lars, by=gerd)
    assert warning.warn() == 0


def test_api(cast: Cast, gerd: Appointment, api_as: Any) -> None:
    officer = idle(cast.lars, ASLEEP)
    rows = {row["name"]: row["state"] for row in api_as(gerd).send("GET", "accounts/").json()}
    assert rows["Lars"] == "dormant"
    assert api_as(cast.xenia).send("GET", "accounts/").status_code == 403
    other = make_appointment("olga", make_agency("ZZ", "Other", "O1"), Role.AGENCY_ADMIN)
    assert api_as(other).send("POST", f"accounts/{officer.pk}/wake/", {}).status_code == 404
    assert api_as(gerd).send("POST", f"accounts/{officer.pk}/wake/", {}).status_code == 204
    assert api_as(gerd).send("POST", f"accounts/{officer.pk}/wake/", {}).status_code == 409


def test_moments_are_instants(cast: Cast) -> None:
    """35 days of 24 hours, whatever zone the officer is in and whatever the clocks did meanwhile."""
    used = datetime.fromisoformat("2026-03-01T12:00:00+00:00")
    officer = Officer(date_joined=used, last_login=used)
    assert not is_dormant(officer, datetime.fromisoformat("2026-04-05T13:59:59+02:00"))
    assert is_dormant(officer, datetime.fromisoformat("2026-04-05T14:00:00+02:00"))
