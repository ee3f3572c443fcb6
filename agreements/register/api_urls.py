"""Addresses of the register under /api/v1/."""

from agreements.register.api.views import AgreementViewSet
from portal.api.routers import Router

router = Router()
router.register("agreements", AgreementViewSet)
urlpatterns = router.urls
