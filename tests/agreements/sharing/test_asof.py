"""What was answered then, and what should have been (R14); why an own officer does or does not see a record (R26)."""

import html
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment, new_key
from agreements.register.choices import ActionKind
from agreements.register.models import TreatyAction
from agreements.sharing.actions import compartments, naming, records
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.asking import Instant, ask_agency, ask_officer
from agreements.sharing.choices import Tlp
from agreements.sharing.models import MarkingChange, Record, Release
from agreements.sharing.policy import decide, explain_own
from agreements.sharing.policy.access import access
from tests.agreements.sharing.conftest import Desk, sees

NOW = timezone.now
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return NOW() - timedelta(days=days)


def aged(desk: Desk, days: float = 20, **values: Any) -> tuple[Record, Release]:
    """A record made and given to b so many days ago."""
    record = desk.note(**values)
    Record.objects.filter(pk=record.pk).update(recorded_at=ago(days + 1))
    Release.objects.filter(content_object=record).update(released_at=ago(days + 1))
    row = desk.release(record)
    Release.objects.filter(pk=row.pk).update(released_at=ago(days))
    record.refresh_from_db()
    return record, row


def answered(desk: Desk, record: Record, at: datetime, *, all_facts: bool = False) -> bool:
    return bool(ask_agency(record, desk.cast.b, Instant(NOW(), at, all_facts)))


def test_a_release_counts_from_when_it_was_made_until_it_was_taken_back(desk: Desk) -> None:
    record, row = aged(desk, 20)
    Release.objects.filter(pk=row.pk).update(revoked_at=ago(5), revoked_by=desk.cast.xenia)
    assert [answered(desk, record, ago(days)) for days in (20.5, 19, 6, 4)] == [False, True, True, False]
    assert not sees(desk.cast.yann, record)
    assert not ask_agency(record, desk.cast.b, Instant(NOW()))


def test_the_marking_of_then_counts(desk: Desk) -> None:
    record, _ = aged(desk, 20)
    for days, level in ((10, 2), (4, 1)):
        marking = marking_of(record)
        marking.classification = level
        record = records.mark(record=record, marking=marking, by=desk.cast.ada)
        latest = MarkingChange.objects.filter(record=record).latest("pk")
        MarkingChange.objects.filter(pk=latest.pk).update(changed_at=ago(days))
    assert [answered(desk, record, ago(days)) for days in (15, 7, 2)] == [True, False, True]
    reasons = ask_agency(record, desk.cast.b, Instant(NOW(), ago(7))).missing
    assert any("above the ceiling" in sentence for sentence in reasons)


def test_a_suspension_recorded_late_was_not_known_then(desk: Desk) -> None:
    """Y suspended ten days ago; it was recorded here three days ago."""
    record, _ = aged(desk, 20)
    TreatyAction.objects.create(
        agreement=desk.cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY",
        done_on=timezone.localdate() - timedelta(days=10), recorded_at=ago(3), recorded_by=desk.cast.yusuf,
        recorded_for_id="YY",
    )  # fmt: skip
    assert [answered(desk, record, ago(days)) for days in (15, 6, 2)] == [True, True, False]
    assert [answered(desk, record, ago(days), all_facts=True) for days in (15, 6, 2)] == [True, False, False]


def test_officers_are_judged_by_their_appointment_of_then(desk: Desk) -> None:
    cast = desk.cast
    record, _ = aged(desk, 20)
    Appointment.objects.filter(pk=cast.lars.pk).update(ended_at=ago(8))
    lars = Appointment.objects.select_related("agency", "officer").get(pk=cast.lars.pk)
    assert ask_officer(record, lars, Instant(NOW(), ago(10)))
    refused = ask_officer(record, lars, Instant(NOW(), ago(5)))
    assert refused.missing == ("The appointment is not in effect",)


def test_why_an_own_officer_does_not_see_it(desk: Desk) -> None:
    cast = desk.cast
    secret = records.create(by=cast.ada, kind="note", title="S", marking=Marking(["operational"], 2))
    assert "above the clearance, RESTRICTED" in explain_own(secret, cast.anton, NOW()).missing[0]
    assert "reads no notes" in explain_own(secret, cast.tara, NOW()).missing[0]
    red = desk.note(tlp=Tlp.RED.value)
    assert "TLP:RED" in explain_own(red, cast.lars, NOW()).missing[0]
    naming.name_officer(record=red, appointment=cast.lars, by=cast.xenia)
    assert explain_own(red, cast.lars, NOW()).grounds[0].rule == "R8"
    room = compartments.open_compartment(name="Case", by=cast.ada)
    confined = records.create(
        by=cast.ada, kind="note", title="C", marking=Marking(["operational"], 1), compartment=room
    )
    assert "not in the compartment" in explain_own(confined, cast.xenia, NOW()).missing[0]


