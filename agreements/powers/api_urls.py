"""Addresses of powers under /api/v1/."""

from agreements.powers.api import PowerViewSet
from portal.api.routers import Router

router = Router()
router.register("powers", PowerViewSet)
urlpatterns = router.urls
