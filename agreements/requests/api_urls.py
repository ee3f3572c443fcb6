"""Addresses of the API of access requests."""

from agreements.requests.api import AccessRequestViewSet, AskedRecordViewSet
from portal.api.routers import Router

router = Router()
router.register("access-requests", AccessRequestViewSet)
router.register("asked-records", AskedRecordViewSet)
urlpatterns = router.urls
