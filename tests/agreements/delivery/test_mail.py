"""Mail tells that something needs the officer, and nothing of what it is (R17)."""

import string
import time
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.alerts.models import Alert
from agreements.delivery import sending
from agreements.delivery.carriers import mail as carrier
from agreements.delivery.choices import DeliveryState
from agreements.delivery.models import Delivery
from agreements.delivery.wording import notice_of
from agreements.register import actions
from agreements.register.choices import ActionKind
from agreements.sharing.actions import releases
from portal.outbox import messages
from portal.outbox.messages import dispatch
from portal.outbox.models import Message


def test_a_mail_says_urgency_reference_address_and_the_own_desk_alone(cast, patrol_record, release, settled):
    release(patrol_record("Smugglers at Höchst"))
    settled()
    sent = {message.to[0]: message for message in mail.outbox}
    assert sorted(sent) == ["yann@y1.invalid", "yara@y1.invalid"]
    alert = Alert.objects.get(appointment=cast.yann)
    message = sent["yann@y1.invalid"]
    assert message.subject == f"Entente: something needs you (ref {alert.reference})"
    for word in ("Expected", alert.reference, django_settings.SITE_URL, cast.b.desk_phone):
        assert word in message.body
    delivery = alert.deliveries.get()
    assert delivery.state == DeliveryState.SENT
    assert delivery.attempts == 1
    assert message.extra_headers["Message-ID"] == delivery.message_id


# Words too short occur in any text by chance.
odd = st.text(min_size=4, max_size=60).filter(
    lambda text: "\x00" not in text and len(text.strip()) >= 4
) | st.sampled_from(
    ["Bcc: spy@x.invalid", "a\r\nSubject: leak", "{{ alert.line }}", "<script>", "«Ünïcode»", "‮gnidih", "%s %(title)s"]
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=odd)
def test_no_part_of_a_mail_holds_title_partner_or_content(cast, patrol_record, release, settled, title):
    mail.outbox.clear()
    Alert.objects.all().delete()
    cast.a1.acronym = "GUARDX"
    cast.a1.save(update_fields=["acronym"])
    record = patrol_record(f"≡{title}≡", text=f"∮{title}∮")
    release(record)
    settled()
    alert = Alert.objects.get(appointment=cast.yann)
    plain = carrier.compose(notice_of([alert], cast.b), "yann@y1.invalid", alert.deliveries.get().message_id)
    assert len(mail.outbox) == 2
    for message in [*mail.outbox, plain]:
        whole = message.message().as_bytes().decode()
        text = "\n".join([whole, message.subject, message.body, *map(str, message.extra_headers.values())])
        hidden = ["≡", "∮", record.pk.hex, str(record.pk), record.reference, cast.a1.name, cast.a1.acronym]
        hidden += [
            "X-land",
            "XX",
            "Lars",
            "patrol",
            "operational",
            "RESTRICTED",
            "GREEN",
            cast.art7.agreement.short_name,
        ]
        if set(title) - set(string.ascii_letters + " ") and len(title.strip()) > 5:
            hidden.append(title.strip())
        assert [word for word in hidden if word in text] == []
        # Nothing of the record makes the mail longer or shorter: the fixed frame, and the same for all.
        assert message.body == plain.body.replace(alert.reference, message.subject[-9:-1])


def test_the_mail_of_an_agreement_is_in_the_same_words(cast, settled):
    actions.record_action(
        agreement=cast.art7.agreement,
        kind=ActionKind.SUSPENSION,
        done_on=timezone.now().date(),
        country=cast.b.country,
        by=cast.yusuf,
    )
    settled()
    assert len(mail.outbox) == 5
    for message in mail.outbox:
        assert "Immediate" in message.body
        assert not any(word in message.message().as_string() for word in ("X–Y", "Y-land", "uspension", "Treaty"))


def test_rights_are_asked_again_at_sending(cast, patrol_record, release):
    """The treaty is suspended after the alert was raised and before its mail went out."""
    from_release = release(patrol_record())
    messages_of(from_release)
    actions.record_action(
        agreement=cast.art7.agreement,
        kind=ActionKind.SUSPENSION,
        done_on=timezone.now().date(),
        country=cast.b.country,
        by=cast.yusuf,
    )
    for delivery in Delivery.objects.all():
        sending.deliver({"delivery": str(delivery.pk)})
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.WITHHELD}


def messages_of(release):
    """Handle the release itself, and leave its mails waiting."""
    dispatch(Message.objects.get(key=f"released:{release.pk}").pk)


def test_a_mail_about_what_was_read_meanwhile_is_not_sent(cast, patrol_record, release):
    messages_of(release(patrol_record()))
    Alert.objects.update(seen_at=timezone.now())
    for delivery in Delivery.objects.all():
        sending.deliver({"delivery": str(delivery.pk)})
    assert mail.outbox == []


def test_a_release_taken_back_sends_no_mail(cast, patrol_record, release, settled):
    given_away = release(patrol_record())
    messages_of(given_away)
    releases.revoke(release=given_away, by=cast.lars)
    settled()
    assert mail.outbox == []


class Refusing(EmailBackend):
    error: Exception = SMTPException("try later")

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(
    ("error", "state", "attempts"),
    [
        (SMTPException("try later"), DeliveryState.WAITING, 1),
        (SMTPRecipientsRefused({"yann@y1.invalid": (450, b"busy")}), DeliveryState.WAITING, 1),
        (SMTPRecipientsRefused({"yann@y1.invalid": (550, b"unknown")}), DeliveryState.FAILED, 1),
    ],
)
def test_a_mail_server_that_refuses(
    cast, patrol_record, release, settled, settings, monkeypatch, error, state, attempts
):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "error", error)
    release(patrol_record())
    settled()
    rows = Delivery.objects.all()
    assert {(row.state, row.attempts) for row in rows} == {(state, attempts)}
    waiting = Message.objects.waiting().filter(kind="delivery.send")
    assert waiting.count() == (0 if state == DeliveryState.FAILED else 2)
    assert Alert.objects.count() == 2

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    if state == DeliveryState.WAITING:
        time.sleep(messages.FIRST_DELAY + 0.5)
    settled()
    assert len(mail.outbox) == (0 if state == DeliveryState.FAILED else 2)
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {
        row.message_id for row in rows.filter(state=DeliveryState.SENT)
    }
