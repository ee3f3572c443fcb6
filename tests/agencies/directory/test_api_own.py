"""The own account over the API, signing out, the table of roles, and what partners read of an agency."""

from typing import Any

from django.test import Client
from django.utils import timezone

from agencies.directory import tokens
from agencies.directory.models import AccessToken
from agencies.directory.roles import ROLES
from portal.audit.models import Entry
from tests.api import fault
from tests.conftest import PASSWORD, Cast


def bearer(key: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def test_who_asks_reads_and_changes_the_own_account(cast: Cast, api_as: Any) -> None:
    client = api_as(cast.yann)
    told = client.send("GET", "me/").json()
    assert (told["name"], told["acting"]) == ("Yann", str(cast.yann.pk))
    assert [row["id"] for row in told["appointments"]] == [str(cast.yann.pk)]
    changed = client.send("PUT", "me/", {"time_zone": "Europe/Vienna", "name": "Else", "acting": str(cast.xenia.pk)})
    assert (changed.status_code, changed.json()["time_zone"], changed.json()["name"]) == (200, "Europe/Vienna", "Yann")
    assert list(fault(client.send("PUT", "me/", {"time_zone": "Mars/Base"}))) == ["time_zone"]
    assert list(fault(client.send("PUT", "me/", {}))) == ["time_zone"]
    assert Entry.objects.filter(verb="officer.settings").count() == 1
    assert client.send("PUT", "me/", {"time_zone": ""}).json()["time_zone"] == ""


def test_signing_out_ends_the_token_and_no_other(cast: Cast) -> None:
    client = Client()
    one, other = (tokens.issue(cast.yann, timezone.now()) for _ in range(2))
    assert client.get("/api/v1/me/", **bearer(one)).status_code == 200
    assert client.delete("/api/v1/auth/token", **bearer(one)).status_code == 204
    assert client.get("/api/v1/me/", **bearer(one)).status_code == 401
    assert client.delete("/api/v1/auth/token", **bearer(one)).status_code == 401
    assert client.get("/api/v1/me/", **bearer(other)).status_code == 200
    assert AccessToken.objects.filter(revoked_at=None).count() == 1
    assert Entry.objects.filter(verb="token.revoke").count() == 1


def test_who_has_no_token_cannot_give_one_back(cast: Cast, api_as: Any) -> None:
    assert Client().delete("/api/v1/auth/token").status_code == 401
    assert api_as(cast.yann).delete("/api/v1/auth/token").status_code == 401


def test_a_token_for_one_of_several_appointments(cast: Cast) -> None:
    cast.yann.officer.set_password(PASSWORD)
    cast.yann.officer.save()
    body = {"username": "yann", "password": PASSWORD, "appointment": str(cast.yann.pk)}
    answer = Client().post("/api/v1/auth/token", body, content_type="application/json")
    assert (answer.status_code, answer.json()["appointment"]) == (200, str(cast.yann.pk))


def test_the_table_of_roles(cast: Cast, api_as: Any) -> None:
    rows = api_as(cast.zoe).send("GET", "roles/").json()
    assert {row["role"] for row in rows} == {role.value for role in ROLES}
    assert all(row["sentence"] and row["permissions"] for row in rows)
    assert Client().get("/api/v1/roles/").status_code == 401
    assert api_as(cast.zoe).send("GET", "roles/?role=x").status_code == 400


def test_partners_read_functions_others_do_not(cast: Cast, api_as: Any) -> None:
    """R18: who shares an agreement reads the functions, never a name or a number; a third state neither."""
    told = api_as(cast.yann).send("GET", f"agencies/{cast.a1.pk}/").json()
    assert cast.xenia.function in told["functions"]
    assert len(told["functions"]) == len(set(told["functions"]))
    assert "Xenia" not in str(told)
    assert api_as(cast.zoe).send("GET", f"agencies/{cast.a1.pk}/").json()["functions"] is None
    assert "functions" not in api_as(cast.yann).send("GET", "agencies/").json()["results"][0]


def test_agencies_by_words(cast: Cast, api_as: Any) -> None:
    def found(query: str) -> set[str]:
        return {row["acronym"] for row in api_as(cast.yann).send("GET", f"agencies/?{query}").json()["results"]}

    assert found("q=customs") == found("q=x2") == {"X2"}
    assert found("q=border&country=YY") == {"Y1"}
