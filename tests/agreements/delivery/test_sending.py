"""When messages leave: together, not in quiet hours, not in a storm, and what is critical at once."""

import json
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from agreements.alerts.models import Alert
from agreements.delivery import actions, sending
from agreements.delivery.choices import Channel, Manner
from agreements.delivery.models import Attempt, Delivery, Outlet, Preference, Rule
from agreements.delivery.routing import SEND
from portal.outbox.models import Message
from tests.agreements.delivery.conftest import clock


def test_several_within_the_settle_window_are_one_mail(cast: Any, alert: Any, settings: Any, states: Any) -> None:
    settings.DELIVERY_SETTLE_SECONDS = 20
    raised = [alert() for _ in range(3)]
    theirs = alert(cast.yara)
    rows = {row.alert_id: row for row in Delivery.objects.all()}
    assert {(row.due_at - row.created_at) for row in rows.values()} == {timedelta(seconds=20)}
    first = rows[raised[0].pk]
    Delivery.objects.update(due_at=timezone.now())
    sending.deliver({"delivery": str(first.pk)})
    assert [message.to for message in mail.outbox] == [["yann@y1.invalid"]]
    assert "3 things in Entente need you" in mail.outbox[0].body
    assert all(row.reference in mail.outbox[0].body for row in raised)
    assert theirs.reference not in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["Message-ID"] == first.message_id
    assert sorted(states()) == [("merged", ""), ("merged", ""), ("sent", ""), ("waiting", "")]
    assert set(Delivery.objects.filter(state="merged").values_list("carried_by", flat=True)) == {first.pk}
    # The messages of the others find nothing left to do.
    for row in rows.values():
        if row.alert_id != theirs.pk:
            sending.deliver({"delivery": str(row.pk)})
    assert len(mail.outbox) == 1
    assert Attempt.objects.count() == 1


def test_what_is_critical_waits_for_nothing(cast: Any, alert: Any, grave: Any, settings: Any, settled: Any) -> None:
    settings.DELIVERY_SETTLE_SECONDS = 20
    midnight = time(0)
    actions.change_preference(by=cast.yann, quiet_from=midnight, quiet_until=midnight)
    quiet = alert()
    critical = alert(**grave)
    settled()
    assert [critical.reference in message.subject for message in mail.outbox] == [True]
    assert "Immediate, Severe" in mail.outbox[0].subject
    assert cast.b.desk_phone in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["Importance"] == "high"
    row = Delivery.objects.get(alert=quiet)
    assert (row.state, row.reason) == ("held", "quiet")


def test_quiet_hours_hold_and_their_end_lets_go(cast: Any, alert: Any, settled: Any, states: Any) -> None:
    """On Yann's own clock: half past ten in the evening in Auckland is noon of UTC or before."""
    cast.yann.officer.time_zone = "Pacific/Auckland"
    cast.yann.officer.save(update_fields=["time_zone"])
    with clock(0.4) as moved:
        local = moved.now().astimezone(ZoneInfo("Pacific/Auckland"))
        begin = (local - timedelta(hours=1)).time().replace(second=0, microsecond=0)
        end = (local + timedelta(hours=2)).time().replace(second=0, microsecond=0)
        actions.change_preference(by=cast.yann, quiet_from=begin, quiet_until=end)
        first, second = alert(), alert(kind="test.must")
        assert states() == [("held", "quiet"), ("held", "quiet")]
        assert Delivery.objects.first().due_at == moved.now() + timedelta(hours=2)
        settled()  # The database's clock is far ahead: all that was held is due.
        assert len(mail.outbox) == 1
        assert "2 things" in mail.outbox[0].body
        assert all(row.reference in mail.outbox[0].body for row in (first, second))
        # What comes due in quiet hours, having been put off, is held there too.
        moved.days += 1
        late = Delivery.objects.get(alert=alert())
        assert (late.state, late.reason) == ("held", "quiet")


def test_what_was_read_meanwhile_is_in_no_digest(cast: Any, alert: Any, settled: Any, states: Any) -> None:
    actions.add_rule(by=cast.yann, manner=Manner.DAILY)
    with clock(0.4):
        read, unread, another = alert(), alert(), alert()
        assert states() == [("held", "digest")] * 3
        Alert.objects.filter(pk=read.pk).update(seen_at=timezone.now())
        settled()
        assert [message.to for message in mail.outbox] == [["yann@y1.invalid"]]
        assert read.reference not in mail.outbox[0].body
        assert all(row.reference in mail.outbox[0].body for row in (unread, another))
        assert sorted(states()) == [("merged", ""), ("sent", ""), ("withheld", "read")]
        # No item comes twice: the next digest holds the next ones alone.
        later = alert()
        settled()
        assert len(mail.outbox) == 2
        assert later.reference in mail.outbox[1].body
        assert unread.reference not in mail.outbox[1].body


