"""Units and functions of an agency as audiences (R4), at release and at reading."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, Unit
from agreements.alerts.models import Alert
from agreements.register.choices import Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Audience, Record
from agreements.sharing.offers import offers_for
from agreements.sharing.policy import access, agencies_that_see, decide
from portal.outbox.sweeping import sweep
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import Desk, sees
from tests.conftest import Cast, make_appointment

NOW = timezone.now


@pytest.fixture
def lake(cast: Cast) -> Unit:
    """A unit of b. Yann is posted there, Yara is not."""
    row = Unit.objects.create(agency=cast.b, name="Lake post")
    post(cast.yann, row)
    return row


def post(who: Appointment, unit: Unit | None) -> None:
    Appointment.objects.filter(pk=who.pk).update(unit=unit)
    who.unit = unit


def function(cast: Cast, of: Appointment) -> To:
    return To(AudienceKind.FUNCTION, agency=of.agency, function=of.function)


def test_a_unit_sees_what_is_meant_for_it_and_nobody_else(desk: Desk, lake: Unit) -> None:
    record = desk.note()
    desk.release(record, To.of_unit(lake))
    cast = desk.cast
    assert sees(cast.yann, record)
    for who in (cast.yara, cast.yusuf, cast.zoe, cast.aldo):
        assert not sees(who, record)
    ground = decide(access(cast.yann, NOW()), record).grounds[0]
    assert "to your unit" in ground.sentence
    post(cast.yann, None)
    assert not sees(cast.yann, record)
    post(cast.yara, lake)
    assert sees(cast.yara, record)


def test_a_function_is_whoever_has_it(desk: Desk) -> None:
    cast = desk.cast
    Appointment.objects.filter(pk=cast.yann.pk).update(title="Duty officer")
    cast.yann.refresh_from_db()
    record = desk.note()
    desk.release(record, function(cast, cast.yann))
    assert sees(cast.yann, record)
    assert not sees(cast.yara, record)
    assert "your function, Duty officer" in decide(access(cast.yann, NOW()), record).grounds[0].sentence
    # A successor has it, the predecessor no more; the same words at another agency mean nothing.
    successor = make_appointment("yola", cast.b, cast.yann.role, title="Duty officer")
    stranger = make_appointment("zita", cast.c, cast.yann.role, title="Duty officer")
    Appointment.objects.filter(pk=cast.yann.pk).update(ended_at=NOW() - timedelta(minutes=1))
    cast.yann.refresh_from_db()
    assert sees(successor, record)
    assert not sees(cast.yann, record)
    assert not sees(stranger, record)


@pytest.mark.parametrize("kind", ["unit", "function"])
@pytest.mark.parametrize(("tlp", "reaches"), [(Tlp.AMBER_STRICT, True), (Tlp.RED, False)])
def test_as_far_as_a_named_agency(desk: Desk, lake: Unit, kind: str, tlp: Tlp, reaches: bool) -> None:
    """R7: AMBER+STRICT travels to a unit and a function, RED to named officers only."""
    to = To.of_unit(lake) if kind == "unit" else function(desk.cast, desk.cast.yann)
    record = desk.note(tlp=tlp.value)
    if reaches:
        desk.release(record, to)
        assert sees(desk.cast.yann, record)
        Record.objects.filter(pk=record.pk).update(tlp=Tlp.RED)
        assert not sees(desk.cast.yann, record)
    else:
        with pytest.raises(Refused, match="does not travel"):
            desk.release(record, to)


def test_what_comes_before_the_channel_stays_closed(desk: Desk, lake: Unit) -> None:
    """R15: as for any audience of parties, agencies or circles."""
    record = desk.note()
    row = desk.release(record, To.of_unit(lake))
    type(row).objects.filter(pk=row.pk).update(released_at=NOW() - timedelta(days=4000))
    assert not sees(desk.cast.yann, record)


def test_neither_is_made_up(desk: Desk, lake: Unit) -> None:
    cast = desk.cast
    for to, field in (
        (To(AudienceKind.FUNCTION, agency=cast.b, function="Nobody's"), "function"),
        (To(AudienceKind.UNIT, agency=cast.a2, unit=lake), "clause"),
    ):
        with pytest.raises(Refused) as refused:
            desk.release(desk.note(), to)
        assert refused.value.field == field
    Unit.objects.filter(pk=lake.pk).update(closed_at=NOW())
    lake.refresh_from_db()
    with pytest.raises(Refused, match="no such unit"):
        desk.release(desk.note(), To.of_unit(lake))


def test_of_an_agency_without_a_channel_nothing_is_told(desk: Desk) -> None:
    """Whether c has such a function is not said: there is no way to it at all (R18)."""
    said = set()
    for words in ("Commander", "Nobody's"):
        with pytest.raises(Refused) as refused:
            desk.release(desk.note(), To(AudienceKind.FUNCTION, agency=desk.cast.c, function=words))
        said.add(refused.value.message)
    assert len(said) == 1


def test_offers_name_units_and_functions_of_partners(desk: Desk, lake: Unit) -> None:
    record = desk.note(tlp=Tlp.AMBER_STRICT.value)
    found = offers_for(desk.cast.xenia, record, NOW(), kind=record.kind)
    by_kind = {offer.to.kind for offer in found.fits}
    assert {AudienceKind.UNIT, AudienceKind.FUNCTION} <= by_kind
    assert AudienceKind.PARTY not in by_kind
    words = [offer.words for offer in found.fits if offer.to.kind == AudienceKind.FUNCTION]
    assert words == sorted(words)
    assert all("Lake post" in o.words for o in found.fits if o.to.kind == AudienceKind.UNIT)
    assert len({offer.value for offer in found.fits}) == len(found.fits)


def test_the_page_releases_to_a_unit(desk: Desk, lake: Unit, as_: Any) -> None:
    record = desk.note()
    url = reverse("sharing:record-release", args=[record.pk])
    client = as_(desk.cast.xenia)
    value = next(v for _, group in client.get(url).context["offers"].choices() for v, w in group if "Lake post" in w)
    sent = {"to": value, "purpose": Purpose.COORDINATION.value}
    previewed = f"{value}|{Purpose.COORDINATION.value}|"
    assert client.post(url, sent).context["preview"].gained[0].agency == desk.cast.b
    assert client.post(url, {**sent, "previewed": previewed}).status_code == 302
    assert sees(desk.cast.yann, record)
    page = client.get(reverse("sharing:record-who", args=[record.pk])).content.decode()
    assert "Lake post" in page


def test_parts_of_agencies_are_folded_until_one_is_chosen(desk: Desk, lake: Unit, as_: Any) -> None:
    record, client = desk.note(), as_(desk.cast.xenia)
    url = reverse("sharing:record-release", args=[record.pk])

    def folds(page: Any) -> tuple[str, list[str]]:
        """What stands before the first fold, and each fold from its opening tag on."""
        before, *found = page.content.decode().split('<details class="choices-folded"')
        return before, found

    before, found = folds(client.get(url))
    assert "Y1 (YY)" in before
    assert "Lake post" not in before
    assert "Lake post" in found[0]
    assert not any(fold.startswith(" open") for fold in found)
    value = next(v for _, group in client.get(url).context["offers"].choices() for v, w in group if "Lake post" in w)
    _, found = folds(client.post(url, {"to": value, "purpose": Purpose.COORDINATION.value}))
    assert [fold.startswith(" open") for fold in found] == [value in fold for fold in found]
    assert sum(fold.startswith(" open") for fold in found) == 1


def test_where_only_officers_can_be_chosen_nothing_is_folded(desk: Desk, as_: Any) -> None:
    record = desk.note(tlp=Tlp.RED)
    page = as_(desk.cast.xenia).get(reverse("sharing:record-release", args=[record.pk])).content.decode()
    assert "One officer:" in page
    assert "choices-folded" not in page


def test_the_list_of_releases_names_audiences_as_the_form_does(desk: Desk, lake: Unit, as_: Any) -> None:
    """One officer, and nobody who comes after, is not read as whoever has the function."""
    cast, client = desk.cast, as_(desk.cast.xenia)
    audiences = {
        "One officer: Liaison officer, Y1 (YY)": To(AudienceKind.OFFICER, appointment=cast.yann),
        "Whoever is Liaison officer, Y1 (YY)": function(cast, cast.yann),
        "Unit: Lake post, Y1 (YY)": To.of_unit(lake),
    }
    for said, to in audiences.items():
        record = desk.note()
        words = [w for _, group in offers_for(cast.xenia, record, NOW(), kind=record.kind).choices() for _, w in group]
        assert any(said in w for w in words), words
        desk.release(record, to)
        page = client.get(reverse("sharing:record-who", args=[record.pk])).content.decode()
        listed = page.partition("<summary>Releases: 1</summary>")[2].partition("</li>")[0]
        assert f": {said}</span>" in " ".join(listed.split()), listed
        assert Audience.objects.get(kind=to.kind, clause=cast.art7).words == said


def test_the_api_releases_to_both(desk: Desk, lake: Unit, api_as: Any) -> None:
    record, cast = desk.note(), desk.cast
    client = api_as(cast.xenia)
    offers = client.get(f"/api/v1/records/{record.pk}/offers/").json()["fits"]
    for kind in ("unit", "function"):
        offer = next(row for row in offers if row["audience"] == kind)
        body = {name: offer[name] for name in ("audience", "agency", "unit", "function", "clause") if offer[name]}
        body["purpose"] = Purpose.COORDINATION.value
        answer = client.send("POST", f"/records/{record.pk}/releases/", body)
        assert answer.status_code == 201, answer.content
        assert answer.json()[kind] == offer[kind]
    wrong = {"audience": "function", "agency": str(cast.b.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    answer = client.send("POST", f"/records/{record.pk}/releases/", wrong)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "function"
    hidden = Unit.objects.create(agency=cast.c, name="Far away")
    body = {"audience": "unit", "unit": str(hidden.pk), "clause": str(cast.art7.pk), "purpose": "coordination"}
    assert client.send("POST", f"/records/{record.pk}/releases/", body).status_code == 400


def test_the_policy_names_the_agency_only(desk: Desk, lake: Unit) -> None:
    """The owner learns that b sees it, not who is posted there (R26)."""
    record = desk.note()
    desk.release(record, To.of_unit(lake))
    rows = record.releases.standing().with_audience()
    seeing = agencies_that_see(record, rows, NOW())
    assert desk.cast.b in seeing
    assert "Lake post" in seeing[desk.cast.b].sentence


def test_only_those_meant_are_alerted(desk: Desk, lake: Unit) -> None:
    desk.release(desk.note(), To.of_unit(lake))
    while sweep():
        pass
    alerted = set(Alert.objects.values_list("appointment__officer__username", flat=True))
    assert alerted == {"yann"}


def test_an_audience_is_made_once(desk: Desk, lake: Unit) -> None:
    for _ in range(2):
        desk.release(desk.note(), To.of_unit(lake))
        desk.release(desk.note(), function(desk.cast, desk.cast.yann))
    assert Audience.objects.filter(kind__in=["unit", "function"]).count() == 2
    row = Audience.objects.get(kind="unit")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.pk, row._state.adding = None, True
        Audience.objects.create(kind=row.kind, clause=row.clause, agency=row.agency, unit=row.unit, group=row.group)


def test_revoked_is_closed(desk: Desk, lake: Unit) -> None:
    record = desk.note()
    row = desk.release(record, To.of_unit(lake))
    releases.revoke(release=row, by=desk.cast.xenia)
    assert not sees(desk.cast.yann, record)
