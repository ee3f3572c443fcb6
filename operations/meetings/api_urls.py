"""Addresses of meetings under /api/v1/."""

from operations.meetings.api.feeds import FeedViewSet
from operations.meetings.api.views import MeetingViewSet
from portal.api.routers import Router

router = Router()
router.register("meetings", MeetingViewSet)
router.register("calendar-feeds", FeedViewSet)
urlpatterns = router.urls
