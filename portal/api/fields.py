"""Fields that the inputs of several rooms share."""

from datetime import UTC, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers


class InstantField(serializers.DateTimeField):
    """An instant within the years that anything here can be about."""

    def __init__(self, **options: Any) -> None:
        limits = [
            MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC), "The year must be 2000 or later."),
            MaxValueValidator(datetime(2100, 1, 1, tzinfo=UTC), "The year must be before 2100."),
        ]
        super().__init__(validators=limits, **options)
