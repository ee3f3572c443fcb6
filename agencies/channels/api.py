"""Communication channels over the API, and who can talk to whom."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.channels import actions
from agencies.channels.choices import Encryption, Means, Weekday
from agencies.channels.forms import LANGUAGE
from agencies.channels.matrix import Interoperability, Meeting, interoperability
from agencies.channels.models import CommunicationChannel
from agencies.channels.talking import Verdict
from agencies.directory.limits import DAYS
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from portal.api.viewsets import ReadViewSet

VIEW, MANAGE = Permission.DIRECTORY_VIEW, Permission.AGENCY_MANAGE


class CommunicationChannelSerializer(serializers.ModelSerializer[CommunicationChannel]):
    """A means of talking with an agency. Hours and days are those of the agency's zone."""

    class Meta:
        model = CommunicationChannel
        fields = [
            "id", "agency", "means", "system", "band", "talk_group", "address", "encryption", "opens_at", "closes_at",
            "weekdays", "languages", "note", "invented", "starts_on", "ends_on", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class CommunicationChannelReplacement(serializers.Serializer[Any]):
    means = serializers.ChoiceField(choices=Means.choices)
    system = serializers.CharField(max_length=80, required=False, allow_blank=True)
    band = serializers.CharField(max_length=40, required=False, allow_blank=True)
    talk_group = serializers.CharField(max_length=60, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    encryption = serializers.ChoiceField(choices=Encryption.choices, required=False)
    opens_at = serializers.TimeField(required=False, allow_null=True)
    closes_at = serializers.TimeField(required=False, allow_null=True)
    weekdays = serializers.ListField(
        child=serializers.ChoiceField(choices=Weekday.choices), required=False, max_length=7
    )
    languages = serializers.ListField(
        child=serializers.CharField(max_length=8, validators=[LANGUAGE]), required=False, max_length=12
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    starts_on = serializers.DateField(validators=list(DAYS))
    ends_on = serializers.DateField(required=False, allow_null=True, validators=list(DAYS))


class CommunicationChannelInput(CommunicationChannelReplacement):
    agency = serializers.UUIDField(required=False, help_text="Default: the own one.")


class TalkLinkSerializer(serializers.Serializer[Any]):
    """Two channels that reach each other."""

    channel = serializers.UUIDField(source="one.key")
    other_channel = serializers.UUIDField(source="other.key")
    languages = serializers.ListField(child=serializers.CharField())
    encrypted = serializers.BooleanField()
    now = serializers.BooleanField()


class InteroperabilitySerializer(serializers.Serializer[Any]):
    """Whether two agencies can talk now, by what, and what is missing."""

    agency = serializers.UUIDField(source="one.pk")
    other = serializers.UUIDField(source="other.pk")
    verdict = serializers.ChoiceField(choices=[verdict.code for verdict in Verdict], source="talk.verdict.code")
    links = TalkLinkSerializer(many=True, source="talk.links")
    gaps = serializers.ListField(child=serializers.CharField(), source="talk.gaps")


def meetings_of(found: Interoperability) -> list[Meeting]:
    return [found.meetings[key] for key in sorted(found.meetings)]


AMONG = OpenApiParameter("agency", OpenApiTypes.UUID, many=True, description="These. Default: the own agency.")
WITH = OpenApiParameter(
    "with", OpenApiTypes.UUID, many=True, description="Each with these. Default: partners, or among each other."
)


class ChannelViewSet(ReadViewSet):
    """Communication channels of the own agency and its partners (R18), ended ones too."""

    required_permissions = {
        "list": VIEW, "retrieve": VIEW, "create": MANAGE, "end": MANAGE, "replace": MANAGE, "interoperability": VIEW,
    }  # fmt: skip
    serializer_class = CommunicationChannelSerializer
    queryset = CommunicationChannel.objects.none()
    keyset = ("id",)
    filterset_fields = ["agency", "means"]

    def get_queryset(self) -> QuerySet[CommunicationChannel]:
        if getattr(self, "swagger_fake_view", False):
            return CommunicationChannel.objects.none()
        return CommunicationChannel.objects.visible_to(self.by, timezone.now()).select_related("agency")

    @extend_schema(request=CommunicationChannelInput, responses={201: CommunicationChannelSerializer})
    def create(self, request: Request) -> Response:
        """Put a channel of the agency on record."""
        values = self.valid(CommunicationChannelInput)
        key = values.pop("agency", None) or self.by.agency_id
        agency = Agency.objects.active().filter(pk=key).first()
        if agency is None:
            raise ValidationError({"agency": ["There is no such agency."]})
        return self.created(actions.add_channel(agency=agency, by=self.by, **values))

    @extend_schema(request=None, responses=CommunicationChannelSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: uuid.UUID) -> Response:
        """End it at once."""
        return self.shown(actions.end_channel(channel=self.get_object(), by=self.by))

    @extend_schema(request=CommunicationChannelReplacement, responses={201: CommunicationChannelSerializer})
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, pk: uuid.UUID) -> Response:
        """End it and put another in its place. None is ever edited."""
        row = actions.replace_channel(
            channel=self.get_object(), by=self.by, **self.valid(CommunicationChannelReplacement)
        )
        return self.created(row)

    @extend_schema(parameters=[AMONG, WITH], responses=InteroperabilitySerializer(many=True))
    @action(detail=False, filterset_fields=None, pagination_class=None)
    def interoperability(self, request: Request) -> Response:
        """Who can talk to whom now, by what, in which language, encrypted or not; and the gaps."""
        down, across = (_keys(request, name) for name in ("agency", "with"))
        found = interoperability(self.by, timezone.now(), down, across)
        return Response(InteroperabilitySerializer(meetings_of(found), many=True).data)


def _keys(request: Request, name: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in request.query_params.getlist(name)]
    except ValueError:
        raise ValidationError({name: ["Give keys of agencies."]}) from None
