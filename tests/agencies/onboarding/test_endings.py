"""An agency is suspended, let act again, and closed: who may, what it takes away, and that nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory import succession
from agencies.directory.models import Agency, Appointment, Succession
from agencies.directory.roles import Role
from agencies.onboarding import foreseeing
from agencies.onboarding.actions import closing, halting
from agencies.onboarding.foreseeing import Part
from agencies.onboarding.models import Closing, Halt
from agreements.register.choices import Purpose
from agreements.register.models import Designation
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from agreements.sharing.policy import access, decide
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.conftest import Cast, make_agency, make_appointment

PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER)


@pytest.fixture
def yolanda(cast: Cast) -> Appointment:
    """A treaty admin of Y at another agency than b."""
    return make_appointment("yolanda", make_agency("YY", "Ministry of Y", "MY"), Role.TREATY_ADMIN)


@pytest.fixture
def betty(cast: Cast) -> Appointment:
    return make_appointment("betty", cast.b, Role.AGENCY_ADMIN)


@pytest.fixture
def shared(cast: Cast) -> list[Record]:
    """Two of b given to a1, one of a1 given to b, and one of each kept."""
    found = []
    for by, other, number in ((cast.yara, cast.a1, 2), (cast.xenia, cast.b, 1)):
        for place in range(number + 1):
            row = records.create(by=by, kind="observation", title=f"{by} {place}", marking=PLAIN)
            if place < number:
                to = To(AudienceKind.AGENCY, agency=other)
                releases.release(record=row, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=by)
            found.append(row)
    return found


def visible(who: Appointment) -> set[Any]:
    fresh = Appointment.objects.select_related("officer", "agency__country", "unit").get(pk=who.pk)
    return set(Record.objects.visible_to(access(fresh, timezone.now())).values_list("pk", flat=True))


def today(agency: Agency) -> Any:
    return timezone.now().astimezone(agency.zone).date()


def told(found: foreseeing.Foreseen, part: Part) -> int:
    return sum(line.number for line in found.lines if line.part == part)


# --- Suspending -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("yolanda", True),
        ("sasha", True),
        ("yusuf", False),
        ("betty", False),
        ("tara", False),
        ("zeno", False),
        ("yara", False),
    ],
)
def test_who_suspends(
    cast: Cast, yolanda: Appointment, betty: Appointment, sasha: Appointment, as_: Any, api_as: Any, who: str, may: bool
) -> None:
    """A treaty admin of its state or a system admin; nobody of its own, who could not lift it."""
    by = {"yolanda": yolanda, "betty": betty, "sasha": sasha}.get(who) or getattr(cast, who)
    page = as_(by).get(reverse("onboarding:agency-suspend", args=[cast.b.pk]))
    assert page.status_code == (200 if may else 403)
    assert (
        b"agencies/%b/suspend/" % str(cast.b.pk).encode()
        in as_(by).get(reverse("directory:agency-detail", args=[cast.b.pk])).content
    ) == may
    answer = api_as(by).send("POST", f"partners/{cast.b.pk}/suspend/", {"reason": "Keys were stolen."})
    assert answer.status_code == (201 if may else 403)
    assert Agency.objects.get(pk=cast.b.pk).is_suspended == may


def test_what_is_foretold_of_a_suspension_is_what_happens(
    cast: Cast, yolanda: Appointment, shared: list[Record]
) -> None:
    found = halting.what_if(agency=cast.b, by=yolanda)
    assert not Halt.objects.exists()
    before = {name: visible(getattr(cast, name)) for name in ("yara", "xenia")}
    assert told(found, Part.OFFICERS) == len(before["yara"]) == 4
    assert told(found, Part.PARTNERS) == 0
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=yolanda)
    assert visible(cast.yara) == set()
    assert visible(cast.xenia) == before["xenia"], "what it gave stays given"
    assert Designation.objects.filter(agency=cast.b, withdrawn_at=None).exists()


def test_another_officer_lifts_it(
    cast: Cast, yolanda: Appointment, sasha: Appointment, sven: Appointment, shared: list[Record], as_: Any
) -> None:
    before = visible(cast.yara)
    halt = halting.suspend(agency=cast.b, reason="Keys were stolen.", by=sasha)
    for by in (sasha, cast.tara, cast.zeno):
        with pytest.raises(Refused):
            halting.lift(halt=halt, why="All is well.", by=by)
    assert as_(cast.tara).get(reverse("onboarding:agency-lift", args=[cast.b.pk])).status_code == 404
    page = as_(yolanda).post(reverse("onboarding:agency-lift", args=[cast.b.pk]), {"words": " "}).content.decode()
    assert "There is a problem" in page
    as_(yolanda).post(reverse("onboarding:agency-lift", args=[cast.b.pk]), {"words": "New keys."})
    halt.refresh_from_db()
    assert (halt.lifted_by, halt.lifted_why) == (yolanda, "New keys.")
    assert visible(cast.yara) == before
    with pytest.raises(Refused, match="already"):
        halting.lift(halt=halt, why="Again.", by=sven)
    verbs = list(Entry.objects.filter(subject_id=str(cast.b.pk)).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["agency.suspend", "agency.lift"]


def test_twice_suspended_and_no_reason_are_refused(cast: Cast, yolanda: Appointment) -> None:
    with pytest.raises(Refused) as refused:
        halting.suspend(agency=cast.b, reason="  ", by=yolanda)
    assert refused.value.field == "reason"
    halting.suspend(agency=cast.b, reason="Keys.", by=yolanda)
    with pytest.raises(Refused, match="already"):
        halting.suspend(agency=cast.b, reason="Keys.", by=yolanda)


def test_why_it_is_suspended_is_not_for_partners(cast: Cast, yolanda: Appointment, as_: Any) -> None:
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=yolanda)
    for who, knows in ((cast.xenia, False), (cast.tara, False), (cast.zoe, False), (yolanda, True)):
        page = as_(who).get(reverse("directory:agency-detail", args=[cast.b.pk])).content.decode()
        assert "It is suspended since" in page
        assert "Keys were stolen." not in page
        listed = as_(who).get(reverse("onboarding:ending-list")).content.decode()
        assert ("Keys were stolen." in listed) == knows, who


def test_a_suspended_agency_is_put_in_order_by_system_admins(
    cast: Cast, yolanda: Appointment, sasha: Appointment, as_: Any
) -> None:
    """Its officers can be looked through and dismissed before it acts again; it gets no successor meanwhile."""
    halting.suspend(agency=cast.b, reason="Keys.", by=yolanda)
    assert as_(sasha).get(reverse("directory:officer-list", args=[cast.b.pk])).status_code == 200
    as_(sasha).post(reverse("directory:appointment-end", args=[cast.yann.pk]))
    assert Appointment.objects.get(pk=cast.yann.pk).ended_at
    b2 = make_agency("YY", "Second of Y", "Y2")
    with pytest.raises(Refused, match="suspended"):
        succession.propose(predecessor=cast.b, successor=b2, starts_on=today(cast.b), basis="Act", by=sasha)


# --- Closing ----------------------------------------------------------------------------------------------------


def test_without_a_successor_its_designations_end_and_nothing_is_lost(
    cast: Cast, betty: Appointment, shared: list[Record], yolanda: Appointment
) -> None:
    seen, xenia = visible(cast.yara), visible(cast.xenia)
    found = closing.what_if(agency=cast.b, by=yolanda, first_day=today(cast.b))
    assert not Closing.objects.exists()
    row = closing.propose(agency=cast.b, first_day=today(cast.b), reason="Act of Y, § 9", by=betty)
    assert visible(cast.yara) == seen, "a proposal ends nothing"
    again = closing.what_if_agreed(closing=row, by=yolanda)
    assert [line for line in again.lines] == [line for line in found.lines]
    before = set(Record.objects.values_list("pk", "owner"))
    closing.agree(closing=row, by=yolanda)
    assert told(found, Part.OFFICERS) == len(seen)
    assert visible(cast.yara) == set()
    lost = xenia - visible(cast.xenia)
    partners = {line.agency: line.number for line in found.lines if line.part == Part.PARTNERS}
    assert partners == {cast.a1: len(lost)} == {cast.a1: 2}
    assert set(Record.objects.values_list("pk", "owner")) == before, "its records stay its own"
    assert not Designation.objects.filter(agency=cast.b, withdrawn_at=None).exists()
    assert {visible(who) == set() for who in (cast.yann, cast.yusuf, cast.yara)} == {True}
    b = Agency.objects.get(pk=cast.b.pk)
    assert b.is_closed
    assert b not in Agency.objects.active()


def test_what_waits_for_it_is_listed_for_whoever_must_decide(
    cast: Cast, betty: Appointment, yolanda: Appointment, world: list[Record], as_: Any, sasha: Appointment
) -> None:
    row = closing.propose(agency=cast.b, first_day=today(cast.b), reason="Act of Y, § 9", by=betty)
    before = {line.words: line.number for line in foreseeing.waiting(cast.b, yolanda)}
    closing.agree(closing=row, by=yolanda)
    page = as_(yolanda).get(reverse("onboarding:closing-detail", args=[row.pk])).content.decode()
    after = {line.words: line.number for line in foreseeing.waiting(Agency.objects.get(pk=cast.b.pk), yolanda)}
    assert after == before
    assert {
        "consents that it asked partners for",
        "corrections that it proposed",
        "access requests that it made",
    } <= set(after)
    assert "Needs a decision" in page
    for words, number in after.items():
        assert f"{words[0].upper()}{words[1:]}: <strong>{number}</strong>" in page
    assert "zanzibar" not in page.lower(), "counted, never named (R5)"
    # An agency that takes up its task may follow it still: nothing of it was rewritten.
    b2 = make_agency("YY", "Second of Y", "Y2")
    other = make_appointment("bea", b2, Role.AGENCY_ADMIN)
    reader = make_appointment("rolf", b2, Role.LIAISON_OFFICER)
    follows = succession.propose(predecessor=cast.b, successor=b2, starts_on=today(b2), basis="Act", by=other)
    succession.accept(succession=follows, by=sasha)
    own = set(Record.objects.filter(owner=cast.b, compartment=None).exclude(tlp=Tlp.RED).values_list("pk", flat=True))
    assert own
    assert own <= visible(reader)


@pytest.mark.parametrize("who", ["betty", "bruno", "tara", "zeno", "sasha", "yara"])
def test_a_treaty_admin_of_its_state_is_one_of_the_two(
    cast: Cast, betty: Appointment, sasha: Appointment, yolanda: Appointment, who: str, as_: Any
) -> None:
    """Its designations end with it: that is its state's to say (R22). Nobody agrees to an own proposal."""
    row = closing.propose(agency=cast.b, first_day=today(cast.b), reason="Act of Y, § 9", by=betty)
    bruno = make_appointment("bruno", cast.b, Role.AGENCY_ADMIN)
    by = {"betty": betty, "bruno": bruno, "sasha": sasha}.get(who) or getattr(cast, who)
    with pytest.raises(Refused) as refused:
        closing.agree(closing=row, by=by)
    assert refused.value.code == "forbidden"
    assert Agency.objects.get(pk=cast.b.pk).closed_at is None


