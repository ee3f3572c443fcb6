"""Addresses of duty chains under /api/v1/."""

from agencies.chains.api import DutyStepViewSet
from portal.api.routers import Router

router = Router()
router.register("duty-steps", DutyStepViewSet)
urlpatterns = router.urls
