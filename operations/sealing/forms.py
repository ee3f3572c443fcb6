"""Fields that forms of both rooms have."""

from collections.abc import Iterable
from typing import Any

from django import forms

from agencies.directory.models import Agency
from agreements.powers.words import VOCABULARIES, name_of

ANY: list[Any] = [("", "Any")]


class OfOperation(forms.Form):
    """Narrows a list by one of the operations that the reader sees."""

    operation = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, operations: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["operation"].choices = [*ANY, *operations]  # type: ignore[attr-defined]


def languages(agencies: Iterable[Agency]) -> list[tuple[str, str]]:
    """Those of the sides first, then those that are printed."""
    codes = dict.fromkeys([code for agency in agencies for code in agency.languages] + list(VOCABULARIES))
    return [(code, name_of(code)) for code in codes]
