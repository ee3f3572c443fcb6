"""Calls of danger to life over the API (R24)."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.distress import actions
from agreements.distress.choices import CallState, Nature, Side
from agreements.distress.models import Addressee, DistressCall
from agreements.distress.reading import addressees_of, side_of
from agreements.sharing.api.base import SeeingViewSet
from agreements.sharing.api.parts import AgencyPart, OfficerPart
from portal.api.viewsets import ReadViewSet
from portal.positions.fields import PlacedSerializer


class AddresseePart(serializers.ModelSerializer[Addressee]):
    agency = AgencyPart(read_only=True)
    acknowledged_by = OfficerPart(read_only=True, allow_null=True)

    class Meta:
        model = Addressee
        fields = ("agency", "acknowledged_by", "acknowledged_at")
        read_only_fields = fields


class CallLineSerializer(serializers.ModelSerializer[DistressCall]):
    """A call in a list: neither position nor number. Fetch it to read them: that is told to the sender."""

    reference = serializers.CharField(read_only=True)
    sender = AgencyPart(source="sent_by.agency", read_only=True)
    until = serializers.DateTimeField(read_only=True, help_text="Open to its receivers until then.")
    state = serializers.SerializerMethodField()
    side = serializers.SerializerMethodField()

    class Meta:
        model = DistressCall
        fields: tuple[str, ...] = ("id", "reference", "sender", "nature", "sent_at", "until", "state", "side")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=CallState.choices))
    def get_state(self, row: DistressCall) -> str:
        return row.state_at(self.context["sight"].access.at)

    @extend_schema_field(serializers.ChoiceField(choices=Side.choices))
    def get_side(self, row: DistressCall) -> str:
        return side_of(row, self.context["sight"].access) or ""


class CallSerializer(CallLineSerializer):
    """A call. What a reader may not know is null: position and number to auditors of a receiver, reason and review to
    all but the sender's agency."""

    sent_by = OfficerPart(read_only=True)
    addressees = serializers.SerializerMethodField(help_text="Of a receiver, its own line alone.")
    ended_by = OfficerPart(read_only=True, allow_null=True)
    reviewed_by = OfficerPart(read_only=True, allow_null=True)

    class Meta(CallLineSerializer.Meta):
        fields = (
            *CallLineSerializer.Meta.fields,
            "latitude",
            "longitude",
            "place",
            "call_back",
            "reason",
            "sent_by",
            "after",
            "addressees",
            "ended_at",
            "ended_by",
            "reviewed_at",
            "reviewed_by",
            "justified",
            "review",
        )
        read_only_fields = fields

    @extend_schema_field(AddresseePart(many=True))
    def get_addressees(self, row: DistressCall) -> Any:
        return AddresseePart(addressees_of(row, self.context["sight"].access), many=True, context=self.context).data

    def to_representation(self, instance: DistressCall) -> Any:
        data, side = super().to_representation(instance), side_of(instance, self.context["sight"].access)
        hidden: Sequence[str] = ()
        if side != Side.SENT:
            hidden = ("reason", "after", "ended_by", "reviewed_at", "reviewed_by", "justified", "review")
        if side == Side.ACCOUNT:
            hidden = (*hidden, "latitude", "longitude", "place", "call_back", "sent_by")
        return {**data, **dict.fromkeys(hidden)}


class CallInput(PlacedSerializer):
    id = serializers.UUIDField(required=False, help_text="Sent twice under the same id, it goes out once.")
    nature = serializers.ChoiceField(choices=Nature.choices)
    place = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text="Name no person.")
    call_back = serializers.CharField(max_length=40, validators=[PHONE])
    agencies = serializers.PrimaryKeyRelatedField(
        queryset=Agency.objects.active(), many=True, allow_empty=False, help_text="Of other countries."
    )
    reason = serializers.CharField(max_length=500, help_text="Not sent: your own agency reads it.")
    after = serializers.UUIDField(required=False, help_text="The own agency's earlier call that this one repeats.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if attrs.get("position") is None:
            raise ValidationError({"latitude": ["Say where: latitude and longitude, or position."]})
        return attrs


class ReviewInput(serializers.Serializer[Any]):
    justified = serializers.BooleanField()
    words = serializers.CharField(max_length=500)


class DistressCallViewSet(SeeingViewSet, ReadViewSet):
    """Of the own agency; received ones while they are open; to auditors of a receiver, the account of them."""

    serializer_class = CallSerializer
    queryset = DistressCall.objects.none()
    keyset = ("-sent_at", "-pk")
    filterset_fields = {"nature": ["exact"]}
    required_permissions = {
        "list": Permission.DISTRESS_VIEW,
        "retrieve": Permission.DISTRESS_VIEW,
        "create": Permission.DISTRESS_SEND,
        "acknowledge": Permission.DISTRESS_SEND,
        "over": Permission.DISTRESS_SEND,
        "review": Permission.DISTRESS_REVIEW,
    }

    def get_serializer_class(self) -> Any:
        return CallLineSerializer if self.action == "list" else CallSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return DistressCall.objects.visible_to(self.access).with_sides()

    def _again(self, row: DistressCall) -> DistressCall:
        return DistressCall.objects.with_sides().get(pk=row.pk)

    def shown(self, row: Any, **options: Any) -> Response:
        """With its entry in the ledger where a receiver reads it."""
        if side_of(row, self.access) == Side.RECEIVED:
            actions.note_reading(call=row, by=self.by)
        return super().shown(row, **options)

    @extend_schema(request=CallInput, responses={201: CallSerializer})
    def create(self, request: Request) -> Response:
        """Send without an article, for one hour, to be reviewed. There is no further question: it goes out at once."""
        values = self.valid(CallInput)
        key, after = values.pop("id", None), values.pop("after", None)
        repeated = None
        if after is not None:
            own = DistressCall.objects.sent_by_agency_of(self.access)
            repeated = own.select_related("sent_by").filter(pk=after).first()
            if repeated is None:
                raise ValidationError({"after": ["There is no such call."]})
        row = actions.send(by=self.by, key=key, after=repeated, **values)
        return self.created(self._again(row))

    @extend_schema(request=None, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: Any = None) -> Response:
        """As the desk of a receiver: we act on it."""
        return self.shown(self._again(actions.acknowledge(call=self.get_object(), by=self.by)))

    @extend_schema(request=None, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def over(self, request: Request, pk: Any = None) -> Response:
        """As the sender's agency: the danger is over, it closes to receivers."""
        return self.shown(self._again(actions.declare_over(call=self.get_object(), by=self.by)))

    @extend_schema(request=ReviewInput, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: Any = None) -> Response:
        """As another officer of the sender's agency, afterwards: was it right?"""
        row = actions.review(call=self.get_object(), by=self.by, **self.valid(ReviewInput))
        return self.shown(self._again(row))
