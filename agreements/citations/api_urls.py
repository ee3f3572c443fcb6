"""Addresses of the API of citations."""

from django.urls import path

from agreements.citations.api import CitationViewSet

urlpatterns = [
    path(
        "records/<uuid:pk>/citations/",
        CitationViewSet.as_view({"get": "citations", "post": "cite"}),
        name="records-citations",
    ),
    path("citations/<uuid:pk>/", CitationViewSet.as_view({"delete": "uncite"}), name="citations-uncite"),
]
