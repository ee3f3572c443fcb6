"""Previews say what is lost and gained inside an agency, and what would not be saved (R21, R27)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, Classification, Unit
from agreements.register.choices import Purpose
from agreements.sharing.actions import naming, records
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.foresight import foresee_marking
from agreements.sharing.models import MarkingChange, Record
from agreements.sharing.presenting import ReleasePreview, preview_release
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import Cast, make_appointment

NOW = timezone.now
TOMORROW = timedelta(days=1)


@pytest.fixture
def lake(cast: Cast) -> Unit:
    """A unit of b. Yann is posted there, Yara is not."""
    row = Unit.objects.create(agency=cast.b, name="Lake post")
    post(cast.yann, row)
    return row


@pytest.fixture
def colleague(cast: Cast) -> Appointment:
    """Of a1, and may mark what Xenia wrote."""
    return make_appointment("xaver", cast.a1, cast.xenia.role)


def post(who: Appointment, unit: Unit | None) -> None:
    Appointment.objects.filter(pk=who.pk).update(unit=unit)
    who.unit = unit


def officer(who: Appointment) -> To:
    return To(AudienceKind.OFFICER, appointment=who)


def duty(who: Appointment) -> To:
    return To(AudienceKind.FUNCTION, agency=who.agency, function=who.function)


def remarked(record: Record, **values: Any) -> Marking:
    return Marking(**{**marking_of(record).values(), **values})


def form_of(marking: Marking, **values: Any) -> dict[str, Any]:
    return {
        "categories": marking.categories, "classification": marking.classification, "tlp": marking.tlp, "version": 1,
        "reason": "Source", **values,
    }  # fmt: skip


# --- Marking -----------------------------------------------------------------------------------------------------


def test_a_unit_that_loses_it_is_said_although_a_named_officer_keeps_it(desk: Desk, lake: Unit) -> None:
    cast, record = desk.cast, desk.note()
    desk.release(record, To.of_unit(lake))
    desk.release(record, officer(cast.yara))
    red = remarked(record, tlp=Tlp.RED.value)
    told = foresee_marking(record=record, marking=red, at=NOW(), by=cast.xenia)
    assert (told.lost, told.refused) == ([], "")
    assert set(told.kept) == {cast.a1, cast.b}
    parts = {(part.agency, part.part): part.sentence for part in told.parts_lost}
    assert set(parts) == {(cast.b, "Lake post"), (cast.a1, "everybody else there")}
    assert parts[cast.b, "Lake post"] == "TLP:RED does not travel to a unit of an agency (R7)"
    records.mark(record=record, marking=red, by=cast.xenia)
    assert (sees(cast.yann, record), sees(cast.yara, record), sees(cast.ada, record)) == (False, True, False)
    # And back: the same parts gain it.
    record.refresh_from_db()
    told = foresee_marking(record=record, marking=remarked(record, tlp=Tlp.AMBER.value), at=NOW(), by=cast.xenia)
    assert {(part.agency, part.part) for part in told.parts_gained} == set(parts)
    assert (told.lost, told.gained, told.parts_lost) == ([], [], [])


def test_the_whole_agency_losing_it_is_said_once(desk: Desk, lake: Unit) -> None:
    cast, record = desk.cast, desk.note()
    for to in (To.of_unit(lake), duty(cast.yann), To(AudienceKind.AGENCY, agency=cast.b), officer(cast.yara)):
        desk.release(record, to)
    told = foresee_marking(record=record, marking=remarked(record, tlp=Tlp.RED.value), at=NOW(), by=cast.xenia)
    assert [part.part for part in told.parts_lost if part.agency == cast.b] == ["everybody else there"]


def test_what_another_release_covers_is_not_lost(desk: Desk, lake: Unit) -> None:
    """GREEN goes on to the unit, AMBER+STRICT too: only the parties' release closes, and it said less than an agency's."""
    cast, record = desk.cast, desk.note(tlp=Tlp.GREEN.value)
    for to in (To(AudienceKind.ALL_PARTIES), To(AudienceKind.AGENCY, agency=cast.b), To.of_unit(lake)):
        desk.release(record, to)
    strict = remarked(record, tlp=Tlp.AMBER_STRICT.value)
    told = foresee_marking(record=record, marking=strict, at=NOW(), by=cast.xenia)
    assert not told.changes
    assert set(told.kept) == {cast.a1, cast.b}
    records.mark(record=record, marking=strict, by=cast.xenia)
    assert sees(cast.yara, record)


def test_the_page_says_which_part_loses_it(desk: Desk, lake: Unit, as_: Any) -> None:
    cast, record = desk.cast, desk.note()
    desk.release(record, To.of_unit(lake))
    desk.release(record, officer(cast.yara))
    url = reverse("sharing:record-mark", args=[record.pk])
    page = as_(cast.xenia).post(url, form_of(remarked(record, tlp=Tlp.RED.value), previewed="")).content.decode()
    assert "Lake post loses it" in page
    assert "otherwise keeps it" in page
    assert "The same agencies" not in page
    assert "Save the new marking" in page


def test_raising_it_says_that_clearance_counts_everywhere(desk: Desk, as_: Any) -> None:
    record = desk.note(classification=0)
    desk.release(record)
    url, client = reverse("sharing:record-mark", args=[record.pk]), as_(desk.cast.xenia)
    page = client.post(url, form_of(remarked(record, classification=1), previewed="")).content.decode()
    assert "Whoever is not cleared for RESTRICTED loses it" in page
    page = client.post(url, form_of(remarked(record, classification=0), previewed="")).content.decode()
    assert "not cleared for" not in page


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tlp": Tlp.RED.value}, "After this you could not see the record yourself"),
        ({"classification": Classification.TOP_SECRET.value}, "No officer of your agency could see it after this"),
    ],
)
def test_what_saving_refuses_the_preview_refuses(
    desk: Desk, colleague: Appointment, as_: Any, api_as: Any, change: dict[str, Any], why: str
) -> None:
    """Xenia's note, marked by a colleague: RED leaves it to its author, and nobody is cleared for TOP SECRET."""
    record = desk.note()
    entries = Entry.objects.count()
    marking = remarked(record, **change)
    told = foresee_marking(record=record, marking=marking, at=NOW(), by=colleague)
    with pytest.raises(Refused) as refused:
        records.mark(record=record, marking=marking, by=colleague)
    assert told.refused == refused.value.message
    assert why in told.refused
    answer = api_as(colleague).send("POST", f"/records/{record.pk}/marking-preview/", change).json()
    assert answer["refused"] == told.refused
    url = reverse("sharing:record-mark", args=[record.pk])
    page = as_(colleague).post(url, form_of(marking, previewed="")).content.decode()
    assert why in page
    assert "Save the new marking" not in page
    assert "keeps it" not in page
    # Nothing of what was tried stayed.
    record.refresh_from_db()
    assert (record.version, record.tlp, record.classification) == (1, Tlp.AMBER, 1)
    assert not MarkingChange.objects.filter(record=record).exists()
    assert not Entry.objects.filter(verb="record.mark").exists()
    assert Entry.objects.count() > entries  # Each look is in the ledger.


