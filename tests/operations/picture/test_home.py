from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission, Role
from agreements.register.choices import Purpose
from agreements.sharing import kinds
from agreements.sharing.models import Record
from operations.meetings import actions as meetings
from operations.meetings.actions import Invitee
from operations.meetings.models import Meeting, Reply
from operations.patrols.models import Patrol
from portal.audit.models import Entry
from portal.ui import home
from tests.conftest import Cast, make_appointment
from tests.operations.picture.conftest import Scene, rows_at
from tests.operations.planning.conftest import suspend

# Whom home serves with which cards; numbers alone are no card here.
CARDS = {
    Role.COMMANDER: {"planning.operations", "patrols.watch", "patrols.own", "sharing.latest", "meetings.next"},
    Role.LIAISON_OFFICER: {"planning.operations", "patrols.mine", "sharing.latest", "meetings.next"},
    Role.PATROL_LEADER: {"patrols.mine", "sharing.latest", "meetings.next"},
    Role.ANALYST: {"reports.latest", "sharing.latest", "meetings.next"},
    Role.AUDITOR: {"oversight.ledger", "meetings.next"},
    Role.TREATY_ADMIN: {"register.agreements", "deadlines.due", "meetings.next"},
    Role.AGENCY_ADMIN: {"directory.keeping", "postings.keeping"},
    Role.SYSTEM_ADMIN: {"alerts.health", "directory.keeping"},
}


def of_role(cast: Cast, role: Role) -> Appointment:
    found = next((who for who in cast.everybody if who.role == role and who.agency == cast.a1), None)
    return found or make_appointment(f"new-{role}", cast.a1, role)


def shown(client: Any) -> dict[str, home.Number]:
    """The numbers of home by their words."""
    context = client.get("/").context
    return {number.label: number for number in (*context["urgent"], *context["numbers"])}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_cards(full: Scene, as_: Any, role: Role) -> None:
    answer = as_(of_role(full.cast, role)).get("/")
    names = {item.card.name for item in (*answer.context["main"], *answer.context["aside"])}
    assert names - {"sharing.kinds"} == CARDS[role]
    text = answer.content.decode()
    for name in names:
        assert f'data-card="{name}"' in text


@pytest.mark.parametrize("name", ["xenia", "lars", "anton", "ada", "tara", "arno", "yann", "yara", "yusuf", "zoe"])
def test_every_number_leads_to_exactly_its_rows(full: Scene, as_: Any, name: str) -> None:
    client = as_(getattr(full.cast, name))
    answer = client.get("/")
    context, text = answer.context, answer.content.decode()
    numbers = [*context["urgent"], *context["numbers"]]
    for item in context["aside"]:
        numbers += [
            number for _, number in (item.content.context or {}).get("rows", []) if item.card.name == "sharing.kinds"
        ]
    assert numbers
    for number in numbers:
        assert f'href="{number.url.replace("&", "&amp;")}"' in text, number
        assert rows_at(client, number.url) == number.value, (name, number)


def test_what_waits_stands_on_top(full: Scene, as_: Any) -> None:
    found = as_(full.cast.xenia).get("/").context["urgent"]
    words = {number.label: number.value for number in found}
    assert words["patrols overdue"] == 1
    assert words["entries held back"] == 1
    assert found[0].tone == "danger"
    theirs = shown(as_(full.cast.yara))
    assert theirs["invitations to answer"].value == 1
    assert "entries held back" not in theirs
    assert found[0].words == "patrol overdue"
    yann = shown(as_(full.cast.yann))
    assert yann["meetings to answer"].value == 1
    assert yann["meeting invitations to accept"].value == 1


def test_nothing_waits_is_said(cast: Cast, as_: Any) -> None:
    answer = as_(cast.zoe).get("/")
    assert answer.context["urgent"] == []
    assert "Nothing waits for you." in answer.content.decode()
    assert Patrol.objects.count() == 0


