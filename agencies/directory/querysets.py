"""Rows of the directory by what is true of them today."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.directory.roles import Permission

if TYPE_CHECKING:
    from agencies.directory.models import Agency, Appointment, Succession, Unit  # noqa: F401  Named in base classes.


def _successions(model: type[models.Model]) -> Any:
    """Rows of successions, from the model of whoever asks: the models import this module."""
    agency: Any = model if model._meta.model_name == "agency" else model._meta.get_field("agency").related_model
    return agency._meta.get_field("successions").related_model.objects


def acts(at: datetime, path: str = "") -> Q:
    """Of agencies, or of what leads to one by `path`: those that are here, neither suspended nor closed by `at`."""
    running = [Q(**{f"{path}{name}": None}) | Q(**{f"{path}{name}__gt": at}) for name in ("suspended_at", "closed_at")]
    return Q(*running, **{f"{path}is_active": True})


class AgencyQuerySet(models.QuerySet["Agency"]):
    def known(self) -> "AgencyQuerySet":
        """Those that have a page: also those for whom another stands now (R30), suspended ones and closed ones."""
        return self.filter(is_active=True)

    def active(self) -> "AgencyQuerySet":
        """Those that act today. One that was succeeded does so no more, its successor does (R30)."""
        return self._standing_for_itself().filter(acts(timezone.now()))

    def kept(self) -> "AgencyQuerySet":
        """Those whose entry and officers are kept: suspended ones too, so that they can be put in order."""
        running = Q(closed_at=None) | Q(closed_at__gt=timezone.now())
        return self._standing_for_itself().filter(running, is_active=True)

    def _standing_for_itself(self) -> "AgencyQuerySet":
        over = _successions(self.model).in_effect(timezone.now()).filter(predecessor=OuterRef("pk"))
        return self.filter(~Exists(over))

    def without_desk(self) -> "AgencyQuerySet":
        """Those whose duty desk lacks its telephone or its mail."""
        return self.filter(Q(desk_phone="") | Q(desk_email=""))


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def accepted(self) -> "SuccessionQuerySet":
        return self.filter(accepted_at__isnull=False)

    def kept_by(self, by: "Appointment") -> "SuccessionQuerySet":
        """Those of agencies that the officer keeps."""
        if by.may(Permission.AGENCY_MANAGE_ANY):
            return self
        mine = Q(predecessor__in=by.agencies) | Q(successor__in=by.agencies)
        return self.filter(mine) if by.may(Permission.AGENCY_MANAGE) else self.none()

    def proposed(self) -> "SuccessionQuerySet":
        """Those that wait for the other side."""
        return self.filter(accepted_at=None, dropped_at=None)

    def in_effect(self, at: datetime) -> "SuccessionQuerySet":
        return self.filter(starts_at__lte=at)

    def heirs(self, agencies: Collection[uuid.UUID], at: datetime) -> "dict[uuid.UUID, uuid.UUID]":
        """Of these agencies those that were succeeded by `at`, each with who stands for it at the end of the line."""
        rows = self.in_effect(at).filter(predecessor__in=agencies).order_by("starts_at", "pk")
        return dict(rows.values_list("predecessor", "successor"))

    def on_agenda(self, agency: "Agency", at: datetime) -> "SuccessionQuerySet":
        """Of an agency: those that wait for an answer or for their first day."""
        rows = self.filter(Q(predecessor=agency) | Q(successor=agency), dropped_at=None, direct=True)
        waiting = Q(starts_at=None) | Q(starts_at__gt=at)
        return rows.filter(waiting).select_related("predecessor__country", "successor__country")

    def successor_of(self, agency: uuid.UUID, at: datetime) -> "Agency | None":
        """Who stands for the agency at `at` at the end of the line; None while it stands for itself."""
        rows = self.in_effect(at).filter(predecessor=agency).select_related("successor__country")
        latest = rows.order_by("-starts_at", "-pk").first()
        return latest.successor if latest else None


class UnitQuerySet(models.QuerySet["Unit"]):
    def open(self) -> "UnitQuerySet":
        return self.filter(closed_at=None)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_effect(self, at: datetime) -> "AppointmentQuerySet":
        """Those that may be in effect at `at` in some time zone; `Appointment.is_in_effect` decides exactly.

        A day begins at 00:00 in the agency's zone, so the rows are narrowed with a day to spare on both sides.
        """
        day = at.date()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day - timedelta(days=1)),
            Q(ended_at=None) | Q(ended_at__gt=at),
            acts(at, "agency__"),
            starts_on__lte=day + timedelta(days=1),
            officer__is_active=True,
        )

    def standing_for(self, agencies: "Collection[uuid.UUID | Agency]", at: datetime) -> "AppointmentQuerySet":
        """Those whose agency is, or by `at` has succeeded, one of these (R30)."""
        heirs = _successions(self.model).in_effect(at).filter(predecessor__in=agencies).values("successor")
        return self.filter(Q(agency__in=agencies) | Q(agency__in=heirs))

    def administered_by(self, by: "Appointment") -> "AppointmentQuerySet":
        """Those that an agency admin of their agency, or a system admin, gives and ends."""
        if by.may(Permission.AGENCY_MANAGE_ANY):
            return self
        return self.filter(agency__in=by.agencies) if by.may(Permission.AGENCY_MANAGE) else self.none()