def test_a_digest_of_nothing_is_not_sent(cast: Any, alert: Any, settled: Any) -> None:
    actions.add_rule(by=cast.yann, manner=Manner.HOURLY)
    with clock(0.4):
        alert()
        Alert.objects.update(seen_at=timezone.now())
        settled()
    assert mail.outbox == []


def test_a_storm_becomes_one_summary(cast: Any, alert: Any, grave: Any, settings: Any, settled: Any) -> None:
    settings.DELIVERY_STORM_MESSAGES = 3
    with clock(0.4) as moved:
        for _ in range(3):
            alert()
            settled()
        assert ["further ones come as one summary" in message.body for message in mail.outbox] == [False, False, True]
        more = [alert() for _ in range(4)]
        for row in Delivery.objects.filter(alert__in=more):
            sending.deliver({"delivery": str(row.pk)})
        assert len(mail.outbox) == 3
        held = Delivery.objects.filter(state="held", reason="storm")
        assert set(held.values_list("due_at", flat=True)) == {moved.now() + timedelta(hours=1)}
        assert held.count() == 4
        # Others are in no storm, and what is critical leaves through it.
        for row in (alert(cast.yara), alert(**grave)):
            sending.deliver({"delivery": str(row.deliveries.get().pk)})
            assert row.reference in mail.outbox[-1].body
        assert len(mail.outbox) == 5
        # An hour after the first one they come as one summary.
        settled()
    assert len(mail.outbox) == 6
    assert all(row.reference in mail.outbox[5].body for row in more)
    assert not held.exists()


@pytest.mark.parametrize("field", ["superseded_at", "done_at"])
def test_what_stands_no_more_is_withheld(alert: Any, settled: Any, states: Any, field: str) -> None:
    alert()
    Alert.objects.update(**{field: timezone.now()})
    settled()
    assert mail.outbox == []
    assert states() == [("withheld", "over")]


def test_an_exercise_never_leaves(cast: Any, alert: Any, grave: Any, settled: Any, states: Any, chief: Any) -> None:
    actions.add_outlet(agency=cast.b, kind="webhook", name="x", url="https://x.invalid/", by=chief)
    alert(exercise=True, **grave)
    assert states() == [("withheld", "exercise")] * 2
    assert not Message.objects.filter(kind=SEND, done_at=None).exists()
    # Nor one that became an exercise after it was raised.
    alert()
    Alert.objects.update(exercise=True)
    settled()
    assert mail.outbox == []
    assert set(states()) == {("withheld", "exercise")}


def test_moved_to_another_instant_the_message_of_the_first_does_nothing(alert: Any, settled: Any) -> None:
    row = Delivery.objects.get(alert=alert())
    message = Message.objects.get(key__startswith=f"deliver:{row.pk}")
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=1))
    sending.deliver(message.payload)
    assert mail.outbox == []
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_text_message_needs_a_number_a_gateway_and_a_rule(
    cast: Any, alert: Any, grave: Any, chief: Any, listener: Any, settled: Any
) -> None:
    def routed(**values: Any) -> set[str]:
        return {row.channel for row in alert(**values).deliveries.all()}

    rule = Rule.objects.get(pk=actions.add_rule(by=cast.yann, manner=Manner.NOW, channels=[Channel.GATEWAY]).pk)
    assert routed() == set(), "neither number nor gateway"
    assert routed(kind="test.must") == {"mail"}, "a mandatory one comes by mail all the same"
    actions.change_preference(by=cast.yann, number="+41 79 000 00 00")
    assert routed() == set(), "no gateway"
    outlet, secret = actions.add_outlet(
        agency=cast.b,
        kind="gateway",
        name="SMS",
        url=f"{listener.address}/send?to={{number}}",
        headers="Authorization: Bearer k3y-of-the-gateway\nContent-Type: application/json",
        body='{"to": "{number}", "text": "{text}", "id": "{id}"}',
        by=chief,
    )
    assert secret == ""
    assert routed() == {"gateway"}
    rule.delete()
    assert routed() == {"mail"}
    assert routed(**grave) == {"mail", "gateway"}, "a critical one comes by both"
    settled()
    assert {asked["path"] for asked in listener.asked} == {"/send?to=%2B41790000000"}
    asked = listener.asked[0]
    assert asked["headers"]["Authorization"] == "Bearer k3y-of-the-gateway"
    text = json.loads(asked["body"])["text"]
    assert cast.b.desk_phone in text
    assert "Zqwerty" not in asked["body"].decode()
    kept = Outlet.objects.get(pk=outlet.pk).headers
    assert kept
    assert "k3y-of-the-gateway" not in kept, "sealed"
    assert Preference.objects.get().number == "+41790000000"
