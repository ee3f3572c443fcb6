"""Addresses of sharing's API."""

from agreements.sharing.api.circles import AssignmentViewSet, ParticipationViewSet, StandingOrderViewSet
from agreements.sharing.api.records import RecordViewSet
from portal.api.routers import Router

router = Router()
router.register("records", RecordViewSet)
router.register("standing-orders", StandingOrderViewSet)
router.register("participations", ParticipationViewSet)
router.register("assignments", AssignmentViewSet)
urlpatterns = router.urls
