"""Steps of duty chains by who may know of them: the own agency, and who keeps the entries of all (R18)."""

from typing import TYPE_CHECKING

from django.db import models

from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agencies.chains.models import DutyStep  # noqa: F401  It is named in a base class.
    from agencies.directory.models import Appointment


class DutyStepQuerySet(models.QuerySet["DutyStep"]):
    def visible_to(self, by: "Appointment | None") -> "DutyStepQuerySet":
        """Partners never read who is on duty when: they are told which step was reached, and no more."""
        if by is None or not by.may(Permission.DIRECTORY_VIEW):
            return self.none()
        return self if by.may(Permission.AGENCY_MANAGE_ANY) else self.filter(agency__in=by.agencies)

    def with_words(self) -> "DutyStepQuerySet":
        return self.select_related(
            "agency__country", "post__officer", "post__agency__country", "deputy__officer", "deputy__agency__country"
        ).prefetch_related("hours")