def test_who_is_named_for_it_may_mark_it_red_again(desk: Desk, colleague: Appointment, api_as: Any) -> None:
    cast, record = desk.cast, desk.note(tlp=Tlp.RED.value)
    naming.name_officer(record=record, appointment=colleague, by=cast.xenia)
    records.mark(record=record, marking=remarked(record, tlp=Tlp.AMBER.value), by=colleague)
    answer = api_as(colleague).send("POST", f"/records/{record.pk}/marking-preview/", {"tlp": Tlp.RED.value}).json()
    assert answer["refused"] == ""
    lost = [(part["agency"]["acronym"], part["part"]) for part in answer["parts_lost"]]
    assert lost == [("X1", "everybody else there")]
    record.refresh_from_db()
    records.mark(record=record, marking=remarked(record, tlp=Tlp.RED.value), by=colleague)
    assert sees(colleague, record)


def test_an_upgrade_beyond_the_writer_says_so_and_is_saved(desk: Desk, as_: Any) -> None:
    record = desk.note()
    url = reverse("sharing:record-mark", args=[record.pk])
    marking = remarked(record, classification=Classification.SECRET.value)
    page = as_(desk.cast.xenia).post(url, form_of(marking, previewed="")).content.decode()
    assert "So do you." in page
    assert "Save the new marking" in page


