"""Addresses of incidents under /api/v1/."""

from django.urls import path

from operations.incidents.api.chain import ChainViewSet
from operations.incidents.api.serious import ProposalViewSet, SeriousViewSet
from operations.incidents.api.views import EventViewSet, IncidentViewSet
from portal.api.routers import Router

router = Router()
router.register("incidents", IncidentViewSet)
router.register("events", EventViewSet)
router.register("serious-incidents", SeriousViewSet)
router.register("level-proposals", ProposalViewSet)
urlpatterns = [
    *router.urls,
    path(
        "operations/<uuid:pk>/incident-chain/",
        ChainViewSet.as_view({"get": "chain", "post": "set_link"}),
        name="operations-incident-chain",
    ),
    path(
        "operations/<uuid:pk>/serious-recipients/",
        ChainViewSet.as_view({"post": "name_recipient"}),
        name="operations-serious-name",
    ),
    path(
        "operations/<uuid:pk>/serious-recipients/unname/",
        ChainViewSet.as_view({"post": "unname_recipient"}),
        name="operations-serious-unname",
    ),
]
