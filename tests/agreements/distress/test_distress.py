"""Danger to life (R24): without an article, for one hour, with a reason, reviewed afterwards."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.directory.models import Agency, Appointment, new_key
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.distress import actions
from agreements.distress.choices import CallState, Nature, Side
from agreements.distress.models import DistressCall
from agreements.distress.querysets import HOUR
from agreements.distress.reading import side_of
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.outbox.sweeping import sweep
from portal.positions.notations import Notation
from portal.positions.writing import written
from portal.ui.errors import Refused
from tests.agreements.sharing.conftest import api_as
from tests.conftest import Cast, make_agency, make_appointment

__all__ = ["api_as"]
NOW = timezone.now
NUMBER, REASON = "+41 58 123 45 67", "Two people in the water, no boat of ours within reach."
POSITION = (47.688712, 8.712345)
LIST = "distress:call-list"
Send = Callable[..., DistressCall]


@pytest.fixture
def send(cast: Cast) -> Send:
    """Anton, patrol leader of a1, calls b."""

    def call(**values: Any) -> DistressCall:
        terms = {
            "nature": Nature.PERSON, "position": POSITION, "call_back": NUMBER, "reason": REASON,
            "agencies": [cast.b], "by": cast.anton, "place": "below the weir",
        }  # fmt: skip
        return actions.send(**{**terms, **values})

    return call


def moved(call: DistressCall, by: timedelta) -> DistressCall:
    """The call, sent that much earlier."""
    DistressCall.objects.filter(pk=call.pk).update(sent_at=call.sent_at - by)
    return DistressCall.objects.with_sides().get(pk=call.pk)


def sees(who: Appointment, call: DistressCall) -> bool:
    """By the list; and the question about one row answers alike."""
    now = access(who, NOW())
    listed = DistressCall.objects.visible_to(now).filter(pk=call.pk).exists()
    assert listed == (side_of(DistressCall.objects.with_sides().get(pk=call.pk), now) is not None)
    return listed


def delivered() -> None:
    while sweep():
        pass


def alerted(kind: str = actions.SENT) -> set[str]:
    delivered()
    return set(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def page(call: DistressCall, verb: str = "detail") -> str:
    return reverse(f"distress:call-{verb}", args=[call.pk])


def test_the_desk_of_the_receiver_reads_it_and_nobody_else_abroad(cast: Cast, send: Send) -> None:
    other = make_appointment("yves", make_agency("YY", "Customs of Y", "Y2"), Role.COMMANDER)
    analyst, auditor = make_appointment("yana", cast.b, Role.ANALYST), make_appointment("ylva", cast.b, Role.AUDITOR)
    call = send()
    seeing = {who for who in cast.everybody if sees(who, call)}
    assert seeing == {cast.anton, cast.xenia, cast.lars, cast.arno, cast.yann, cast.yara}
    assert not sees(other, call)
    assert not sees(analyst, call)
    assert side_of(call, access(auditor, NOW())) == Side.ACCOUNT


def test_no_article_is_needed_and_none_opens_more(cast: Cast, send: Send) -> None:
    """Z is bound to X by nothing."""
    call = send(agencies=[cast.c])
    assert sees(cast.zoe, call)
    assert not sees(cast.zeno, call)
    assert not sees(cast.yara, call)


@pytest.mark.parametrize(("ago", "open_still"), [(HOUR - timedelta(seconds=5), True), (HOUR, False)])
def test_for_one_hour(cast: Cast, send: Send, as_: Any, ago: timedelta, open_still: bool) -> None:
    call = moved(send(), ago)
    assert sees(cast.yann, call) == sees(cast.yara, call) == open_still
    assert sees(cast.anton, call)
    answer = as_(cast.yann).get(page(call))
    assert (answer.status_code == 200) == open_still
    if not open_still:
        assert call.reference not in answer.content.decode()
        assert as_(cast.yann).post(page(call, "acknowledge")).status_code == 404
        with pytest.raises(Refused) as refused:
            actions.acknowledge(call=call, by=cast.yann)
        assert refused.value.code == "not_found"


@given(age=st.integers(0, 7_200_000_000), over=st.booleans())
def test_the_hour_to_the_microsecond(age: int, over: bool) -> None:
    """A row's state against the words of the rule."""
    at = timezone.now()
    sent = at - timedelta(microseconds=age)
    call = DistressCall(sent_at=sent, ended_at=at if over else None)
    open_still = age < 3_600_000_000 and not over
    assert (call.state_at(at) == CallState.LIVE) == open_still
    assert (call.state_at(at) == CallState.OVER) == over
    assert over or call.until == sent + HOUR


