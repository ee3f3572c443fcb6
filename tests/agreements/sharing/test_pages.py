"""Pages of records: who may open which, what they tell, and that what is hidden does not exist (R17)."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.register.choices import ActionKind, Category, Purpose
from agreements.register.models import Clause, TreatyAction
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, Release
from portal.audit.models import Entry
from tests.agreements.sharing.conftest import NOTE, Desk, sees
from tests.conftest import Cast, make_treaty

WHO, WHY, RELEASE, MARK = "sharing:record-who", "sharing:record-why", "sharing:record-release", "sharing:record-mark"


def suspend(cast: Cast) -> None:
    TreatyAction.objects.create(
        agreement=cast.art7.agreement,
        kind=ActionKind.SUSPENSION,
        done_on=timezone.now().date(),
        recorded_by=cast.tara,
        recorded_for=cast.a1.country,
    )


def untokened(response: Any) -> str:
    """The page without the tokens against forged requests, which differ each time."""
    return re.sub(r"[A-Za-z0-9]{64}", "token", response.content.decode())


def body(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# Of a record of a1 that is released to b: what each page answers to each.
MATRIX = {
    "sharing:record-detail": {"xenia": 302, "lars": 302, "anton": 302, "arno": 302, "yann": 302, "yara": 302},
    WHY: {"xenia": 200, "lars": 200, "anton": 200, "arno": 200, "yann": 200, "yara": 200},
    WHO: {"xenia": 200, "lars": 200, "ada": 200, "arno": 200, "anton": 403, "yann": 403, "yara": 403, "tara": 403},
    RELEASE: {"xenia": 200, "lars": 200, "anton": 200, "ada": 200, "arno": 403, "yann": 403, "yara": 403},
    MARK: {"xenia": 200, "ada": 200, "lars": 403, "anton": 403, "arno": 403, "yara": 403, "yann": 403},
}
HIDDEN = ("aldo", "zoe")


@pytest.mark.parametrize("name", MATRIX)
def test_each_page_is_open_to_those_who_may_and_to_nobody_else(name: str, desk: Desk, as_: Any) -> None:
    record = desk.note()
    desk.release(record)
    for person, status in MATRIX[name].items():
        assert as_(desk.cast.people[person]).get(reverse(name, args=[record.pk])).status_code == status, person
    for person in HIDDEN:
        assert as_(desk.cast.people[person]).get(reverse(name, args=[record.pk])).status_code == 404, person
    assert as_(desk.cast.rita).get(reverse(name, args=[record.pk])).status_code in (403, 404)


@pytest.mark.parametrize("name", ["sharing:record-detail", WHY, WHO, RELEASE, MARK, "sharing:held"])
def test_hidden_and_unknown_answer_alike(name: str, desk: Desk, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.yara)
    hidden = client.get(reverse(name, args=[record.pk]))
    unknown = client.get(reverse(name, args=[uuid.uuid4()]))
    assert hidden.status_code == unknown.status_code == 404
    assert untokened(hidden) == untokened(unknown)


def test_the_owner_reads_who_and_the_reader_why(desk: Desk, as_: Any) -> None:
    record = desk.note()
    desk.release(record)
    who = body(as_(desk.cast.xenia).get(reverse(WHO, args=[record.pk])))
    assert "Art. 7 of the X–Y Treaty" in who
    assert "Y1" in who
    why = body(as_(desk.cast.yann).get(reverse(WHY, args=[record.pk])))
    assert "binding both since 1 May 2024" in why
    assert "Take back" not in why


def test_the_owner_asks_for_one_agency(desk: Desk, as_: Any) -> None:
    record = desk.note(categories=[Category.PERSONAL_DATA])
    client = as_(desk.cast.xenia)
    answer = body(client.get(reverse(WHO, args=[record.pk]), {"agency": desk.cast.b.pk}))
    assert "Y1 does not see it" in answer
    assert client.get(reverse(WHO, args=[record.pk]), {"agency": "no key"}).status_code == 200


def test_openings_tell_the_function_and_not_the_name(desk: Desk, as_: Any) -> None:
    record = desk.note()
    desk.release(record, To(AudienceKind.OFFICER, appointment=desk.cast.yann))
    record.openings.create(appointment=desk.cast.yann)
    who = body(as_(desk.cast.xenia).get(reverse(WHO, args=[record.pk])))
    assert "Liaison officer" in who
    assert "Yann" not in who


# --- Release ---------------------------------------------------------------------------------------------------


def choice(desk: Desk, kind: AudienceKind, target: object = "") -> str:
    return f"{desk.cast.art7.pk}|{kind.value}|{target}"


def test_release_shows_who_would_see_it_before_it_does_anything(desk: Desk, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.xenia)
    url = reverse(RELEASE, args=[record.pk])
    sent = {"to": choice(desk, AudienceKind.AGENCY, desk.cast.b.pk), "purpose": Purpose.COORDINATION.value}
    shown = client.post(url, sent)
    assert [reader.agency for reader in shown.context["preview"].gained] == [desk.cast.b]
    assert not sees(desk.cast.yann, record)
    done = client.post(url, {**sent, "previewed": shown.context["previewed"]})
    assert done.status_code == 302
    assert sees(desk.cast.yann, record)


def test_a_button_pressed_for_another_choice_previews_that_first(desk: Desk, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.xenia)
    url = reverse(RELEASE, args=[record.pk])
    sent = {"to": choice(desk, AudienceKind.AGENCY, desk.cast.b.pk), "purpose": Purpose.COORDINATION.value}
    token = client.post(url, sent).context["previewed"]
    changed = client.post(url, {**sent, "purpose": Purpose.BORDER_OPERATION.value, "previewed": token})
    assert changed.status_code == 200
    assert changed.context["preview"] is not None
    assert not Release.objects.filter(content_object=record, clause__isnull=False).exists()


@pytest.mark.parametrize("purposes", [[Purpose.SAFETY], [Purpose.COORDINATION, Purpose.BORDER_OPERATION]])
def test_without_a_purpose_it_is_the_first_that_the_article_names(
    desk: Desk, as_: Any, purposes: list[Purpose]
) -> None:
    """Whichever purpose other articles of the form name first; and the preview says which before it is released."""
    cast, record, client = desk.cast, desk.note(), as_(desk.cast.xenia)
    other = make_treaty(
        short_name="Another Treaty", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], purposes=[Purpose.BORDER_MONITORING],
    )  # fmt: skip
    Clause.objects.filter(pk=cast.art7.pk).update(purposes=purposes)
    url = reverse(RELEASE, args=[record.pk])
    assert set(client.get(url).context["offers"].clauses) == {str(other.pk), str(cast.art7.pk)}
    first = client.get(url).context["form"]["purpose"].value() or ""
    shown = client.post(url, {"to": choice(desk, AudienceKind.AGENCY, cast.b.pk), "purpose": first})
    form = shown.context["form"]
    assert not form.errors
    assert f"By {cast.art7.article} for {purposes[0].label.lower()}." in shown.content.decode()
    # It was not chosen by that: the other article has its own first.
    others = [value for _, group in form.fields["to"].choices for value, _ in group if value.startswith(str(other.pk))]
    elsewhere = client.post(url, {"to": others[0], "purpose": form["purpose"].value()})
    assert not elsewhere.context["form"].errors
    assert f"By {other.article} for {Purpose.BORDER_MONITORING.label.lower()}." in elsewhere.content.decode()
    sent = {"to": form["to"].value(), "purpose": form["purpose"].value(), "previewed": shown.context["previewed"]}
    assert client.post(url, sent).status_code == 302
    assert Release.objects.get(content_object=record, clause__isnull=False).purpose == purposes[0]


def test_sent_twice_it_is_released_once(desk: Desk, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.xenia)
    url = reverse(RELEASE, args=[record.pk])
    sent = {"to": choice(desk, AudienceKind.AGENCY, desk.cast.b.pk), "purpose": Purpose.COORDINATION.value}
    sent["previewed"] = client.post(url, sent).context["previewed"]
    client.post(url, sent)
    client.post(url, sent)
    assert Release.objects.standing().filter(content_object=record, clause__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"to": "nonsense", "purpose": "coordination"}, "to"),
        ({"to": "", "purpose": "coordination"}, "to"),
        ({"to": "", "purpose": ""}, "to"),
        ({"to": "{b}", "purpose": "safety"}, "purpose"),
        ({"to": "{b}", "purpose": "coordination", "until": "2001-01-01T10:00"}, "until"),
        ({"to": "{b}", "purpose": "coordination", "until": "soon"}, "until"),
        ({"to": "{c}", "purpose": "coordination"}, "to"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(sent: dict[str, str], field: str, desk: Desk, as_: Any) -> None:
    named = {
        "{b}": choice(desk, AudienceKind.AGENCY, desk.cast.b.pk),
        "{c}": choice(desk, AudienceKind.AGENCY, desk.cast.c.pk),
    }
    record = desk.note()
    sent = {**sent, "to": named.get(sent["to"], sent["to"])}
    answer = as_(desk.cast.xenia).post(reverse(RELEASE, args=[record.pk]), sent)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Release.objects.filter(content_object=record, clause__isnull=False).exists()


@pytest.mark.parametrize(
    ("marking", "words"),
    [
        ({"categories": [Category.DNA]}, "does not cover dna"),
        ({"categories": []}, "carries no data category"),
        ({"classification": 2}, "above the ceiling"),
        ({"rel_to": []}, "REL TO leaves out every receiver"),
    ],
)
def test_where_nothing_fits_the_page_says_what_is_missing(
    marking: dict[str, Any], words: str, desk: Desk, as_: Any
) -> None:
    record = desk.note(**marking)
    answer = as_(desk.cast.xenia).get(reverse(RELEASE, args=[record.pk]))
    assert words in body(answer)
    assert answer.context["offers"].fits == []


def test_suspended_there_is_nothing_to_choose(desk: Desk, as_: Any) -> None:
    record = desk.note()
    suspend(desk.cast)
    answer = as_(desk.cast.xenia).get(reverse(RELEASE, args=[record.pk]))
    assert "No article in force today" in body(answer)


def test_red_is_offered_to_named_officers_only(desk: Desk, as_: Any) -> None:
    record = desk.note(tlp=Tlp.RED.value)
    answer = as_(desk.cast.xenia).get(reverse(RELEASE, args=[record.pk]))
    assert {offer.to.kind for offer in answer.context["offers"].fits} == {AudienceKind.OFFICER}
    assert "Yann" not in body(answer)


def test_taking_back_is_for_the_releasing_agency(desk: Desk, as_: Any) -> None:
    record = desk.note()
    row = desk.release(record)
    url = reverse("sharing:release-revoke", args=[row.pk])
    for person, status in {"zoe": 404, "aldo": 404, "yara": 404, "arno": 403, "anton": 302}.items():
        assert as_(desk.cast.people[person]).post(url).status_code == status, person
    assert not sees(desk.cast.yann, record)
    assert as_(desk.cast.xenia).get(url).status_code == 405


# --- Marking ---------------------------------------------------------------------------------------------------


def marking(record: Record, **changes: Any) -> dict[str, Any]:
    return {
        "categories": record.categories,
        "classification": record.classification,
        "tlp": record.tlp,
        "version": record.version,
        "handling_note": "",
        **changes,
    }


def test_marking_lists_who_loses_it_before_saving(desk: Desk, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.xenia)
    desk.release(record)
    url = reverse(MARK, args=[record.pk])
    sent = marking(record, classification=2)
    shown = client.post(url, sent)
    assert [agency for agency, _ in shown.context["effect"].lost] == [desk.cast.b]
    assert "above the ceiling" in body(shown)
    assert sees(desk.cast.yann, record)
    done = client.post(url, {**sent, "reason": "Source named", "previewed": shown.context["previewed"]})
    assert done.status_code == 302
    assert not sees(desk.cast.yann, record)
    assert record.marking_changes.get().reason == "Source named"


def test_a_marking_changed_meanwhile_is_not_overwritten(desk: Desk, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.xenia)
    answer = client.post(reverse(MARK, args=[record.pk]), marking(record, version=record.version - 1))
    assert answer.status_code == 302
    assert answer.url == reverse(MARK, args=[record.pk])


def test_nobody_marks_above_the_clearance_of_all(desk: Desk, as_: Any) -> None:
    """Beyond the own clearance one may, while another officer is left to see it (R21)."""
    record = desk.note()
    answer = as_(desk.cast.xenia).post(reverse(MARK, args=[record.pk]), marking(record, classification=4))
    previewed = {"previewed": answer.context["previewed"]}
    answer = as_(desk.cast.xenia).post(
        reverse(MARK, args=[record.pk]), {**marking(record, classification=4), **previewed}
    )
    assert "classification" in answer.context["form"].errors
    record.refresh_from_db()
    assert record.classification == 1


def test_h3_needs_its_note(desk: Desk, as_: Any) -> None:
    record = desk.note()
    answer = as_(desk.cast.xenia).post(reverse(MARK, args=[record.pk]), marking(record, handling_codes=["H3"]))
    assert "handling_note" in answer.context["form"].errors


# --- Lists -----------------------------------------------------------------------------------------------------


def test_the_list_holds_what_each_may_see_and_its_count(desk: Desk, as_: Any) -> None:
    desk.release(desk.note(title="Given"))
    desk.note(title="Kept")
    url = reverse("sharing:record-list")
    for person, titles in {"xenia": {"Given", "Kept"}, "yann": {"Given"}, "zoe": set(), "aldo": set()}.items():
        answer = as_(desk.cast.people[person]).get(url)
        assert {row.title for row, _ in answer.context["rows"]} == titles, person
        assert answer.context["count"] == str(len(titles))
    suspend(desk.cast)
    assert as_(desk.cast.yann).get(url).context["count"] == "0"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"kind": NOTE}, {"Given", "Kept"}),
        ({"kind": "operation"}, set()),
        ({"q": "kept"}, {"Kept"}),
        ({"category": "dna"}, {"Kept"}),
        ({"since": "2020-01-01", "until": "2020-02-01"}, set()),
        ({"since": "2021-01-01", "until": "2020-02-01"}, set()),
        ({"kind": "nothing"}, set()),
        ({"owner": "not a key"}, set()),
        ({"operation": "00000000-0000-0000-0000-000000000000"}, set()),
        ({"q": "a\x00b"}, set()),
        ({"shared": "on"}, set()),
        ({"before": "nonsense"}, {"Given", "Kept"}),
        ({"before": "2020-01-01T00:00:00+00:00_x"}, {"Given", "Kept"}),
    ],
)
def test_filters_stand_in_the_address(query: dict[str, str], titles: set[str], desk: Desk, as_: Any) -> None:
    desk.release(desk.note(title="Given"))
    desk.note(title="Kept", categories=[Category.OPERATIONAL, Category.DNA])
    answer = as_(desk.cast.xenia).get(reverse("sharing:record-list"), query)
    assert answer.status_code == 200
    assert {row.title for row, _ in answer.context["rows"]} == titles


def test_a_reference_finds_its_record_for_who_sees_it(desk: Desk, as_: Any, api_as: Any) -> None:
    shown, kept = desk.note(title="Boats"), desk.note(title="Cars")
    desk.release(shown)
    for reference in (shown.reference, f" {shown.reference.lower()} "):
        page = as_(desk.cast.yann).get("/records/", {"q": reference}).content.decode()
        assert "Boats" in page
        answer = api_as(desk.cast.yann).send("GET", f"/records/?q={reference.strip()}")
        assert answer.status_code == 200, answer.content
        found = answer.json()["results"]
        assert [row["id"] for row in found] == [str(shown.pk)]
    # Hidden, unknown and of another kind: nothing, and nothing else either.
    other = f"XYZ-{shown.reference[4:]}"
    pages = [as_(desk.cast.yann).get("/records/", {"q": text}) for text in (kept.reference, "NOT-00000000", other)]
    assert ["Boats" in page.content.decode() for page in pages] == [False] * 3
    assert "Cars" not in pages[0].content.decode()
    assert "Cars" in as_(desk.cast.xenia).get("/records/", {"q": kept.reference}).content.decode()


def test_pages_by_key_lose_and_repeat_nothing(desk: Desk, as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now()
    for number in range(7):
        desk.note(title=f"Note {number}", occurred_at=at)
    monkeypatch.setattr("agreements.sharing.views.records.PAGE", 3)
    client, url, seen, query = as_(desk.cast.xenia), reverse("sharing:record-list"), [], {}
    while True:
        answer = client.get(url, query)
        seen += [row.title for row, _ in answer.context["rows"]]
        if not answer.context["older"]:
            break
        query = {"before": answer.context["older"]}
    assert sorted(seen) == [f"Note {number}" for number in range(7)]
    back = client.get(url, {"after": answer.context["newer"]})
    assert [row.title for row, _ in back.context["rows"]] == seen[3:6]


@pytest.mark.parametrize("person", ["xenia", "yann"])
def test_the_list_costs_the_same_however_many_rows(
    person: str, desk: Desk, as_: Any, django_assert_max_num_queries: Any
) -> None:
    client, url, costs = as_(desk.cast.people[person]), reverse("sharing:record-list"), []
    for rows in (1, 3, 30):
        while Record.objects.filter(kind=NOTE).count() < rows:
            desk.release(desk.note())
        with django_assert_max_num_queries(40) as counted:
            client.get(url)
        costs.append(len(counted))
    assert costs[0] == costs[1] == costs[2]


# --- Held ------------------------------------------------------------------------------------------------------


def test_held_entries_go_out_together_under_the_article_beside_them(desk: Desk, as_: Any) -> None:
    operation = desk.operation()
    first, second = desk.note(operation=operation), desk.note(operation=operation, title="Second")
    personal = desk.note(operation=operation, categories=[Category.PERSONAL_DATA])
    client, url = as_(desk.cast.xenia), reverse("sharing:held", args=[operation.pk])
    found = client.get(url).context["found"]
    assert found.ready == 2
    assert "personal data" in next(row.missing for row in found.rows if row.record == personal)
    answer = client.post(url, {"record": [str(first.pk), str(second.pk), str(personal.pk), "junk"]})
    assert answer.status_code == 302
    assert sees(desk.cast.yann, first)
    assert sees(desk.cast.yann, second)
    assert not sees(desk.cast.yann, personal)
    assert {row.record for row in client.get(url).context["found"].rows} == {personal}


def test_held_is_the_own_agencys_alone(desk: Desk, as_: Any) -> None:
    operation = desk.operation()
    mine = desk.note(operation=operation)
    url = reverse("sharing:held", args=[operation.pk])
    assert as_(desk.cast.yann).get(url).context["found"].rows == []
    as_(desk.cast.yann).post(url, {"record": [str(mine.pk)]})
    assert not sees(desk.cast.yann, mine)
    assert as_(desk.cast.zoe).get(url).status_code == 404
    assert as_(desk.cast.arno).get(url).status_code == 403


def test_held_of_one_host(desk: Desk, as_: Any) -> None:
    operation = desk.operation()
    host = desk.note(operation=operation)
    inside = desk.note(operation=operation, host=host)
    answer = as_(desk.cast.xenia).get(reverse("sharing:held"), {"host": host.pk})
    assert [row.record for row in answer.context["found"].rows] == [inside]
    assert as_(desk.cast.xenia).get(reverse("sharing:held"), {"host": "x"}).status_code == 404


# --- Ledger ----------------------------------------------------------------------------------------------------


def test_each_page_writes_one_entry_with_release_and_clause(desk: Desk, as_: Any) -> None:
    record = desk.note()
    row = desk.release(record)
    as_(desk.cast.yann).get(reverse(WHY, args=[record.pk]))
    entry = Entry.objects.filter(verb="record.disclose").latest("seq")
    assert entry.records == [{"record": str(record.pk), "release": str(row.pk), "clause": str(desk.cast.art7.pk)}]
    assert entry.door == "page sharing:record-why"
    as_(desk.cast.xenia).get(reverse("sharing:record-list"))
    entry = Entry.objects.filter(verb="record.disclose").latest("seq")
    assert entry.records == [{"record": str(record.pk), "release": None, "clause": None}]


def test_no_entry_for_what_was_not_shown(desk: Desk, as_: Any) -> None:
    record = desk.note()
    before = Entry.objects.count()
    as_(desk.cast.zoe).get(reverse(WHY, args=[record.pk]))
    as_(desk.cast.zoe).get(reverse("sharing:record-list"))
    assert Entry.objects.count() == before


def test_after_revocation_the_next_click_finds_nothing(desk: Desk, as_: Any) -> None:
    record = desk.note()
    row = desk.release(record)
    client = as_(desk.cast.yann)
    assert client.get(reverse(WHY, args=[record.pk])).status_code == 200
    releases.revoke(release=row, by=desk.cast.xenia)
    assert client.get(reverse(WHY, args=[record.pk])).status_code == 404