def test_the_explanation_and_the_door_never_differ(desk: Desk) -> None:
    cast = desk.cast
    room = compartments.open_compartment(name="Case", by=cast.ada)
    made = [
        desk.note(), desk.note(tlp=Tlp.RED.value), desk.note(by=cast.ada, classification=3),
        records.create(by=cast.ada, kind="note", title="C", marking=Marking(["operational"], 1), compartment=room),
    ]  # fmt: skip
    own = [person for person in cast.everybody if person.agency_id == cast.a1.pk]
    for record in made:
        for who in own:
            said = explain_own(record, who, NOW())
            assert bool(said) == sees(who, record) == bool(decide(access(who, NOW()), record)), (record, who)
            assert bool(said) != bool(said.missing)


def test_the_page_and_the_api_ask_of_then(desk: Desk, as_: Any, api_as: Any) -> None:
    cast = desk.cast
    record, row = aged(desk, 20)
    Release.objects.filter(pk=row.pk).update(revoked_at=ago(5), revoked_by=cast.xenia)
    url = reverse("sharing:record-who", args=[record.pk])
    client = as_(cast.arno)
    typed = timezone.localtime(ago(10), cast.a1.zone).strftime("%Y-%m-%dT%H:%M")
    shown = client.get(url, {"at": typed, "agency": str(cast.b.pk)}).content.decode()
    assert "Y1 saw it" in shown
    assert "what was answered" in shown
    assert "does not see it" in client.get(url, {"agency": str(cast.b.pk)}).content.decode()
    assert "Release …" not in shown
    officer = client.get(url, {"officer": str(cast.tara.pk)}).content.decode()
    assert "reads no notes" in officer
    for wrong, words in (("2999-01-01T00:00", "lies ahead"), ("2001-01-01T00:00", "did not exist"), ("x", "no time")):
        assert words in client.get(url, {"at": wrong}).content.decode()
    assert as_(cast.yara).get(url, {"at": typed}).status_code in (403, 404)
    api = api_as(cast.arno)
    at = ago(10).isoformat().replace("+", "%2B")
    base = f"/api/v1/records/{record.pk}"
    assert api.get(f"{base}/explain/?agency={cast.b.pk}&at={at}").json()["allowed"] is True
    assert api.get(f"{base}/explain/?agency={cast.b.pk}").json()["allowed"] is False
    assert api.get(f"{base}/explain/?officer={cast.tara.pk}").json()["allowed"] is False
    assert len(api.get(f"{base}/audience/?at={at}").json()["sees"]) == 1
    assert api.get(f"{base}/audience/?at=2999-01-01T00:00:00Z").status_code == 400
    for key in (cast.yann.pk, new_key()):
        assert api.get(f"{base}/explain/?officer={key}").status_code == 400


@pytest.mark.parametrize(
    ("at", "words"),
    [("2999-01-01T00:00", "This lies ahead"), ("2001-01-01T00:00", "did not exist then"), ("garbage", "no time")],
)
def test_a_time_that_cannot_be_asked_about_has_no_answer(desk: Desk, as_: Any, at: str, words: str) -> None:
    record, _ = aged(desk, 20)
    client, url = as_(desk.cast.arno), reverse("sharing:record-who", args=[record.pk])
    today = client.get(url, {"agency": str(desk.cast.b.pk)}).content.decode()
    assert "Y1 sees it" in today
    assert 'id="who"' in today
    for asked in ({"agency": str(desk.cast.b.pk)}, {"officer": str(desk.cast.anton.pk)}, {}):
        response = client.get(url, {**asked, "at": at})
        shown = response.content.decode()
        assert words in shown
        assert " sees it" not in shown, "an answer of today"
        assert 'id="who"' not in shown, "who sees it today"
        assert response.context["answer"] is response.context["panels"] is None


