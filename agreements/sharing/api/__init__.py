"""Sharing through the API: records of every kind, releases, who sees them and why; the base of rooms' viewsets."""

from agreements.sharing.api.base import DetailSerializer, DetailViewSet, HangingViewSet, SeeingViewSet
from agreements.sharing.api.parts import MarkingSerializer, RecordSerializer

__all__ = [
    "DetailSerializer",
    "DetailViewSet",
    "HangingViewSet",
    "MarkingSerializer",
    "RecordSerializer",
    "SeeingViewSet",
]
