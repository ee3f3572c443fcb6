"""Answers of calendar programs: handed in on the page, over the API, and by mail."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from operations.meetings import actions, invitations, mailbox, replying
from operations.meetings.models import Invitation, Meeting, Reply
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.operations.meetings.conftest import Hall, work
from tests.operations.planning.conftest import suspend

MAIL = "yann@agency.invalid"


def answer(row: Meeting, **changes: str) -> bytes:
    """What a calendar program writes; `changes` by the name of a property, empty to leave it out."""
    lines = {
        "METHOD": "METHOD:REPLY",
        "BEGIN": "BEGIN:VEVENT",
        "UID": f"UID:{row.pk}@entente",
        "SEQUENCE": f"SEQUENCE:{row.sequence}",
        "DTSTAMP": f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}",
        "ATTENDEE": f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{MAIL}",
        **changes,
    }
    body = [line for line in lines.values() if line]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//Y//EN", *body, "END:VEVENT", "END:VCALENDAR", ""]
    ).encode()


@pytest.fixture
def row(hall: Hall, settings: Any) -> Meeting:
    settings.MEETING_REPLIES = "replies@portal.invalid"
    hall.cast.yann.officer.email = MAIL
    hall.cast.yann.officer.save(update_fields=["email"])
    found = hall.joint()
    work()
    return found


def mailed(content: bytes, to: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = MAIL, to, "Accepted"
    message.set_content("Yes")
    message.add_attachment(content, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()


def address(row: Meeting) -> str:
    return invitations.reply_address(Invitation.objects.get(meeting=row, appointment__officer__email=MAIL))


BAD: list[tuple[dict[str, str], str]] = [
    ({"METHOD": "METHOD:REQUEST"}, "not REPLY"),
    ({"METHOD": ""}, "not REPLY"),
    ({"UID": "UID:other@entente"}, "another meeting"),
    ({"ATTENDEE": "ATTENDEE;PARTSTAT=ACCEPTED:mailto:zoe@agency.invalid"}, "another attendee"),
    ({"ATTENDEE": f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{MAIL}"}, "Answer accepted"),
    ({"ATTENDEE": ""}, "one attendee"),
    ({"X": f"ATTENDEE;PARTSTAT=DECLINED:mailto:{MAIL}"}, "one attendee"),
    ({"SEQUENCE": "SEQUENCE:many"}, "no answer"),
    ({"UID": ""}, "no answer"),
    ({"RECURRENCE": "RECURRENCE-ID:20270101T090000Z"}, "no such time"),
    ({"RECURRENCE": "RECURRENCE-ID;VALUE=DATE:20270101"}, "without a time"),
    ({"RECURRENCE": "RECURRENCE-ID:20270101T090000"}, "without a zone"),
]


@pytest.mark.parametrize(("changes", "said"), BAD)
def test_what_is_no_answer_to_it(hall: Hall, row: Meeting, changes: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        replying.take(replying.read(answer(row, **changes)), row, hall.cast.yann)
    assert refused.value.field == "file"
    assert mailbox.take(mailed(answer(row, **changes), address(row))).startswith("not taken")
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"BEGIN:VCALENDAR", b"x" * (replying.LARGEST + 1), b"BEGIN:VEVENT\n" * 500]
)
def test_what_no_calendar_wrote(hall: Hall, content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        replying.read(content)
    assert refused.value.field == "file"


def test_by_the_page(hall: Hall, row: Meeting, as_: Any) -> None:
    url = reverse("meetings:meeting-reply", args=[row.pk])
    yann = as_(hall.cast.yann)
    assert yann.get(url).status_code == 200
    wrong = yann.post(url, {"file": SimpleUploadedFile("a.ics", b"no calendar")})
    assert b"This is no answer" in wrong.content
    assert yann.post(url, {"file": SimpleUploadedFile("a.ics", answer(row))}).status_code == 302
    assert Reply.objects.get().answer == "accepted"
    # Not another's, nor where one does not attend, nor what is hidden.
    assert as_(hall.cast.yara).post(url, {"file": SimpleUploadedFile("a.ics", answer(row))}).status_code == 200
    assert as_(hall.cast.zoe).post(url, {"file": SimpleUploadedFile("a.ics", answer(row))}).status_code == 404
    assert Reply.objects.count() == 1


def test_over_the_api(hall: Hall, row: Meeting, api_as: Any) -> None:
    url = reverse("meetings-reply", args=[row.pk])
    sent = api_as(hall.cast.yann).post(url, {"calendar": answer(row).decode()})
    assert (sent.status_code, sent.json()["own_answer"]) == (200, "accepted")
    assert api_as(hall.cast.yann).post(url, {"calendar": "no"}).status_code == 400
    assert api_as(hall.cast.zoe).post(url, {"calendar": answer(row).decode()}).status_code == 404


def test_by_mail(hall: Hall, row: Meeting) -> None:
    assert mailbox.take(mailed(answer(row), address(row))) == "taken"
    assert Reply.objects.get().answer == "accepted"
    assert Entry.objects.filter(verb="meeting.rsvp", door="mail").count() == 1
    declined = f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{MAIL.upper()}"
    assert mailbox.take(mailed(answer(row, ATTENDEE=declined), "x@y.invalid"), address(row)) == "taken"
    assert Reply.objects.get().answer == "declined"


def test_an_older_answer_that_comes_later_changes_nothing(hall: Hall, row: Meeting) -> None:
    mailbox.take(mailed(answer(row), address(row)))
    old = f"DTSTAMP:{timezone.now() - timedelta(days=1):%Y%m%dT%H%M%SZ}"
    declined = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{MAIL}"
    assert mailbox.take(mailed(answer(row, DTSTAMP=old, ATTENDEE=declined), address(row))) == "taken"
    assert Reply.objects.get().answer == "accepted"


def test_an_answer_to_an_older_state_is_not_taken(hall: Hall, row: Meeting) -> None:
    old, to = answer(row), address(row)
    later = row.starts_at + timedelta(days=1)
    actions.change(meeting=row, by=hall.cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    assert "changed since" in mailbox.take(mailed(old, to))
    assert not Reply.objects.exists()


def test_only_the_address_of_the_invitation_counts(hall: Hall, row: Meeting, settings: Any) -> None:
    right = address(row)
    name, _, domain = right.partition("@")
    forged = f"{name[:-1]}{'0' if name[-1] != '0' else '1'}@{domain}"
    for to in (forged, "replies@portal.invalid", f"{name}@other.invalid", "", f"replies+{'é' * 52}@portal.invalid"):
        assert mailbox.take(mailed(answer(row), "x@y.invalid"), to or "a@b.invalid") == "not taken: to no invitation"
    settings.MEETING_REPLIES = ""
    assert mailbox.take(mailed(answer(row), right)) == "not taken: to no invitation"
    assert not Reply.objects.exists()


def test_rights_are_asked_when_the_answer_comes(hall: Hall, row: Meeting) -> None:
    to = address(row)
    suspend(hall.cast)
    assert mailbox.take(mailed(answer(row), to)).startswith("not taken")
    assert not Reply.objects.exists()


def test_whatever_a_stranger_writes_is_no_error(row: Meeting) -> None:
    to = address(row)
    texts = [
        b"",
        b"\xff\x00",
        b"To: " + to.encode() + b"\r\n\r\n",
        b"x" * (mailbox.LARGEST + 1),
        b"Content-Type: multipart/mixed; boundary=a\r\nTo: " + to.encode() + b"\r\n\r\n--a" * 3,
    ]
    for text in texts:
        assert mailbox.take(text).startswith("not taken")


def test_the_command_reads_a_maildir(row: Meeting, tmp_path: Path, capsys: Any) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(mailed(answer(row), address(row)))
    (tmp_path / "new" / "2.host").write_bytes(b"nothing")
    call_command("receive_mail", maildir=tmp_path)
    assert capsys.readouterr().out.splitlines() == ["1.host: taken", "2.host: not taken: to no invitation"]
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]
    with pytest.raises(CommandError):
        call_command("receive_mail", maildir=tmp_path / "none")


def test_an_answer_to_one_time_of_a_row(hall: Hall, settings: Any) -> None:
    hall.cast.yann.officer.email = MAIL
    hall.cast.yann.officer.save(update_fields=["email"])
    starts = timezone.now().replace(microsecond=0, second=0) + timedelta(days=2)
    row = hall.joint(
        starts_at=starts, ends_at=starts + timedelta(hours=1), zone="Europe/Warsaw", rule="FREQ=DAILY;COUNT=3"
    )
    second = row.times.all()[1]
    named = f"RECURRENCE-ID:{second.starts_at:%Y%m%dT%H%M%SZ}"
    replying.take(replying.read(answer(row, RECURRENCE=named)), row, hall.cast.yann)
    assert Reply.objects.get().time == second
