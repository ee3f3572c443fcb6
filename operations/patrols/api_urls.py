"""Addresses of the patrol log under /api/v1/."""

from operations.patrols.api.views import LegViewSet, ObservationViewSet, PatrolViewSet
from portal.api.routers import Router

router = Router()
router.register("patrols", PatrolViewSet)
router.register("legs", LegViewSet)
router.register("observations", ObservationViewSet)
urlpatterns = router.urls
