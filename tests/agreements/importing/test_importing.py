"""A list comes in: every row is accounted for, odd facts are flagged and not refused, and nothing opens by itself."""

from typing import Any

import pytest
from django.utils import timezone

from agreements.importing import actions
from agreements.importing.choices import ImportState, RowState
from agreements.importing.models import CountryName
from agreements.register.models import Agreement, Confirmation, TreatyAction
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agreements.importing.conftest import HEADERS, Desk, codes

GOOD = ("Treaty on the Lake between X and Y", "SR 1", "X-land; Y-land", "2001-02-03", "2002-01-01", "", "blue folder")


def test_a_good_row_becomes_a_draft_with_its_facts(desk: Desk) -> None:
    job = desk.named([HEADERS, GOOD])
    assert job.state == ImportState.CHECKED
    row = desk.row(job, 2)
    assert (row.state, row.findings) == (RowState.READY, [])
    assert Agreement.objects.filter(title=GOOD[0]).count() == 0
    desk.run(job)
    made = Agreement.objects.get(title=GOOD[0])
    assert made.is_draft
    assert made.kind == "treaty"
    assert {party.country_id for party in made.parties.all()} == {"XX", "YY"}
    act = made.actions.get()
    assert (act.kind, act.country_id, act.done_on.isoformat()) == ("entry_into_force", None, "2002-01-01")
    assert act.recorded_for_id is None
    assert desk.row(job, 2).cells[-1] == "blue folder"
    assert Entry.objects.filter(verb="agreement.draft", subject_id=str(made.pk), agency_id=desk.cast.a1.pk).count() == 1
    assert Entry.objects.get(verb="import.finish").data["made"] == 1


def test_odd_facts_are_flagged_and_made(desk: Desk) -> None:
    odd = ("Odd Treaty", "", "X-land; Y-land; X-land", "2010-05-05", "2009-01-01", "2008-01-01", "")
    job = desk.named([HEADERS, odd])
    row = desk.row(job, 2)
    assert row.state == RowState.FLAGGED
    assert codes(row) == {"odd", "party_twice"}
    assert len(row.findings) == 4
    desk.run(job)
    act = Agreement.objects.get(title="Odd Treaty").actions.get()
    assert "before the signature on 5 May 2010" in act.note


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("", "", "X-land; Y-land", "", "", "", ""), "wrong"),
        (("A Treaty", "", "X-land; Nowhere-land", "", "", "", ""), "name"),
        (("A Treaty", "", "Y-land; Z-land", "", "", "", ""), "not_ours"),
        (("A Treaty", "", "X-land; Y-land", "soon", "", "", ""), "wrong"),
        (("A Treaty", "", "X-land; Y-land", "31.02.2020", "", "", ""), "wrong"),
        (("A Treaty", "", "X-land; Y-land", "4/5/2022", "", "", ""), "day_order"),
        (("A Treaty", "", "", "2022-01-01", "", "", ""), "wrong"),
    ],
)
def test_what_cannot_be_made_is_kept_with_its_reason(desk: Desk, cells: Any, code: str) -> None:
    job = desk.named([HEADERS, GOOD, cells])
    row = desk.row(job, 3)
    assert row.state in (RowState.ERROR, RowState.ASKING)
    assert code in codes(row)
    assert all(finding["text"] for finding in row.findings)
    desk.run(job)
    counts = job.rows.counts()
    assert (counts["made"], counts["kept"], counts["all"]) == (1, 1, 2)


def test_a_month_is_kept_as_a_note(desk: Desk) -> None:
    job = desk.named([HEADERS, ("A Treaty", "", "X-land; Y-land", "April 2022", "1999", "", "")])
    assert codes(desk.row(job, 2)) == {"partial", "kind"} - {"kind"}
    desk.run(job)
    made = Agreement.objects.get(title="A Treaty")
    assert made.concluded_on is None
    assert "April 2022 (the day is not known)" in made.source
    assert not made.actions.exists()


def test_day_order_is_asked_once_for_the_file(desk: Desk) -> None:
    rows = [(f"Treaty {n}", "", "X-land; Y-land", f"{n}/5/2022", "", "", "") for n in range(1, 5)]
    job = desk.named([HEADERS, *rows])
    assert job.rows.counts()["asking"] == 4
    actions.check_again(job=job, by=desk.by, day_first=True)
    assert job.rows.counts()["asking"] == 0
    assert desk.row(job, 2).values["head"]["concluded_on"] == "2022-05-01"


