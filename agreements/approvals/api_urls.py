"""Addresses of the API of two-person release."""

from agreements.approvals.api import ApprovalViewSet
from portal.api.routers import Router

router = Router()
router.register("approvals", ApprovalViewSet)
urlpatterns = router.urls
