"""Addresses of operations under /api/v1/."""

from operations.planning.api.views import InstructionViewSet, OperationViewSet
from portal.api.routers import Router

router = Router()
router.register("operations", OperationViewSet)
router.register("instructions", InstructionViewSet)
urlpatterns = router.urls
