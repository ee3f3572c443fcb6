"""Addresses of alarms under /api/v1/."""

from django.urls import path

from operations.safety.api.views import (
    AlarmViewSet,
    CrossingLimitsViewSet,
    NoticeViewSet,
    PatrolSafetyViewSet,
    SafetyViewSet,
)
from portal.api.routers import Router

router = Router()
router.register("alarms", AlarmViewSet, "alarms")
router.register("alarm-notices", NoticeViewSet, "alarm-notices")
urlpatterns = [
    *router.urls,
    path("safety/", SafetyViewSet.as_view({"get": "now"}), name="safety"),
    path(
        "patrols/<uuid:pk>/timer/",
        PatrolSafetyViewSet.as_view({"get": "timer", "put": "set_timer"}),
        name="patrols-timer",
    ),
    path("patrols/<uuid:pk>/check-in/", PatrolSafetyViewSet.as_view({"post": "check_in"}), name="patrols-check-in"),
    path("crossings/<uuid:pk>/limits/", CrossingLimitsViewSet.as_view({"get": "limits"}), name="crossings-limits"),
]
