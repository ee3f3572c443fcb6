"""A record that cites others takes their strictest TLP, REL TO, codes and onward rule (R12)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agreements.citations import actions
from agreements.citations.models import Citation
from agreements.citations.strictest import is_as_strict, stricter
from agreements.onward import actions as onward
from agreements.register.choices import Onward, Purpose
from agreements.register.models import Clause
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import access, ways_onward
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.agreements.onward.conftest import Road, api_as, desk, note_kind, road
from tests.agreements.sharing.conftest import Desk, sees

__all__ = ["api_as", "desk", "note_kind", "road"]
NOW = timezone.now

markings = st.builds(
    Marking,
    tlp=st.integers(0, 4),
    rel_to=st.none() | st.lists(st.sampled_from(["XX", "YY", "ZZ"]), unique=True),
    display_only=st.booleans(),
    handling_codes=st.lists(st.sampled_from(["H1", "H2", "H3"]), unique=True),
    handling_note=st.sampled_from(["", "a", "b"]),
)


@given(markings, markings, markings)
def test_the_strictest_is_as_strict_as_each_and_no_stricter_than_all(
    one: Marking, two: Marking, three: Marking
) -> None:
    both = stricter(one, two)
    assert not is_as_strict(both, one)
    assert not is_as_strict(both, two)
    assert both.tlp in (one.tlp, two.tlp)
    assert set(both.handling_codes) == {*one.handling_codes, *two.handling_codes}
    assert stricter(both, two) == both
    left, right = stricter(stricter(one, two), three), stricter(one, stricter(two, three))
    assert (left.tlp, left.rel_to and set(left.rel_to), left.display_only) == (
        right.tlp, right.rel_to and set(right.rel_to), right.display_only
    )  # fmt: skip


def test_it_takes_the_strictest_terms(desk: Desk) -> None:
    source = desk.note(tlp=Tlp.AMBER_STRICT.value, handling_codes=["H1"], rel_to=["YY"])
    record = desk.note(tlp=Tlp.GREEN.value, handling_codes=["H3"], handling_note="Ask first.")
    actions.cite(record=record, source=source, by=desk.cast.lars)
    record.refresh_from_db()
    assert (record.tlp, record.rel_to, sorted(record.handling_codes)) == (Tlp.AMBER_STRICT, ["YY"], ["H1", "H3"])
    assert record.onward == Onward.FREE
    assert Entry.objects.filter(verb="record.cite", subject_id=str(record.pk)).count() == 1


def test_never_marked_more_loosely_than_what_it_cites(desk: Desk) -> None:
    source, record = desk.note(handling_codes=["H1"]), desk.note()
    row = actions.cite(record=record, source=source, by=desk.cast.xenia)
    record.refresh_from_db()
    loose = marking_of(record)
    loose.handling_codes = []
    with pytest.raises(Refused, match="stricter: handling code H1"):
        records.mark(record=record, marking=loose, by=desk.cast.xenia)
    actions.uncite(citation=row, by=desk.cast.xenia)
    assert records.mark(record=record, marking=loose, by=desk.cast.xenia).handling_codes == []


def test_who_loses_it_by_citing(desk: Desk) -> None:
    record = desk.note(tlp=Tlp.AMBER.value)
    desk.release(record, To(AudienceKind.PARTY, country=desk.cast.b.country))
    assert sees(desk.cast.yann, record)
    actions.cite(record=record, source=desk.note(tlp=Tlp.AMBER_STRICT.value), by=desk.cast.xenia)
    assert not sees(desk.cast.yann, record)


def given_on(road: Road, source: Record, **values: Any) -> Record:
    """b writes a record that cites a1's."""
    record = road.desk.note(by=road.cast.yara, **values)
    actions.cite(record=record, source=source, by=road.cast.yara)
    record.refresh_from_db()
    return record


def to_c(road: Road, record: Record, **values: Any) -> Any:
    terms = {"to": road.to_c, "clause": road.art9, "purpose": Purpose.COORDINATION, **values}
    return releases.release(record=record, by=road.cast.yara, **terms)


@pytest.mark.parametrize("rule", [Onward.FREE, Onward.CONSENT, Onward.NEVER])
def test_its_content_goes_on_as_the_source_may(road: Road, rule: Onward) -> None:
    road.rule(rule)
    record = given_on(road, road.received())
    assert record.onward == rule
    if rule == Onward.FREE:
        to_c(road, record)
        assert sees(road.cast.zoe, record)
        return
    words = "must consent first" if rule == Onward.CONSENT else "may go on to nobody"
    with pytest.raises(Refused, match=words):
        to_c(road, record)
    assert not sees(road.cast.zoe, record)
    # Back to its originator it may always go.
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=road.cast.a1), clause=road.cast.art7,
        purpose=Purpose.COORDINATION, by=road.cast.yara,
    )  # fmt: skip
    assert sees(road.cast.xenia, record)


