"""Mail through a real mail server; a worker killed after it was taken and before that was written down."""

import time
from typing import Any

import pytest
from django.utils import timezone

from agreements.alerts.handling.sharing import SHARED
from agreements.delivery import sending
from agreements.delivery.models import Attempt, Delivery
from tests.agreements.delivery.servers import Mailbox, serving
from tests.processes import all_done, wait_for


def test_mail_reaches_the_server_in_content_free_words(
    cast: Any, alert: Any, mailbox: Mailbox, settled: Any, settings: Any
) -> None:
    raised = alert()
    settled()
    (mail,) = mailbox.mails
    row = Delivery.objects.get()
    assert (mail["Message-ID"], mail["To"]) == (row.message_id, "yann@y1.invalid")
    assert raised.reference in mail["Subject"]
    assert (row.state, row.attempted.get().outcome) == ("sent", "accepted")
    assert "Zqwerty" not in mail.as_string()


@pytest.mark.parametrize(
    ("refusal", "state", "code"), [("450 busy", "waiting", "450"), ("550 who is that", "failed", "550")]
)
def test_a_server_that_refuses(alert: Any, mailbox: Mailbox, settled: Any, refusal: str, state: str, code: str) -> None:
    mailbox.refusal = refusal
    alert()
    settled()
    assert (Delivery.objects.get().state, Attempt.objects.get().code) == (state, code)
    mailbox.refusal = ""
    Delivery.objects.filter(ended_at=None).update(due_at=timezone.now())
    sending.deliver({"delivery": str(Delivery.objects.get().pk)})
    assert len(mailbox.mails) == (state == "waiting")


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_killed_between_sending_and_commit_the_same_message_goes_out_again(
    cast: Any, alert: Any, worker: Any, broker_at: Any, redis: Any
) -> None:
    """At least once, honestly: the receiver's mail program knows the second one by its Message-ID."""
    with serving(Mailbox) as mailbox:
        mailbox.delay = 30.0
        smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        worker.options["env"] |= {**smtp, "EMAIL_PORT": str(mailbox.port), "EMAIL_TIMEOUT": "60"}
        # A kind that the worker knows too.
        row = Delivery.objects.get(alert=alert(kind=SHARED))
        worker.start()
        wait_for(lambda: mailbox.mails, worker)
        time.sleep(0.2)
        worker.kill()
        row.refresh_from_db()
        assert row.state == "waiting"
        assert not Attempt.objects.exists()
        mailbox.delay = 0.0
        worker.start()
        wait_for(lambda: all_done() and len(mailbox.mails) == 2, worker)
        worker.kill()
        row.refresh_from_db()
        assert row.state == "sent"
        assert mailbox.ids == [row.message_id] * 2
        assert Attempt.objects.count() == 1