def test_over_closes_it_at_once(cast: Cast, send: Send) -> None:
    call = send()
    for by in (cast.yann, cast.arno, cast.zoe, cast.ada):
        with pytest.raises(Refused):
            actions.declare_over(call=call, by=by)
    actions.declare_over(call=call, by=cast.lars)
    assert not sees(cast.yann, call)
    assert sees(cast.anton, call)
    with pytest.raises(Refused, match="closed already"):
        actions.declare_over(call=call, by=cast.lars)


def test_who_may_not_send(cast: Cast, send: Send) -> None:
    for by in (cast.ada, cast.tara, cast.arno):
        with pytest.raises(Refused) as refused:
            send(by=by)
        assert refused.value.code == "forbidden"
    assert not DistressCall.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nature": "party"}, "nature"),
        ({"position": (91, 0)}, "latitude"),
        ({"position": (0, float("nan"))}, "longitude"),
        ({"call_back": ""}, "call_back"),
        ({"call_back": "ask Paul"}, "call_back"),
        ({"reason": "  "}, "reason"),
        ({"agencies": []}, "agencies"),
    ],
)
def test_what_is_missing_is_said_at_its_field(send: Send, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        send(**values)
    assert refused.value.field == field
    assert not DistressCall.objects.exists()
    assert not Entry.objects.filter(verb="distress.send").exists()


def test_only_to_agencies_of_other_countries_at_work(cast: Cast, send: Send) -> None:
    for agency in (cast.a1, cast.a2):
        with pytest.raises(Refused, match="no agency of another country"):
            send(agencies=[cast.b, agency])
    Agency.objects.filter(pk=cast.c.pk).update(is_active=False)
    with pytest.raises(Refused):
        send(agencies=[Agency.objects.get(pk=cast.c.pk)])


def test_sent_twice_under_a_key_it_goes_out_once(cast: Cast, send: Send) -> None:
    key = new_key()
    assert send(key=key).pk == send(key=key).pk == key
    assert DistressCall.objects.get().addressees.count() == 1
    # That the key is somebody else's tells nothing of theirs: another call goes out (R17).
    other = send(key=key, by=cast.yann, agencies=[cast.a1])
    assert other.pk != key
    assert other.sent_by == cast.yann
    assert DistressCall.objects.get(pk=key).sent_by == cast.anton


def test_the_desk_is_alerted_and_the_mail_says_nothing(cast: Cast, send: Send) -> None:
    make_appointment("yana", cast.b, Role.ANALYST)
    make_appointment("ylva", cast.b, Role.AUDITOR)
    call = send(agencies=[cast.b, cast.c])
    assert alerted() == {"yann", "yara", "zoe"}
    assert set(Alert.objects.values_list("urgency", flat=True)) == {"Immediate"}
    assert len(mail.outbox) == 3
    written = " ".join(f"{message.subject} {message.body}" for message in mail.outbox)
    for word in (NUMBER, "47.68", "8.71", "weir", "danger", "water", call.reference):
        assert word not in written
    assert "X1" not in written
    assert "Urgency: Immediate" in written


def test_the_alert_goes_with_the_hour(cast: Cast, send: Send, as_: Any) -> None:
    call = send()
    delivered()
    inbox, bell = reverse("alerts:alert-list"), reverse("alerts:bell")
    client = as_(cast.yann)
    alert = Alert.objects.get(appointment=cast.yann)
    assert "neighbour calls your duty desk" in client.get(inbox).content.decode()
    assert client.get(reverse("alerts:alert-open", args=[alert.pk])).url == page(call)
    Alert.objects.update(seen_at=None)
    quiet = as_(cast.yara).get(bell).content
    moved(call, HOUR)
    assert "neighbour calls your duty desk" not in client.get(inbox).content.decode()
    assert client.get(reverse("alerts:alert-open", args=[alert.pk])).status_code == 404
    assert as_(cast.yara).get(bell).content != quiet


def test_handled_late_nobody_is_alerted(cast: Cast, send: Send) -> None:
    moved(send(), HOUR)
    assert alerted() == set()


def test_who_acts_on_it_is_told_to_the_sender_by_function(cast: Cast, send: Send, as_: Any) -> None:
    call = send(agencies=[cast.b, cast.c])
    delivered()
    assert as_(cast.yann).post(page(call, "acknowledge")).status_code == 302
    assert alerted(actions.ACKNOWLEDGED) == {"anton"}
    # Yara need not answer any more; Zoe's desk still has to.
    assert set(Alert.objects.filter(kind=actions.SENT, done_at=None).values_list("appointment", flat=True)) == {
        cast.zoe.pk
    }
    shown = as_(cast.anton).get(page(call)).content.decode()
    assert "Liaison officer" in shown
    assert "Yann" not in shown
    with pytest.raises(Refused, match="acts on it already: Liaison officer"):
        actions.acknowledge(call=call, by=cast.yara)
    for by in (cast.xenia, cast.aldo, cast.yusuf):
        with pytest.raises(Refused):
            actions.acknowledge(call=call, by=by)


def test_receivers_read_neither_each_other_nor_the_reason(cast: Cast, send: Send, as_: Any) -> None:
    call = send(agencies=[cast.b, cast.c])
    actions.acknowledge(call=call, by=cast.zoe)
    shown = as_(cast.yann).get(page(call)).content.decode()
    for word in (NUMBER, "47.688712", "8.712345", "below the weir", "Patrol leader"):
        assert word in shown
    for word in ("Border Guard of Z", "Z1 <span", REASON, "Anton"):
        assert word not in shown
    own = as_(cast.arno).get(page(call)).content.decode()
    for word in ("Y1 <span", "Z1 <span", REASON, "Anton"):
        assert word in own


def test_a_receivers_auditor_reads_the_account_alone(cast: Cast, send: Send, as_: Any, api_as: Any) -> None:
    auditor = make_appointment("ylva", cast.b, Role.AUDITOR)
    call = send()
    for ago in (timedelta(), HOUR * 2):
        call = moved(call, ago)
        # A drawn icon is full of numbers: its path may hold those of the position by chance.
        shown = re.sub(r"<svg.*?</svg>", "", as_(auditor).get(page(call)).content.decode(), flags=re.DOTALL)
        for word in (call.reference, "Person in danger", "X1"):
            assert word in shown
        places = [written(*POSITION, notation) for notation in Notation]
        for word in (NUMBER, "47.68", "8.71", *places, "weir", REASON, "Anton"):
            assert word not in shown
        body = api_as(auditor).get(f"/api/v1/distress-calls/{call.pk}/").json()
        assert body["side"] == "account"
        hidden = ("latitude", "longitude", "place", "call_back", "reason", "sent_by", "review")
        assert [body[name] for name in hidden] == [None] * 7
    assert as_(auditor).post(page(call, "review"), {"justified": "yes", "words": "Fine."}).status_code == 403
    assert not Entry.objects.filter(verb="distress.read").exists()


def test_each_reading_by_a_receiver_is_in_the_ledger_once(cast: Cast, send: Send, as_: Any, api_as: Any) -> None:
    call = send()
    assert "Nobody there has read it" in as_(cast.anton).get(page(call)).content.decode()
    for _ in range(2):
        as_(cast.yann).get(page(call))
    api_as(cast.yann).get(f"/api/v1/distress-calls/{call.pk}/")
    as_(cast.yara).get(page(call))
    found = Entry.objects.filter(verb="distress.read", subject_id=str(call.pk)).values_list("appointment_id", flat=True)
    assert sorted(found) == sorted([cast.yann.pk, cast.yara.pk])
    assert "Read by Liaison officer of Y1" in as_(cast.anton).get(page(call)).content.decode()


def test_a_list_tells_neither_position_nor_number(cast: Cast, send: Send, as_: Any, api_as: Any) -> None:
    send()
    for text in (
        as_(cast.yann).get(reverse(LIST)).content.decode(),
        api_as(cast.yann).get("/api/v1/distress-calls/").content.decode(),
    ):
        assert NUMBER not in text
        assert "47.68" not in text
    assert not Entry.objects.filter(verb="distress.read").exists()


def test_every_step_is_in_the_ledger_without_position_or_number(cast: Cast, send: Send) -> None:
    call = send()
    actions.note_reading(call=call, by=cast.yann)
    actions.acknowledge(call=call, by=cast.yann)
    actions.declare_over(call=call, by=cast.anton)
    actions.review(call=call, justified=True, words="A life.", by=cast.xenia)
    rows = Entry.objects.filter(subject_kind="distress").order_by("seq")
    steps = ["send", "read", "acknowledge", "over", "review"]
    assert [row.verb for row in rows] == [f"distress.{step}" for step in steps]
    assert {row.subject_id for row in rows} == {str(call.pk)}
    written = " ".join(str(row.data) for row in rows)
    assert "47.68" not in written
    assert NUMBER not in written


def test_reviewed_afterwards_by_somebody_else(cast: Cast, send: Send) -> None:
    call = send(by=cast.xenia)
    terms: dict[str, Any] = {"justified": False, "words": "A telephone call had been enough."}
    with pytest.raises(Refused, match="still runs"):
        actions.review(call=call, by=cast.arno, **terms)
    call = moved(call, HOUR)
    for by in (cast.xenia, cast.lars, cast.anton, cast.yara, cast.aldo, cast.zoe):
        with pytest.raises(Refused):
            actions.review(call=call, by=by, **terms)
    with pytest.raises(Refused) as refused:
        actions.review(call=call, by=cast.arno, justified=True, words=" ")
    assert refused.value.field == "words"
    actions.review(call=call, by=cast.arno, **terms)
    row = DistressCall.objects.get()
    assert (row.justified, row.reviewed_by) == (False, cast.arno)
    with pytest.raises(Refused, match="reviewed already"):
        actions.review(call=call, by=cast.arno, **terms)


def test_nobody_reviews_an_own_call_by_another_appointment(cast: Cast, send: Send) -> None:
    call = moved(send(by=cast.xenia), HOUR)
    post = Appointment.objects.create(
        officer=cast.xenia.officer, agency=cast.a1, role=Role.AUDITOR, clearance=1,
        starts_on=timezone.localdate() - timedelta(days=9),
    )  # fmt: skip
    with pytest.raises(Refused, match="sent it yourself"):
        actions.review(call=call, justified=True, words="Of course.", by=post)
    assert not DistressCall.objects.to_review(post, NOW()).exists()


def test_home_shows_what_waits_to_whom_it_waits_for(cast: Cast, send: Send, as_: Any) -> None:
    call = send(by=cast.xenia)
    waits, calls = "call of danger to life to review", "neighbour calls: nobody acts yet"
    assert calls in as_(cast.yann).get("/").content.decode()
    for who in (cast.zoe, cast.xenia, cast.aldo):
        assert calls not in as_(who).get("/").content.decode()
    assert waits not in as_(cast.arno).get("/").content.decode()
    moved(call, HOUR)
    assert waits in as_(cast.arno).get("/").content.decode()
    for who in (cast.xenia, cast.lars, cast.yara, cast.aldo):
        assert waits not in as_(who).get("/").content.decode()
    assert calls not in as_(cast.yann).get("/").content.decode()
    assert call.reference in as_(cast.arno).get(reverse(LIST), {"show": "review"}).content.decode()
    assert call.reference not in as_(cast.xenia).get(reverse(LIST), {"show": "review"}).content.decode()


def test_sent_again_is_a_new_call_with_a_new_hour(cast: Cast, send: Send, as_: Any) -> None:
    first = moved(send(), HOUR)
    client, url = as_(cast.lars), f"{reverse('distress:call-create')}?again={first.pk}"
    form = client.get(url).context["form"]
    assert form["call_back"].value() == NUMBER
    sent = {name: form[name].value() for name in form.fields}
    assert client.post(url, {**sent, "confirmed": "1"}).status_code == 302
    second = DistressCall.objects.get(after=first)
    assert sees(cast.yann, second)
    assert not sees(cast.yann, first)
    # A receiver can neither repeat it nor learn by trying that it is there.
    theirs = as_(cast.yann)
    for key in (first.pk, second.pk, new_key()):
        assert theirs.get(f"{reverse('distress:call-create')}?again={key}").status_code == 404
    with pytest.raises(Refused):
        send(after=second, by=cast.yann, agencies=[cast.a1])


def test_the_page_asks_before_it_sends(cast: Cast, as_: Any) -> None:
    client, url = as_(cast.anton), reverse("distress:call-create")
    form = client.get(url).context["form"]
    offered = set(form.fields["agencies"].queryset)
    assert offered == {cast.b, cast.c}
    sent = {
        "nature": "vessel", "position": "47.6, 8.7", "call_back": NUMBER, "reason": REASON,
        "agencies": [str(cast.b.pk)], "key": str(form["key"].value()), "place": "",
    }  # fmt: skip
    wrong = client.post(url, {**sent, "call_back": "", "position": "95, 8.7", "confirmed": "1"})
    assert set(wrong.context["form"].errors) == {"call_back", "position"}
    assert REASON in wrong.content.decode()
    asked = client.post(url, sent).content.decode()
    assert "This goes out without any treaty, for one hour, and will be reviewed." in asked
    assert not DistressCall.objects.exists()
    assert 'name="reason"' in client.post(url, {**sent, "confirmed": "", "change": "1"}).content.decode()
    assert not DistressCall.objects.exists()
    assert client.post(url, {**sent, "confirmed": "1"}).status_code == 302
    assert client.post(url, {**sent, "confirmed": "1"}).status_code == 302
    assert DistressCall.objects.get().nature == "vessel"
    home = {**sent, "agencies": [str(cast.a2.pk)], "key": str(uuid.uuid4()), "confirmed": "1"}
    assert "agencies" in client.post(url, home).context["form"].errors


def test_roles_without_a_part_in_it(cast: Cast, send: Send, as_: Any) -> None:
    call = send()
    for who in (cast.ada, cast.tara):
        assert as_(who).get(reverse(LIST)).status_code == 403
        assert as_(who).get(page(call)).status_code == 403
        assert "Danger to life" not in as_(who).get("/").content.decode()
    assert as_(cast.arno).get(reverse("distress:call-create")).status_code == 403


def test_hidden_and_unknown_are_the_same(cast: Cast, send: Send, as_: Any, api_as: Any) -> None:
    call = send()
    for who in (cast.zoe, cast.aldo):
        client, api = as_(who), api_as(who)
        for verb in ("acknowledge", "over", "review"):
            answers = {
                client.post(reverse(f"distress:call-{verb}", args=[key])).status_code for key in (call.pk, new_key())
            }
            assert answers == {404}
        assert client.get(page(call)).status_code == client.get(page(DistressCall(pk=new_key()))).status_code == 404
        assert api.get(f"/api/v1/distress-calls/{call.pk}/").status_code == 404
        assert api.get("/api/v1/distress-calls/").json()["results"] == []
        assert call.reference not in client.get(reverse(LIST)).content.decode()


def test_the_api(cast: Cast, api_as: Any) -> None:
    anton, yann, arno = api_as(cast.anton), api_as(cast.yann), api_as(cast.arno)
    body = {
        "id": str(new_key()), "nature": "shots", "latitude": 47.6, "longitude": 8.7, "call_back": NUMBER,
        "reason": REASON, "agencies": [str(cast.b.pk)],
    }  # fmt: skip
    assert arno.send("POST", "/distress-calls/", body).status_code == 403
    assert anton.send("POST", "/distress-calls/", {**body, "agencies": [str(cast.a2.pk)]}).status_code == 422
    assert anton.send("POST", "/distress-calls/", {**body, "after": str(new_key())}).status_code == 400
    assert anton.send("POST", "/distress-calls/", {**body, "call_back": "x"}).status_code == 400
    made = anton.send("POST", "/distress-calls/", body)
    assert made.status_code == 201, made.content
    assert made.json()["reason"] == REASON
    url = f"/distress-calls/{made.json()['id']}/"
    read = yann.get(f"/api/v1{url}").json()
    assert (read["call_back"], read["reason"], read["side"]) == (NUMBER, None, "received")
    assert read["sent_by"]["name"] is None
    assert yann.send("POST", f"{url}acknowledge/").json()["addressees"][0]["acknowledged_by"]["name"] == "Yann"
    assert anton.get(f"/api/v1{url}").json()["addressees"][0]["acknowledged_by"]["name"] is None
    assert yann.send("POST", f"{url}over/").status_code == 403
    assert anton.send("POST", f"{url}over/").json()["state"] == "over"
    assert yann.get(f"/api/v1{url}").status_code == 404
    words = {"justified": True, "words": "A life."}
    assert anton.send("POST", f"{url}review/", words).status_code == 403
    assert arno.send("POST", f"{url}review/", words).json()["justified"] is True


def test_lists_cost_the_same_with_one_and_with_many(cast: Cast, send: Send, as_: Any, api_as: Any) -> None:
    def cost(client: Any, url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        return len(found)

    doors = [(as_, reverse(LIST)), (api_as, "/api/v1/distress-calls/"), (as_, "/")]
    people = (cast.anton, cast.yann)
    actions.acknowledge(call=send(agencies=[cast.b, cast.c]), by=cast.yara)
    once = [cost(sign_in(who), url) for sign_in, url in doors for who in people]
    for _ in range(5):
        actions.acknowledge(call=send(agencies=[cast.b, cast.c]), by=cast.yara)
    assert [cost(sign_in(who), url) for sign_in, url in doors for who in people] == once


def test_the_database_keeps_it_whole(cast: Cast, send: Send) -> None:
    rows = DistressCall.objects.filter(pk=send().pk)
    for wrong in ({"latitude": 91}, {"reviewed_at": NOW()}, {"justified": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