def test_a_preview_costs_the_same_however_many_releases(desk: Desk, lake: Unit) -> None:
    cast, few, many = desk.cast, desk.note(), desk.note()
    parts = [To.of_unit(lake), officer(cast.yara), duty(cast.yann), To(AudienceKind.AGENCY, agency=cast.b)]
    for record, some in ((few, parts[:2]), (many, parts)):
        for to in some:
            desk.release(record, to)
    asked = []
    for record in (few, few, many):
        row = Record.objects.get(pk=record.pk)
        with CaptureQueriesContext(connection) as queries:
            foresee_marking(record=row, marking=remarked(row, tlp=4), at=NOW(), by=cast.xenia)
        asked.append(len(queries))
    assert asked[1] == asked[2]


# --- Release -----------------------------------------------------------------------------------------------------


def preview(desk: Desk, record: Record, to: To, until: Any = None) -> ReleasePreview:
    terms = {"clause": desk.cast.art7, "purpose": Purpose.COORDINATION, "until": until}
    return preview_release(record, to.proposal(provider=desk.cast.a1, **terms), NOW())


def widened(desk: Desk, record: Record, to: To, until: Any = None) -> list[str] | None:
    """What it was so far, where the release widens it at b; None where b sees it already."""
    found = preview(desk, record, to, until)
    assert len(found.gained) + len(found.already) == 1
    return [part.part_words for part in found.gained[0].so_far] if found.gained else None


def test_from_a_unit_to_its_agency_is_new(desk: Desk, lake: Unit) -> None:
    cast, record = desk.cast, desk.note()
    hills = Unit.objects.create(agency=cast.b, name="Hill post")
    desk.release(record, To.of_unit(lake))
    assert widened(desk, record, To(AudienceKind.AGENCY, agency=cast.b)) == ["Lake post"]
    assert widened(desk, record, To(AudienceKind.PARTY, country=cast.b.country)) == ["Lake post"]
    assert widened(desk, record, To.of_unit(hills)) == ["Lake post"]
    assert widened(desk, record, duty(cast.yann)) == ["Lake post"]
    assert widened(desk, record, officer(cast.yara)) == ["Lake post"]
    # As much as it is already: the unit again, and who is posted there.
    assert widened(desk, record, To.of_unit(lake)) is None
    assert widened(desk, record, officer(cast.yann)) is None
    desk.release(record, To(AudienceKind.AGENCY, agency=cast.b))
    for to in (To.of_unit(hills), duty(cast.yann), officer(cast.yara), To(AudienceKind.PARTY, country=cast.b.country)):
        assert widened(desk, record, to) is None


def test_a_unit_of_the_same_name_is_another(desk: Desk, lake: Unit) -> None:
    record = desk.note()
    desk.release(record, To.of_unit(lake))
    Unit.objects.filter(pk=lake.pk).update(closed_at=NOW())
    again = Unit.objects.create(agency=lake.agency, name="Lake post")
    assert widened(desk, record, To.of_unit(again)) == ["Lake post"]


