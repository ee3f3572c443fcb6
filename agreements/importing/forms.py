"""Forms of imports. What the state allows, the actions say."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment, Country, new_key
from agreements.importing.choices import EVERY_PARTY, FIELDS, Decision, Level, RowState, Shape
from agreements.importing.files import MOST_BYTES, MOST_ROWS
from agreements.importing.models import Import, ImportRow
from agreements.register.models import Agreement

TEXT = {
    "\n": "a line break",
    ";": "a semicolon ;",
    ",": "a comma ,",
    "/": "a stroke /",
    "|": "a vertical bar |",
}
SEPARATORS = {"newline": "\n", "semicolon": ";", "comma": ",", "stroke": "/", "bar": "|"}
MOST_PARTIES = 400


class UploadForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="File",
        help_text=f"CSV, XLSX or JSON, up to {MOST_BYTES // 1024 // 1024} MB and {MOST_ROWS:,} rows; or an export of a register.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.json"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = new_key


class RepairForm(forms.Form):
    file = forms.FileField(
        label="Repaired rows", help_text="The file as downloaded, with its columns “Row” and “Reason”, repaired."
    )


def field_choices() -> list[Any]:
    """Fields in two groups: of the agreement, and of a party."""
    head = [(field.name, field.label) for field in FIELDS.values() if not field.per_party]
    acts = [(field.name, field.label) for field in FIELDS.values() if field.per_party]
    return [("", "Kept beside the row"), ("Of the agreement", head), ("Of a party", acts)]


class MappingForm(forms.Form):
    """What each column means: `column_<n>` and `party_<n>`."""

    shape = forms.ChoiceField(label="What is a row", choices=Shape.choices, widget=forms.RadioSelect)
    group_by = forms.TypedChoiceField(
        label="Rows with the same value here are one agreement", required=False, coerce=int, empty_value=None,
        help_text="Where one row is one party.",
    )  # fmt: skip
    separator = forms.ChoiceField(
        label="Between the names of parties stands",
        choices=[(name, TEXT[mark]) for name, mark in SEPARATORS.items()],
        help_text="Where one row is one agreement.",
    )
    own_party = forms.BooleanField(
        required=False, help_text="Where the list names the other parties alone: yours is added to each agreement."
    )
    day_first = forms.TypedChoiceField(
        label="Days such as 4/5/2022",
        required=False,
        coerce=lambda value: {"day": True, "month": False}.get(value),
        empty_value=None,
        choices=[
            ("", "Ask me if there are any"),
            ("day", "4 May 2022: the day first"),
            ("month", "5 April 2022: the month first"),
        ],
    )

    def __init__(self, *args: Any, job: Import, by: Appointment, mapping: Any, options: Any, **kwargs: Any) -> None:
        names = {mark: name for name, mark in SEPARATORS.items()}
        initial = {**options, "separator": names.get(options.get("separator", ";"), "semicolon")}
        initial["day_first"] = {True: "day", False: "month"}.get(options.get("day_first"), "")
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.job = job
        headers = list(enumerate(job.headers))
        self.fields["group_by"].choices = [("", "—"), *headers]  # type: ignore[attr-defined]
        self.fields["own_party"].label = f"{by.agency.country.name} is a party of every row"
        parties = [("", "named in the cell"), (EVERY_PARTY, "every party"), *Country.objects.values_list("pk", "name")]
        for number, header in headers:
            meaning = mapping.get(str(number), {})
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header, required=False, choices=field_choices(), initial=meaning.get("field", "")
            )
            self.fields[f"party_{number}"] = forms.ChoiceField(
                label=f"{header}: whose", required=False, choices=parties, initial=meaning.get("party", "")
            )

    def columns(self) -> list[tuple[int, Any, Any]]:
        return [(n, self[f"column_{n}"], self[f"party_{n}"]) for n in range(len(self.job.headers))]

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        found = {}
        for number in range(len(self.job.headers)):
            if field := self.cleaned_data.get(f"column_{number}"):
                party = self.cleaned_data.get(f"party_{number}", "") if FIELDS[field].per_party else ""
                found[str(number)] = {"field": field, "party": party}
        return found

    @property
    def options(self) -> dict[str, Any]:
        names = ("shape", "group_by", "own_party", "day_first")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "separator": SEPARATORS[self.cleaned_data["separator"]],
            "draft": self.job.option("draft", True),
        }


class RowFilter(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *RowState.choices])
    level = forms.ChoiceField(label="Findings", required=False, choices=[("", "All"), *Level.choices])
    code = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[
            ("", "All"), ("name", "A name that is not certain"), ("day_order", "Day or month first"),
            ("twin", "Seems to be there already"), ("odd", "Odd facts"), ("partial", "Month or year only"),
            ("serial", "A spreadsheet's day number"), ("party_twice", "A party twice"), ("left_out", "Left out by decision"),
            ("parent", "Made under what is not here"), ("not_ours", "Not of your country"), ("wrong", "Cannot be read"),
        ],
    )  # fmt: skip
    q = forms.CharField(label="Words of the title", required=False)
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NameForm(forms.Form):
    """What one name means."""

    name = forms.CharField(widget=forms.HiddenInput, max_length=200)
    country = forms.ModelChoiceField(Country.objects.all(), required=False, empty_label="No country: leave it out")
    note = forms.CharField(required=False, max_length=300, label="Why it is left out")


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label="What is to be done", choices=Decision.choices, widget=forms.RadioSelect)
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), required=False, label="Agreement to which its facts are added", empty_label="—"
    )

    def __init__(self, *args: Any, row: ImportRow, by: Appointment, **options: Any) -> None:
        initial = {"decision": row.decision, "agreement": row.attach_to_id}
        super().__init__(*args, **{"initial": initial, **options})
        twins = [finding["agreement"] for finding in row.findings if finding.get("agreement")]
        seen = Agreement.objects.visible_to(by).filter(pk__in=[*twins, row.attach_to_id])
        self.fields["agreement"].queryset = seen  # type: ignore[attr-defined]


class RowForm(forms.Form):
    """The cells of one row."""

    def __init__(self, *args: Any, row: ImportRow, job: Import, **options: Any) -> None:
        super().__init__(*args, **options)
        found: dict[int, list[str]] = {}
        for finding in row.findings:
            if isinstance(finding.get("column"), int):
                found.setdefault(finding["column"], []).append(finding["text"])
        for number, header in enumerate(job.headers):
            value = row.cells[number] if number < len(row.cells) else ""
            long = job.is_own_format or "\n" in value or len(value) > 120
            widget = forms.Textarea(attrs={"rows": 16 if job.is_own_format else 3}) if long else forms.TextInput()
            self.fields[f"cell_{number}"] = forms.CharField(
                label=header,
                required=False,
                initial=value,
                widget=widget,
                help_text=" ".join(found.get(number, ())),
                strip=False,
            )

    @property
    def cells(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


class StartForm(forms.Form):
    draft = forms.ChoiceField(
        label="What is made",
        choices=[
            ("draft", "Drafts of my agency: the parties do not see them yet"),
            ("put", "Put to the parties at once: their treaty admins are told, once for all"),
        ],
        widget=forms.RadioSelect,
    )
