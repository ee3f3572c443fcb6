"""Forms of the editor: a type, a field, a schema. Nobody types JSON, but may bring one."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.onboarding.choices import LANGUAGE_NAMES
from operations.types import definitions, schema
from operations.types.choices import ENGLISH, LISTED, NUMBERS, FieldKind, ObservationType
from operations.types.definitions import Choice, Field, Labels, Type
from portal.ui.errors import Refused

LARGEST_FILE = 256 * 1024
NO_FILE = "Choose a file of 256 KB at most."


def _named(language: str) -> str:
    return LANGUAGE_NAMES.get(language, language)


class LabelledForm(forms.Form):
    """Texts in English and in the languages of those who take part, and in what they were written in before."""

    def __init__(self, *args: Any, languages: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.languages = list(dict.fromkeys([ENGLISH, *languages]))[: definitions.MOST_LANGUAGES]

    def add_texts(self, stem: str, word: str, longest: int, labels: Labels, *, required: bool, rows: int = 0) -> None:
        """A field of each language; only English is needed."""
        for language in self.languages:
            needed = required and language == ENGLISH
            attrs = {"lang": language, **({"rows": rows} if rows else {})}
            self.fields[f"{stem}_{language}"] = forms.CharField(
                label=f"{word}, {_named(language)}",
                max_length=longest,
                required=needed,
                initial=labels.get(language, ""),
                widget=forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs),
            )

    def texts(self, stem: str) -> Labels:
        found = {language: self.cleaned_data.get(f"{stem}_{language}", "").strip() for language in self.languages}
        return {language: words for language, words in found.items() if words}


class TypeForm(LabelledForm):
    """What a type is called, what it counts as, and whether it has a button of its own."""

    def __init__(self, *args: Any, made: Type | None = None, **options: Any) -> None:
        known = list(made.labels) if made else []
        options["languages"] = [*options["languages"], *known]
        super().__init__(*args, **options)
        self.made = made
        self.add_texts("label", "Name", definitions.LONGEST_LABEL, made.labels if made else {}, required=True)
        self.fields["base"] = forms.ChoiceField(
            label="Counts as",
            choices=ObservationType.choices,
            initial=made.base if made else ObservationType.SIGHTING,
            help_text="What lists and figures call it, in every operation.",
        )
        self.fields["quick"] = forms.BooleanField(
            label="Quick button on the phone",
            required=False,
            initial=made.quick if made else False,
            help_text="For what is logged often: one tap opens it.",
        )

    def result(self, types: Sequence[Type]) -> Type:
        labels, data = self.texts("label"), self.cleaned_data
        base = ObservationType(data["base"])
        if self.made is not None:
            return replace(self.made, labels=labels, base=base, quick=data["quick"])
        key = definitions.key_for(labels[ENGLISH], (each.key for each in types))
        return Type(key=key, base=base, labels=labels, quick=data["quick"])


class FieldForm(LabelledForm):
    """One field: its kind, its texts, and what its kind asks for."""

    def __init__(self, *args: Any, made: Field | None = None, **options: Any) -> None:
        known = [*made.labels, *made.hints] if made else []
        options["languages"] = [*options["languages"], *known]
        super().__init__(*args, **options)
        self.made = made
        initial = made or Field(key="", kind=FieldKind.TEXT, labels={})
        self.fields["kind"] = forms.ChoiceField(label="Kind", choices=FieldKind.choices, initial=initial.kind)
        self.add_texts("label", "Label", definitions.LONGEST_LABEL, initial.labels, required=True)
        self.add_texts("hint", "Hint", definitions.LONGEST_HINT, initial.hints, required=False)
        self.fields["required"] = forms.BooleanField(
            label="Must be filled in", required=False, initial=initial.required
        )
        self.fields["personal"] = forms.BooleanField(
            label="Holds personal data",
            required=False,
            initial=initial.personal,
            help_text="Such as a name or a number plate. An entry with it waits for a release unless an order names personal data.",
        )
        self.fields["unit"] = forms.CharField(
            label="Unit",
            required=False,
            max_length=definitions.LONGEST_UNIT,
            initial=initial.unit,
            help_text="km/h, m, kg",
        )
        for name, word in (("minimum", "Smallest"), ("maximum", "Largest")):
            self.fields[name] = forms.FloatField(
                label=word,
                required=False,
                initial=getattr(initial, name),
                widget=forms.NumberInput(attrs={"step": "any"}),
            )
        self.fields["longest"] = forms.IntegerField(
            label="Longest, in characters",
            required=False,
            min_value=1,
            max_value=definitions.LONGEST_TEXT,
            initial=initial.longest,
            help_text=f"More than {definitions.SHORT_TEXT}: a box of several lines.",
        )
        self._add_choices(initial)

    def _add_choices(self, initial: Field) -> None:
        longest = definitions.MOST_CHOICES * (definitions.LONGEST_LABEL + 1)
        lines = {
            language: "\n".join(choice.labels.get(language, "") for choice in initial.choices).rstrip()
            for language in self.languages
        }
        self.add_texts("choices", "One on each line", longest, lines, required=False, rows=4)

    @property
    def choice_fields(self) -> list[Any]:
        return [self[f"choices_{language}"] for language in self.languages]

    @property
    def label_fields(self) -> list[Any]:
        return [self[f"{stem}_{language}"] for stem in ("label", "hint") for language in self.languages]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        low, high = data.get("minimum"), data.get("maximum")
        if kind in NUMBERS and low is not None and high is not None and low > high:
            self.add_error("maximum", "It is smaller than the smallest.")
        if kind == FieldKind.WHOLE:
            for name in ("minimum", "maximum"):
                if data.get(name) is not None and data[name] != int(data[name]):
                    self.add_error(name, "Of a whole number, the bounds are whole.")
        if kind in LISTED and not data.get(f"choices_{ENGLISH}", "").strip():
            self.add_error(f"choices_{ENGLISH}", "Give something to choose from, one on each line.")
        return data

    def result(self, fields: Iterable[Field]) -> Field:
        data, labels = self.cleaned_data, self.texts("label")
        kind = FieldKind(data["kind"])
        key = self.made.key if self.made else definitions.key_for(labels[ENGLISH], (each.key for each in fields))
        found = Field(key, kind, labels, self.texts("hint"), data["required"], data["personal"])
        if kind in NUMBERS:
            low, high = _plain(data["minimum"]), _plain(data["maximum"])
            return replace(found, unit=data["unit"], minimum=low, maximum=high)
        if kind == FieldKind.TEXT:
            return replace(found, longest=data["longest"] or definitions.SHORT_TEXT)
        return replace(found, choices=self._choices()) if kind in LISTED else found

    def _choices(self) -> tuple[Choice, ...]:
        """Lines of each language beside each other. What keeps its English name, or its place, keeps its key."""
        columns = {language: self.cleaned_data[f"choices_{language}"].splitlines() for language in self.languages}
        before = self.made.choices if self.made else ()
        names = {line.strip() for line in columns[ENGLISH]}
        found: list[Choice] = []
        for n, line in enumerate(columns[ENGLISH]):
            if not line.strip():
                continue
            labels = {
                language: lines[n].strip() for language, lines in columns.items() if n < len(lines) and lines[n].strip()
            }
            found.append(Choice(_kept(before, line.strip(), n, names, [each.key for each in found]), labels))
        return tuple(found)


def _kept(before: Sequence[Choice], name: str, n: int, names: set[str], taken: list[str]) -> str:
    same = next((each.key for each in before if each.labels.get(ENGLISH) == name), None)
    if same is None and n < len(before) and before[n].labels.get(ENGLISH) not in names:
        same = before[n].key
    known = [*taken, *(each.key for each in before)]
    return same if same and same not in taken else definitions.key_for(name, known)


def _plain(value: float | None) -> float | None:
    """A whole number is written as one."""
    return int(value) if value is not None and value == int(value) else value


class SchemaForm(forms.Form):
    """A file with a JSON Schema: its types take the place of those of the draft."""

    schema = forms.FileField(
        label="JSON Schema 2020-12",
        help_text="A file of 256 KB at most, each type under $defs, as the export writes it.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json,application/schema+json"}),
    )

    def clean_schema(self) -> tuple[Type, ...]:
        file = self.cleaned_data["schema"]
        if file.size > LARGEST_FILE:
            raise ValidationError(NO_FILE)
        return parsed(file.read())


def parsed(content: bytes) -> tuple[Type, ...]:
    """The types in a file. Raises ValidationError with the reason."""
    try:
        return schema.read(json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant))
    except Refused as refused:
        raise ValidationError(refused.message) from None
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise ValidationError("This is no JSON in UTF-8.") from None


def _no_constant(word: str) -> Any:
    raise ValueError(word)