def test_with_consent_for_the_same_audience_and_no_longer(road: Road) -> None:
    source = road.received()
    record = given_on(road, source)
    asked = road.ask(source)
    end = NOW() + timedelta(days=9)
    onward.consent(request=asked, ends_at=end, by=road.cast.xenia)
    with pytest.raises(Refused) as refused:
        to_c(road, record)
    assert refused.value.field == "until"
    with pytest.raises(Refused, match="must consent first"):
        to_c(road, record, purpose=Purpose.BORDER_OPERATION, until=end)
    to_c(road, record, until=end)
    assert sees(road.cast.zoe, record)


def test_a_receiver_of_what_cites_asks_too(road: Road) -> None:
    """The rule of what is cited travels with the record."""
    road.rule(Onward.NEVER)
    record = given_on(road, road.received())
    Record.objects.filter(pk=record.pk).update(onward=Onward.NEVER)
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=road.cast.a1), clause=road.cast.art7,
        purpose=Purpose.COORDINATION, by=road.cast.yara,
    )  # fmt: skip
    Clause.objects.filter(pk=road.cast.art7.pk).update(onward=Onward.FREE)
    record.refresh_from_db()
    (way,) = ways_onward(access(road.cast.xenia, NOW()), record)
    assert way.rule == Onward.NEVER


def test_a_source_that_closed_closes_the_door(road: Road) -> None:
    road.rule(Onward.FREE)
    source = road.received()
    record = given_on(road, source)
    releases.revoke(release=source.releases.get(clause__isnull=False), by=road.cast.xenia)
    with pytest.raises(Refused, match="closed to your agency now"):
        to_c(road, record)


def test_who_may_not_cite(desk: Desk) -> None:
    cast = desk.cast
    record, theirs = desk.note(), desk.note(by=cast.yann)
    desk.release(theirs, To(AudienceKind.AGENCY, agency=cast.a1), by=cast.yann)
    hidden = desk.note(by=cast.zoe)
    for by, what, of in (
        (cast.xenia, record, hidden), (cast.xenia, record, record), (cast.xenia, theirs, record),
        (cast.yann, record, theirs), (cast.arno, record, theirs), (cast.zoe, record, hidden),
    ):  # fmt: skip
        with pytest.raises(Refused):
            actions.cite(record=what, source=of, by=by)
    assert not Citation.objects.exists()
    row = actions.cite(record=record, source=theirs, by=cast.lars)
    assert actions.cite(record=record, source=theirs, by=cast.xenia).pk == row.pk
    for by in (cast.yann, cast.arno):
        with pytest.raises(Refused):
            actions.uncite(citation=row, by=by)


def test_the_pages_show_the_effect_first(road: Road, as_: Any) -> None:
    cast = road.cast
    source, record = road.received(title="Grey vans", handling_codes=["H1"]), road.desk.note(by=cast.yara, title="Ours")
    client, url = as_(cast.yara), reverse("citations:cite", args=[record.pk])
    assert "Grey vans" in client.get(url, {"q": "grey"}).content.decode()
    shown = client.get(url, {"q": "grey", "source": str(source.pk)}).content.decode()
    assert "with the originator" in shown
    assert "H1" in shown
    assert not Citation.objects.exists()
    assert client.post(url, {"source": str(source.pk)}).status_code == 302
    panel = reverse("citations:record-citations", args=[record.pk])
    assert "Grey vans" in client.get(panel).content.decode()
    assert as_(cast.zoe).get(url, {"q": "grey"}).status_code == 404
    # Who sees the record but not its source learns nothing of the source.
    road.rule(Onward.FREE)
    to_c(road, record)
    told = as_(cast.zoe).get(panel).content.decode()
    assert "Grey vans" not in told
    assert str(source.pk) not in told
    assert as_(cast.zoe).post(reverse("citations:uncite", args=[Citation.objects.get().pk])).status_code == 404
    assert client.post(reverse("citations:uncite", args=[Citation.objects.get().pk])).status_code == 302


def test_the_api(road: Road, api_as: Any) -> None:
    cast = road.cast
    source, record = road.received(), road.desk.note(by=cast.yara)
    yara, url = api_as(cast.yara), f"/records/{record.pk}/citations/"
    made = yara.send("POST", url, {"source": str(source.pk)})
    assert made.status_code == 201
    assert [row["source"] for row in yara.get(f"/api/v1{url}").json()] == [str(source.pk)]
    hidden = road.desk.note(by=cast.xenia)
    assert yara.send("POST", url, {"source": str(hidden.pk)}).status_code == 400
    assert api_as(cast.zoe).get(f"/api/v1{url}").status_code == 404
    assert api_as(cast.xenia).send("DELETE", f"/citations/{made.json()['id']}/").status_code == 404
    assert yara.send("DELETE", f"/citations/{made.json()['id']}/").status_code == 204
