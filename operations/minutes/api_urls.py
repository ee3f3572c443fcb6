"""Addresses of minutes under /api/v1/."""

from operations.minutes.api.actions import ActionItemViewSet
from operations.minutes.api.minutes import AnnotationViewSet, CopyViewSet, MinutesViewSet, PointViewSet
from operations.minutes.api.rhythms import RhythmViewSet
from portal.api.routers import Router

router = Router()
router.register("minutes", MinutesViewSet)
router.register("minutes-points", PointViewSet)
router.register("minutes-annotations", AnnotationViewSet)
router.register("minutes-copies", CopyViewSet)
router.register("action-items", ActionItemViewSet)
router.register("rhythms", RhythmViewSet)
urlpatterns = router.urls
