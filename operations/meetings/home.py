"""What home tells of meetings: the next ones, each with the officer's answer."""

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission
from agreements.sharing.middleware import access_of
from operations.meetings import waiting
from operations.meetings.choices import Answer
from operations.meetings.models import Meeting, MeetingTime
from portal.ui import home

MOST = 5


def register() -> None:
    home.register(
        home.Card(
            "meetings.next",
            "Next meetings",
            "calendar-event",
            "meetings/home_next.html",
            _next,
            order=40,
            permission=Permission.MEETING_VIEW,
            aside=True,
        )
    )


def _next(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    visible = Meeting.objects.visible_to(access)
    url = reverse("meetings:meeting-list")
    ahead = visible.upcoming(access.at)
    unanswered = waiting.unanswered(ahead, by, access.at)
    numbers = [
        home.Number(
            unanswered.count(), "meetings to answer", f"{url}?when=unanswered", "warning", one="meeting to answer"
        )
    ]
    if by.may(Permission.MEETING_CALL):
        invited = waiting.inviting(ahead, by)
        numbers.append(
            home.Number(
                invited.count(),
                "meeting invitations to accept",
                f"{url}?when=invited",
                "warning",
                one="meeting invitation to accept",
            )
        )
    numbers.append(home.Number(ahead.count(), "meetings ahead", url, one="meeting ahead"))
    rows = list(MeetingTime.objects.visible_to(access).upcoming(access.at)[:MOST])
    mine = waiting.own_answers(rows, by, access.at)
    context = {"rows": [(row, mine.get(row.pk)) for row in rows], "answers": Answer.choices}
    return home.Content(numbers, context, list({row.meeting_id: row.meeting.record for row in rows}.values()))
