"""Address of the situation under /api/v1/."""

from django.urls import path

from operations.picture.api import SituationViewSet

urlpatterns = [
    path("operations/<uuid:pk>/situation/", SituationViewSet.as_view({"get": "retrieve"}), name="operations-situation"),
    path("operations/<uuid:pk>/effort/", SituationViewSet.as_view({"get": "effort"}), name="operations-effort"),
]
