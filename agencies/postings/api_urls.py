"""Addresses of the postings' API."""

from django.urls import path

from agencies.postings.api.views import AbroadViewSet, AccountViewSet, DeputyViewSet, HandoverViewSet, PostingViewSet
from portal.api.routers import Router

router = Router()
router.register("postings", PostingViewSet)
router.register("deputies", DeputyViewSet)
router.register("accounts", AccountViewSet)
router.register("handovers", HandoverViewSet)
urlpatterns = [
    path("agencies/<uuid:pk>/posted", AbroadViewSet.as_view({"get": "list"}), name="agencies-posted"),
    *router.urls,
]
