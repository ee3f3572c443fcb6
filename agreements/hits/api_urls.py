"""Addresses of the API of hit/no-hit."""

from agreements.hits.api import HitEntryViewSet, HitSearchViewSet
from portal.api.routers import Router

router = Router()
router.register("hit-searches", HitSearchViewSet)
router.register("hit-entries", HitEntryViewSet)
urlpatterns = router.urls
