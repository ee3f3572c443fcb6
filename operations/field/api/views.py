"""Batches, photographs and files carried by hand: the doors of devices."""

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import items_of
from agreements.sharing.models import Record
from operations.field import pictures, quarantine, receiving
from operations.field.api.outputs import BatchResultSerializer, ItemResultSerializer
from operations.field.choices import QuarantineCause
from operations.field.clocks import Clock
from operations.field.items import DeviceInstantField, ItemInput
from operations.field.receiving import Result, Sender
from operations.patrols import photos
from portal.api.parsers import BoundedJSONParser
from portal.api.viewsets import ANY_OFFICER, KernelViewSet
from portal.audit import recording
from portal.ui.errors import Refused

MOST_ITEMS = 200
LARGEST = 1024 * 1024  # bytes of a batch
NOBODY = uuid.UUID(int=0)
OTHER_OFFICER = "Another officer is signed in on this device. Nothing was taken in."
OTHER_POST = "This was logged under another of your appointments: choose it, then send again."


class IsSignedIn(BasePermission):
    """Also without an appointment in effect: what such an officer sends goes into quarantine."""

    message = "Sign in first."

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


class BatchInput(serializers.Serializer[Any]):
    device = serializers.UUIDField(help_text="Made once by each installation on a device.")
    sent_at = DeviceInstantField(help_text="By the device's clock, at the moment of sending.")
    appointment = serializers.UUIDField(
        required=False, help_text="Under which it was logged, if the officer has several."
    )
    items = serializers.ListField(child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST_ITEMS)


class BatchBody(BatchInput):
    """As it is described: each item is checked by itself, so that one cannot hold back others."""

    items = ItemInput(many=True)  # type: ignore[assignment]


class CarriedInput(BatchInput):
    officer = serializers.UUIDField(help_text="Whose log it is.")


class CarriedBody(BatchBody):
    officer = serializers.UUIDField(help_text="Whose log it is.")


class FieldPhotoInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made on the device, once.")
    observation = serializers.UUIDField(help_text="Key of the entry, or of the item that made it.")
    made_at = DeviceInstantField()
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$", help_text="Of the file as it lies on the device.")
    device = serializers.UUIDField(required=False)
    sent_at = DeviceInstantField(required=False)
    file = serializers.FileField()


class DeviceViewSet(KernelViewSet):
    """Each item carries its own key, so that `Idempotency-Key` adds nothing here, and is not kept."""

    permission_classes = [IsSignedIn]
    queryset = Record.objects.none()
    filter_backends = []
    pagination_class = None

    def _begin(self, request: Request) -> None:
        return

    @property
    def raw(self) -> HttpRequest:
        return self.request._request

    @property
    def now(self) -> datetime:
        return self.raw.now  # type: ignore[attr-defined]

    @property
    def officer(self) -> Officer:
        return self.request.user  # type: ignore[return-value]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises Refused when the device says that it sends for another officer than the one of the session.

        Two windows share one session: between the device's question whose it is and its sending, another may have
        signed in, and an entry would be logged in the wrong name.
        """
        super().initial(request, *args, **kwargs)
        meant = request.headers.get("X-Entente-Officer", "")
        if meant and meant != str(self.officer.pk):
            raise Refused(OTHER_OFFICER, code="other_officer")

    def limited(self, most: int) -> None:
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > most:
            raise RequestDataTooBig

    def disclosed(self, results: list[Result]) -> None:
        """The references are of records that the officer made or acted on (R29)."""
        access = self.raw.access  # type: ignore[attr-defined]
        keys = {result.record for result in results if result.record}
        rows = Record.objects.visible_to(access).filter(pk__in=keys) if keys else ()
        recording.disclose(by=self.by, items=items_of(access, rows))

    def check_post(self, post: uuid.UUID | None) -> None:
        """Raises Refused when it was logged under another post of the officer than the one that acts."""
        acting: Appointment = self.by
        if post is None or post == acting.pk:
            return
        current = {row.pk for row in getattr(self.raw, "appointments", [])}
        if post in current:
            raise Refused(OTHER_POST, field="appointment", code="other_appointment")

    def answer(self, results: list[Result], clock: Clock) -> Response:
        body = {"received_at": clock.received_at, "drift_seconds": clock.drift.total_seconds(), "results": results}
        return Response(BatchResultSerializer(body).data)


class FieldBatchViewSet(DeviceViewSet):
    """What a device logged without a network."""

    serializer_class = BatchResultSerializer
    parser_classes = [BoundedJSONParser]
    required_permissions = {"create": ANY_OFFICER}

    @extend_schema(request=BatchBody, responses=BatchResultSerializer)
    def create(self, request: Request) -> Response:
        """Up to 200 items, 1 MB. Each is taken in or refused by itself, in order; send all again when no answer came.

        Without an appointment in effect they go into quarantine, and the answer tells nothing else.
        """
        self.limited(LARGEST)
        values = self.valid(BatchInput)
        clock = Clock(values["sent_at"], self.now)
        over = self._over(values.get("appointment"))
        if self.by is None or over is not None:
            results = quarantine.put_aside(
                officer=self.officer,
                device=values["device"],
                clock=clock,
                raws=values["items"],
                cause=QuarantineCause.NO_APPOINTMENT,
                post=over,
            )
            return self.answer(results, clock)
        self.check_post(values.get("appointment"))
        sender = Sender(self.officer, self.by, values["device"], clock)
        results = receiving.receive(sender=sender, raws=values["items"])
        self.disclosed(results)
        return self.answer(results, clock)

    def _over(self, post: uuid.UUID | None) -> Appointment | None:
        """The post of the officer's own under which it was logged, if that works no more."""
        rows = Appointment.objects.select_related("officer", "agency__country").filter(officer=self.officer)
        row = rows.filter(pk=post).first() if post else None
        return None if row is None or row.is_in_effect(self.now) else row


