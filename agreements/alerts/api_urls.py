"""Addresses of the API of alerts."""

from agreements.alerts.api import AlertViewSet
from portal.api.routers import Router

router = Router()
router.register("alerts", AlertViewSet)
urlpatterns = router.urls