def test_a_name_is_decided_once_and_remembered(desk: Desk, world_of_states: Any) -> None:
    world_of_states(CZ="Czechia", SK="Slovakia", TR="Türkiye", CD="Congo, DR")
    rows = [
        ("Treaty 1", "", "X-land; Czechoslovakia", "1970-01-01", "", "", ""),
        ("Treaty 2", "", "X-land; CZECHOSLOVAKIA", "1971-01-01", "", "", ""),
        ("Treaty 3", "", "X-land; Zaire; Turkey; tur", "1972-01-01", "", "", ""),
        ("Treaty 4", "", "X-land; Y-lnd", "1973-01-01", "", "", ""),
    ]
    job = desk.named([HEADERS, *rows])
    assert job.rows.counts()["asking"] == 3
    assert desk.row(job, 4).values["parties"] == ["XX", "CD", "TR"]
    asked = next(finding for finding in desk.row(job, 5).findings if finding["code"] == "name")
    assert asked["name"] == "Y-lnd"
    actions.decide_name(name="Czechoslovakia", country=None, note="no successor", by=desk.by)
    actions.decide_name(name="Y-lnd", country=desk.cast.b.country, by=desk.by)
    counts = job.rows.counts()
    assert counts["asking"] == 0
    assert codes(desk.row(job, 2)) >= {"left_out"}
    again = desk.named([HEADERS, ("Treaty 9", "", "X-land; y lnd", "1974-01-01", "", "", "")])
    assert desk.row(again, 2).values["parties"] == ["XX", "YY"]
    actions.decide_name(name="Y-LND", country=desk.cast.c.country, by=desk.by)
    assert desk.row(again, 2).values["parties"] == ["XX", "ZZ"], "revised, it counts for what is not made yet"
    actions.forget_name(name=CountryName.objects.get(name="Czechoslovakia"), by=desk.by)
    assert desk.row(job, 2).state == RowState.ASKING
    with pytest.raises(Refused, match="why it is left out"):
        actions.decide_name(name="Elsewhere", country=None, by=desk.by)


def test_what_seems_to_be_there_is_asked(desk: Desk) -> None:
    twin = ("X–Y Treaty in full", "", "X-land; Y-land", "2022-04-05", "", "", "")
    other = (*GOOD[:3], "2001-02-03", "", "", "")
    job = desk.named([HEADERS, twin, GOOD, other])
    assert codes(desk.row(job, 2)) == {"twin"}
    assert codes(desk.row(job, 4)) == {"twin"}
    actions.decide_row(row=desk.row(job, 4), decision="skip", by=desk.by)
    there = desk.cast.art7.agreement
    actions.decide_row(row=desk.row(job, 2), decision="attach", agreement=there, by=desk.by)
    before = there.actions.count()
    desk.run(job)
    counts = job.rows.counts()
    assert (counts["made"], counts["skipped"], counts["kept"]) == (2, 1, 0)
    assert there.actions.count() == before
    assert desk.row(job, 2).agreement == there


def test_of_two_that_seem_the_same_the_other_is_made_once_one_is_left_out(desk: Desk) -> None:
    job = desk.named([HEADERS, GOOD, (GOOD[0], "", *GOOD[2:])])
    assert desk.row(job, 3).state == RowState.ASKING
    actions.decide_row(row=desk.row(job, 2), decision="skip", by=desk.by)
    assert desk.row(job, 3).state == RowState.READY


def test_rows_of_parties_are_grouped(desk: Desk) -> None:
    rows = [
        ("Convention", "Party", "Signature", "Ratification", "Ratification: first day of effect"),
        ("Convention on Waters", "X-land", "1990-01-01", "1991-01-01", "1991-02-01"),
        ("Convention on Waters", "Y-land", "1990-01-01", "1992-01-01", ""),
        ("Convention on Waters", "Z-land", "", "1980-01-01", ""),
        ("Convention on Airs", "X-land", "1990-06-01", "", ""),
        ("Convention on Airs", "Y-land", "1990-06-01", "", ""),
    ]
    job = desk.upload(rows)
    mapping, options, _ = actions.proposed(job, desk.by)
    assert options["shape"] == "party"
    job = desk.name(job, mapping)
    assert job.rows.counts()["will_be_made"] == 5
    desk.run(job)
    made = Agreement.objects.get(title="Convention on Waters")
    assert set(made.actions.values_list("kind", "country", "done_on__year")) == {
        ("signature", "XX", 1990), ("ratification", "XX", 1991), ("signature", "YY", 1990), ("ratification", "YY", 1992),
        ("ratification", "ZZ", 1980),
    }  # fmt: skip
    assert made.actions.get(kind="ratification", country="XX").effective_on.isoformat() == "1991-02-01"
    assert job.rows.counts()["made"] == 5
    assert job.rows.values("agreement").distinct().count() == 2


def test_undo_takes_back_exactly_what_was_made(desk: Desk) -> None:
    before = set(Agreement.objects.values_list("pk", flat=True)), TreatyAction.objects.count()
    job = desk.run(
        desk.named([HEADERS, GOOD, ("Other Treaty", "", "X-land; Y-land", "2003-01-01", "2004-01-01", "", "")]),
        draft=False,
    )
    assert Agreement.objects.count() == len(before[0]) + 2
    kept = Agreement.objects.get(title="Other Treaty")
    act = kept.actions.get()
    stamp = {"country": desk.cast.b.country, "confirmed_by": desk.cast.yusuf, "confirmed_at": timezone.now()}
    Confirmation.objects.create(action=act, **stamp)
    desk.undo(job)
    assert job.state == ImportState.UNDONE
    assert set(Agreement.objects.values_list("pk", flat=True)) == before[0] | {kept.pk}
    assert "confirmed" in desk.row(job, 3).kept_because
    counts = job.rows.counts()
    assert (counts["undone"], counts["made"]) == (1, 1)
    Confirmation.objects.filter(action=act).delete()
    desk.undo(job)
    assert set(Agreement.objects.values_list("pk", flat=True)) == before[0]
    assert TreatyAction.objects.count() == before[1]