class FieldImportViewSet(DeviceViewSet):
    """The outbox of a device, carried in by hand."""

    serializer_class = BatchResultSerializer
    parser_classes = [BoundedJSONParser]
    required_permissions = {"create": Permission.PATROL_RUN}

    @extend_schema(request=CarriedBody, responses=BatchResultSerializer)
    def create(self, request: Request) -> Response:
        """The decrypted file of the own device; that of a colleague of the own agency goes into quarantine."""
        self.limited(LARGEST)
        values = self.valid(CarriedInput)
        clock = Clock(values["sent_at"], self.now, by_hand=True)
        if values["officer"] == self.officer.pk:
            self.check_post(values.get("appointment"))
            sender = Sender(self.officer, self.by, values["device"], clock, carried_by=self.by)
            results = receiving.receive(sender=sender, raws=values["items"])
            self.disclosed(results)
            return self.answer(results, clock)
        results = quarantine.put_aside(
            officer=self._colleague(values["officer"]),
            device=values["device"],
            clock=clock,
            raws=values["items"],
            cause=QuarantineCause.BY_HAND,
            carried_by=self.by,
        )
        return self.answer(results, clock)

    def _colleague(self, key: uuid.UUID) -> Officer:
        """Of the own agency. Another's officer and nobody are refused alike (R17)."""
        officer = Officer.objects.filter(pk=key).first()
        post = quarantine.last_appointment(officer) if officer else None
        if officer is None or post is None or post.agency_id not in self.by.agencies:
            raise ValidationError({"officer": ["There is no such officer in your agency."]})
        return officer

    def check_permissions(self, request: Request) -> None:
        if getattr(request._request, "appointment", None) is None and request.user.is_authenticated:
            self.permission_denied(request, message="You hold no appointment that is in effect today.")
        super().check_permissions(request)


class FieldPhotoViewSet(DeviceViewSet):
    """Photographs of entries, each by itself."""

    serializer_class = ItemResultSerializer
    parser_classes = [MultiPartParser]
    required_permissions = {"create": ANY_OFFICER}

    @extend_schema(request={"multipart/form-data": FieldPhotoInput}, responses=ItemResultSerializer)
    def create(self, request: Request) -> Response:
        """Taken in only when its SHA-256 is that of the file on the device; the same receipts as for items."""
        values = self.valid(FieldPhotoInput)
        file = values["file"]
        photos.check_size(file.size)
        item, data, device = pictures.item_of(values), file.read(), values.get("device") or NOBODY
        clock = Clock(values.get("sent_at") or self.now, self.now)
        if self.by is None:
            result = quarantine.put_photograph_aside(
                officer=self.officer, device=device, clock=clock, item=item, data=data
            )
        else:
            result = pictures.receive(sender=Sender(self.officer, self.by, device, clock), item=item, data=data)
            self.disclosed([result])
        return Response(ItemResultSerializer(result).data)
