"""Every page of incidents and responses in a real browser: clean by axe, and fitting the screen."""

from typing import Any

import pytest

from operations.incidents.actions import chain, levels, links, reports
from operations.response.actions import handovers
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.operations.incidents.test_links import entry
from tests.operations.planning.conftest import Desk
from tests.operations.response.conftest import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SCREENS = ((PHONE, "light"), (DESK, "dark"))


def test_every_page_is_clean(visitor: Visitor, room: Room, desk: Desk) -> None:
    """Each is fetched once, and looked at on a phone by day and at a desk by night."""
    cast, operation = room.cast, desk.joined().record
    chain.set_link(operation=operation, step="centre", agency=cast.b, role="liaison_officer", by=cast.xenia)
    draft = room.watch.write(title="Grave", impact=4, account="Somebody was injured.", position=(47.65, 9.1))
    reports.involve(report=draft, by=cast.lars, thing="person", subject="witness", name="A man", number="X1")
    report = room.told(operation=operation, title="Fire on a barge of the northern shore")
    waiting = room.told(operation=operation, title="Waits")
    room.watch.release(waiting)
    links.link(report=report, record=entry(cast.lars, "Smoke at the pier"), by=cast.lars)
    found = levels.propose(row=report, by=room.watch.otto, impact=4, confidence=4, reason="It spreads.")
    event = room.watch.event(reports=(report,))
    serious = room.watch.tell(concerns=[cast.lars])
    procedure = room.procedure()
    response = room.started(report)
    offered = room.offered(room.task(response, assignee=room.watch.otto))
    task = room.task(response, what="Ask the harbour master for the list of berths")
    room.man(cast.yara, 30)
    call = room.call(report=report)
    own = handovers.take(handover=offered, by=cast.yann)
    once_more = handovers.offer(task=task, agency=cast.b, by=cast.lars)
    free = room.task(response, what="Free")
    visitor.page.set_default_navigation_timeout(60_000)
    incident, doing = f"/incidents/{report.pk}/", f"/response/{response.pk}/"
    ours = (
        "/incidents/", "/incidents/new/", incident, f"/incidents/{draft.pk}/", f"/incidents/{draft.pk}/change/",
        f"/incidents/{draft.pk}/report/", f"/incidents/{draft.pk}/involved/", f"{incident}withdraw/", f"{incident}levels/",
        f"{incident}link/", f"/incidents/levels/{found.pk}/", "/incidents/events/", "/incidents/events/new/",
        f"/incidents/events/{event.pk}/", f"/incidents/events/{event.pk}/link/", f"/incidents/events/{event.pk}/close/",
        "/incidents/serious/new/", "/response/", doing, f"{doing}task/", f"{doing}procedure/", f"{doing}lead/", f"{doing}close/",
        "/response/tasks/", f"/response/tasks/{free.pk}/change/", f"/response/tasks/{free.pk}/end/",
        f"/response/tasks/{free.pk}/offer/", f"/response/incidents/{report.pk}/assistance/", "/response/assistance/",
        f"/response/assistance/{call.pk}/", f"/response/assistance/{call.pk}/more/", f"/response/assistance/{call.pk}/end/",
        "/response/procedures/", f"/response/procedures/{procedure.pk}/",
    )  # fmt: skip
    command = (
        f"/incidents/operation/{operation.pk}/chain/", "/response/desks/", "/response/procedures/new/",
        f"/response/procedures/{procedure.pk}/change/",
    )  # fmt: skip
    theirs = (
        f"/response/assistance/{call.pk}/", f"/response/asked/{call.asked.get().pk}/answer/", "/response/tasks/",
        f"/response/handovers/{once_more.pk}/answer/", f"/incidents/{own.pk}/", f"/response/{own.pk}/",
        f"/incidents/{waiting.pk}/validate/", "/response/desks/",
    )  # fmt: skip
    told = ("/incidents/serious/", f"/incidents/serious/{serious.pk}/", f"/incidents/serious/{serious.pk}/take/")
    sides: tuple[Any, ...] = ((cast.lars, ours), (cast.xenia, command), (cast.yann, theirs), (cast.arno, told))
    for who, paths in sides:
        visitor.sign_in(who)
        for path in paths:
            page = visitor.open(path)
            for size, theme in SCREENS:
                visitor.theme(theme)
                visitor.size(*size)
                visitor.settle()
                height = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": size[0], "height": height})
                assert_axe_clean(page)
                assert_fits(page)
