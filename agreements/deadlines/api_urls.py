"""Addresses of deadlines under /api/v1/."""

from django.urls import path

from agreements.deadlines.api import DeadlineViewSet, LeadTimesViewSet, ReviewViewSet
from portal.api.routers import Router

router = Router()
router.register("deadlines", DeadlineViewSet)
router.register("reviews", ReviewViewSet)
lead_times = path(
    "deadline-lead-times/", LeadTimesViewSet.as_view({"get": "read", "put": "change"}), name="deadline-lead-times"
)
urlpatterns = [lead_times, *router.urls]