def test_a_third_party_finds_nothing_of_it(full: Scene, as_: Any) -> None:
    for who in (full.cast.zoe, full.cast.aldo):
        answer = as_(who).get("/")
        numbers = {n.label: n.value for n in (*answer.context["urgent"], *answer.context["numbers"])}
        numbers.pop("agreements", None)  # X is party, and its customs may read that.
        assert set(numbers.values()) <= {0}, numbers
        text = answer.content.decode()
        for record in Record.objects.all():
            assert str(record.pk) not in text
            assert record.title not in text


def test_patrol_starts_with_one_press_on_home(scene: Scene, as_: Any) -> None:
    patrol = scene.joint.plan(title="Tonight", starts_at=timezone.now() + timedelta(minutes=5))
    client = as_(scene.cast.lars)
    assert f'action="/patrols/{patrol.pk}/start/"' in client.get("/").content.decode()
    client.post(f"/patrols/{patrol.pk}/start/")
    patrol.refresh_from_db()
    assert patrol.state == "active"
    assert f'href="/patrols/{patrol.pk}/"' in client.get("/").content.decode()
    # The partner reads that a1 starts it.
    assert f'action="/patrols/{patrol.pk}/start/"' not in as_(scene.cast.yann).get("/").content.decode()


def test_officer_who_is_not_assigned_has_no_next_step(full: Scene, as_: Any) -> None:
    other = make_appointment("otto", full.cast.a1, Role.PATROL_LEADER)
    client = as_(other)
    assert shown(client)["my patrols now and next"].value == 0
    assert "Nothing is under way or due" in client.get("/").content.decode()


def test_meeting_is_answered_from_home(scene: Scene, as_: Any) -> None:
    meeting, client = scene.meeting(attend=True), as_(scene.cast.yann)
    assert f'action="/meetings/{meeting.pk}/rsvp/"' in client.get("/").content.decode()
    client.post(f"/meetings/{meeting.pk}/rsvp/", {"answer": "accepted"})
    assert Reply.objects.get().answer == "accepted"
    assert shown(client)["meetings to answer"].value == 0 if "meetings to answer" in shown(client) else True
    # Who is not sent has nothing to answer.
    assert "/rsvp/" not in as_(scene.cast.yara).get("/").content.decode()


def test_series_is_answered_for_all_its_times_and_a_cancelled_time_not_at_all(scene: Scene, as_: Any) -> None:
    cast, begin = scene.cast, timezone.now() + timedelta(days=1)
    invitees = [Invitee(cast.b, cast.art7, Purpose.COORDINATION)]
    meeting = meetings.call(
        by=cast.xenia, title="Daily call", starts_at=begin, ends_at=begin + timedelta(hours=1), place="Pier",
        rule="FREQ=DAILY;COUNT=3", invitees=invitees,
    )  # fmt: skip
    meetings.accept_invitation(meeting=meeting, by=cast.yann)
    client, address = as_(cast.yann), f"/meetings/{meeting.pk}/rsvp/"
    first, second, _ = meeting.times.all()

    def counted() -> tuple[int, int]:
        """Rows of the series that can be answered, and those that say for what the answer counts."""
        text = client.get("/").content.decode()
        return text.count(f'action="{address}"'), text.count("Your answer for all its times:")

    assert counted() == (3, 3)
    meetings.cancel_time(time=first, by=cast.xenia, reason="Holiday.")
    assert counted() == (2, 2)
    client.post(address, {"answer": "accepted"})
    client.post(address, {"answer": "declined", "time": str(second.pk)})
    text = client.get("/").content.decode()
    assert text.count('value="accepted" aria-pressed="true"') == 2, "the answer to all"
    assert text.count('value="declined" aria-pressed="true"') == 0
    assert text.count("To this time alone: declined.") == 1
    # A meeting that takes place once needs no such words.
    scene.meeting(attend=True)
    assert counted() == (2, 2)
    meetings.cancel(meeting=Meeting.objects.get(pk=meeting.pk), by=cast.xenia, reason="No more.")
    assert counted() == (0, 0)


