"""A small API of its own, over messages of the outbox: the kernel knows no wing."""

import threading

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpResponse
from django.urls import include, path
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.response import Response

from portal.api.routers import Router
from portal.api.viewsets import ANY_OFFICER, KernelViewSet, ReadViewSet
from portal.outbox.models import Message
from portal.ui.errors import Refused

ERRORS = {
    "refused": Refused("The patrol has ended. Open a new one."),
    "field": Refused("The end is before the start.", field="ends_at"),
    "forbidden": Refused("Only the owner may.", code="forbidden", reasons=("R4: not yours",)),
    "hidden": Refused("Whatever", code="not_found"),
    "missing": Http404("Patrol 7 of the customs does not exist"),
    "denied": PermissionDenied("Your role does not permit this."),
    "model": ValidationError({"title": ["Too long."], "__all__": ["No."]}),
    "plain": ValidationError("Just no."),
    "throttled": Throttled(wait=12),
    "database": OperationalError("connection refused"),
    "constraint": IntegrityError("Key (title)=(secret) already exists"),
    "bug": RuntimeError("a bug"),
}


class MessageSerializer(serializers.ModelSerializer[Message]):
    class Meta:
        model = Message
        fields = ["id", "key", "kind", "attempts"]


class LineSerializer(serializers.Serializer):
    article = serializers.CharField()


class MessageInput(serializers.Serializer):
    key = serializers.CharField(max_length=50)
    due_at = serializers.DateTimeField(required=False)
    lines = LineSerializer(many=True, required=False)


class MessageFilter(django_filters.FilterSet):
    created_at = django_filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Message
        fields = ["kind", "created_at"]


class MessageViewSet(ReadViewSet):
    required_permissions = {
        "list": ANY_OFFICER,
        "retrieve": "patrol.view",
        "create": "patrol.plan",
        "touch": ANY_OFFICER,
        "hold": ANY_OFFICER,
    }
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    query_parameters = ("q",)
    keyset = ("-created_at", "-pk")
    entered, leave = threading.Event(), threading.Event()

    def get_queryset(self):
        return Message.objects.exclude(kind="hidden")

    def disclosures(self, rows):
        return [{"record": row.pk, "release": None, "clause": None} for row in rows]

    def create(self, request):
        facts = self.valid(MessageInput)
        return self.created(Message.objects.create(kind="made", key=facts["key"]))

    @action(detail=True, methods=["post"])
    def touch(self, request, pk):
        message = self.get_object()
        message.attempts += 1
        message.save()
        return self.shown(message)

    @action(detail=False, methods=["post"])
    def hold(self, request):
        self.entered.set()
        self.leave.wait(5)
        return Response({"held": True})

    @action(detail=True, methods=["post"])
    def forgotten(self, request, pk):
        raise AssertionError("An action without a permission entry was reached.")


class ErrorViewSet(KernelViewSet):
    required_permissions = {"retrieve": ANY_OFFICER}
    lookup_value_converter = "str"

    def get_queryset(self):
        return Message.objects.none()

    def retrieve(self, request, pk):
        raise ERRORS[pk]


def plain_view(request):
    return HttpResponse(status=415)


def handler404(request, exception):
    return HttpResponse("A page for browsers.", status=404)


def handler500(request):
    return HttpResponse("A page for browsers.", status=500)


router = Router()
router.register("messages", MessageViewSet)
router.register("errors", ErrorViewSet)

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("api/v1/", include(router.urls)),
    path("api/v1/", include("portal.api.urls")),
    path("api/plain/", plain_view),
]
