"""Addresses of the directory's API."""

from django.urls import path

from agencies.directory.api.own import MeViewSet, RoleViewSet
from agencies.directory.api.token import TokenView
from agencies.directory.api.views import (
    AgencyViewSet,
    AppointmentViewSet,
    CountryViewSet,
    OfficerViewSet,
    SuccessionViewSet,
)
from portal.api.routers import Router

router = Router()
router.register("countries", CountryViewSet)
router.register("agencies", AgencyViewSet)
router.register("officers", OfficerViewSet)
router.register("appointments", AppointmentViewSet)
router.register("successions", SuccessionViewSet)
router.register("roles", RoleViewSet)
urlpatterns = [
    path("auth/token", TokenView.as_view(), name="token"),
    path("me/", MeViewSet.as_view({"get": "retrieve", "put": "update"}), name="me"),
    *router.urls,
]
