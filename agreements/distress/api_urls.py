"""Addresses of the API of calls of danger to life."""

from agreements.distress.api import DistressCallViewSet
from portal.api.routers import Router

router = Router()
router.register("distress-calls", DistressCallViewSet)
urlpatterns = router.urls
