"""What home tells of partner agencies: who waits to be let in, what waits for a second look, contacts not tried."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from agencies.directory import links
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agencies.onboarding.actions import contacts
from agencies.onboarding.actions.closing import may_agree, may_propose
from agencies.onboarding.actions.halting import may_suspend
from agencies.onboarding.actions.inviting import may_release
from agencies.onboarding.choices import STALE_DAYS
from agencies.onboarding.models import Closing, Contact, Halt, Invitation
from portal.ui import home


def register() -> None:
    links.register(links_of)
    home.register(
        home.Card(
            "onboarding.partners", "Partner agencies", "envelope-paper", "", _partners, 21, Permission.AGENCY_INVITE
        )
    )
    home.register(
        home.Card("onboarding.contacts", "Contacts", "telephone", "", _contacts, 22, Permission.AGENCY_MANAGE)
    )


def _partners(request: HttpRequest) -> home.Content:
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    rows = Invitation.objects.visible_to(by).to_let_in().with_words().select_related("invited_by__officer")
    waiting = [row for row in rows if may_release(row, by)]
    closings = Closing.objects.visible_to(by).open().with_words()
    agreed = [row for row in closings if may_agree(row, by)]
    halted = Halt.objects.visible_to(by).standing().count()
    listed = reverse("onboarding:invitation-list")
    return home.Content(
        [
            home.Number(
                len(waiting), "agencies to let in", f"{listed}?state=accepted", "warning", one="agency to let in"
            ),
            home.Number(
                len(agreed),
                "closings to agree",
                f"{reverse('onboarding:ending-list')}#closings",
                "warning",
                one="closing to agree",
            ),
            home.Number(
                halted, "agencies suspended", reverse("onboarding:ending-list"), "danger", one="agency suspended"
            ),
        ]
    )


def _contacts(request: HttpRequest) -> home.Content:
    """Contacts of the own agency that nobody has tried within 180 days, the desk among them."""
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    at: datetime = request.now  # type: ignore[attr-defined]
    limit = at.astimezone(by.agency.zone).date() - timedelta(days=STALE_DAYS)
    rows = Contact.objects.current().filter(Q(verified_on=None) | Q(verified_on__lt=limit), agency=by.agency)
    first = contacts.desk(by.agency, at)
    number = rows.count() + (first.is_stale and not first.reaches_nobody)
    url = reverse("onboarding:contact-list", args=[by.agency_id])
    words = f"contacts not tried for {STALE_DAYS} days"
    return home.Content([home.Number(number, words, url, "warning", one=words.replace("contacts", "contact", 1))])


def links_of(agency: Agency, by: Appointment) -> Iterator[links.Link]:
    """On an agency's page: the task list to its admins; suspending, lifting and closing to who may."""
    keys = [agency.pk]
    if may_manage(agency, by) and not agency.is_closed:
        yield links.Link("Task list", reverse("onboarding:agency-setup", args=keys), "list-check")
    if may_suspend(agency, by) and not agency.is_closed:
        if agency.is_suspended:
            yield links.Link("Lift the suspension", reverse("onboarding:agency-lift", args=keys), "play-circle")
        else:
            yield links.Link("Suspend", reverse("onboarding:agency-suspend", args=keys), "pause-circle", "danger")
    if may_propose(agency, by):
        words = "Closing" if agency.closed_at else "Close"
        yield links.Link(words, reverse("onboarding:agency-close", args=keys), "stop-circle", "danger")
