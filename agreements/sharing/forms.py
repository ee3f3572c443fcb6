"""Forms of sharing: marking, the audience line's question, release, filters."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification, Country, new_key
from agreements.register.choices import Category, Purpose
from agreements.register.models import Clause
from agreements.sharing import kinds
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import HandlingCode, Tlp
from agreements.sharing.models import Circle, Record
from agreements.sharing.offers import Offers

MARKING = tuple(vars(Marking()))


class MarkingForm(forms.Form):
    """What clauses and readers are measured against (R2, R7, R10). Classification ends at the writer's clearance.

    Rooms inherit it beside their own fields and show it by `{% include "sharing/marking_fields.html" %}`.
    """

    categories = forms.MultipleChoiceField(
        label="Data categories",
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What is in it, in the words of the articles. Without one, no article opens it to anybody.",
    )
    classification = forms.TypedChoiceField(
        label="Classification", coerce=int, choices=Classification.choices, initial=Classification.RESTRICTED.value
    )
    tlp = forms.TypedChoiceField(
        label="TLP",
        coerce=int,
        choices=Tlp.choices,
        initial=Tlp.AMBER.value,
        help_text="How far it may travel: it narrows, and never widens.",
    )
    limit_countries = forms.BooleanField(label="Limit to countries (REL TO)", required=False)
    rel_to = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        label="Countries",
        required=False,
        help_text="Only while limited. None chosen then means nobody abroad.",
    )
    display_only = forms.BooleanField(label="Display only: receivers may not export, print or download", required=False)
    handling_codes = forms.MultipleChoiceField(
        label="Handling codes", choices=HandlingCode.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    handling_note = forms.CharField(label="Note on H3", required=False, max_length=300)

    def __init__(self, *args: Any, clearance: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [pair for pair in Classification.choices if pair[0] <= clearance]
        self.fields["classification"].choices = levels  # type: ignore[attr-defined]
        self.fields["classification"].initial = min(Classification.RESTRICTED.value, clearance)
        # Only countries that have an agency here can receive anything.
        self.fields["rel_to"].queryset = _receiving_countries()  # type: ignore[attr-defined]

    def clean_handling_note(self) -> str:
        note = self.cleaned_data["handling_note"].strip()
        if "H3" in self.cleaned_data.get("handling_codes", []) and not note:
            raise forms.ValidationError("H3 needs a note that says what the restriction is.")
        return note

    def marking(self) -> Marking:
        values = self.cleaned_data
        names = {name: values[name] for name in MARKING if name in values and name != "rel_to"}
        limited = [row.pk for row in values["rel_to"]] if values["limit_countries"] else None
        return Marking(**names, rel_to=limited)


def _receiving_countries() -> QuerySet[Country]:
    return Country.objects.filter(agencies__is_active=True).distinct()


class KeyedMarkingForm(MarkingForm):
    """A form that makes a record: its hidden key becomes the record's, so that sending it twice makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key

    @property
    def sent_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or new_key()


class MarkAnewForm(MarkingForm):
    """A new marking, why, and of which version and preview it is: another one is previewed again (R21)."""

    reason = forms.CharField(label="Reason", required=False, max_length=300, help_text="Kept in the record's history.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, clearance: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, clearance=clearance, **kwargs)
        self.fields["classification"].choices = [  # type: ignore[attr-defined]
            (level, label if level <= clearance else f"{label} – beyond your clearance: you lose sight of it")
            for level, label in Classification.choices
        ]


class AudienceQuestion(MarkingForm):
    """What the audience line is asked with: the marking as it stands in a form not yet sent."""

    kind = forms.ChoiceField()
    operation = forms.ModelChoiceField(Record.objects.none(), required=False)
    photographs = forms.BooleanField(required=False)
    compartment = forms.ModelChoiceField(Circle.objects.none(), required=False)

    def __init__(
        self,
        *args: Any,
        by: Appointment,
        operations: QuerySet[Record],
        compartments: QuerySet[Circle],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, clearance=by.clearance, **kwargs)
        self.fields["compartment"].queryset = compartments  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in kinds.all_kinds()]  # type: ignore[attr-defined]
        self.fields["operation"].queryset = operations.of_kind("operation").select_related("circle")  # type: ignore[attr-defined]
        # The form that is asked about may lack these; the marking's own defaults hold then.
        for name in ("classification", "tlp"):
            self.fields[name].required = False

    def clean_handling_note(self) -> str:
        return ""

    def marking(self) -> Marking:
        found = super().marking()
        if found.classification in (None, ""):
            found.classification = int(self.fields["classification"].initial or 0)
        if found.tlp in (None, ""):
            found.tlp = Tlp.AMBER.value
        return found


def initial_of(marking: Marking) -> dict[str, Any]:
    return {**marking.values(), "limit_countries": marking.rel_to is not None, "rel_to": marking.rel_to or []}


