"""The officer's own account, and the one table of roles."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.directory import actions
from agencies.directory.api import serializers
from agencies.directory.models import Officer
from agencies.directory.roles import ROLES, Permission
from portal.api.viewsets import ANY_OFFICER, KernelViewSet


class MeViewSet(KernelViewSet):
    """Whoever asks."""

    required_permissions = {"retrieve": ANY_OFFICER, "update": ANY_OFFICER}
    serializer_class = serializers.MeSerializer
    queryset = Officer.objects.none()

    @cached_property
    def at(self) -> datetime:
        return timezone.now()

    @property
    def _officer(self) -> Officer:
        assert isinstance(self.request.user, Officer)
        return self.request.user

    @extend_schema(operation_id="me_retrieve")
    def retrieve(self, request: Request) -> Response:
        """Own account and appointments."""
        return self.shown(self._officer)

    @extend_schema(operation_id="me_update", request=serializers.MeInput)
    def update(self, request: Request) -> Response:
        """Change the own settings."""
        values = self.valid(serializers.MeInput)
        return self.shown(actions.change_account(officer=self._officer, by=self.by, **values))


class RoleViewSet(KernelViewSet):
    """What each role may, in one table."""

    required_permissions = {"list": Permission.DIRECTORY_VIEW}
    serializer_class = serializers.RoleSerializer
    queryset = Officer.objects.none()
    filter_backends: list[Any] = []
    pagination_class = None

    @extend_schema(responses=serializers.RoleSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All roles, with the sentence and the permissions of each."""
        rows = [
            {
                "role": role.value,
                "label": sheet.label,
                "sentence": sheet.sentence,
                "permissions": sorted(permission.value for permission in sheet.permissions),
            }
            for role, sheet in ROLES.items()
        ]
        return Response(serializers.RoleSerializer(rows, many=True).data)