def test_a_system_admin_agrees_beside_a_treaty_admin_or_where_there_is_none(
    cast: Cast, betty: Appointment, sasha: Appointment, yolanda: Appointment
) -> None:
    row = closing.propose(agency=cast.b, first_day=today(cast.b), reason="Act", by=yolanda)
    assert closing.may_agree(row, sasha)
    assert not closing.may_agree(row, yolanda)
    closing.drop(closing=row, by=yolanda)
    row = closing.propose(agency=cast.b, first_day=today(cast.b), reason="Act", by=betty)
    assert not closing.may_agree(row, sasha)
    Appointment.objects.filter(role=Role.TREATY_ADMIN, agency__country="YY").update(ended_at=timezone.now())
    assert closing.may_agree(row, sasha)


@pytest.mark.parametrize("who", ["tara", "zeno", "yara", "xenia", "amina"])
def test_who_may_not_propose_it(cast: Cast, amina: Appointment, as_: Any, api_as: Any, who: str) -> None:
    by = amina if who == "amina" else getattr(cast, who)
    assert as_(by).get(reverse("onboarding:agency-close", args=[cast.b.pk])).status_code == 403
    body = {"agency": str(cast.b.pk), "first_day": today(cast.b).isoformat(), "reason": "Act"}
    assert api_as(by).send("POST", "closings/", body).status_code == 403
    assert api_as(by).send("POST", "closings/what-if/", body).status_code in (400, 403)
    assert not Closing.objects.exists()


