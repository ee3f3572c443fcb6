"""Addresses of the directory's API."""

from django.urls import path

from agencies.directory.api.token import TokenView
from agencies.directory.api.views import AgencyViewSet, AppointmentViewSet, CountryViewSet, OfficerViewSet
from portal.api.routers import Router

router = Router()
router.register("countries", CountryViewSet)
router.register("agencies", AgencyViewSet)
router.register("officers", OfficerViewSet)
router.register("appointments", AppointmentViewSet)
urlpatterns = [path("auth/token", TokenView.as_view(), name="token"), *router.urls]
