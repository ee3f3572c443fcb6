"""Addresses of the atlas under /api/v1/."""

from django.urls import path

from agreements.atlas.api.views import AtlasViewSet as View

urlpatterns = [
    path("flows/", View.as_view({"get": "matrix"}), name="flows"),
    path("flows/cell/", View.as_view({"get": "flow"}), name="flows-cell"),
    path("network/", View.as_view({"get": "network"}), name="network"),
    path("countries/<str:code>/relations/", View.as_view({"get": "country"}), name="countries-relations"),
    path("agencies/<uuid:pk>/relations/", View.as_view({"get": "agency"}), name="agencies-relations"),
    path("exchanges/", View.as_view({"get": "exchanges"}), name="exchanges"),
    path("exchanges/records/", View.as_view({"get": "exchanged_records"}), name="exchanges-records"),
]
