"""Addresses of sharing's API."""

from django.urls import path

from agreements.sharing.api.circles import AssignmentViewSet, ParticipationViewSet, StandingOrderViewSet
from agreements.sharing.api.compartments import CompartmentViewSet
from agreements.sharing.api.flows import FlowViewSet
from agreements.sharing.api.held import HeldViewSet
from agreements.sharing.api.records import RecordViewSet
from portal.api.routers import Router

router = Router()
router.register("records", RecordViewSet)
router.register("standing-orders", StandingOrderViewSet)
router.register("participations", ParticipationViewSet)
router.register("assignments", AssignmentViewSet)
router.register("compartments", CompartmentViewSet)
flows = path("agreements/<uuid:pk>/flows/", FlowViewSet.as_view({"get": "flows"}), name="agreements-flows")
held = path("records/held/", HeldViewSet.as_view({"get": "list", "post": "release"}), name="records-held")
urlpatterns = [flows, held, *router.urls]
