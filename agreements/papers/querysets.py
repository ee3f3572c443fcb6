"""Documents by who may know of them (R23). Every reader starts with `visible_to`."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from agencies.directory.models import Appointment
from agreements.register.models import Agreement

if TYPE_CHECKING:
    from agreements.papers.models import Document  # noqa: F401  It is named in a base class.


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, appointment: Appointment | None) -> "DocumentQuerySet":
        """Documents of agreements that the officer may know of (R23).

        What was withdrawn before the agreement was put to its parties is the withdrawing agency's alone.
        """
        if appointment is None:
            return self.none()
        seen = Agreement.objects.visible_to(appointment).values("pk")
        own = Q(added_by__agency__in=appointment.agencies)
        before_all = Q(withdrawn_at=None) | Q(agreement__registered_at__lte=F("withdrawn_at"))
        return self.filter(own | before_all, agreement__in=seen)

    def readable_by(self, appointment: Appointment | None) -> "DocumentQuerySet":
        """Those whose file may be opened: a withdrawn one is, from then on, the withdrawing agency's alone."""
        if appointment is None:
            return self.none()
        own = Q(added_by__agency__in=appointment.agencies)
        return self.visible_to(appointment).filter(own | Q(withdrawn_at=None))

    def standing(self) -> "DocumentQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def current(self) -> "DocumentQuerySet":
        """The newest version of each."""
        return self.filter(superseded_at=None)

    def with_words(self) -> "DocumentQuerySet":
        """With what a line of a list shows, in the same query."""
        people = ("added_by__officer", "added_by__agency__country", "superseded_by", "withdrawn_by__agency__country")
        return self.defer("words").select_related("agreement", "action__country", *people)
