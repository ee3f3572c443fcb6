"""Forms of powers. What cannot be, the actions say."""

from decimal import Decimal
from typing import Any

from django import forms

from agencies.directory.models import Country
from agreements.powers import words
from agreements.powers.choices import (
    TRIGGERS,
    Act,
    Answer,
    Border,
    Lead,
    NotifyWhen,
    Occasion,
    Origin,
    Report,
    Requirement,
)
from agreements.powers.models import FARTHEST_M, LONGEST_MIN, Power
from agreements.register.forms import DayField, KeyedForm
from agreements.register.models import Agreement

FARTHEST_KM = FARTHEST_M // 1000


def _km(label: str, hint: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal("0.001"),
        max_value=FARTHEST_KM,
        decimal_places=3,
        help_text=hint,
    )


def _many(label: str, choices: Any, hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple, help_text=hint
    )


def _optional(label: str, choices: Any, empty: str = "The article does not say") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


class PowerForm(KeyedForm):
    """What one article says of one act. Groups are how the page lays it out."""

    act = forms.ChoiceField(label="May they …", choices=Act.choices)
    answer = forms.ChoiceField(label="The article says", choices=[c for c in Answer.choices if c[0] != Answer.SILENT])
    actor = forms.ModelChoiceField(
        Country.objects.none(), label="Officers of", required=False, empty_label="Every party"
    )
    host = forms.ModelChoiceField(Country.objects.none(), label="In", required=False, empty_label="Every other party")
    occasions = _many("In the course of", Occasion.choices, "None: on every occasion.")
    borders = _many("Over which borders", Border.choices, "None: over any.")
    stretch = forms.CharField(
        label="Named stretch", required=False, max_length=120, help_text="If it is of one stretch of the border only."
    )
    triggers = _many("Only where one of these is given", [(one.value, one.label) for one in TRIGGERS])
    conditions = _many("Only if all of these hold", Requirement.choices)
    words = forms.CharField(
        label="Further conditions", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    distance_km = _km("Kilometres from the crossing", "")
    depth_km = _km("Kilometres deep from the border line", "")
    hours = forms.IntegerField(
        label="Hours from the crossing", required=False, min_value=0, max_value=LONGEST_MIN // 60
    )
    minutes = forms.IntegerField(label="Minutes", required=False, min_value=0, max_value=59)
    area = forms.CharField(label="Area", required=False, max_length=200)
    notify_when = _optional("Tell the host", NotifyWhen.choices)
    notify_whom = forms.CharField(label="Whom to tell", required=False, max_length=200, help_text="A desk, no person.")
    lead = _optional("Under whose direction", Lead.choices)
    report = _optional("Report", Report.choices)
    starts_on = DayField(label="First day", required=False, help_text="Empty: with the article.")
    ends_on = DayField(label="Last day", required=False)
    source = forms.CharField(label="Source", required=False, max_length=2000)

    groups = (
        ("What the article says", ("act", "answer", "occasions")),
        ("Whose officers, and where", ("actor", "host", "borders", "stretch")),
        ("On what conditions", ("triggers", "conditions", "words")),
        ("How far and how long", ("distance_km", "depth_km", "hours", "minutes", "area")),
        ("Duties", ("notify_when", "notify_whom", "lead", "report")),
        ("From when, and by what source", ("starts_on", "ends_on", "source")),
    )

    def __init__(self, *args: Any, agreement: Agreement, corrects: Power | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        parties = Country.objects.filter(pk__in=agreement.parties.values("country"))
        for name in ("actor", "host"):
            self.fields[name].queryset = parties  # type: ignore[attr-defined]
        if corrects is not None:
            self.fields["answer"].choices = Answer.choices  # type: ignore[attr-defined]
            self.fields["act"].choices = [(corrects.act, corrects.get_act_display())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("hours") == 0 and not values.get("minutes"):
            self.add_error("hours", "A time of nothing is no limit: leave it empty.")
        return values

    def values(self) -> dict[str, Any]:
        """What the action takes: metres and minutes."""
        found = dict(self.cleaned_data)
        for name in ("distance", "depth"):
            km = found.pop(f"{name}_km")
            found[f"{name}_m"] = None if km is None else int(km * 1000)
        hours, minutes = found.pop("hours"), found["minutes"]
        found["minutes"] = None if hours is None and minutes is None else (hours or 0) * 60 + (minutes or 0)
        return found

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.groups]


def initial_of(row: Power) -> dict[str, Any]:
    """An entry as the form shows it, to correct it."""
    hours, minutes = divmod(row.minutes, 60) if row.minutes is not None else (None, None)
    same = ("act", "answer", "actor", "host", "occasions", "borders", "stretch", "triggers", "conditions", "words", "area",
            "notify_when", "notify_whom", "lead", "report", "starts_on", "ends_on", "source")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "distance_km": None if row.distance_m is None else Decimal(row.distance_m) / 1000,
        "depth_km": None if row.depth_m is None else Decimal(row.depth_m) / 1000,
        "hours": hours,
        "minutes": minutes,
    }


class TextForm(KeyedForm):
    """An article in the words of a language."""

    language = forms.ChoiceField(label="Language")
    origin = forms.ChoiceField(label="Whose words", choices=Origin.choices, initial=Origin.OWN_WORDS)
    words = forms.CharField(label="Text", max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, languages: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offered = dict.fromkeys([*words.VOCABULARIES, *sorted(languages)])
        self.fields["language"].choices = [(code, words.name_of(code)) for code in offered]  # type: ignore[attr-defined]
