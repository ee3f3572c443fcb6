"""Addresses of observation types under /api/v1/."""

from django.urls import path

from operations.types.api import CatalogueViewSet, OperationTypesViewSet
from portal.api.routers import Router

router = Router()
router.register("observation-types", CatalogueViewSet)
urlpatterns = [
    *router.urls,
    path(
        "operations/<uuid:pk>/observation-types/",
        OperationTypesViewSet.as_view({"get": "versions", "post": "begin"}),
        name="operations-observation-types",
    ),
]
