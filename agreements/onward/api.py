"""Onward transfer over the API: pass on, ask, decide (R11). The same actions as the pages."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agreements.onward import actions
from agreements.onward.models import ConsentRequest
from agreements.onward.reading import onward_offers, passing_of
from agreements.register.choices import Onward, Purpose
from agreements.sharing.api.base import HangingViewSet, SeeingViewSet
from agreements.sharing.api.inputs import ReleaseInput
from agreements.sharing.api.outputs import OfferPart, ReleaseSerializer
from agreements.sharing.api.parts import OfficerPart
from agreements.sharing.disclosure import disclose
from agreements.sharing.models import Record

RELEASE = Permission.RECORD_RELEASE


class ConsentRequestSerializer(serializers.ModelSerializer[ConsentRequest]):
    """A request, for the two sides alone."""

    asked_by = OfficerPart(read_only=True)
    decided_by = OfficerPart(read_only=True, allow_null=True)
    target = serializers.CharField(read_only=True)
    clause = serializers.UUIDField(source="audience.clause_id", read_only=True, allow_null=True, default=None)

    class Meta:
        model = ConsentRequest
        fields = [
            "id",
            "record",
            "asked_by",
            "asked_at",
            "target",
            "clause",
            "agency",
            "purpose",
            "reason",
            "until",
            "state",
            "decided_by",
            "decided_at",
            "words",
            "ends_at",
            "release",
        ]
        read_only_fields = fields


class PassingSerializer(serializers.Serializer[Any]):
    """Whether the reader's agency may pass the record on, and what it passed on."""

    rule = serializers.ChoiceField(
        choices=Onward.choices, source="way.rule", default=None, allow_null=True, help_text="Null: there is no way."
    )
    sentence = serializers.SerializerMethodField()
    offers = OfferPart(many=True)
    passed = ReleaseSerializer(many=True)

    def get_sentence(self, found: Any) -> str:
        return found.way.sentence if found.way else found.refused


class AskInput(serializers.Serializer[Any]):
    """A question to the originator: an audience under a clause of one's own, as a release names it; or, without a
    clause, an `agency` to which only the originator could release."""

    id = serializers.UUIDField(required=False, help_text="Made on the device: sent twice, it asks once.")
    record = serializers.UUIDField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    reason = serializers.CharField(max_length=500)
    until = serializers.DateTimeField(required=False, allow_null=True)
    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active(), required=False)
    release = ReleaseInput(required=False, help_text="Whom it is for, under a clause of one's own.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("agency")) == bool(attrs.get("release")):
            raise serializers.ValidationError({"agency": ["Name an agency, or a release under a clause of your own."]})
        return attrs


class ConsentInput(serializers.Serializer[Any]):
    ends_at = serializers.DateTimeField()
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class RefuseInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500)


class PassingViewSet(SeeingViewSet):
    """Beside the records: what a receiver may do with one."""

    required_permissions = {"passing": RELEASE, "pass_on": RELEASE}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Record.objects.none()
        return self.seen().select_related("owner__country", "operation", "author__agency")

    @extend_schema(operation_id="records_onward_retrieve", responses=PassingSerializer)
    def passing(self, request: Request, pk: uuid.UUID) -> Response:
        """The rule, what the own articles let through today, and what was passed on."""
        record: Record = self.get_object()
        access = self.access
        found = passing_of(record, access)
        disclose(request._request, [record])
        offers = onward_offers(record, access, access.at).fits if found.way else []
        found.offers = offers
        return Response(PassingSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(operation_id="records_onward_create", request=ReleaseInput, responses={201: ReleaseSerializer})
    def pass_on(self, request: Request, pk: uuid.UUID) -> Response:
        """Pass it on where every article on the way lets it go freely."""
        record: Record = self.get_object()
        values = self.valid(ReleaseInput)
        row = actions.pass_on(
            record=record,
            to=ReleaseInput.to(values),
            clause=values["clause"],
            purpose=values["purpose"],
            until=values.get("until"),
            by=self.by,
        )
        disclose(request._request, [record])
        return Response(ReleaseSerializer(row, context=self.get_serializer_context()).data, status=201)


class ConsentRequestViewSet(HangingViewSet):
    """Requests to pass on, of the own records and of the own agency."""

    serializer_class = ConsentRequestSerializer
    model = ConsentRequest
    keyset = ("-asked_at", "-pk")
    filterset_fields = {"record": ["exact"], "state": ["exact"]}
    required_permissions = dict.fromkeys(
        ("list", "retrieve", "create", "consent", "refuse", "release", "pass_on", "end", "take_back"), RELEASE
    )

    @extend_schema(request=AskInput, responses={201: ConsentRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask the originator of a record one sees."""
        values = self.valid(AskInput)
        record = self.named_record(values.pop("record"))
        wanted = values.pop("release", None)
        target = {"to": ReleaseInput.to(wanted), "clause": wanted["clause"]} if wanted else {}
        key = values.pop("id", None)
        row = actions.ask(record=record, by=self.by, key=key, **values, **target)
        return self.created(self.again(row))

    def _done(self, row: ConsentRequest) -> Response:
        return self.shown(self.again(row))

    @extend_schema(request=ConsentInput, responses=ConsentRequestSerializer)
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, pk: uuid.UUID) -> Response:
        """As the originator: until `ends_at`."""
        return self._done(actions.consent(request=self.get_object(), by=self.by, **self.valid(ConsentInput)))

    @extend_schema(request=RefuseInput, responses=ConsentRequestSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: uuid.UUID) -> Response:
        """As the originator: no, and why."""
        return self._done(actions.refuse(request=self.get_object(), by=self.by, **self.valid(RefuseInput)))

    @extend_schema(request=ReleaseInput, responses=ConsentRequestSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: uuid.UUID) -> Response:
        """As the originator: release it under an article of the own agency instead."""
        row, values = self.get_object(), self.valid(ReleaseInput)
        terms = {name: values.get(name) for name in ("clause", "purpose", "until")}
        return self._done(
            actions.release_instead(request=row, by=self.by, to=ReleaseInput.to(values), **terms)  # type: ignore[arg-type]
        )

    @extend_schema(request=None, responses=ConsentRequestSerializer)
    @action(detail=True, methods=["post"], url_path="pass")
    def pass_on(self, request: Request, pk: uuid.UUID) -> Response:
        """As the asker, once there is consent."""
        return self._done(actions.pass_on_consented(request=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=ConsentRequestSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: uuid.UUID) -> Response:
        """As the originator: end the consent; what was passed on by it closes."""
        return self._done(actions.end_consent(request=self.get_object(), by=self.by))

    @extend_schema(request=None, responses=ConsentRequestSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: uuid.UUID) -> Response:
        """As the asker: no longer ask."""
        return self._done(actions.take_back(request=self.get_object(), by=self.by))
