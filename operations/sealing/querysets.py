"""What agencies said, by whether it counts."""

from typing import Self, TypeVar

from django.db import models

_S = TypeVar("_S", bound=models.Model)


class SaidQuerySet(models.QuerySet[_S]):
    def standing(self) -> Self:
        """Those that count: not lapsed."""
        return self.filter(lapsed_at=None)

    def with_words(self) -> Self:
        return self.select_related("agency__country", "by__officer", "by__agency")
