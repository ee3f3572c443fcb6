"""Mail about alerts, by SMTP."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from agreements.delivery.carriers.results import Result
from agreements.delivery.choices import Outcome
from agreements.delivery.wording import Notice

# SMTP replies from 500 on: the address will not be taken later either.
PERMANENT = 500


def compose(notice: Notice, to: str, message_id: str) -> EmailMessage:
    """The mail: the same words whatever the subject is."""
    urgent = {"Importance": "high", "X-Priority": "1"} if notice.critical else {}
    return EmailMessage(
        subject=notice.subject,
        body=render_to_string("delivery/mail.txt", {"notice": notice}),
        to=[to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated", **urgent},
    )


def send(notice: Notice, to: str, message_id: str) -> Result:
    """Hand the mail to the mail server."""
    try:
        compose(notice, to, message_id).send()
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        outcome = Outcome.LATER if any(code < PERMANENT for code in codes) else Outcome.REFUSED
        return Result(outcome, str(max(codes, default=0)))
    except SMTPResponseException as error:
        return Result(Outcome.LATER, str(error.smtp_code))
    except (SMTPException, OSError) as error:
        return Result(Outcome.LATER, type(error).__name__)
    return Result(Outcome.ACCEPTED, "250")