def test_share_is_told_with_its_article_and_by_whom(scene: Scene, as_: Any) -> None:
    scene.patrol()
    card = next(i for i in as_(scene.cast.yara).get("/").context["main"] if i.card.name == "sharing.latest")
    rows = card.content.context["rows"]
    assert rows
    assert {share.clause for share in rows} == {scene.cast.art7}
    assert {share.provider for share in rows} == {scene.cast.a1}
    assert {share.words for share in rows} == {""}
    assert [share.release.released_at for share in rows] == sorted(
        (share.release.released_at for share in rows), reverse=True
    )


def test_opened_record_is_not_counted_as_unopened(scene: Scene, as_: Any) -> None:
    scene.patrol()
    client = as_(scene.cast.yara)
    before = shown(client)["of this week not opened by you"].value
    record = Record.objects.get(kind="patrol")
    client.get(f"/patrols/{record.pk}/")
    assert shown(client)["of this week not opened by you"].value == before - 1
    # Another officer of the agency has not opened it.
    assert shown(as_(scene.cast.yann))["of this week not opened by you"].value == before


def test_fallen_basis_is_counted_for_the_lead_and_hidden_from_the_partner(scene: Scene, as_: Any) -> None:
    client = as_(scene.cast.xenia)
    assert "operations without a legal basis" not in shown(client)
    suspend(scene.cast)
    number = shown(client)["operations without a legal basis"]
    assert number.value == rows_at(client, number.url) == 1
    assert shown(client)["agreements suspended"].value == 1
    partner = as_(scene.cast.yara)
    assert "Autumn" not in partner.get("/").content.decode().replace("Instructions for “Autumn”", "")
    assert "operations without a legal basis" not in shown(partner)


def test_treaty_admin_sees_what_waits_for_the_own_country_alone(cast: Cast, as_: Any) -> None:
    cast.art7.confirmations.all().delete()
    number = shown(as_(cast.yusuf))["agreements with facts to confirm"]
    assert number.value == rows_at(as_(cast.yusuf), number.url) == 1
    assert "1 fact" in as_(cast.yusuf).get("/").content.decode()
    # X recorded it, Z is no party.
    for who in (cast.tara, cast.zeno):
        assert "agreements with facts to confirm" not in shown(as_(who))


def test_agreement_that_ends_soon(cast: Cast, as_: Any) -> None:
    agreement = cast.art7.agreement
    agreement.expires_on = timezone.now().date() + timedelta(days=20)
    agreement.save()
    for who in (cast.tara, cast.xenia):
        number = shown(as_(who))["agreements end within 90 days"]
        assert number.value == rows_at(as_(who), number.url) == 1
    agreement.expires_on = timezone.now().date() - timedelta(days=20)
    agreement.save()
    assert "agreements end within 90 days" not in shown(as_(cast.tara))


def test_agency_admin_sees_appointments_that_end_and_an_empty_desk(cast: Cast, as_: Any) -> None:
    admin = make_appointment("alma", cast.a1, Role.AGENCY_ADMIN)
    client = as_(admin)
    assert "appointments end within 30 days" not in shown(client)
    cast.anton.ends_on = timezone.now().date() + timedelta(days=9)
    cast.anton.save()
    cast.yann.ends_on = timezone.now().date() + timedelta(days=9)
    cast.yann.save()
    number = shown(client)["appointments end within 30 days"]
    assert number.value == rows_at(client, number.url) == 1
    text = client.get("/").content.decode()
    assert "Anton" in text
    assert "Yann" not in text
    assert "partners cannot reach it" not in text
    Agency.objects.filter(pk=cast.a1.pk).update(desk_phone="")
    assert "has no telephone" in client.get("/").content.decode()


def test_only_a_system_admin_learns_which_desks_are_empty(cast: Cast, as_: Any) -> None:
    Agency.objects.filter(pk=cast.c.pk).update(desk_email="")
    client = as_(make_appointment("sina", cast.a1, Role.SYSTEM_ADMIN))
    number = shown(client)["agencies without a full duty desk"]
    assert number.value == rows_at(client, number.url) == 1
    # For others the words in the address mean nothing (R18).
    assert rows_at(as_(cast.xenia), number.url) == Agency.objects.count()
    assert "agencies without a full duty desk" not in shown(as_(make_appointment("alma", cast.a1, Role.AGENCY_ADMIN)))