def test_it_waits_for_its_day_and_is_final(
    cast: Cast, betty: Appointment, yolanda: Appointment, shared: list[Record]
) -> None:
    day = today(cast.b) + timedelta(days=3)
    row = closing.agree(closing=closing.propose(agency=cast.b, first_day=day, reason="Act", by=betty), by=yolanda)
    assert row.closes_at
    yara = Appointment.objects.select_related("officer", "agency__country", "unit").get(pk=cast.yara.pk)
    record = next(record for record in shared if record.owner_id == cast.b.pk)
    for at, there in ((timezone.now(), True), (row.closes_at - timedelta(seconds=1), True), (row.closes_at, False)):
        assert yara.is_in_effect(at) == there
        assert bool(decide(access(yara, at), record)) == there
    xenia = access(cast.xenia, row.closes_at + timedelta(seconds=1))
    assert not Record.objects.visible_to(xenia).filter(owner=cast.b).exists(), "its designation ends at that instant"
    assert (
        Record.objects.visible_to(access(cast.xenia, row.closes_at - timedelta(seconds=1))).filter(owner=cast.b).count()
        == 2
    )
    with pytest.raises(Refused, match="final"):
        closing.drop(closing=row, by=betty)
    with pytest.raises(Refused, match="already"):
        closing.propose(agency=cast.b, first_day=day, reason="Act", by=yolanda)


