"""Patrols, legs and observations over the API."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.powers.api import ASKED, asked_of
from agreements.powers.outputs import PowersCardSerializer
from operations.patrols import exports, journal, photos, serving, tracks
from operations.patrols.actions import legs, observations, patrols
from operations.patrols.actions.patrols import TeamPlan
from operations.patrols.api import serializers
from operations.patrols.api.base import RecordMixin, sight_of
from operations.patrols.api.filters import PatrolFilterSet
from operations.patrols.models import Leg, Observation, Patrol, Photo, Track
from operations.patrols.next_steps import next_steps
from operations.patrols.photos import Picture
from operations.patrols.tracks import Reading
from operations.patrols.views.powers import teams_of
from operations.planning import cards
from portal.api.parsers import BoundedJSONParser
from portal.api.renderers import GeoJsonRenderer, GpxRenderer, JpegRenderer
from portal.api.viewsets import ReadViewSet

VIEW, RUN, PLAN = Permission.PATROL_VIEW, Permission.PATROL_RUN, Permission.PATROL_PLAN


def _picture(file: Any) -> Picture:
    photos.check_size(file.size)
    return photos.redraw(file.read())


def _reading(file: Any) -> Reading:
    return tracks.read_file(file)


class PatrolViewSet(RecordMixin, ReadViewSet):
    """Patrols as far as the reader may see them, newest planned start first."""

    serializer_class = serializers.PatrolSerializer
    filterset_class = PatrolFilterSet
    keyset = ("-record__occurred_at", "-pk")
    required_permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": PLAN,
        "start": RUN,
        "end": RUN,
        "cancel": PLAN,
        "legs": VIEW,
        "leg_start": RUN,
        "observations": VIEW,
        "observation_log": RUN,
        "track": RUN,
        "mine": RUN,
        "powers_card": VIEW,
    }

    def get_queryset(self) -> QuerySet[Patrol]:
        if getattr(self, "swagger_fake_view", False):
            return Patrol.objects.none()
        rows = Patrol.objects.visible_to(self.access)
        return self.bodies(rows.prefetch_related("teams__leader"))

    @extend_schema(request=serializers.PatrolInput, responses={201: serializers.PatrolSerializer})
    def create(self, request: Request) -> Response:
        values = self.valid(serializers.PatrolInput)
        values["operation"] = sight_of(self, "operation", values["operation"], "operation")
        values["teams"] = self._teams(values["teams"])
        return self.created(patrols.plan(by=self.by, **values))

    def _teams(self, rows: list[dict[str, Any]]) -> list[TeamPlan]:
        agencies = Agency.objects.select_related("country").in_bulk([row["agency"] for row in rows])
        own = Appointment.objects.filter(agency__in=self.by.agencies)
        leaders = own.in_bulk([row["leader"] for row in rows if row.get("leader")])
        plans = []
        for row in rows:
            agency, leader = agencies.get(row["agency"]), leaders.get(row.pop("leader", None))
            if agency is None:
                raise ValidationError({"teams": ["Only agencies that take part in the operation send a team."]})
            plans.append(TeamPlan(**{**row, "agency": agency, "leader": leader}))
        return plans

    @extend_schema(responses=serializers.NextStepsSerializer)
    @action(detail=False, filterset_class=None, pagination_class=None)
    def mine(self, request: Request) -> Response:
        """The next step in the field: active patrols, those that start soon, own legs to finish."""
        found = next_steps(self.access, self.access.at)
        kept = replace(found, active=self.kept(found.active), planned=self.kept(found.planned))
        patrols_ = [*kept.active, *kept.planned]
        prefetch_related_objects(patrols_, "teams__leader")
        self.disclose([*patrols_, *kept.hidden])
        return Response(serializers.NextStepsSerializer(kept, context=self.get_serializer_context()).data)

    @extend_schema(request=serializers.StartInput, responses=serializers.PatrolSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        return self.shown(patrols.start(patrol=self.get_object(), by=self.by, **self.valid(serializers.StartInput)))

    @extend_schema(request=serializers.EndInput, responses=serializers.PatrolSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        return self.shown(patrols.end(patrol=self.get_object(), by=self.by, **self.valid(serializers.EndInput)))

    @extend_schema(request=serializers.CancelInput, responses=serializers.PatrolSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self.shown(patrols.cancel(patrol=self.get_object(), by=self.by, **self.valid(serializers.CancelInput)))

    @extend_schema(parameters=ASKED, responses=PowersCardSerializer)
    @action(detail=True, url_path="powers-card", filterset_class=None, pagination_class=None)
    def powers_card(self, request: Request, pk: str) -> Response:
        """What the teams may do in each other's states, valid on its day alone: limits in metres and seconds."""
        row: Patrol = self.get_object()
        asked, agencies = asked_of(request.query_params), teams_of(row)
        self.disclose([row])
        return Response(PowersCardSerializer(cards.among(agencies, self.by, asked, self.access.at)).data)

    @extend_schema(responses=serializers.LegSerializer(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def legs(self, request: Request, pk: str) -> Response:
        """The legs of all sides that the reader may see, oldest first."""
        rows = journal.legs_of(self.get_object().record, self.access).defer(None)
        return self._listed(self.bodies(rows), serializers.LegSerializer)

    @extend_schema(request=serializers.LegInput, responses={201: serializers.LegSerializer})
    @legs.mapping.post
    def leg_start(self, request: Request, pk: str) -> Response:
        patrol = self.get_object()
        row = legs.start(patrol=patrol, by=self.by, **self.valid(serializers.LegInput))
        return self.shown(row, status=201, serializer_class=serializers.LegSerializer)

    @extend_schema(responses=serializers.ObservationSerializer(many=True))
    @action(
        detail=True,
        methods=["get"],
        filterset_class=None,
        pagination_class=None,
        parser_classes=[BoundedJSONParser, MultiPartParser],
    )
    def observations(self, request: Request, pk: str) -> Response:
        """The entries of all sides that the reader may see, oldest first."""
        rows = self.bodies(journal.observations_of(self.get_object().record, self.access))
        return self._listed(rows, serializers.ObservationSerializer)

    @extend_schema(
        request={
            "application/json": serializers.ObservationInput,
            "multipart/form-data": serializers.ObservationInput,
        },
        responses={201: serializers.ObservationSerializer},
    )
    @observations.mapping.post
    def observation_log(self, request: Request, pk: str) -> Response:
        patrol = self.get_object()
        values = self.valid(serializers.ObservationInput)
        if values.get("leg"):
            values["leg"] = sight_of(self, "leg", values["leg"], "leg").leg
        pictures = [_picture(file) for file in values.pop("photos", [])]
        row = observations.log(patrol=patrol, by=self.by, pictures=pictures, **values)
        return self.shown(row, status=201, serializer_class=serializers.ObservationSerializer)

    @extend_schema(request={"multipart/form-data": serializers.TrackInput}, responses={201: serializers.LegSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def track(self, request: Request, pk: str) -> Response:
        """Attach a GPX or GeoJSON file to an own leg of this patrol."""
        patrol = self.get_object()
        values = self.valid(serializers.TrackInput)
        reading = _reading(values["track"])
        leg = self._leg_for(patrol, values, reading)
        legs.attach_track(leg=leg, reading=reading, by=self.by)
        return self.shown(_fresh(leg), status=201, serializer_class=serializers.LegSerializer)

    def _leg_for(self, patrol: Patrol, values: dict[str, Any], reading: Reading) -> Leg:
        rows = Leg.objects.visible_to(self.access).filter(
            record__host=patrol.record, record__owner__in=self.by.agencies
        )
        if values.get("leg"):
            row = rows.filter(pk=values["leg"]).first()
            if row is None:
                raise ValidationError({"leg": ["There is no such leg of your team on this patrol."]})
            return row
        row = rows.filter(track=None).order_by("-started_at", "-pk").first()
        return row or legs.start_from_track(
            patrol=patrol, by=self.by, territory=values.get("territory") or self.by.agency.country, reading=reading
        )

    def _listed(self, rows: Any, serializer_class: Any) -> Response:
        found = list(rows)
        self.disclose(found)
        return Response(serializer_class(found, many=True, context=self.get_serializer_context()).data)


def _fresh(leg: Leg) -> Leg:
    return Leg.objects.select_related("record__owner", "track").get(pk=leg.pk)


class LegViewSet(RecordMixin, ReadViewSet):
    """One leg: also when its patrol is hidden by now (R23)."""

    serializer_class = serializers.LegSerializer
    keyset = ("-record__occurred_at", "-pk")
    required_permissions = {"list": VIEW, "retrieve": VIEW, "end": RUN, "track": RUN, "recording": VIEW}

    def get_queryset(self) -> QuerySet[Leg]:
        if getattr(self, "swagger_fake_view", False):
            return Leg.objects.none()
        return self.bodies(Leg.objects.visible_to(self.access).select_related("track"))

    @extend_schema(request=serializers.LegEndInput, responses=serializers.LegSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        row = legs.end(leg=self.get_object(), by=self.by, **self.valid(serializers.LegEndInput))
        return self.shown(_fresh(row))

    @extend_schema(
        responses={
            (200, "application/geo+json"): OpenApiResponse(OpenApiTypes.STR),
            (200, "application/gpx+xml"): OpenApiResponse(OpenApiTypes.BINARY),
        }
    )
    @action(
        detail=True,
        methods=["get"],
        renderer_classes=[GeoJsonRenderer, GpxRenderer, JSONRenderer],
    )
    def recording(self, request: Request, pk: str) -> Any:
        """Every fix of the track, as GeoJSON or (Accept: application/gpx+xml) GPX; the marking is in the file."""
        row: Leg = self.get_object()
        if not journal.has_track(row):
            raise Http404
        self.disclose([row])
        kind = "gpx" if request.accepted_renderer.format == "gpx" else "geojson"
        return exports.served(row, by=self.by, kind=kind)

    @extend_schema(request={"multipart/form-data": serializers.TrackInput}, responses=serializers.LegSerializer)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def track(self, request: Request, pk: str) -> Response:
        """Attach a GPX or GeoJSON file, in place of the one it may have."""
        leg = self.get_object()
        track: Track = legs.attach_track(
            leg=leg, reading=_reading(self.valid(serializers.TrackInput)["track"]), by=self.by
        )
        return self.shown(_fresh(track.leg))


class ObservationViewSet(RecordMixin, ReadViewSet):
    """One entry of a log, with its photographs."""

    serializer_class = serializers.ObservationSerializer
    keyset = ("-record__occurred_at", "-pk")
    filterset_fields = ["type"]
    required_permissions = {"list": VIEW, "retrieve": VIEW, "photos": RUN, "photo": VIEW}

    def get_queryset(self) -> QuerySet[Observation]:
        if getattr(self, "swagger_fake_view", False):
            return Observation.objects.none()
        return self.bodies(Observation.objects.visible_to(self.access).prefetch_related("photos"))

    @extend_schema(
        request={"multipart/form-data": serializers.PhotoInput}, responses={201: serializers.ObservationSerializer}
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def photos(self, request: Request, pk: str) -> Response:
        """Add a photograph to an own entry that is not shared yet."""
        row = self.get_object()
        picture = _picture(self.valid(serializers.PhotoInput)["photo"])
        observations.add_photograph(observation=row, picture=picture, by=self.by)
        return self.shown(self.get_object(), status=201)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(
        detail=True,
        methods=["get"],
        url_path="photos/<uuid:photo>",
        renderer_classes=[JpegRenderer, JSONRenderer],
    )
    def photo(self, request: Request, pk: str, photo: str) -> Any:
        """The photograph itself, as JPEG."""
        row: Photo | None = self.get_object().photos.filter(pk=photo).select_related("observation__record").first()
        if row is None:
            raise Http404
        self.disclose([row.observation])
        response = serving.served(row.image, by=self.by, observation=row.observation_id)
        response["Content-Disposition"] = 'attachment; filename="photograph.jpg"'
        return response
