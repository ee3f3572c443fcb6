"""Addresses of joint reports under /api/v1/."""

from operations.joint.api.views import CopyViewSet, JointReportViewSet, StatementViewSet
from portal.api.routers import Router

router = Router()
router.register("joint-reports", JointReportViewSet)
router.register("joint-statements", StatementViewSet)
router.register("joint-copies", CopyViewSet)
urlpatterns = router.urls