def test_with_a_successor_it_is_one_flow_and_partners_lose_nothing(
    cast: Cast, betty: Appointment, shared: list[Record], as_: Any
) -> None:
    b2 = make_agency("YY", "Second of Y", "Y2")
    bea = make_appointment("bea", b2, Role.AGENCY_ADMIN)
    seen, xenia = visible(cast.yara), visible(cast.xenia)
    client, url = as_(betty), reverse("onboarding:agency-close", args=[cast.b.pk])
    values = {"first_day": today(cast.b).isoformat(), "reason": "Act of Y, § 9", "successor": str(b2.pk)}
    page = client.post(url, values).content.decode()
    assert "What passes over to Y2" in page
    assert not Closing.objects.exists()
    assert not Succession.objects.exists()
    client.post(url, {**values, "sure": "yes"})
    row = Closing.objects.get()
    assert row.succession
    assert as_(bea).get(reverse("onboarding:closing-detail", args=[row.pk])).status_code == 200
    with pytest.raises(Refused):
        closing.agree(closing=row, by=cast.yusuf)
    as_(bea).post(reverse("onboarding:closing-agree", args=[row.pk]))
    row.refresh_from_db()
    assert row.agreed_by == bea
    assert row.closes_at == Succession.objects.get().starts_at
    on = Appointment.objects.get(continues=cast.yara)
    assert visible(on) == seen
    assert visible(cast.yara) == set()
    assert visible(cast.xenia) == xenia
    assert Designation.objects.filter(agency=cast.b, withdrawn_at=None).exists(), "it counts for the successor (R30)"


def test_the_succession_answered_on_its_own_page_takes_the_closing_along(cast: Cast, betty: Appointment) -> None:
    b2 = make_agency("YY", "Second of Y", "Y2")
    bea = make_appointment("bea", b2, Role.AGENCY_ADMIN)
    values: dict[str, Any] = {"agency": cast.b, "first_day": today(cast.b), "reason": "Act", "by": betty}
    row = closing.propose(**values, successor=b2)
    assert row.succession
    succession.drop(succession=row.succession, by=bea)
    row.refresh_from_db()
    assert row.dropped_at
    assert Agency.objects.get(pk=cast.b.pk).closed_at is None
    row = closing.propose(**values, successor=b2)
    assert row.succession
    succession.accept(succession=row.succession, by=bea)
    row.refresh_from_db()
    assert row.closes_at
    assert Agency.objects.get(pk=cast.b.pk).is_closed


@pytest.mark.parametrize(("change", "field"), [({"first_day": -1}, "first_day"), ({"reason": " "}, "reason")])
def test_bad_terms_are_refused_at_their_field(cast: Cast, betty: Appointment, change: Any, field: str) -> None:
    day = today(cast.b) + timedelta(days=change.get("first_day", 0))
    with pytest.raises(Refused) as refused:
        closing.propose(agency=cast.b, first_day=day, reason=change.get("reason", "Act"), by=betty)
    assert refused.value.field == field


def test_closings_are_told_to_the_sides_alone(
    cast: Cast, betty: Appointment, yolanda: Appointment, api_as: Any
) -> None:
    row = closing.propose(agency=cast.b, first_day=today(cast.b), reason="Act", by=betty)
    for by, sees in (
        (betty, True),
        (yolanda, True),
        (cast.yusuf, True),
        (cast.tara, False),
        (cast.yara, False),
        (cast.zeno, False),
    ):
        assert api_as(by).send("GET", f"closings/{row.pk}/").status_code == (200 if sees else 404), by
