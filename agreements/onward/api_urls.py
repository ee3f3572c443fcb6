"""Addresses of the API of onward transfer."""

from django.urls import path

from agreements.onward.api import ConsentRequestViewSet, PassingViewSet
from portal.api.routers import Router

router = Router()
router.register("consent-requests", ConsentRequestViewSet)
urlpatterns = [
    path(
        "records/<uuid:pk>/onward/",
        PassingViewSet.as_view({"get": "passing", "post": "pass_on"}),
        name="records-onward",
    ),
    *router.urls,
]
