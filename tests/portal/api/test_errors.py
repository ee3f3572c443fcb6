"""Every error is a problem (RFC 9457), and none tells more than it should."""

import json
import logging
import uuid

import pytest
from django.db import DataError
from django.test import Client
from rest_framework.exceptions import ErrorDetail

from portal.api.errors import flat, problem_response

CONTENT_TYPE = "application/problem+json"


def check(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == CONTENT_TYPE
    assert "no-store" in response["Cache-Control"]
    body = response.json()
    assert body["status"] == status
    assert body["type"]
    assert body["title"]
    return body


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("refused", 409),
        ("field", 422),
        ("forbidden", 403),
        ("hidden", 404),
        ("missing", 404),
        ("denied", 403),
        ("model", 400),
        ("plain", 400),
        ("throttled", 429),
        ("database", 503),
        ("constraint", 409),
    ],
)
def test_exceptions_become_problems(yann, name, status):
    check(yann.get(f"/api/v1/errors/{name}/"), status)


def test_a_refusal_says_what_to_do_at_which_field_and_why(yann):
    assert yann.get("/api/v1/errors/refused/").json()["detail"] == "The patrol has ended. Open a new one."
    assert yann.get("/api/v1/errors/field/").json()["errors"] == [
        {"field": "ends_at", "message": "The end is before the start."}
    ]
    body = yann.get("/api/v1/errors/forbidden/").json()
    assert body["reasons"] == ["R4: not yours"]
    assert body["type"] == "urn:entente:problem:forbidden"


def test_a_problem_names_the_request_as_the_ledger_does(yann):
    response = yann.get("/api/v1/errors/refused/")
    assert response.json()["instance"] == f"urn:entente:request:{response['X-Request-ID']}"


def test_all_that_is_not_visible_answers_in_the_same_bytes(yann, make_messages):
    (hidden,) = make_messages(1, kind="hidden")
    answers = {
        yann.get(address).content
        for address in (
            f"/api/v1/messages/{hidden.pk}/",
            f"/api/v1/messages/{uuid.uuid4()}/",
            "/api/v1/messages/not-a-uuid/",
            "/api/v1/nothing/",
            "/api/v1/errors/missing/",
            "/api/v1/errors/hidden/",
        )
    }
    assert len(answers) == 1
    assert check(yann.get("/api/v1/nothing/"), 404)["detail"]


def test_the_database_being_away_says_when_to_come_back(yann):
    assert yann.get("/api/v1/errors/database/")["Retry-After"] == "5"


def test_throttling_says_when_to_come_back(yann):
    assert yann.get("/api/v1/errors/throttled/")["Retry-After"] == "12"


def test_a_constraint_does_not_quote_the_database(yann, caplog):
    response = yann.get("/api/v1/errors/constraint/")
    assert b"secret" not in response.content
    assert "secret" in caplog.text


def test_a_bug_is_a_problem_without_its_words(cast, yann):
    yann.raise_request_exception = False
    response = yann.get("/api/v1/errors/bug/")
    check(response, 500)
    assert b"a bug" not in response.content


def test_nested_faults_are_listed_with_their_fields(cast, as_):
    response = as_(cast.xenia).post(
        "/api/v1/messages/",
        json.dumps({"due_at": "yesterday", "lines": [{"article": "7"}, {}]}),
        content_type="application/json",
    )
    fields = {error["field"] for error in check(response, 400)["errors"]}
    assert fields == {"key", "due_at", "lines[1].article"}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{not json", "application/json", 400),
        ("<xml/>", "application/xml", 415),
        ('{"key": "a\\u0000b"}', "application/json", 400),
        ('["a list"]', "application/json", 400),
    ],
)
def test_bodies_that_cannot_be_read(cast, as_, body, content_type, status):
    check(as_(cast.xenia).post("/api/v1/messages/", body, content_type=content_type), status)


@pytest.mark.parametrize("body", ["[" * 2000, "[" * 2000 + "]" * 2000, '{"a":' * 20_000 + "1" + "}" * 20_000])
def test_a_body_nested_too_deeply_is_broken_json(cast, as_, body):
    response = as_(cast.xenia).post("/api/v1/messages/", body, content_type="application/json")
    assert check(response, 400)["type"] == "urn:entente:problem:parse_error"


def test_what_is_nested_deeply_and_can_be_read_is_judged_by_its_fields(cast, as_):
    body = '{"key": ' + "[" * 200 + "]" * 200 + "}"
    response = as_(cast.xenia).post("/api/v1/messages/", body, content_type="application/json")
    assert check(response, 400)["errors"][0]["field"] == "key"


def test_a_method_that_is_not_there_names_those_that_are(cast, as_):
    response = as_(cast.xenia).delete("/api/v1/messages/")
    check(response, 405)
    assert "GET" in response["Allow"]


def test_anonymous_is_asked_to_sign_in(db):
    response = Client().get("/api/v1/messages/")
    check(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


def test_errors_outside_the_views_are_problems_too(db):
    client = Client(enforce_csrf_checks=True)
    check(client.get("/api/v9/anything/"), 404)


def test_an_error_of_a_plain_view_is_a_problem_too(yann):
    check(yann.get("/api/plain/"), 415)


def test_a_session_without_the_cross_site_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.xenia.officer, backend="django.contrib.auth.backends.ModelBackend")
    check(client.post("/api/v1/messages/", "{}", content_type="application/json"), 403)


def test_a_request_too_large_is_said_to_be(cast, as_, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = as_(cast.xenia).post(
        "/api/v1/messages/", json.dumps({"key": "x" * 200}), content_type="application/json"
    )
    assert check(response, response.status_code)["status"] in {400, 413}


def test_what_cannot_be_stored_is_the_clients_fault(db):
    assert problem_response(DataError("bad"), {}).status_code == 400


def test_bugs_are_left_to_the_server(caplog):
    with caplog.at_level(logging.ERROR):
        assert problem_response(RuntimeError("a bug"), {}) is None


def test_messages_are_flattened_with_their_paths():
    detail = {
        "title": [ErrorDetail("Too long.", "max_length")],
        "non_field_errors": ["Not together."],
        "parties": [{}, {"country": ["Unknown."]}],
        "period": {"start": ["Missing."]},
    }
    assert flat(detail) == (
        {"field": "title", "message": "Too long."},
        {"field": "", "message": "Not together."},
        {"field": "parties[1].country", "message": "Unknown."},
        {"field": "period.start", "message": "Missing."},
    )
