"""The kit: what an officer may take along without a network."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import items_of
from agreements.sharing.models import Record
from operations.field import kit
from operations.field.api.outputs import KitSerializer
from operations.patrols.api.base import RecordMixin
from operations.patrols.api.serializers import PatrolSerializer
from operations.planning import cards
from operations.planning.basis import basis_holds
from portal.audit import recording


class FieldKitViewSet(RecordMixin):
    """What may be taken along without a network."""

    serializer_class = KitSerializer
    queryset = Record.objects.none()
    filter_backends = []
    pagination_class = None  # type: ignore[assignment]
    renderer_classes = [JSONRenderer]
    required_permissions = {"take": Permission.PATROL_RUN}

    @extend_schema(responses=KitSerializer)
    def take(self, request: Request) -> HttpResponse:
        """What the officer may see now, disclosed as for a page. With `If-None-Match`, 304 while nothing has changed.

        403, 404 or something left out withdraws it on the device.
        """
        by, at = self.by, self.access.at
        found = kit.kit_of(self.access)
        parts = kit.parts_of(self.access, found)
        body = {**self._body(found, by, at), **{name: value for name, (value, _) in parts.items()}}
        content = JSONRenderer().render(body)
        # Keyed and of the officer: of what is hidden it tells nothing (R17).
        etag = f'"{salted_hmac("field.kit", content.decode() + str(by.pk)).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match", "") == etag:
            return HttpResponse(status=304, headers={"ETag": etag})
        named = [row for row in self._nameable.values() if row is not None]
        besides = [row for _, rows in parts.values() for row in rows]
        recording.disclose(by=by, items=items_of(self.access, [*found.records, *named, *besides]))
        times = {"as_of": at, "until": kit.until(by, at)}
        return Response({**times, **body}, headers={"ETag": etag})

    def _body(self, found: kit.Kit, by: Appointment, at: datetime) -> dict[str, Any]:
        context = self.get_serializer_context()
        operations = [_operation(row, by, at) for row in found.operations]
        fallen = {row["id"] for row in operations if not row["basis"]}
        return {
            "officer": {
                "id": str(by.officer_id),
                "appointment": str(by.pk),
                "function": by.function,
                "agency": str(by.agency_id),
                "agency_name": by.agency.short,
                "country": by.agency.country_id,
                "zone": by.agency.time_zone,
                "clearance": by.clearance,
                "may_plan": by.may(Permission.PATROL_PLAN),
            },
            "operations": operations,
            "patrols": PatrolSerializer(found.patrols, many=True, context=context).data,
            # A second device of the team joins the leg that runs.
            "legs": [
                {
                    "id": str(row.pk),
                    "patrol": str(row.record.host_id),
                    "territory": row.territory_id,
                    "started_at": row.started_at.isoformat(),
                }
                for row in found.legs
            ],
            "observation_types": kit.types(found.operations, by),
            "powers": [_steady(kit.powers_of(row, by, at)) for row in found.operations],
            "areas": _areas(found),
            "instructions": [
                {
                    "id": str(row.pk),
                    "operation": str(row.operation_record_id) if self.may_name(row.operation_record_id) else None,
                    "text": row.text,
                    # Whether it is to be done now: the operation is hidden by now, or its basis does not hold (R24).
                    "applies": not self.may_name(row.operation_record_id) or str(row.operation_record_id) in fallen,
                }
                for row in found.instructions
            ],
        }


def _operation(row: Any, by: Appointment, at: datetime) -> dict[str, Any]:
    own = row.record.owner_id in by.agencies
    return {
        "id": str(row.pk),
        "reference": row.record.reference,
        "name": row.name,
        "state": row.state,
        "zone": row.record.zone,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "host_state": row.host_state_id,
        "instructions": row.instructions if own else "",
        # The own operation goes on being seen when its basis falls away: only this tells the device (R24).
        "basis": basis_holds(row, at, cards.taking_part(row, by, at)).holds,
        "shown": kit.audiences(row.record, by, at),
    }


def _steady(card: dict[str, Any]) -> dict[str, Any]:
    """Without the instant at which it was worked out: else no two kits were alike."""
    return {name: value for name, value in card.items() if name != "as_of"}


def _areas(found: kit.Kit) -> dict[str, Any]:
    features = [
        {"type": "Feature", "id": str(row.pk), "geometry": row.area, "properties": {"operation": str(row.pk)}}
        for row in found.operations
        if row.area
    ]
    return {"type": "FeatureCollection", "features": features}
