"""Pages of drafting: from one to the next, what is kept, what is said, and how many questions they ask."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.directory.models import Country, new_key
from agreements.drafting import actions, previewing
from agreements.drafting.models import Draft
from agreements.register.models import Agreement, Clause, Designation, TreatyAction
from tests.agreements.drafting.conftest import Desk, days, statuses


def url(name: str, *keys: Any) -> str:
    return reverse(f"drafting:{name}", args=keys)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_begun_with_a_name_and_a_kind(desk: Desk, as_: Any) -> None:
    client, key = as_(desk.cast.tara), new_key()
    shown = text(client.get(url("draft-create")))
    assert shown.count("<select") == 2
    sent = {"key": str(key), "short_name": "Ferry", "kind": "treaty"}
    for _ in range(2):
        assert client.post(url("draft-create"), sent)["Location"] == url("draft-detail", key)
    row = Agreement.objects.get(short_name="Ferry")
    assert (row.is_draft, row.time_zone, row.title) == (True, "Europe/Zurich", "Ferry")
    assert [party.country_id for party in row.parties.all()] == ["XX"]
    assert Draft.objects.get(agreement=row).started_by == desk.cast.tara
    assert "This field is required" in text(client.post(url("draft-create"), {"short_name": "", "kind": "treaty"}))
    shown = text(client.get(reverse("register:agreement-list")))
    assert url("draft-create") in shown
    assert url("draft-detail", key) in text(client.get(reverse("register:agreement-detail", args=[key])))


def test_stands_under_an_article(desk: Desk, as_: Any) -> None:
    client, above = as_(desk.cast.tara), desk.cast.art7
    sent = {"short_name": "Ferry", "kind": "technical_arrangement", "made_under": str(above.pk)}
    assert client.post(url("draft-create"), sent).status_code == 302
    row = Agreement.objects.get(short_name="Ferry")
    assert row.made_under == above
    refused = client.post(url("parties", row.pk), {"do": "add", "country": "ZZ"})
    assert "Not party of X–Y Treaty: Z-land" in text(refused)
    # Under a draft: said, and its name is kept from whoever reads this one.
    other = desk.filled("Hidden Name")
    actions.save_name(agreement=row, by=desk.cast.tara, made_under=other.clauses.get())
    shown = text(client.get(url("check", row.pk)))
    assert "It stands under another draft" in shown
    assert "Hidden Name" not in shown


def test_each_part_is_kept_and_leads_back(desk: Desk, as_: Any) -> None:
    row, client = desk.start(), as_(desk.cast.tara)
    pages = [url(name, row.pk) for name in ("name", "parties", "dates", "articles", "sharing", "contacts", "check")]
    for page in pages:
        text(client.get(page))
    parties = url("parties", row.pk)
    assert client.post(parties, {"do": "add", "country": "YY"})["Location"] == parties
    for agency in (desk.cast.a1, desk.cast.b):
        sent = {"do": "name", "agency": str(agency.pk), "starts_on": "2026-05-01", "key": str(new_key())}
        for _ in range(2):
            assert client.post(f"{parties}?from=check", sent)["Location"] == f"{parties}?from=check"
    assert Designation.objects.filter(agreement=row).count() == 2
    dates = {
        "version": client.get(url("dates", row.pk)).context["form"].initial["version"],
        "concluded_on": "2026-03-02", "in_force_on": "2026-05-01", "time_zone": "Europe/Zurich", "done": "on",
        "XX-signed_on": "2026-03-02", "XX-bound_by": "ratification", "XX-bound_on": "2026-04-01",
        "YY-bound_by": "definitive_signature", "YY-bound_on": "2026-03-02",
    }  # fmt: skip
    assert client.post(f"{url('dates', row.pk)}?from=check", dates)["Location"] == url("check", row.pk)
    assert statuses(row)["dates"] == "done"
    kinds = list(TreatyAction.objects.filter(agreement=row).order_by("kind").values_list("kind", flat=True))
    assert kinds == ["definitive_signature", "entry_into_force", "ratification", "signature"]
    shown = text(client.get(url("dates", row.pk)))
    for words in ('value="2026-04-01"', "In force", "from 1 May 2026"):
        assert words in shown
    article = {"article": "Art. 3", "kind": "information_sharing", "summary": "Logs.", "more": "1"}
    assert client.post(url("article-create", row.pk), article)["Location"] == url("article-create", row.pk)
    clause = Clause.objects.get(agreement=row)
    assert "Shares nothing." in text(client.get(url("sharing", row.pk)))
    terms = {
        "categories": ["personal_data"], "purposes": ["safety"], "direction": "one_way", "senders": ["XX"],
        "receivers": ["YY"], "ceiling": "2", "onward": "free",
    }  # fmt: skip
    assert client.post(url("terms", row.pk, clause.pk), terms)["Location"] == url("sharing", row.pk)
    shown = text(client.get(url("sharing", row.pk)))
    assert "X-land may give Y-land personal data, for safety and rescue, up to CONFIDENTIAL." in shown
    assert "Art. 3 lets personal data be kept without limit." in shown
    assert "desk@y1.invalid" in text(client.get(url("contacts", row.pk)))
    shown = text(client.get(url("check", row.pk)))
    assert "Nothing is missing." in shown
    assert shown.count("?from=check") >= 6


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"concluded_on": "2026-02-30"}, "Enter a valid date"),
        ({"concluded_on": "2198-01-01"}, "in the future"),
        ({"concluded_on": "2026-03-02", "expires_on": "2025-03-02"}, "before the day of conclusion"),
        ({"time_zone": "Mars/Base"}, "is not a time zone"),
        ({"XX-bound_by": "ratification"}, "Say both by what it is bound and on which day"),
        ({"XX-signed_on": "2198-01-01"}, "This day has not come"),
        (
            {"XX-bound_by": "ratification", "XX-bound_on": "2026-03-02", "XX-bound_from": "2026-03-01"},
            "take effect before",
        ),
    ],
)
def test_days_that_cannot_be(desk: Desk, as_: Any, values: dict[str, str], said: str) -> None:
    row, client = desk.start(), as_(desk.cast.tara)
    sent = {"time_zone": "UTC", "notice_months": "7", **values}
    shown = text(client.post(url("dates", row.pk), sent))
    assert said in shown
    assert 'value="7"' in shown
    assert not TreatyAction.objects.filter(agreement=row).exists()
    row.refresh_from_db()
    assert row.notice_months is None


def test_what_follows_while_filling_in(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)
    sent = {
        "time_zone": "Europe/Zurich", "concluded_on": "2026-03-02", "in_force_on": "2026-07-01",
        "XX-bound_by": "ratification", "XX-bound_on": "2026-04-01", "expires_on": "2030-12-31",
    }  # fmt: skip
    shown = text(client.post(url("dates-preview", row.pk), sent))
    assert "from 1 Jul 2026 until 31 Dec 2030" in shown
    assert "Not bound on any day." in shown
    assert "cannot be read yet" in text(client.post(url("dates-preview", row.pk), {**sent, "expires_on": "soon"}))
    assert "Say both" in text(client.post(url("dates-preview", row.pk), {**sent, "YY-bound_by": "approval"}))
    assert TreatyAction.objects.filter(agreement=row, kind="definitive_signature").count() == 2


def test_acts_that_the_page_does_not_ask_for_stay(desk: Desk) -> None:
    row, tara = desk.filled(), desk.cast.tara
    act = TreatyAction.objects.create(agreement=row, kind="declaration", country_id="XX", done_on=days().in_force_on)
    actions.save_dates(agreement=row, by=tara, days=days(parties=()))
    assert set(TreatyAction.objects.filter(agreement=row).values_list("kind", flat=True)) == {
        "declaration", "entry_into_force",
    }  # fmt: skip
    assert TreatyAction.objects.filter(pk=act.pk).exists()


def test_what_if_and_preview_are_what_happens(desk: Desk, as_: Any) -> None:
    """What is foretold of bringing it into force is what the register then says opened (R28)."""
    row, cast = desk.filled(), desk.cast
    clause = row.clauses.get()
    actions.set_terms(
        clause=clause, by=cast.tara, direction="one_way", senders=[cast.a1.country], receivers=[cast.b.country]
    )
    foreseen = previewing.foresee(row, cast.tara)
    assert [(line.article, line.data) for line in foreseen.opens] == [("§ 2", "operational")]
    assert Agreement.objects.get(pk=row.pk).is_draft
    mine, theirs = (previewing.as_agency(row, agency, cast.tara) for agency in (cast.a1, cast.b))
    assert ([flow.article for flow in mine.gives], mine.receives) == (["§ 2"], [])
    assert ([flow.others for flow in theirs.receives], theirs.gives) == (["X1 (XX)"], [])
    client = as_(cast.tara)
    assert "Articles that open" in text(client.get(url("what-if", row.pk)))
    shown = text(client.get(url("preview", row.pk), {"agency": str(cast.b.pk)}))
    assert "Nothing, to nobody." in shown
    assert client.get(url("preview", row.pk), {"agency": str(cast.c.pk)}).status_code == 404


def test_thrown_away_after_it_is_said_what_is_lost(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)
    actions.share(agreement=row, by=desk.cast.tara, agency=desk.cast.b)
    desk.asked(row)
    page = url("draft-delete", row.pk)
    shown = text(client.get(page))
    for words in (
        "Dates:",
        "Articles: 1 entry",
        "Y1 (YY)",
        "Waits for a second officer",
    ):
        assert words in shown, words
    assert Agreement.objects.filter(pk=row.pk).exists()
    assert client.post(page)["Location"] == url("draft-list")
    assert not Agreement.objects.filter(pk=row.pk).exists()


def test_filters_stand_in_the_address(desk: Desk, as_: Any) -> None:
    desk.filled("Mine")
    desk.start(by=desk.tilda, name="Of Tilda")
    desk.asked(desk.filled("Asked"))
    client = as_(desk.tilda)
    for query, names in (
        ({}, {"Mine", "Of Tilda", "Asked"}),
        ({"show": "mine"}, {"Of Tilda"}),
        ({"show": "approve"}, {"Asked"}),
        ({"show": "scheduled"}, set()),
        ({"q": "min"}, {"Mine"}),
        ({"show": "nonsense"}, {"Mine", "Of Tilda", "Asked"}),
    ):
        shown = text(client.get(url("draft-list"), query))
        found = {name for name in ("Mine", "Of Tilda", "Asked") if f">{name}</a>" in shown}
        assert found == names, query
    home = text(client.get("/"))
    assert "draft waits for your approval" in home
    assert "draft of yours" in home
    assert "draft waits for your approval" not in text(as_(desk.cast.tara).get("/"))


def test_questions_do_not_grow(desk: Desk, as_: Any) -> None:
    row, client = desk.filled(), as_(desk.cast.tara)

    def count(name: str, *keys: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client.get(url(name, *keys)))
        return len(queries)

    one = ("draft-detail", "check", "parties", "articles", "sharing", "contacts", "dates")
    count("draft-list")
    few, before = count("draft-list"), {name: count(name, row.pk) for name in one}
    for number in range(4):
        other = desk.filled(f"Draft {number}")
        actions.share(agreement=other, by=desk.cast.tara, agency=desk.cast.b)
    actions.add_party(agreement=row, by=desk.cast.tara, country=Country.objects.get(pk="ZZ"))
    for number in range(5, 9):
        desk.article(row, f"§ {number}")
    actions.name_agency(agreement=row, by=desk.cast.tara, agency=desk.cast.c, starts_on=days().in_force_on or days().head["concluded_on"])  # fmt: skip
    assert count("draft-list") == few
    for name, was in before.items():
        assert count(name, row.pk) <= was, name
