"""What home tells of minutes, action items and rhythms. Each number leads to the list that it counts."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.roles import Permission, Role
from agreements.sharing.middleware import access_of
from operations.minutes.models import ActionItem, Minutes, Rhythm
from operations.minutes.rhythms import standings
from portal.ui import home

MOST = 5


def register() -> None:
    home.register(
        home.Card(
            "minutes.actions", "Action items", "list-check", "minutes/home_actions.html", _actions, order=9,
            permission=Permission.MEETING_VIEW,
        )
    )  # fmt: skip
    home.register(
        home.Card(
            "minutes.rhythms", "Regular meetings", "calendar-x", "minutes/home_rhythms.html", _rhythms, order=41,
            permission=Permission.MEETING_VIEW, roles=frozenset({Role.TREATY_ADMIN, Role.COMMANDER}), aside=True,
        )
    )  # fmt: skip


def _actions(request: HttpRequest) -> home.Content:
    access = access_of(request)
    by = access.appointment
    assert by is not None
    rows = ActionItem.objects.visible_to(access).open()
    own = Q(agency__in=by.agencies)
    counts = rows.aggregate(
        late=Count("pk", filter=own & Q(due_at__lte=access.at)),
        mine=Count("pk", filter=Q(officer__in=by.chain)),
        own=Count("pk", filter=own),
    )
    url = reverse("minutes:action-list")
    numbers = [
        home.Number(
            counts["late"], "of our action items overdue", f"{url}?whose=agency&state=overdue", "danger",
            one="of our action items overdue",
        ),
        home.Number(
            counts["mine"], "action items of mine open", f"{url}?whose=mine&state=open", one="action item of mine open"
        ),
        home.Number(
            counts["own"], "of our action items open", f"{url}?whose=agency&state=open", one="of our action items open"
        ),
    ]  # fmt: skip
    shown = list(rows.filter(own).with_words().order_by("due_at", "pk")[:MOST]) if counts["own"] else []
    waiting: list[Minutes] = []
    if by.may(Permission.MEETING_CALL):
        asked = Minutes.objects.visible_to(access).awaiting(by.agencies)
        number = asked.count()
        numbers.insert(
            0,
            home.Number(
                number, "minutes to agree", f"{reverse('minutes:minutes-list')}?show=mine", "warning",
                one="minutes to agree",
            ),
        )  # fmt: skip
        waiting = list(asked.order_by("put_at", "pk")[:MOST]) if number else []
    context = None
    if shown or waiting:
        items = [(item, item.stands(access.at)) for item in shown]
        context = {"items": items, "waiting": waiting, "url": f"{url}?whose=agency&state=open"}
    return home.Content(numbers, context, [*(item.record for item in shown), *(row.record for row in waiting)])


def _rhythms(request: HttpRequest) -> home.Content:
    access = access_of(request)
    rows = Rhythm.objects.visible_to(access).standing().with_words()
    broken = [item for item in standings(rows, access, access.at) if item.is_broken]
    number = home.Number(
        len(broken), "boards or plans late", f"{reverse('minutes:rhythm-list')}?show=broken", "warning",
        one="board or plan late",
    )  # fmt: skip
    records = [item.rhythm.operation for item in broken[:MOST] if item.rhythm.operation]
    return home.Content([number], {"rows": broken[:MOST]} if broken else None, records)
