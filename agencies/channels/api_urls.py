"""Addresses of communication channels under /api/v1/."""

from agencies.channels.api import ChannelViewSet
from portal.api.routers import Router

router = Router()
router.register("communication-channels", ChannelViewSet)
urlpatterns = router.urls
