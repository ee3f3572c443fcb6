"""Addresses of reports under /api/v1/."""

from intel.reports.api.views import ReportViewSet
from portal.api.routers import Router

router = Router()
router.register("reports", ReportViewSet)
urlpatterns = router.urls
