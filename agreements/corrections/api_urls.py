"""Addresses of corrections under /api/v1/."""

from agreements.corrections.api import CorrectionViewSet
from portal.api.routers import Router

router = Router()
router.register("corrections", CorrectionViewSet)
urlpatterns = router.urls
