"""Partner agencies: invited, reached by function, suspended and closed."""

from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country, Succession, valid_time_zone
from agencies.onboarding.choices import CHIPS, LANGUAGE_NAMES, STALE_DAYS, Function, State, Task
from agencies.onboarding.querysets import ClosingQuerySet, ContactQuerySet, HaltQuerySet, InvitationQuerySet
from portal.clocks import weekdays
from portal.keys import new_key

WEEK = list(range(7))


class Invitation(models.Model):
    """An agency is asked to take part. Opens nothing: there is no such agency before a second officer lets it in.

    The link is worked out from the portal's own key when it is sent; only its digest is kept. Each sending makes
    another, and the earlier one void.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    name = models.CharField(max_length=200)
    native_name = models.CharField(max_length=200, blank=True)
    acronym = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, choices=Agency.Kind)
    country = models.ForeignKey(Country, models.PROTECT, related_name="invitations")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[valid_time_zone])
    mail = models.EmailField(help_text="Of the person at the agency who is asked.")
    why = models.CharField(max_length=500, help_text="What for. The invited person reads it.")
    invited_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    sendings = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    as_invited = models.JSONField(default=dict, blank=True, help_text="What the invited person corrected.")
    admin_name = models.CharField(max_length=150, blank=True)
    admin_mail = models.EmailField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True, help_text="Why it was declined, or not let in.")
    agency = models.OneToOneField(Agency, models.PROTECT, null=True, blank=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, agency=None)
                | Q(released_at__isnull=False, agency__isnull=False, accepted_at__isnull=False),
                name="invitation_made_its_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acronym or self.name} ({self.country_id})"

    def state_at(self, at: datetime) -> State:
        ends = (
            (self.released_at, State.RELEASED),
            (self.refused_at, State.REFUSED),
            (self.withdrawn_at, State.WITHDRAWN),
            (self.declined_at, State.DECLINED),
            (self.accepted_at, State.ACCEPTED),
            (self.expires_at if self.expires_at <= at else None, State.EXPIRED),
            (self.opened_at, State.OPENED),
        )
        return next((state for instant, state in ends if instant is not None), State.SENT)

    @property
    def state(self) -> State:
        return self.state_at(timezone.now())

    @property
    def chip(self) -> str:
        return CHIPS[self.state]


class Contact(models.Model):
    """How one function of an agency is reached. Never changed: a change is the end of one and a new one."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="contacts")
    function = models.CharField(max_length=16, choices=Function)
    telephone = models.CharField(max_length=40, blank=True)
    mail = models.EmailField(blank=True)
    days = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, help_text="0 is Monday. Empty: all."
    )
    opens = models.TimeField(null=True, blank=True, help_text="In the agency's zone. Empty: all day.")
    closes = models.TimeField(null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    since = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    verified_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "function", "-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "function"], condition=Q(ended_at=None), name="one_contact_for_each_function"
            ),
            models.CheckConstraint(condition=~Q(telephone="", mail=""), name="contact_reaches_somebody"),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(opens__isnull=False, closes__isnull=False),
                name="contact_opens_and_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()}, {self.agency.short}"

    @property
    def hours(self) -> str:
        """In words: “Mon–Fri 08:00–17:00”. Times are those of the agency's zone."""
        span = "all day" if self.opens is None or self.closes is None else f"{self.opens:%H:%M}–{self.closes:%H:%M}"
        days = weekdays(self.days or WEEK)
        return "day and night" if (days, span) == ("every day", "all day") else f"{days} {span}"

    @property
    def tongues(self) -> str:
        return ", ".join(LANGUAGE_NAMES.get(code, code) for code in self.languages)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody answers at `at`. Hours that pass midnight belong to the day on which they began."""
        local = at.astimezone(self.agency.zone)
        days, clock = self.days or WEEK, local.time()
        if self.opens is None or self.closes is None:
            return local.weekday() in days
        if self.opens < self.closes:
            return local.weekday() in days and self.opens <= clock < self.closes
        before = (local - timedelta(days=1)).weekday()
        return (local.weekday() in days and clock >= self.opens) or (before in days and clock < self.closes)


def is_stale(verified_on: date | None, today: date) -> bool:
    """Whether nobody has tried it within 180 days."""
    return verified_on is None or (today - verified_on).days > STALE_DAYS


class Halt(models.Model):
    """From an instant on nobody acts for an agency, until another officer lifts it."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="halts")
    reason = models.CharField(max_length=500)
    halted_at = models.DateTimeField(default=timezone.now)
    halted_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_why = models.CharField(max_length=500, blank=True)

    objects = HaltQuerySet.as_manager()

    class Meta:
        ordering = ["-halted_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(lifted_at=None), name="agency_suspended_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="halt_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} suspended"


class Closing(models.Model):
    """An agency is no more from a day on: proposed by one officer, agreed by another. What was agreed is final.

    With a successor it is agreed by accepting the succession (R30), and the successor takes over all of it. Without,
    its designations end with it, and what waits for it is listed until somebody decides.
    """

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="closings")
    first_day = models.DateField(help_text="The first day on which it is no more, in its zone.")
    reason = models.CharField(max_length=300)
    succession = models.OneToOneField(Succession, models.PROTECT, null=True, blank=True, related_name="closing")
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="Once agreed: the instant of effect.")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClosingQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(dropped_at=None), name="agency_closed_once"),
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None, closes_at=None)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False, closes_at__isnull=False, dropped_at=None),
                name="closing_agreed_is_final",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} closes"

    @property
    def is_open(self) -> bool:
        return self.agreed_at is None and self.dropped_at is None


class Look(models.Model):
    """An admin has looked at a task of the own agency's list; `settled`: there is no more to enter."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    task = models.CharField(max_length=16, choices=Task)
    looked_at = models.DateTimeField(default=timezone.now)
    settled = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "task"], name="task_looked_at_once")]

    def __str__(self) -> str:
        return f"{self.get_task_display()}, {self.agency.short}"