def test_system_admin_sees_no_record(scene: Scene, as_: Any) -> None:
    scene.fill()
    answer = as_(make_appointment("sina", scene.cast.a1, Role.SYSTEM_ADMIN)).get("/")
    text = answer.content.decode()
    assert "Broker (Redis)" in text
    assert "Answers" in text
    for record in Record.objects.all():
        assert record.title not in text
    assert shown(as_(make_appointment("sven", scene.cast.a1, Role.SYSTEM_ADMIN)))["messages wait"].value > 0


def test_broker_that_is_down_is_said_and_home_comes(cast: Cast, as_: Any, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = as_(make_appointment("sina", cast.a1, Role.SYSTEM_ADMIN)).get("/")
    assert answer.status_code == 200
    assert "Does not answer" in answer.content.decode()


def test_auditor_sees_the_own_agencys_entries_alone(scene: Scene, as_: Any) -> None:
    as_(scene.cast.yara).get("/")
    answer = as_(scene.cast.arno).get("/")
    card = next(item for item in answer.context["main"] if item.card.name == "oversight.ledger")
    lines = card.content.context["lines"]
    assert lines
    assert {line.agency for line in lines} <= {scene.cast.a1, None}
    assert "nothing is sealed yet" in answer.content.decode()


def test_home_is_one_entry_of_the_ledger_with_all_it_shows(scene: Scene, as_: Any) -> None:
    scene.patrol()
    scene.meeting(attend=True)
    before = Entry.objects.count()
    answer = as_(scene.cast.yara).get("/")
    entries = list(Entry.objects.order_by("-pk")[: Entry.objects.count() - before])
    assert len(entries) == 1
    told = {item["record"] for item in entries[0].records}
    text = answer.content.decode()
    named = {str(row.pk) for row in Record.objects.all() if row.title in text and row.owner_id != scene.cast.b.pk}
    assert named
    assert named <= told


def test_the_same_number_of_queries_for_little_and_much(full: Scene, as_: Any) -> None:
    clients = {name: as_(getattr(full.cast, name)) for name in ("xenia", "lars", "ada", "tara", "arno", "yara")}
    counts: dict[str, list[int]] = {name: [] for name in clients}
    for _ in range(2):
        for name, client in clients.items():
            client.get("/")
            with CaptureQueriesContext(connection) as found:
                assert client.get("/").status_code == 200
            counts[name].append(len(found))
        for number in range(3):
            full.patrol(f"Another {number}")
            full.meeting(attend=True, title=f"Meeting {number}")
            full.invitation()
        full.late()
    assert all(little == much < 120 for little, much in counts.values()), counts


def test_no_appointment_no_home(cast: Cast, as_: Any) -> None:
    assert "No appointment today" in as_(cast.rita).get("/").content.decode()


def test_room_above_adds_a_card_that_home_does_not_know(scene: Scene, as_: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(home, "_CARDS", dict(home._CARDS))
    content = home.Content(
        [home.Number(1200, "letters", "/records/", cap=1000)], {"rows": []}, [scene.operation.record]
    )
    home.register(
        home.Card(
            "intel.letters",
            "Letters",
            "envelope",
            "sharing/home_kinds.html",
            lambda _: content,
            permission="report.view",
        )
    )
    answer = as_(scene.cast.ada).get("/")
    assert 'data-card="intel.letters"' in answer.content.decode()
    assert "1,000+" in answer.content.decode()
    assert 'data-card="intel.letters"' not in as_(scene.cast.anton).get("/").content.decode()
    assert Permission.REPORT_VIEW not in scene.cast.anton.permissions
    assert {kind.name for kind in kinds.all_kinds()} >= {"operation", "patrol"}
