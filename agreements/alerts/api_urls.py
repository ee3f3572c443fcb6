"""Addresses of the API of alerts."""

from django.urls import path

from agreements.alerts.api import AlertViewSet
from agreements.alerts.system_api import SystemViewSet
from portal.api.routers import Router

router = Router()
router.register("alerts", AlertViewSet)
urlpatterns = [
    path("system/health/", SystemViewSet.as_view({"get": "health"}), name="system-health"),
    path(
        "system/kinds/<str:kind>/replay/",
        SystemViewSet.as_view({"post": "replay_kind"}),
        name="system-kind-replay",
    ),
    path(
        "system/messages/<uuid:pk>/replay/",
        SystemViewSet.as_view({"post": "replay"}),
        name="system-message-replay",
    ),
    *router.urls,
]