class ReleaseForm(forms.Form):
    """To whom, under which article, for which purpose, until when. Only what an article allows today is offered."""

    to = forms.ChoiceField(label="To whom, under which article", widget=forms.RadioSelect)
    # Articles name different purposes: no default would do for all of them.
    purpose = forms.ChoiceField(label="Purpose", required=False)
    until = forms.DateTimeField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text="Empty: as long as the article allows. In your time zone.",
    )

    def __init__(
        self, *args: Any, choices: list[tuple[str, list[tuple[str, str]]]], clauses: dict[str, Clause], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = clauses
        named = {purpose for clause in clauses.values() for purpose in clause.purposes}
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        purposes = [pair for pair in Purpose.choices if pair[0] in named]
        self.fields["purpose"].choices = [("", "The first that the article names"), *purposes]  # type: ignore[attr-defined]

    @property
    def choice(self) -> str:
        """Names what a preview was of: anything else is previewed first."""
        return "|".join(str(self.cleaned_data.get(name) or "") for name in ("to", "purpose", "until"))

    def terms(self, offers: Offers) -> dict[str, Any]:
        """What a release takes: of the offer that was chosen, which the form has made sure is one."""
        values = self.cleaned_data
        offer = offers.find(values["to"])
        assert offer is not None
        return {"to": offer.to, "clause": offer.clause, "purpose": values["purpose"], "until": values["until"]}

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError("This lies in the past: nobody could read it.")
        return until

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        clause = self.clauses.get(str(data.get("to", "")).split("|")[0])
        purpose = data.get("purpose")
        if clause is not None and purpose == "" and clause.purposes:
            purpose = data["purpose"] = clause.purposes[0]
            # The preview shows which it is before anything is released. It is not chosen by that: another article
            # has another first.
            self["purpose"].help_text = f"By {clause.article} for {Purpose(purpose).label.lower()}."
        if clause is not None and purpose is not None and purpose not in clause.purposes:
            words = ", ".join(Purpose(name).label.lower() for name in clause.purposes)
            self.add_error("purpose", f"{clause.article} does not name this purpose. It names: {words}.")
        return data


class NamingForm(forms.Form):
    """One own officer to name, or one to take back."""

    appointment = forms.ModelChoiceField(
        Appointment.objects.none(), label="Own officer", required=False, empty_label="Choose an officer"
    )
    unname = forms.ModelChoiceField(Appointment.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officers: list[Appointment], named: list[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("appointment", officers), ("unname", named)):
            field = self.fields[name]
            field.queryset = Appointment.objects.filter(pk__in=[row.pk for row in rows]).select_related("officer")  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("appointment") or data.get("unname")):
            self.add_error("appointment", "Choose an officer.")
        return data


class RecordFilter(forms.Form):
    """Filters of the list of records; all stand in the address, so that it can be shared."""

    q = forms.CharField(label="Words or reference", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False)
    owner = forms.ModelChoiceField(Agency.objects.none(), label="Agency", required=False, empty_label="All")
    operation = forms.ModelChoiceField(Record.objects.none(), label="Operation", required=False, empty_label="All")
    category = forms.ChoiceField(
        label="Data category", required=False, choices=[("", "All"), *Category.choices], initial=""
    )
    compartment = forms.ModelChoiceField(Circle.objects.none(), required=False, empty_label="All")
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    shared = forms.BooleanField(label="Shared with us only", required=False)
    unread = forms.BooleanField(label="I have not opened", required=False)

    def __init__(
        self,
        *args: Any,
        names: list[tuple[str, str]],
        owners: QuerySet[Agency],
        operations: QuerySet[Record],
        compartments: QuerySet[Circle],
    ) -> None:
        super().__init__(*args)
        self.fields["kind"].choices = [("", "All"), *names]  # type: ignore[attr-defined]
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        self.fields["compartment"].queryset = compartments  # type: ignore[attr-defined]
        if not compartments:
            del self.fields["compartment"]

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).replace("\x00", "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "This is before “since”.")
        return data

    def apply(self, rows: Any, by: Appointment) -> Any:
        """The rows that pass. A filter that is not valid lets nothing through, rather than everything."""
        if not self.is_valid():
            return rows.none()
        values = self.cleaned_data
        simple = {name: values[name] for name in ("kind", "owner", "operation", "compartment") if values.get(name)}
        rows = rows.filter(**simple)
        if values["category"]:
            rows = rows.filter(categories__contains=[values["category"]])
        if values["since"]:
            rows = rows.filter(occurred_at__gte=_day_begins(values["since"]))
        if values["until"]:
            rows = rows.filter(occurred_at__lt=_day_begins(values["until"]) + timedelta(days=1))
        if values["q"]:
            rows = rows.matching(values["q"])
        if values["unread"]:
            rows = rows.unopened_by(by)
        return rows.exclude(owner__in=by.agencies) if values["shared"] else rows


def _day_begins(day: Any) -> datetime:
    """00:00 of the day in the officer's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
