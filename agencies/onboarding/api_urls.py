"""Addresses of the API of partner agencies."""

from agencies.onboarding.api.views import (
    ClosingViewSet,
    ContactViewSet,
    HaltViewSet,
    InvitationViewSet,
    PartnerViewSet,
)
from portal.api.routers import Router

router = Router()
router.register("invitations", InvitationViewSet)
router.register("contacts", ContactViewSet)
router.register("partners", PartnerViewSet)
router.register("agency-suspensions", HaltViewSet)
router.register("closings", ClosingViewSet)
urlpatterns = router.urls