def test_the_page_of_the_past_speaks_of_then(desk: Desk, as_: Any) -> None:
    record, row = aged(desk, 20)
    Release.objects.filter(pk=row.pk).update(revoked_at=ago(10), revoked_by=desk.cast.xenia)
    client, url = as_(desk.cast.arno), reverse("sharing:record-who", args=[record.pk])
    zone = desk.cast.a1.zone

    def shown(days: float | None) -> str:
        at = {} if days is None else {"at": timezone.localtime(ago(days), zone).isoformat()}
        return str(client.get(url, at).content.decode())

    assert "Nobody outside X1 saw it." in shown(5)
    assert "Nobody outside X1 sees it." in shown(None)
    Release.objects.filter(pk=row.pk).update(revoked_at=None, revoked_by=None)
    TreatyAction.objects.create(
        agreement=desk.cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=ago(8).date(),
        recorded_at=ago(8), recorded_by=desk.cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip
    assert "Meant for, but closed then: 1" in shown(5)
    assert "closed today" not in shown(5)
    assert "Meant for, but closed today: 1" in shown(None)


def test_of_a_colleague_it_is_not_said_you(desk: Desk, as_: Any, api_as: Any) -> None:
    """Nor to a colleague who asks what only the officer is told as "you"."""
    cast = desk.cast
    red = desk.note(tlp=Tlp.RED.value)
    naming.name_officer(record=red, appointment=cast.arno, by=cast.xenia)
    room = compartments.open_compartment(name="Case", by=cast.ada)
    confined = records.create(
        by=cast.ada, kind="note", title="C", marking=Marking(["operational"], 1), compartment=room
    )
    for record, who, asks, words in (
        (desk.note(), cast.anton, cast.arno, "It is X1's own record, and the officer is of X1"),
        (red, cast.xenia, cast.arno, "The officer wrote it, or was named for it"),
        (confined, cast.ada, cast.ada, "The officer is in the compartment to which its owner confined it"),
    ):
        shown = as_(asks).get(reverse("sharing:record-who", args=[record.pk]), {"officer": str(who.pk)})
        assert words in html.unescape(shown.content.decode())
        assert explain_own(record, who, NOW()).reason == words
        assert "you" in decide(access(who, NOW()), record).reason.lower()


def test_categories_are_named_by_their_words(desk: Desk) -> None:
    note = desk.note(categories=["criminal_intelligence", "operational"])
    missing = ask_agency(note, desk.cast.b, Instant(NOW())).missing
    assert missing == (
        "No release reaches Y1: none was made to it under a clause that covers criminal intelligence, operational",
    )


def test_a_question_that_cannot_be_answered_says_why(desk: Desk, as_: Any) -> None:
    cast = desk.cast
    record = desk.note()
    client, url = as_(cast.arno), reverse("sharing:record-who", args=[record.pk])
    agency, officer = "There is no such agency", "There is no such officer of X1"
    for asked, words in (
        ({"agency": "zzz"}, agency),
        ({"agency": str(new_key())}, agency),
        ({"agency": str(cast.a1.pk)}, agency),
        ({"officer": "zzz"}, officer),
        ({"officer": str(cast.yann.pk)}, officer),
        ({"agency": str(cast.b.pk), "officer": str(cast.yann.pk)}, officer),
        ({"agency": str(cast.b.pk), "officer": str(cast.anton.pk)}, "is an officer of X1, not of Y1"),
    ):
        response = client.get(url, asked)
        assert words in response.content.decode(), asked
        assert response.context["answer"] is None, asked
    # Nothing chosen in either list is no question.
    nothing = client.get(url, {"agency": "", "officer": ""})
    assert nothing.context["wrong"] == ""
    assert nothing.context["panels"] is not None


@pytest.mark.parametrize("who", ["anton", "tara"])
def test_who_may_not_ask(desk: Desk, api_as: Any, who: str) -> None:
    record = desk.note()
    answer = api_as(getattr(desk.cast, who)).get(f"/api/v1/records/{record.pk}/explain/?officer={desk.cast.ada.pk}")
    assert answer.status_code in (403, 404)


def test_what_might_flow_on_another_day(desk: Desk, as_: Any, api_as: Any) -> None:
    """Y suspended ten days ago; it was recorded here three days ago."""
    cast = desk.cast
    TreatyAction.objects.create(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, country_id="YY", done_on=ago(10).date(),
        recorded_at=ago(3), recorded_by=cast.yusuf, recorded_for_id="YY",
    )  # fmt: skip
    address = f"/agreements/{cast.art7.agreement_id}/flows/"
    client, url = as_(cast.arno), reverse("sharing:agreement-flows", args=[cast.art7.agreement_id])

    def flows(at: datetime | None = None, known: str = "") -> tuple[int, int]:
        """By the API and by the page."""
        asked = {"at": at.isoformat(), "known": known} if at else {}
        rows = api_as(cast.arno).get(f"/api/v1{address}", asked).json()
        text = client.get(url, asked, headers={"HX-Request": "true"}).content.decode()
        return len(rows), text.count("<td>Art. 7</td>")

    assert flows() == (0, 0)
    assert flows(ago(20)) == (2, 2)
    assert flows(ago(5)) == (2, 2), "nobody knew it then"
    assert flows(ago(5), "now") == (0, 0), "it should have been closed"
    assert flows(ago(1)) == (0, 0)
    for at, words in (
        ("tomorrow", "This is no time"),
        ("2199-01-01T00:00", "This lies ahead"),
        ("2020-01-01", "not registered"),
    ):
        assert words in client.get(url, {"at": at}).content.decode()
        assert api_as(cast.arno).get(f"/api/v1{address}", {"at": at}).status_code == 400
    # An agreement that is not one's own has no past either.
    other = as_(cast.zoe).get(url, {"at": ago(20).isoformat()})
    assert other.status_code == 404
