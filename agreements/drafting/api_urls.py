"""Addresses of drafts under /api/v1/."""

from agreements.drafting.api.views import DraftViewSet
from portal.api.routers import Router

router = Router()
router.register("drafts", DraftViewSet)
urlpatterns = router.urls
