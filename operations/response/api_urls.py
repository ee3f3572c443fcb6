"""Addresses of responses under /api/v1/."""

from django.urls import path

from operations.response.api.assistance import AskedViewSet, AssistanceViewSet, DeskViewSet
from operations.response.api.procedures import ProcedureViewSet
from operations.response.api.responses import HandoverViewSet, ResponseViewSet, TaskViewSet
from portal.api.routers import Router

router = Router()
router.register("responses", ResponseViewSet)
router.register("response-tasks", TaskViewSet)
router.register("task-handovers", HandoverViewSet)
router.register("assistance-calls", AssistanceViewSet)
router.register("assistance-answers", AskedViewSet)
router.register("duty-desks", DeskViewSet)
router.register("procedures", ProcedureViewSet)
urlpatterns = [
    *router.urls,
    path("incidents/<uuid:pk>/response/", ResponseViewSet.as_view({"post": "start"}), name="incidents-response"),
    path(
        "incidents/<uuid:pk>/assistance/",
        AssistanceViewSet.as_view({"get": "candidates", "post": "call"}),
        name="incidents-assistance",
    ),
]
