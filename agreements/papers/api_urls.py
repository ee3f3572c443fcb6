"""Addresses of documents under /api/v1/."""

from agreements.papers.api import DocumentViewSet
from portal.api.routers import Router

router = Router()
router.register("documents", DocumentViewSet)
urlpatterns = router.urls
