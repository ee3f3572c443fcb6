"""Pages of the register: states and days left, the timeline, and forms that keep what was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.register import actions
from agreements.register.choices import ActionKind
from agreements.register.models import Agreement, Clause, Confirmation, Designation, TreatyAction
from tests.conftest import Cast, make_treaty


def page(client: Any, name: str, *args: Any, **query: str) -> Any:
    return client.get(reverse(f"register:{name}", args=args), query)


def send(client: Any, name: str, *args: Any, **values: Any) -> Any:
    return client.post(reverse(f"register:{name}", args=args), values)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def today() -> str:
    return timezone.localdate().isoformat()


def suspended(cast: Cast) -> TreatyAction:
    return actions.record_action(
        agreement=cast.art7.agreement,
        kind=ActionKind.SUSPENSION,
        country=cast.a1.country,
        done_on=timezone.localdate(),
        by=cast.tara,
    )


def test_the_list_shows_states_and_days_left(cast: Cast, as_: Any) -> None:
    ending = make_treaty(short_name="Ending", countries=["XX", "YY"], designated=[], recorded_by=cast.tara).agreement
    ending.expires_on = timezone.localdate() + timedelta(days=12)
    ending.save()
    shown = text(page(as_(cast.yann), "agreement-list"))
    assert "In force" in shown
    assert "no end" in shown
    assert "12 days" in shown
    assert "12 days left" in text(page(as_(cast.yann), "agreement-detail", ending.pk))
    suspended(cast)
    assert "Suspended" in text(page(as_(cast.yann), "agreement-list"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "in_force"}, True),
        ({"state": "suspended"}, False),
        ({"q": "x–y"}, True),
        ({"q": "z"}, False),
        ({"party": "yy"}, True),
        ({"party": "zz"}, False),
        ({"kind": "treaty"}, True),
        ({"kind": "protocol"}, False),
        ({"clause": "information_sharing"}, True),
        ({"clause": "hot_pursuit"}, False),
        ({"q": "\x00"}, True),
        ({"state": "nonsense"}, True),
    ],
)
def test_filters_in_the_address(cast: Cast, as_: Any, query: dict[str, str], found: bool) -> None:
    shown = text(page(as_(cast.yann), "agreement-list", **query))
    assert (f"/agreements/{cast.art7.agreement_id}/" in shown) is found


def test_queries_do_not_grow(cast: Cast, as_: Any) -> None:
    client = as_(cast.tara)

    def count(name: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, name, *args)
        return len(queries)

    pk = cast.art7.agreement_id
    count("agreement-list")
    few, one = count("agreement-list"), count("agreement-detail", pk)
    for number in range(4):
        make_treaty(
            short_name=f"T{number}", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara
        )
    many = make_treaty(
        short_name="M", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b], recorded_by=cast.tara
    )
    assert count("agreement-list") == few
    assert count("agreement-detail", many.agreement_id) <= one


def test_the_detail_tells_the_story(cast: Cast, as_: Any) -> None:
    shown = text(page(as_(cast.yann), "agreement-detail", cast.art7.agreement_id))
    for word in ("Timeline", "<svg", "X-land", "Art. 7", "both stand behind it", "Entry into force", "1 May 2024"):
        assert word in shown, word
    assert "Record an action" not in shown
    assert "Withdraw" not in shown
    own = text(page(as_(cast.tara), "agreement-detail", cast.art7.agreement_id))
    assert "Record an action" in own
    # Each country withdraws its own authorities only.
    assert own.count("Withdraw<") == 1


def posted(**values: Any) -> dict[str, Any]:
    return {
        "key": str(new_key()),
        "title": "Treaty on the Lake",
        "short_name": "Lake Treaty",
        "kind": "treaty",
        "time_zone": "Europe/Zurich",
        "parties": ["XX", "YY"],
        **values,
    }


def test_register_by_the_form_twice(cast: Cast, as_: Any) -> None:
    client, data = as_(cast.tara), posted(concluded_on="2026-01-05", notice_months="6")
    assert "Register an agreement" in text(page(client, "agreement-create"))
    answers = [send(client, "agreement-create", **data) for _ in range(2)]
    row = Agreement.objects.get(short_name="Lake Treaty")
    assert {answer["Location"] for answer in answers} == {reverse("register:agreement-detail", args=[row.pk])}
    assert (row.is_draft, row.notice_months, row.drafted_by) == (False, 6, cast.a1)
    assert "No article yet" in text(page(as_(cast.yann), "agreement-detail", row.pk))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "pact"}, "Select a valid choice"),
        ({"parties": ["QQ"]}, "Select a valid choice"),
        ({"parties": ["YY"]}, "you register for it"),
        ({"time_zone": "Mars/Base"}, "is not a time zone"),
        ({"concluded_on": "2026-01-05", "expires_on": "2025-01-05"}, "before the day of conclusion"),
        ({"concluded_on": "2199-01-05"}, "in the future"),
        ({"expires_on": "9999-12-31"}, "Keep it empty when there is no end"),
        ({"concluded_on": "2026-02-30"}, "Enter a valid date"),
        ({"short_name": "a\x00b"}, "Null characters"),
        ({"made_under": str(new_key())}, "Select a valid choice"),
    ],
)
def test_bad_input_is_named_at_its_field_and_kept(cast: Cast, as_: Any, values: dict[str, Any], said: str) -> None:
    shown = text(send(as_(cast.tara), "agreement-create", **posted(**values)))
    assert said in shown
    assert "Treaty on the Lake" in shown
    assert Agreement.objects.count() == 1


def test_what_narrows_is_asked_twice_and_acts_at_once(cast: Cast, as_: Any) -> None:
    client, pk = as_(cast.tara), cast.art7.agreement_id
    data = {"key": str(new_key()), "kind": "suspension", "country": "XX", "done_on": today(), "note": "Flood"}
    asked = text(send(client, "action-create", pk, **data))
    assert "on the next click" in asked
    assert data["key"] in asked
    assert "Flood" in asked
    assert not TreatyAction.objects.filter(kind="suspension").exists()
    for _ in range(2):
        assert send(client, "action-create", pk, sure="1", **data).status_code == 302
    assert TreatyAction.objects.filter(kind="suspension").count() == 1
    assert "Suspended" in text(page(as_(cast.yann), "agreement-detail", pk))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "ratification", "country": "XX", "done_on": "2022-04-04"}, "concluded on 5 Apr 2022"),
        ({"kind": "accession", "done_on": "2026-01-01"}, "Say which party did this"),
        ({"kind": "accession", "country": "ZZ", "done_on": "2026-01-01"}, "Select a valid choice"),
        ({"kind": "suspension", "country": "YY", "done_on": "2026-01-01", "sure": "1"}, "own treaty admin"),
        ({"kind": "suspension", "country": "XX", "done_on": "2199-01-01", "sure": "1"}, "has not come"),
        ({"kind": "extension", "until": "2030-01-01", "done_on": "2026-01-01"}, "nothing to extend"),
        ({"kind": "lifting", "country": "XX", "done_on": "2026-01-01"}, "Say which suspension"),
        ({"kind": "accession", "country": "XX", "done_on": "2026-01-01", "until": "9999-12-31"}, "2199 or earlier"),
        ({"kind": "notice", "done_on": "2026-01-01"}, "Select a valid choice"),
        ({"kind": "objection", "country": "XX", "done_on": "2026-01-01", "sure": "1"}, "towards which party"),
    ],
)
def test_an_action_that_cannot_be_keeps_the_input(cast: Cast, as_: Any, values: dict[str, str], said: str) -> None:
    before = TreatyAction.objects.count()
    shown = text(send(as_(cast.tara), "action-create", cast.art7.agreement_id, note="As agreed by notes", **values))
    assert said in shown
    assert "As agreed by notes" in shown
    assert TreatyAction.objects.count() == before


def test_lift_by_the_form(cast: Cast, as_: Any) -> None:
    row, client = suspended(cast), as_(cast.tara)
    data = {"kind": "lifting", "country": "XX", "done_on": today(), "lifts": str(row.pk)}
    assert send(client, "action-create", row.agreement_id, **data).status_code == 302
    # It widens: the other side confirms it (R22).
    theirs = as_(cast.yusuf)
    assert "Waiting for your country’s confirmation" in text(page(theirs, "agreement-detail", row.agreement_id))
    lifting = TreatyAction.objects.get(kind="lifting")
    assert send(theirs, "agreement-confirm", row.agreement_id, fact=[str(lifting.pk)]).status_code == 302
    assert Confirmation.objects.filter(action=lifting, country="YY").exists()


def test_what_may_be_lifted_leads_to_its_lifting(cast: Cast, as_: Any) -> None:
    row, client = suspended(cast), as_(cast.tara)
    address = reverse("register:action-create", args=[row.agreement_id]) + f"?kind=lifting&amp;lifts={row.pk}"
    assert address in text(page(client, "agreement-detail", row.agreement_id))
    assert address not in text(page(as_(cast.lars), "agreement-detail", row.agreement_id))
    shown = client.get(address.replace("&amp;", "&")).context["form"]
    assert (shown["kind"].value(), shown["lifts"].value(), shown["country"].value()) == ("lifting", row.pk, "XX")
    data = {"kind": "lifting", "country": "XX", "done_on": today(), "lifts": str(row.pk)}
    send(client, "action-create", row.agreement_id, **data)
    assert address not in text(page(client, "agreement-detail", row.agreement_id))


def test_articles_and_designations_by_form(cast: Cast, as_: Any) -> None:
    client, pk = as_(cast.tara), cast.art7.agreement_id
    article = {"article": "Art. 8", "kind": "information_sharing", "ceiling": "1", "onward": "never"}
    wrong = text(send(client, "clause-create", pk, starts_on="2026-02-02", ends_on="2026-02-01", **article))
    assert "before the first" in wrong
    assert "Art. 8" in wrong
    key = str(new_key())
    for _ in range(2):
        assert send(client, "clause-create", pk, key=key, categories=["operational"], **article).status_code == 302
    row = Clause.objects.get(article="Art. 8")
    assert str(row.pk) == key
    data = {"agency": str(cast.a2.pk), "starts_on": "2026-01-01", "clauses": [key]}
    assert "Select a valid choice" in text(send(client, "designation-create", pk, **{**data, "agency": str(cast.b.pk)}))
    assert send(client, "designation-create", pk, **data).status_code == 302
    named = Designation.objects.get(agency=cast.a2)
    assert list(named.clauses.all()) == [row]
    assert send(client, "designation-withdraw", named.pk, sure="1").status_code == 302
    named.refresh_from_db()
    assert named.withdrawn_at


def test_who_may_not(cast: Cast, as_: Any) -> None:
    pk = cast.art7.agreement_id
    named = Designation.objects.get(agency=cast.a1)
    pages = [("action-create", pk), ("clause-create", pk), ("designation-create", pk)]
    posts = [("agreement-confirm", pk), ("designation-withdraw", named.pk)]
    for who in (cast.yann, cast.xenia, cast.arno):
        for name, key in pages:
            assert page(as_(who), name, key).status_code == 403, name
        for name, key in [*pages, *posts]:
            assert send(as_(who), name, key).status_code == 403, name
        assert page(as_(who), "agreement-create").status_code == 403
    client = as_(cast.zeno)
    assert f"/agreements/{pk}/" not in text(page(client, "agreement-list"))
    for name, key in [("agreement-detail", pk), *pages]:
        assert page(client, name, key).status_code == 404, name
    for name, key in [*pages, *posts]:
        assert send(client, name, key).status_code == 404, name
    assert as_(cast.rita).get(reverse("register:agreement-list")).status_code == 403
    theirs = Designation.objects.get(agency=cast.b)
    assert send(as_(cast.tara), "designation-withdraw", theirs.pk).status_code == 403


def test_a_draft_is_seen_by_its_agency_alone(cast: Cast, as_: Any) -> None:
    client = as_(cast.tara)
    assert send(client, "agreement-create", **posted(draft="on")).status_code == 302
    row = Agreement.objects.get(short_name="Lake Treaty")
    assert "Draft: only the drafting agency" in text(page(client, "agreement-detail", row.pk))
    assert "Put it to the parties" not in text(page(as_(cast.xenia), "agreement-detail", row.pk))
    for who in (cast.yusuf, cast.aldo, cast.zeno):
        assert "Lake Treaty" not in text(page(as_(who), "agreement-list"))
        assert page(as_(who), "agreement-detail", row.pk).status_code == 404
    put = f"/api/v1/agreements/{row.pk}/put/"
    assert as_(cast.yusuf).post(put).status_code == 404
    assert client.post(put).status_code == 200
    assert "Lake Treaty" in text(page(as_(cast.yusuf), "agreement-list"))
