"""Serious incidents go outside the chain of command; who is concerned changes nothing; the form asks."""

import pytest

from agreements.sharing.actions import naming, records
from agreements.sharing.actions.records import marking_of
from agreements.sharing.choices import Tlp
from operations.incidents import sense
from operations.incidents.actions import serious
from operations.incidents.choices import SeriousKind
from operations.incidents.models import SeriousIncident
from portal.ui.errors import Refused
from tests.operations.incidents.conftest import Watch
from tests.operations.planning.conftest import Desk, sees


def readers(watch: Watch, row: SeriousIncident) -> set[str]:
    people = {**watch.cast.people, "otto": watch.otto}
    return {name for name, who in people.items() if sees(who, row)}


def test_without_a_name_it_goes_to_the_auditor_and_past_the_commander(watch: Watch) -> None:
    assert readers(watch, watch.tell()) == {"anton", "arno"}


def test_it_goes_to_whom_the_operation_names(watch: Watch, desk: Desk) -> None:
    cast, operation = watch.cast, desk.joined().record
    serious.name_recipient(operation=operation, appointment=cast.ada, by=cast.xenia)
    assert readers(watch, watch.tell(operation=operation)) == {"anton", "ada"}
    # Whom it concerns is told nothing, named or not.
    assert readers(watch, watch.tell(operation=operation, concerns=[cast.ada])) == {"anton", "arno"}


def test_who_names_whom(watch: Watch, desk: Desk) -> None:
    cast, operation = watch.cast, desk.joined().record
    with pytest.raises(Refused, match="outside the chain"):
        serious.name_recipient(operation=operation, appointment=cast.xenia, by=cast.xenia)
    with pytest.raises(Refused, match="of your agency"):
        serious.name_recipient(operation=operation, appointment=cast.yann, by=cast.xenia)
    with pytest.raises(Refused, match="role does not permit"):
        serious.name_recipient(operation=operation, appointment=cast.ada, by=cast.lars)
    with pytest.raises(Refused, match="no such record"):
        serious.name_recipient(operation=operation, appointment=cast.zoe, by=cast.zoe)
    serious.name_recipient(operation=operation, appointment=cast.yann, by=cast.yara)
    # Of the own agency alone: b's own are not told of a1's.
    assert readers(watch, watch.tell(operation=operation)) == {"anton", "arno"}


def test_where_nobody_could_read_it_it_is_not_saved(watch: Watch) -> None:
    with pytest.raises(Refused, match="no auditor"):
        watch.tell(by=watch.cast.yann)
    with pytest.raises(Refused, match="no auditor"):
        watch.tell(concerns=[watch.cast.arno])
    assert not SeriousIncident.objects.exists()


def test_nothing_widens_it(watch: Watch) -> None:
    """Not even its author, an analyst who may mark and release, opens it to the chain of command."""
    row = watch.tell(by=watch.cast.ada, concerns=[watch.cast.xenia])
    open_marking = marking_of(row.record)
    open_marking.tlp = Tlp.AMBER.value
    with pytest.raises(Refused, match="stays TLP:RED"):
        records.mark(record=row.record, marking=open_marking, by=watch.cast.ada)
    with pytest.raises(Refused, match="named for it alone"):
        naming.name_officer(record=row.record, appointment=watch.cast.xenia, by=watch.cast.ada)
    with pytest.raises(Refused):
        watch.release(row)
    assert readers(watch, row) == {"ada", "arno"}


def test_taken_up_and_closed_by_who_was_told(watch: Watch) -> None:
    cast, row = watch.cast, watch.tell(concerns=[watch.cast.lars])
    with pytest.raises(Refused, match="You told it"):
        serious.take(serious=row, by=cast.anton)
    with pytest.raises(Refused, match="no such record"):
        serious.take(serious=row, by=cast.lars)
    with pytest.raises(Refused, match="took it up closes"):
        serious.close(serious=row, by=cast.arno, finding="Nothing.")
    row = serious.take(serious=row, by=cast.arno)
    with pytest.raises(Refused, match="what was found"):
        serious.close(serious=row, by=cast.arno, finding=" ")
    row = serious.close(serious=row, by=cast.arno, finding="A fall.")
    assert row.state == "closed"
    with pytest.raises(Refused, match="closed"):
        serious.take(serious=row, by=cast.arno)


def test_who_may_tell(watch: Watch) -> None:
    with pytest.raises(Refused, match="role does not permit"):
        watch.tell(by=watch.cast.arno)
    with pytest.raises(Refused, match="own agency"):
        watch.tell(concerns=[watch.cast.yann])


def test_it_asks_where_category_and_text_disagree(watch: Watch) -> None:
    with pytest.raises(Refused) as asked:
        watch.tell(kind="other", account="Two shots were fired at the van.")
    assert (asked.value.code, asked.value.field) == ("ask", "sure")
    assert "use of a firearm" in asked.value.message
    assert watch.tell(kind="other", account="Two shots were fired at the van.", sure=True)


@pytest.mark.parametrize(
    ("kind", "text", "asks"),
    [
        ("injury", "A man was injured.", False),
        ("injury", "Nobody was injured.", True),
        ("injury", "The man was injured and died in hospital.", True),
        ("death", "The man was injured and died in hospital.", False),
        ("firearm", "An officer fired his pistol.", False),
        ("force", "He was struck with a baton.", False),
        ("force", "He walked away.", True),
        ("rights", "They were pushed back over the river.", False),
        ("other", "A window broke.", False),
        ("other", "No shot was fired.", False),
    ],
)
def test_the_question(kind: str, text: str, asks: bool) -> None:
    assert bool(sense.question(kind, text)) == asks, sense.question(kind, text)


def test_every_category_can_be_asked_about() -> None:
    assert set(sense.SPEAKS) == set(SeriousKind.values) - {"other"}


def test_an_ordinary_report_is_asked_about_too() -> None:
    assert "shot" in sense.serious_question("One shot was heard.")
    assert sense.serious_question("A barge passed.") == ""
