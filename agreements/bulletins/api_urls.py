"""Addresses of bulletins under /api/v1/."""

from agreements.bulletins.api import BulletinViewSet
from portal.api.routers import Router

router = Router()
router.register("bulletins", BulletinViewSet)
urlpatterns = router.urls
