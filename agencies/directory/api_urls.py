"""Addresses of the directory's API."""

from django.urls import path

from agencies.directory.api import AgencyViewSet, CountryViewSet, OfficerViewSet, TokenView
from portal.api.routers import Router

router = Router()
router.register("countries", CountryViewSet)
router.register("agencies", AgencyViewSet)
router.register("officers", OfficerViewSet)
urlpatterns = [path("auth/token", TokenView.as_view(), name="token"), *router.urls]
