"""Addresses of oversight under /api/v1/."""

from agreements.oversight.api import LedgerViewSet
from portal.api.routers import Router

router = Router()
router.register("ledger", LedgerViewSet, basename="ledger")
urlpatterns = router.urls