def test_from_a_function_or_one_officer(desk: Desk) -> None:
    cast = desk.cast
    first, second = desk.note(), desk.note()
    desk.release(first, duty(cast.yann))
    assert widened(desk, first, officer(cast.yann)) is None
    assert widened(desk, first, officer(cast.yara)) == [cast.yann.function]
    desk.release(second, officer(cast.yann))
    so_far = [f"one named officer ({cast.yann.function})"]
    assert widened(desk, second, officer(cast.yann)) is None
    assert widened(desk, second, duty(cast.yann)) == so_far
    assert widened(desk, second, To(AudienceKind.AGENCY, agency=cast.b)) == so_far


def test_longer_is_new_and_not_longer_is_not(desk: Desk) -> None:
    record, b = desk.note(), To(AudienceKind.AGENCY, agency=desk.cast.b)
    end = NOW() + TOMORROW
    desk.release(record, b, until=end)
    assert widened(desk, record, b) == ["the whole agency"]
    assert widened(desk, record, b, end + TOMORROW) == ["the whole agency"]
    assert widened(desk, record, b, end) is None
    assert widened(desk, record, b, end - timedelta(hours=1)) is None
    assert preview(desk, record, b).gained[0].so_far[0].until == end


def test_a_shorter_release_to_the_same_says_that_it_shortens(desk: Desk, as_: Any, api_as: Any) -> None:
    """Releasing again closes the earlier: an earlier end takes something away."""
    cast, record, b = desk.cast, desk.note(), To(AudienceKind.AGENCY, agency=desk.cast.b)
    end = NOW() + TOMORROW
    desk.release(record, b, until=end)
    for until, shortens in ((end - timedelta(hours=1), True), (end, False), (end + TOMORROW, False), (None, False)):
        assert (preview(desk, record, b, until).shortens is not None) == shortens
    assert preview(desk, record, officer(cast.yann), end - timedelta(hours=1)).shortens is None, "another audience"
    soon = timezone.localtime(NOW() + timedelta(hours=1), cast.a1.zone)
    sent = {"to": f"{cast.art7.pk}|agency|{cast.b.pk}", "purpose": "coordination", "until": f"{soon:%Y-%m-%dT%H:%M}"}
    page = as_(cast.xenia).post(reverse("sharing:record-release", args=[record.pk]), sent).content.decode()
    assert "It takes the place of the release to the same until" in page
    body = {"audience": "agency", "agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    answer = api_as(cast.xenia).send(
        "POST", f"/records/{record.pk}/release-preview/", {**body, "until": soon.isoformat()}
    )
    assert answer.json()["shortens"]["part"] == "the whole agency"


def test_an_end_that_is_over_reaches_nobody(desk: Desk) -> None:
    found = preview(desk, desk.note(), To(AudienceKind.AGENCY, agency=desk.cast.b), NOW() - TOMORROW)
    assert [reader.sentence for reader in found.blocked] == ["The release has run out"]


def test_page_and_api_say_what_it_was_so_far(desk: Desk, lake: Unit, as_: Any, api_as: Any) -> None:
    cast, record = desk.cast, desk.note()
    desk.release(record, To.of_unit(lake), until=NOW() + TOMORROW)
    sent = {"to": f"{cast.art7.pk}|agency|{cast.b.pk}", "purpose": Purpose.COORDINATION.value}
    page = as_(cast.xenia).post(reverse("sharing:record-release", args=[record.pk]), sent).content.decode()
    assert "the whole agency: Art. 7 of the X–Y Treaty, one agency; so far only Lake post until" in page
    assert "sees it already" not in page
    body = {"audience": "agency", "agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    url = f"/records/{record.pk}/release-preview/"
    told = api_as(cast.xenia).send("POST", url, body).json()
    assert [part["part"] for part in told["gained"][0]["so_far"]] == ["Lake post"]
    assert told["already"] == []
    body = {"audience": "unit", "unit": str(lake.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    soon = (NOW() + timedelta(hours=1)).isoformat()
    assert len(api_as(cast.xenia).send("POST", url, {**body, "until": soon}).json()["already"]) == 1
    assert len(api_as(cast.xenia).send("POST", url, body).json()["gained"]) == 1
