"""The pages, as people meet them: own writers, partners, third states, and what goes wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import new_key
from agreements.sharing.actions import compartments
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Opening
from intel.reports import actions
from intel.reports.models import Report
from intel.reports.views import PAGE
from portal.audit.models import Entry
from tests.answers import text_of
from tests.intel.reports.conftest import RED, Bureau
from tests.operations.planning.conftest import Desk, suspend

LIST, CREATE = "/intel/reports/", "/intel/reports/new/"


def at(name: str, row: Report) -> str:
    return reverse(f"reports:report-{name}", args=[row.pk])


def posted(**values: Any) -> dict[str, Any]:
    return {
        "key": str(new_key()),
        "title": "Vans at the bridge",
        "summary": "Two vans wait each night.",
        "body": "Grey, no plates.",
        "scheme": "nato",
        "source_grade": "nato:B",
        "information_grade": "nato:3",
        "occurred_at": "2026-03-02T21:40",
        "zone": "Europe/Zurich",
        "position": "47.66, 9.17",
        "categories": ["operational"],
        "classification": "1",
        "tlp": "2",
        **values,
    }


def test_write_by_the_form_twice_sent_once_made(bureau: Bureau, as_: Any) -> None:
    client, data = as_(bureau.cast.ada), posted(handling_codes=["H1", "H3"], handling_note="Ask the desk.")
    answers = [client.post(CREATE, data) for _ in range(2)]
    row = Report.objects.get()
    assert {answer["Location"] for answer in answers} == {at("detail", row)}
    assert row.record.occurred_at == datetime(2026, 3, 2, 20, 40, tzinfo=UTC)
    assert (row.grade, row.record.latitude, row.record.handling_codes) == ("B3", 47.66, ["H1", "H3"])
    shown = client.get(at("detail", row)).content.decode()
    for words in (
        "Usually reliable",
        "Possibly true",
        "Ask the desk.",
        "H1 – not in judicial",
        "Who sees this",
        "Held",
    ):
        assert words in shown, words


def test_the_form_says_who_will_read_it(bureau: Bureau, desk: Desk, as_: Any) -> None:
    client, operation = as_(bureau.cast.ada), desk.joined()
    form = client.get(CREATE, {"operation": str(operation.pk)}).content.decode()
    assert f'value="{operation.pk}" selected' in form
    assert "only X1 (own officers) until released, because reports never go out by themselves" in form
    line = client.get(reverse("sharing:audience-line"), {"kind": "report", "tlp": "4", "classification": "1"})
    assert "only you, and officers of your agency named for it until released" in line.content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"summary": "x" * 1001}, "at most 1000 characters"),
        ({"body": "y" * 20_001}, "at most 20000 characters"),
        ({"body": "PK\x03\x04\x00binary"}, "Null characters are not allowed"),
        ({"source_grade": "eu4x4:B"}, "This is a grade of EU 4×4. Choose one of NATO: A, B, C, D, E, F."),
        ({"scheme": "uk5x5x5"}, "This is a grade of NATO. Choose one of UK 5×5×5: 1, 2, 3, 4, 5."),
        ({"information_grade": "nato:9"}, "Select a valid choice"),
        ({"information_grade": ""}, "This field is required"),
        ({"scheme": "stars"}, "Select a valid choice"),
        ({"occurred_at": "2026-03-29T02:30"}, "does not exist on that day"),
        ({"occurred_at": "soon"}, "Give a date and a time"),
        ({"occurred_at": "2099-01-01T00:00"}, "lies in the future"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"position": "north"}, "This is not a position"),
        ({"operation": str(new_key())}, "Select a valid choice"),
        ({"classification": "4"}, "Select a valid choice"),
        ({"handling_codes": ["H3"]}, "H3 needs a note"),
    ],
)
def test_bad_input_is_named_at_its_field_and_kept(bureau: Bureau, as_: Any, values: dict[str, Any], said: str) -> None:
    answer = as_(bureau.cast.ada).post(CREATE, posted(**values))
    assert answer.status_code == 200
    told = answer.content.decode()
    assert said in told
    assert "There is a problem" in told
    assert ("Vans at the bridge" in told) or "title" in values
    assert ("Two vans wait each night." in told) or "summary" in values
    assert not Report.objects.exists()


def test_who_gets_the_forms(bureau: Bureau, as_: Any, client: Any) -> None:
    cast, row = bureau.cast, bureau.shared()
    assert as_(cast.lars).get(CREATE).status_code == 200
    assert client.get(CREATE).status_code == 302
    for name in ("change", "withdraw"):
        for who, status in ((cast.ada, 200), (cast.lars, 200), (cast.xenia, 403), (bureau.yvo, 403), (cast.anton, 403)):
            assert as_(who).get(at(name, row)).status_code == status, (name, who)
        denied = as_(bureau.yvo).get(at(name, row)).content.decode()
        assert "Only X1 changes or withdraws its reports" in denied


def test_both_sides_read_it_and_a_third_finds_nothing(bureau: Bureau, as_: Any) -> None:
    cast, row = bureau.cast, bureau.shared()
    own = as_(cast.lars).get(at("detail", row)).content.decode()
    theirs = text_of(as_(bureau.yvo).get(at("detail", row)))
    assert "Who sees this" in own
    assert "Ada" in own
    assert "Why do I see this" in theirs
    assert "Art. 7 of the X–Y Treaty" in theirs
    assert "Ada" not in theirs
    assert at("change", row) not in theirs
    for who in (cast.zoe, cast.aldo):
        for name in ("detail", "geojson"):
            assert as_(who).get(at(name, row)).status_code == 404
        assert "Boats at night" not in as_(who).get(LIST, {"q": "boats"}).content.decode()
    # Without the view permission of the kind there are no reports at all (R1).
    for who in (cast.tara, cast.anton):
        assert as_(who).get(LIST).status_code == as_(who).get(at("detail", row)).status_code == 403
    suspend(cast)
    assert as_(bureau.yvo).get(at("detail", row)).status_code == 404
    assert "Boats at night" not in as_(bureau.yvo).get(LIST).content.decode()


def test_a_red_report_is_nobodys_but_its_authors(bureau: Bureau, as_: Any) -> None:
    cast, row = bureau.cast, bureau.write(title="Who pays", marking=RED)
    assert as_(cast.ada).get(at("detail", row)).status_code == 200
    for who in (cast.xenia, cast.lars, cast.arno, bureau.yvo):
        assert as_(who).get(at("detail", row)).status_code == 404
        assert "Who pays" not in as_(who).get(LIST).content.decode()
        assert "Who pays" not in as_(who).get("/").content.decode()


def test_disclosure_is_written_and_opening_remembered(bureau: Bureau, as_: Any) -> None:
    row = bureau.shared()
    release = row.record.releases.get(clause__isnull=False)
    as_(bureau.yvo).get(at("detail", row))
    entry = Entry.objects.filter(verb="record.disclose").latest("pk")
    told = {"record": str(row.pk), "release": str(release.pk), "clause": str(bureau.cast.art7.pk)}
    assert entry.records == [told]
    as_(bureau.cast.lars).get(at("detail", row))
    assert Opening.objects.get().appointment == bureau.yvo


def test_a_hidden_operation_is_not_named(bureau: Bureau, desk: Desk, as_: Any) -> None:
    operation = desk.plan(name="Secret name")
    row = bureau.shared(operation=operation.record)
    for path in (LIST, at("detail", row)):
        assert "Secret name" in as_(bureau.cast.ada).get(path).content.decode()
        theirs = as_(bureau.yvo).get(path).content.decode()
        assert "Boats at night" in theirs
        assert "Secret name" not in theirs
        assert str(operation.pk) not in theirs
    assert as_(bureau.yvo).get(LIST, {"operation": str(operation.pk)}).content.decode().count("Boats at night") == 0


def test_the_panel_on_the_operations_page(bureau: Bureau, desk: Desk, as_: Any) -> None:
    cast, operation = bureau.cast, desk.joined()
    panel = reverse("reports:operation-reports", args=[operation.pk])
    assert panel in as_(cast.xenia).get(reverse("planning:operation-detail", args=[operation.pk])).content.decode()
    assert "No report on it yet" in as_(cast.yann).get(panel).content.decode()
    bureau.write(operation=operation.record, title="Held one")
    bureau.shared(operation=operation.record, title="Given one")
    bureau.shared(title="Of no operation")
    own, theirs = (as_(who).get(panel).content.decode() for who in (cast.ada, cast.yann))
    assert [name in own for name in ("Held one", "Given one", "Of no operation")] == [True, True, False]
    assert [name in theirs for name in ("Held one", "Given one")] == [False, True]
    assert as_(cast.zoe).get(panel).status_code == as_(cast.aldo).get(panel).status_code == 404
    assert as_(cast.anton).get(panel).status_code == 403
    for number in range(5):
        bureau.write(operation=operation.record, title=f"More {number}")
    assert f"{LIST}?operation={operation.pk}" in as_(cast.ada).get(panel).content.decode()


def test_change_by_the_form(bureau: Bureau, as_: Any) -> None:
    then = timezone.now() - timedelta(hours=3)
    row = bureau.write(position=(47.6, 9.1), occurred_at=then)
    client, address = as_(bureau.cast.ada), at("change", row)
    form = client.get(address).content.decode()
    for words in ("Boats at night", 'value="nato:B" selected', "47.60000, 9.10000", 'name="version" value="1"'):
        assert words in form, words
    local = then.astimezone(bureau.cast.a1.zone)
    data = posted(version="1", position="47.60000, 9.10000", occurred_at=f"{local:%Y-%m-%dT%H:%M}", title="Boats")
    assert client.post(address, data)["Location"] == at("detail", row)
    row = Report.objects.get()
    assert (row.record.title, row.grade, row.version) == ("Boats", "B3", 2)
    # What was not touched keeps its seconds.
    assert row.record.occurred_at == then
    again = client.post(address, {**data, "title": "Lost"})
    assert again.status_code == 200
    assert "was changed since you read it" in again.content.decode()
    assert 'value="Lost"' in again.content.decode()
    assert client.post(address, posted(version="2", title="")).status_code == 200
    assert Report.objects.get().record.title == "Boats"


def test_withdraw_by_the_form(bureau: Bureau, as_: Any) -> None:
    row = bureau.shared()
    client, address = as_(bureau.cast.ada), at("withdraw", row)
    assert "cannot be undone" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 200
    assert Report.objects.get().state == "issued"
    assert client.post(address, {"reason": "A hoax."})["Location"] == at("detail", row)
    shown = client.get(at("detail", row)).content.decode()
    assert "stop using it" in shown
    assert "A hoax." in shown
    assert reverse("sharing:record-release", args=[row.pk]) not in shown
    assert client.get(reverse("sharing:record-release", args=[row.pk])).status_code == 403
    assert client.get(address).status_code == client.get(at("change", row)).status_code == 403
    assert as_(bureau.yvo).get(at("detail", row)).status_code == 404


def test_filters_stand_in_the_address(bureau: Bureau, desk: Desk, as_: Any) -> None:
    cast, operation = bureau.cast, desk.plan()
    old = timezone.now() - timedelta(days=40)
    bureau.write(title="Alpha", operation=operation.record)
    bureau.write(title="Bravo", scheme="eu4x4", source_grade="B", information_grade="2", occurred_at=old)
    bureau.write(title="Charlie", marking=Marking(["operational"], 2, Tlp.GREEN.value), body="A ferry.")
    theirs = bureau.write(by=bureau.yvo, title="Delta")
    bureau.release(theirs, To(AudienceKind.AGENCY, agency=cast.a1), by=bureau.yvo)
    actions.withdraw(report=bureau.write(title="Echo"), by=cast.ada, reason="Wrong.")
    client, names = as_(cast.ada), ("Alpha", "Bravo", "Charlie", "Delta", "Echo")

    def found(**query: str) -> list[str]:
        answer = client.get(LIST, query)
        assert answer.status_code == 200
        return [name for name in names if f">{name}<" in answer.content.decode()]

    day = f"{timezone.localdate() - timedelta(days=20)}"
    assert found() == list(names)
    assert found(q="ferry") == ["Charlie"]
    assert found(source_grade="eu4x4:B") == ["Bravo"]
    assert found(source_grade="nato:B", information_grade="nato:2") == ["Alpha", "Charlie", "Delta", "Echo"]
    assert found(classification="2") == found(tlp="1") == ["Charlie"]
    assert found(owner=str(cast.b.pk)) == ["Delta"]
    assert found(operation=str(operation.pk)) == ["Alpha"]
    assert found(state="withdrawn") == ["Echo"]
    assert found(till=day) == ["Bravo"]
    assert found(since=day, state="issued") == ["Alpha", "Charlie", "Delta"]
    for bad in ({"since": "2026-02-01", "till": "2026-01-01"}, {"owner": str(new_key())}, {"source_grade": "nato:Z"}):
        assert found(**bad) == []
        assert "A filter is not valid" in client.get(LIST, bad).content.decode()
    assert "No report matches" in client.get(LIST, {"q": "nothing"}).content.decode()
    # An agency of which the reader sees no report is no choice.
    assert str(cast.a1.pk) not in as_(cast.zoe).get(LIST).content.decode()


def test_pages_follow_one_another(bureau: Bureau, as_: Any) -> None:
    then = timezone.now() - timedelta(days=1)
    for number in range(PAGE + 2):
        bureau.write(title=f"Report-{number:02}", occurred_at=then)
    client = as_(bureau.cast.ada)
    first = client.get(LIST).content.decode()
    query = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(LIST + query).content.decode()
    shown = [[f"Report-{n:02}" for n in range(PAGE + 2) if f"Report-{n:02}<" in text] for text in (first, second)]
    assert [len(rows) for rows in shown] == [PAGE, 2]
    assert not set(shown[0]) & set(shown[1])
    assert client.get(LIST, {"before": "nonsense"}).status_code == 200


def test_reach_is_told_to_the_owner_alone(bureau: Bureau, as_: Any) -> None:
    bureau.shared()
    assert "Released" in as_(bureau.cast.ada).get(LIST).content.decode()
    theirs = as_(bureau.yvo).get(LIST).content.decode()
    assert "Shared with us" in theirs
    assert "Released" not in theirs


def test_the_map_goes_through_the_same_door(bureau: Bureau, as_: Any) -> None:
    row = bureau.shared(position=(47.6, 9.1))
    feature = as_(bureau.yvo).get(at("geojson", row)).json()["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [9.1, 47.6]}
    nowhere = bureau.write()
    assert as_(bureau.cast.ada).get(at("geojson", nowhere)).json()["features"] == []


def test_the_menu_and_home_lead_to_reports(bureau: Bureau, as_: Any) -> None:
    bureau.write()
    home = as_(bureau.cast.ada).get("/").content.decode()
    assert f'href="{LIST}"' in home
    assert "?kind=report" in home
    for who in (bureau.cast.anton, bureau.cast.tara):
        assert f'href="{LIST}"' not in as_(who).get("/").content.decode()


def test_the_same_number_of_queries_for_one_row_and_four(bureau: Bureau, desk: Desk, as_: Any) -> None:
    operation, counts = desk.joined(), []
    panel = reverse("reports:operation-reports", args=[operation.pk])
    row = bureau.shared(operation=operation.record)
    clients = [as_(bureau.cast.ada), as_(bureau.cast.yann)]
    for _ in range(2):
        for client in clients:
            for path in (LIST, panel, at("detail", row)):
                with CaptureQueriesContext(connection) as found:
                    assert client.get(path).status_code == 200
                counts.append(len(found))
        for number in range(3):
            bureau.shared(operation=operation.record, title=f"More {number}")
    half = len(counts) // 2
    assert counts[:half] == counts[half:]


def test_written_into_a_compartment(bureau: Bureau, as_: Any) -> None:
    cast = bureau.cast
    room = compartments.open_compartment(name="Case Heron", by=cast.ada)
    client = as_(cast.ada)
    assert "Case Heron" in client.get(CREATE).content.decode()
    assert "Confine to" not in as_(cast.lars).get(CREATE).content.decode()
    assert client.post(CREATE, posted(compartment=str(room.pk))).status_code == 302
    row = Report.objects.get()
    assert row.record.compartment == room
    assert client.get(at("detail", row)).status_code == 200
    assert as_(cast.lars).get(at("detail", row)).status_code == 404
    hidden = as_(cast.lars).post(CREATE, posted(compartment=str(room.pk)))
    # The field is not there for who is inside none: nothing is confined, and nothing is told.
    assert "Case Heron" not in hidden.content.decode()
