"""Addresses of the own calendar."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory.roles import Permission
from operations.meetings import feeds
from operations.meetings.api import inputs, outputs
from operations.meetings.models import CalendarFeed
from operations.meetings.views.feeds import address_of
from portal.api.viewsets import ReadViewSet


class FeedViewSet(ReadViewSet):
    """Addresses behind which a calendar program reads when the officer meets; the officer's own alone."""

    serializer_class = outputs.FeedSerializer
    required_permissions = {
        "list": Permission.MEETING_VIEW,
        "retrieve": Permission.MEETING_VIEW,
        "create": Permission.MEETING_VIEW,
        "revoke": Permission.MEETING_VIEW,
    }
    keyset = ("-made_at", "-pk")

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return CalendarFeed.objects.none()
        return feeds.own(self.by)

    def _keep(self, row: Any, response: Any) -> None:
        """An answer that tells a secret is kept for no second sending: that one makes another address."""

    @extend_schema(request=inputs.FeedInput, responses={201: outputs.MadeFeedSerializer})
    def create(self, request: Request) -> Response:
        """A new address. It is told in this answer and never again."""
        row, token = feeds.make(by=self.by, **self.valid(inputs.FeedInput))
        row.address = address_of(token)  # type: ignore[attr-defined]
        return self.created(row, serializer_class=outputs.MadeFeedSerializer)

    @extend_schema(request=None, responses=outputs.FeedSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: uuid.UUID) -> Response:
        """From now on the address answers as one that never was."""
        row = self.get_object()
        feeds.revoke(feed=row, by=self.by)
        return self.shown(row)
