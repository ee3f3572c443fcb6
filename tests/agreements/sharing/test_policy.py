"""The worked examples of the sharing rules and their edges, asked of every form of the decision at once."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Classification
from agencies.directory.roles import Permission
from agreements.register.choices import ActionKind, Category, Purpose
from agreements.register.models import Agreement, Confirmation, Designation, TreatyAction
from agreements.sharing import kinds
from agreements.sharing.actions import circles, orders, records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, CircleKind, Tlp
from agreements.sharing.foresight import foresee_marking
from agreements.sharing.models import Record
from agreements.sharing.policy import access, access_to, agencies_that_see, decide, explain_to_owner
from portal.ui.errors import Refused
from tests.conftest import Cast, make_treaty

PAPER = "paper"


@pytest.fixture(autouse=True)
def paper_kind() -> Any:
    """A kind of record that belongs to no room, so that sharing is tested alone."""
    kinds.register(kinds.Kind(PAPER, "Paper", "Papers", Permission.PATROL_VIEW, "sharing:record-detail"))
    yield
    kinds._KINDS.pop(PAPER)


def sees(who: Appointment, record: Record, at: datetime | None = None) -> bool:
    """The answer of the list, of the feed and of the decision, which must be one."""
    at = at or timezone.now()
    mine = access(who, at)
    listed = Record.objects.visible_to(mine).filter(pk=record.pk).exists()
    assert listed == (record in Record.objects.visible_to(mine).newest(100))
    assert listed == bool(decide(mine, record)) == bool(decide(access_to(record, who, at), record))
    return listed


def paper(by: Appointment, **marking: Any) -> Record:
    values = {"categories": [Category.OPERATIONAL], "classification": 1, "tlp": Tlp.GREEN, **marking}
    return records.create(by=by, kind=PAPER, title="Night patrol", marking=Marking(**values))


def to_all(record: Record, cast: Cast, by: Appointment | None = None) -> Any:
    return releases.release(
        record=record,
        to=To(AudienceKind.ALL_PARTIES),
        clause=cast.art7,
        purpose=Purpose.BORDER_OPERATION,
        by=by or cast.xenia,
    )


def act(cast: Cast, kind: ActionKind, country: str | None, by: Appointment, **values: Any) -> TreatyAction:
    values = {"done_on": timezone.now().date(), **values}
    return TreatyAction.objects.create(
        agreement=cast.art7.agreement,
        kind=kind,
        country_id=country,
        recorded_by=by,
        recorded_for=by.agency.country,
        **values,
    )


def test_own_officers_see_it_and_nobody_else(cast: Cast) -> None:
    record = paper(cast.xenia)
    assert sees(cast.xenia, record)
    assert sees(cast.anton, record)
    assert not sees(cast.aldo, record)
    assert not sees(cast.yann, record)


def test_without_the_view_permission_of_the_kind_nothing_is_seen(cast: Cast) -> None:
    assert not sees(cast.tara, paper(cast.xenia))


def test_release_to_all_parties_reaches_the_bound_and_designated(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    assert sees(cast.yann, record)
    assert not sees(cast.aldo, record)
    assert not sees(cast.zoe, record)


def test_superuser_without_an_appointment_sees_nothing(cast: Cast) -> None:
    assert cast.rita is not None
    assert not Record.objects.visible_to(access(None, timezone.now())).exists()
    assert not cast.rita.has_perm("sharing.view_record", paper(cast.xenia))
    assert cast.xenia.officer.has_perm("sharing.view_record", paper(cast.xenia))


def test_the_reason_names_the_article(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    reason = decide(access(cast.yann, timezone.now()), record).reason
    assert reason == (
        "Art. 7 of the X–Y Treaty, binding both since 1 May 2024; "
        "released by X1 to all receiving parties for border operation"
    )


def test_suspension_closes_at_once_and_for_both_sides(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    act(cast, ActionKind.SUSPENSION, "YY", cast.yusuf)
    assert not sees(cast.yann, record)
    assert sees(cast.xenia, record)


def test_lifting_waits_for_both_sides_and_does_not_restart_the_channel(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    suspension = act(cast, ActionKind.SUSPENSION, "YY", cast.yusuf)
    lifting = act(cast, ActionKind.LIFTING, "YY", cast.yusuf, lifts=suspension)
    assert not sees(cast.yann, record)
    Confirmation.objects.create(action=lifting, country_id="XX", confirmed_by=cast.tara)
    assert sees(cast.yann, record)


def test_a_lifting_that_a_third_party_recorded_counts_between_the_other_two(cast: Cast) -> None:
    article = make_treaty(
        short_name="Of three", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno],
    )  # fmt: skip
    record = paper(cast.xenia)
    terms: dict[str, Any] = {"clause": article, "purpose": Purpose.BORDER_OPERATION, "by": cast.xenia}
    releases.release(record=record, to=To(AudienceKind.ALL_PARTIES), **terms)
    told: dict[str, Any] = {"agreement": article.agreement, "done_on": timezone.now().date()}
    suspension = TreatyAction.objects.create(
        kind=ActionKind.SUSPENSION, country_id="YY", recorded_by=cast.yusuf, recorded_for_id="YY", **told
    )
    assert not sees(cast.yann, record)
    lifting = TreatyAction.objects.create(
        kind=ActionKind.LIFTING, country_id="ZZ", lifts=suspension, recorded_by=cast.zeno, recorded_for_id="ZZ", **told
    )
    for country, admin in (("XX", cast.tara), ("YY", cast.yusuf)):
        assert not sees(cast.yann, record)
        Confirmation.objects.create(action=lifting, country_id=country, confirmed_by=admin)
    assert sees(cast.yann, record)
    assert explain_to_owner(record, cast.b, timezone.now())


def test_raising_the_classification_above_the_ceiling_closes_it(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    record.refresh_from_db()
    secret = Marking(categories=["operational"], classification=Classification.CONFIDENTIAL, tlp=Tlp.GREEN)
    foreseen = foresee_marking(record=record, marking=secret, at=timezone.now())
    assert [agency for agency, _ in foreseen.lost] == [cast.b]
    records.mark(record=record, marking=secret, by=cast.xenia)
    assert not sees(cast.yann, record)
    assert not sees(cast.anton, record)
    assert sees(cast.ada, record)


def test_an_uncovered_category_closes_it(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    both = Marking(categories=["operational", "personal_data"], classification=1, tlp=Tlp.GREEN)
    records.mark(record=record, marking=both, by=cast.xenia)
    assert not sees(cast.yann, record)
    why = explain_to_owner(Record.objects.get(pk=record.pk), cast.b, timezone.now())
    assert why.missing == ("No clause here covers personal data: Art. 7 of the X–Y Treaty does not",)


def test_without_a_clause_no_release_is_made(cast: Cast) -> None:
    record = paper(cast.xenia, categories=["fingerprints"])
    with pytest.raises(Refused, match="covers fingerprints"):
        to_all(record, cast)


def test_without_categories_no_release_is_made(cast: Cast) -> None:
    with pytest.raises(Refused, match="no data category"):
        to_all(paper(cast.xenia, categories=[]), cast)


def test_a_receiver_does_not_release(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    with pytest.raises(Refused, match="Only its owner"):
        to_all(record, cast, by=cast.yann)


def test_a_patrol_leader_of_another_agency_cannot_release_what_is_hidden(cast: Cast) -> None:
    with pytest.raises(Refused, match="Not visible"):
        to_all(paper(cast.xenia), cast, by=cast.zoe)


@pytest.mark.parametrize(
    ("tlp", "kind", "open_"),
    [
        (Tlp.GREEN, AudienceKind.ALL_PARTIES, True),
        (Tlp.AMBER, AudienceKind.ALL_PARTIES, False),
        (Tlp.AMBER, AudienceKind.PARTY, True),
        (Tlp.AMBER_STRICT, AudienceKind.PARTY, False),
        (Tlp.AMBER_STRICT, AudienceKind.AGENCY, True),
        (Tlp.RED, AudienceKind.AGENCY, False),
        (Tlp.RED, AudienceKind.OFFICER, True),
    ],
)
def test_tlp_narrows_the_audience(cast: Cast, tlp: Tlp, kind: AudienceKind, open_: bool) -> None:
    to = {
        AudienceKind.ALL_PARTIES: To(kind),
        AudienceKind.PARTY: To(kind, country=cast.b.country),
        AudienceKind.AGENCY: To(kind, agency=cast.b),
        AudienceKind.OFFICER: To(kind, appointment=cast.yann),
    }[kind]
    record = paper(cast.xenia, tlp=tlp)
    if open_:
        releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)
    else:
        with pytest.raises(Refused, match="does not travel"):
            releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.xenia)
    assert sees(cast.yann, record) == open_


def test_tlp_is_asked_again_at_reading(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    records.mark(record=record, marking=Marking(["operational"], 1, Tlp.AMBER), by=cast.xenia)
    assert not sees(cast.yann, record)
    records.mark(record=record, marking=Marking(["operational"], 1, Tlp.GREEN), by=cast.xenia)
    assert sees(cast.yann, record)


def test_red_is_for_its_author_and_those_named(cast: Cast) -> None:
    record = paper(cast.ada, tlp=Tlp.RED)
    assert sees(cast.ada, record)
    assert not sees(cast.xenia, record)


def test_marking_red_keeps_the_author(cast: Cast) -> None:
    record = paper(cast.ada)
    records.mark(record=record, marking=Marking(["operational"], 1, Tlp.RED), by=cast.ada)
    assert sees(cast.ada, record)
    assert not sees(cast.xenia, record)


def test_marking_another_authors_record_red_is_rolled_back(cast: Cast) -> None:
    record = paper(cast.xenia)
    with pytest.raises(Refused, match="could not see"):
        records.mark(record=record, marking=Marking(["operational"], 1, Tlp.RED), by=cast.ada)
    assert Record.objects.get(pk=record.pk).tlp == Tlp.GREEN


@pytest.mark.parametrize(("rel_to", "open_"), [(None, True), ([], False), (["YY"], True), (["ZZ"], False)])
def test_rel_to_lists_the_parties(cast: Cast, rel_to: list[str] | None, open_: bool) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    records.mark(record=record, marking=Marking(["operational"], 1, Tlp.GREEN, rel_to=rel_to), by=cast.xenia)
    assert sees(cast.yann, record) == open_
    assert sees(cast.anton, record)


def test_clearance_bounds_everybody(cast: Cast) -> None:
    cast.yann.clearance = 0
    cast.yann.save()
    record = paper(cast.xenia)
    to_all(record, cast)
    assert not sees(cast.yann, record)


def test_denunciation_works_when_its_notice_has_run_out(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    last = timezone.now().date() + timedelta(days=180)
    act(cast, ActionKind.DENUNCIATION, "YY", cast.yusuf, effective_on=last + timedelta(days=1))
    zone = ZoneInfo("Europe/Zurich")
    assert sees(cast.yann, record, datetime(last.year, last.month, last.day, 23, 59, tzinfo=zone))
    first = last + timedelta(days=1)
    assert not sees(cast.yann, record, datetime(first.year, first.month, first.day, 0, 0, tzinfo=zone))


def test_a_reservation_takes_its_category_out(cast: Cast) -> None:
    cast.art7.categories = ["operational", "personal_data"]
    cast.art7.save()
    plain, personal = paper(cast.xenia), paper(cast.xenia, categories=["operational", "personal_data"])
    to_all(plain, cast)
    to_all(personal, cast)
    act(cast, ActionKind.RESERVATION, "XX", cast.tara, excludes=["personal_data"])
    assert sees(cast.yann, plain)
    assert not sees(cast.yann, personal)


def test_an_objection_cuts_two_parties_only(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    act(cast, ActionKind.OBJECTION, "XX", cast.tara, counterpart_id="YY")
    assert not sees(cast.yann, record)


def test_accession_does_not_open_the_past(cast: Cast) -> None:
    clause = make_treaty(
        short_name="X–Y–Z",
        countries=["XX", "YY", "ZZ"],
        designated=[cast.a1, cast.b, cast.c],
        bound=["XX", "YY"],
        recorded_by=cast.tara,
        confirmed_by=[cast.yusuf, cast.zeno],
    )
    old = paper(cast.xenia)
    released = releases.release(
        record=old, to=To(AudienceKind.ALL_PARTIES), clause=clause, purpose=Purpose.COORDINATION, by=cast.xenia
    )
    assert sees(cast.yann, old)
    assert not sees(cast.zoe, old)
    released.released_at = timezone.now() - timedelta(days=30)
    released.save(update_fields=["released_at"])
    entry = TreatyAction.objects.create(
        agreement=clause.agreement,
        kind=ActionKind.RATIFICATION,
        country_id="ZZ",
        done_on=timezone.now().date() - timedelta(days=10),
        recorded_by=cast.zeno,
        recorded_for_id="ZZ",
    )
    fresh = paper(cast.xenia)
    for admin in (cast.tara, cast.yusuf):
        Confirmation.objects.create(action=entry, country=admin.agency.country, confirmed_by=admin)
    releases.release(
        record=fresh, to=To(AudienceKind.ALL_PARTIES), clause=clause, purpose=Purpose.COORDINATION, by=cast.xenia
    )
    assert sees(cast.zoe, fresh)
    assert not sees(cast.zoe, old)
    assert sees(cast.yann, old)


def test_a_designation_that_is_not_confirmed_opens_nothing(cast: Cast) -> None:
    Designation.objects.filter(agency=cast.b).delete()
    row = Designation.objects.create(
        agreement=cast.art7.agreement,
        country_id="YY",
        agency=cast.b,
        starts_on=date(2024, 5, 1),
        recorded_by=cast.yusuf,
        recorded_for_id="YY",
    )
    record = paper(cast.xenia)
    with pytest.raises(Refused, match="not confirmed"):
        to_all(record, cast)
    Confirmation.objects.create(designation=row, country_id="XX", confirmed_by=cast.tara)
    to_all(record, cast)
    assert sees(cast.yann, record)


def test_an_instrument_binds_only_while_its_parent_article_does(cast: Cast) -> None:
    clause = make_treaty(
        short_name="Arrangement",
        countries=["XX", "YY"],
        designated=[cast.a1, cast.b],
        recorded_by=cast.tara,
        confirmed_by=[cast.yusuf],
        article="§ 3",
    )
    Agreement.objects.filter(pk=clause.agreement_id).update(made_under=cast.art7)
    record = paper(cast.xenia)
    releases.release(
        record=record,
        to=To(AudienceKind.AGENCY, agency=cast.b),
        clause=clause,
        purpose=Purpose.COORDINATION,
        by=cast.xenia,
    )
    assert sees(cast.yann, record)
    assert (
        "§ 3 of the Arrangement, made under Art. 7 of the X–Y Treaty"
        in decide(access(cast.yann, timezone.now()), record).reason
    )
    act(cast, ActionKind.SUSPENSION, "XX", cast.tara)
    assert not sees(cast.yann, record)


def operation(cast: Cast) -> Any:
    record = paper(cast.xenia)
    return circles.open_circle(record=record, kind=CircleKind.OPERATION, by=cast.xenia)


def test_a_circle_needs_participation_and_assignment(cast: Cast) -> None:
    circle = operation(cast)
    part = circles.invite(
        circle=circle, agency=cast.b, clause=cast.art7, purpose=Purpose.BORDER_OPERATION, by=cast.xenia
    )
    assert sees(cast.yann, circle.record)
    circles.accept(participation=part, by=cast.yara)
    part.refresh_from_db()
    entry = paper(cast.anton)
    releases.release(
        record=entry,
        to=To(AudienceKind.CIRCLE, circle=circle),
        clause=cast.art7,
        purpose=Purpose.BORDER_OPERATION,
        by=cast.anton,
    )
    assert not sees(cast.yann, entry)
    circles.assign(participation=part, appointment=cast.yann, by=cast.yara)
    assert sees(cast.yann, entry)
    assert not sees(cast.yara, entry)
    circles.end(participation=part, by=cast.xenia)
    assert not sees(cast.yann, entry)


def test_a_third_state_is_never_invited(cast: Cast) -> None:
    with pytest.raises(Refused, match="Nobody could read it"):
        circles.invite(
            circle=operation(cast), agency=cast.c, clause=cast.art7, purpose=Purpose.BORDER_OPERATION, by=cast.xenia
        )


def test_a_standing_order_releases_what_it_names_and_holds_the_rest(cast: Cast) -> None:
    circle = operation(cast)
    part = circles.invite(
        circle=circle, agency=cast.b, clause=cast.art7, purpose=Purpose.BORDER_OPERATION, by=cast.xenia
    )
    circles.accept(participation=part, by=cast.yara)
    part.refresh_from_db()
    circles.assign(participation=part, appointment=cast.yann, by=cast.yara)
    orders.issue(
        circle=circle,
        clause=cast.art7,
        purpose=Purpose.BORDER_OPERATION,
        kinds=[PAPER],
        categories=["operational"],
        ceiling=1,
        tlp=Tlp.AMBER,
        by=cast.xenia,
    )
    host = circle.record

    def log(**more: Any) -> Record:
        values = {"categories": ["operational"], "classification": 1, "tlp": Tlp.AMBER, **more.pop("marking", {})}
        return records.create(
            by=cast.anton, kind=PAPER, title="Entry", marking=Marking(**values), operation=host, **more
        )

    assert sees(cast.yann, log())
    assert not sees(cast.yann, log(photographs=True))
    assert not sees(cast.yann, log(marking={"categories": ["operational", "personal_data"]}))
    assert not sees(cast.yann, log(shown=False))
    act(cast, ActionKind.SUSPENSION, "XX", cast.tara)
    held = log()
    assert sees(cast.anton, held)
    assert held.releases.filter(clause__isnull=False).count() == 0


def test_revoking_closes_and_releasing_again_opens(cast: Cast) -> None:
    record = paper(cast.xenia)
    row = to_all(record, cast)
    releases.revoke(release=row, by=cast.xenia)
    assert not sees(cast.yann, record)
    to_all(record, cast)
    assert sees(cast.yann, record)
    assert record.releases.standing().filter(clause=cast.art7).count() == 1


def test_until_strikes(cast: Cast) -> None:
    record = paper(cast.xenia)
    row = to_all(record, cast)
    row.until = timezone.now() + timedelta(hours=1)
    row.save(update_fields=["until"])
    assert sees(cast.yann, record)
    assert not sees(cast.yann, record, timezone.now() + timedelta(hours=2))


def test_retention_strikes(cast: Cast) -> None:
    cast.art7.retention_days = 30
    cast.art7.save()
    record = paper(cast.xenia)
    to_all(record, cast)
    assert sees(cast.yann, record, timezone.now() + timedelta(days=29))
    assert not sees(cast.yann, record, timezone.now() + timedelta(days=31))


def test_readers_agree_with_what_access_does(cast: Cast) -> None:
    record = paper(cast.xenia)
    to_all(record, cast)
    rows = record.releases.select_related("clause", "audience__appointment")
    assert set(agencies_that_see(record, rows, timezone.now())) == {cast.a1, cast.b}


def test_an_ended_appointment_sees_nothing(cast: Cast) -> None:
    record = paper(cast.xenia)
    cast.anton.ended_at = timezone.now()
    cast.anton.save()
    assert not sees(cast.anton, record)


def test_access_takes_a_constant_number_of_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        make_treaty(
            short_name=f"More {number}",
            countries=["XX", "YY"],
            designated=[cast.a1, cast.b],
            recorded_by=cast.tara,
            confirmed_by=[cast.yusuf],
        )
    with django_assert_max_num_queries(20):
        access(cast.yann, timezone.now())
