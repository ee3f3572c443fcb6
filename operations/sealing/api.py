"""What the API does alike for joint reports and for minutes. Each room's names stay its own in the API's description."""

from typing import Any

from rest_framework import serializers

from agreements.sharing.api.base import DetailViewSet
from agreements.sharing.disclosure import disclose
from operations.sealing.models import SealedText
from operations.sealing.verifying import Check, is_whole


class FootingPart(serializers.Serializer[Any]):
    agency = serializers.UUIDField(source="agency.pk", read_only=True)
    reads = serializers.BooleanField(read_only=True)
    clause = serializers.UUIDField(source="clause.pk", read_only=True, default=None, allow_null=True)
    purpose = serializers.CharField(read_only=True)
    missing = serializers.CharField(read_only=True)


class CheckPart(serializers.Serializer[Any]):
    what = serializers.CharField(read_only=True)
    ok = serializers.BooleanField(read_only=True)
    told = serializers.CharField(read_only=True)


class SealedViewSet(DetailViewSet):
    """Sealed copies: in a list by a serializer of their own, without the text."""

    line_serializer_class: Any

    def get_serializer_class(self) -> Any:
        return self.line_serializer_class if self.action == "list" else super().get_serializer_class()

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.defer("text") if self.action == "list" else rows

    def verified(self, row: SealedText, checks: list[Check]) -> dict[str, Any]:
        disclose(self.request._request, [row.record])
        return {"is_whole": is_whole(checks), "checks": checks}
