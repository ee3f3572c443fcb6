"""Forms about one operation: the plan, an invitation, an assignment, a standing order, a reason."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms

from agencies.directory.models import Agency, Appointment, Classification, Country
from agreements.register.choices import Category, Purpose
from agreements.register.models import Clause
from agreements.sharing.choices import AssignmentRole, Tlp
from operations.planning.basis import Reach
from operations.planning.forms.fields import KeyedForm, ZonedForm
from operations.planning.models import Operation
from portal.positions.fields import AreaField

INSTRUCTIONS = (
    "Take no new measures on the other side of the border. Finish what cannot be left, return to your own "
    "territory, and report to your own duty desk."
)


class OperationForm(ZonedForm, KeyedForm):
    """The plan. Only clauses that the agency can use today are offered."""

    name = forms.CharField(max_length=200, help_text="As partners will read it.")
    objective = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    clauses = forms.MultipleChoiceField(
        label="Legal basis",
        widget=forms.CheckboxSelectMultiple,
        help_text="Articles in force that your agency may use. They decide who can be invited and what is shared.",
        error_messages={"required": "Name the article on which the operation stands."},
    )
    purpose = forms.ChoiceField(choices=Purpose.choices, initial=Purpose.BORDER_OPERATION.value)
    host_state = forms.ModelChoiceField(
        Country.objects.none(), empty_label="Choose a state", help_text="Where it takes place; its officers command."
    )
    host_commander = forms.CharField(
        max_length=120, required=False, help_text="Function, such as “Duty officer, Region East”. Never a name."
    )
    host_contact = forms.CharField(max_length=200, required=False, help_text="Call sign, channel or telephone.")
    area = AreaField(label="Area")
    instructions = forms.CharField(
        label="If the legal basis falls away",
        max_length=3000,
        initial=INSTRUCTIONS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Each partner receives its own copy on accepting. Begin with what to do, end with whom to call.",
    )
    classification = forms.TypedChoiceField(coerce=int, initial=Classification.RESTRICTED.value)
    tlp = forms.TypedChoiceField(
        label="TLP", coerce=int, initial=Tlp.AMBER.value, choices=[c for c in Tlp.choices if c[0] < Tlp.RED]
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = ("name", "objective", "clauses", "purpose", "host_state", "starts_at", "ends_at", "zone", "area")

    def __init__(self, *args: Any, by: Appointment, clauses: Iterable[Clause], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = {str(clause.pk): clause for clause in clauses}
        self._choose("clauses", [(_named, list(_choices(rows))) for _named, rows in _grouped(self.offered.values())])
        levels = [(level.value, level.label) for level in Classification if level <= by.clearance]
        self._choose("classification", levels)
        self.fields["zone"].initial = by.agency.time_zone
        parties = Country.objects.filter(pk__in=self._parties(by))
        self.fields["host_state"].queryset = parties  # type: ignore[attr-defined]
        self.fields["host_state"].initial = by.agency.country_id

    def _parties(self, by: Appointment) -> set[str]:
        rows = {clause.agreement for clause in self.offered.values()}
        return {by.agency.country_id} | {party.country_id for row in rows for party in row.parties.all()}

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def for_edit(self) -> None:
        """Marking is changed on its own page, where what it closes is listed (R21)."""
        for name in ("classification", "tlp", "key", "zone"):
            if name == "zone":
                self.fields[name].disabled = True
            else:
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        left_out = ("clauses", "key", "version")
        values = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return {**values, "clauses": [self.offered[key] for key in self.cleaned_data["clauses"]]}


def _grouped(clauses: Iterable[Clause]) -> Any:
    return groupby(clauses, key=lambda clause: clause.agreement.short_name)


def _choices(clauses: Iterable[Clause]) -> Iterable[tuple[str, str]]:
    for clause in clauses:
        ceiling = Classification(clause.ceiling).label
        yield str(clause.pk), f"{clause.article} — {clause.get_kind_display().lower()}, up to {ceiling}"


def initial_of(operation: Operation) -> dict[str, Any]:
    """The plan as the form shows it: instants on the operation's own clock."""
    names = ("objective", "purpose", "host_state", "host_commander", "host_contact", "area", "instructions")
    return {
        **{name: getattr(operation, name) for name in names},
        "name": operation.record.title,
        "clauses": [str(clause.pk) for clause in operation.clauses.all()],
        "starts_at": operation.starts_at.astimezone(operation.zone).replace(tzinfo=None),
        "ends_at": operation.ends_at.astimezone(operation.zone).replace(tzinfo=None),
        "zone": operation.record.zone,
        "version": operation.version,
    }


class InviteForm(forms.Form):
    """Whom to invite: only agencies that a clause of the basis reaches."""

    agency = forms.ChoiceField(widget=forms.RadioSelect, label="Agency and article")

    def __init__(self, *args: Any, reach: Sequence[Reach], **options: Any) -> None:
        super().__init__(*args, **options)
        self.reach = {str(item.agency.pk): item for item in reach}
        choices = [(key, f"{item.agency}, under {item.sentence}") for key, item in self.reach.items()]
        self.fields["agency"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Reach:
        return self.reach[self.cleaned_data["agency"]]


class AssignForm(forms.Form):
    """An own officer, the role in the operation, and whose team the officer may direct."""

    appointment = forms.ModelChoiceField(Appointment.objects.none(), label="Officer", empty_label="Choose an officer")
    role = forms.ChoiceField(choices=AssignmentRole.choices, initial=AssignmentRole.MEMBER.value)
    directs = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label="May direct the teams of",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Officers of the lead or of the host state may direct others' teams.",
    )
    ends_on = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty: open."
    )

    def __init__(self, *args: Any, officers: Any, agencies: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["appointment"]
        field.queryset = officers  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]
        self.fields["directs"].queryset = agencies  # type: ignore[attr-defined]


class OrderForm(forms.Form):
    """A standing order: what the agency's log in the operation releases by itself (R6)."""

    clause = forms.ModelChoiceField(Clause.objects.none(), label="Under", empty_label="Choose an article")
    purpose = forms.ChoiceField(choices=Purpose.choices)
    kinds = forms.MultipleChoiceField(label="Entries", widget=forms.CheckboxSelectMultiple)
    categories = forms.MultipleChoiceField(
        choices=Category.choices, widget=forms.CheckboxSelectMultiple, initial=[Category.OPERATIONAL.value]
    )
    ceiling = forms.TypedChoiceField(
        label="Up to", coerce=int, choices=Classification.choices, initial=Classification.RESTRICTED.value
    )
    tlp = forms.TypedChoiceField(
        label="TLP, no narrower than",
        coerce=int,
        initial=Tlp.AMBER.value,
        choices=[choice for choice in Tlp.choices if choice[0] <= Tlp.AMBER],
    )
    photographs = forms.BooleanField(required=False, help_text="Photographs too. Without it they wait for a tap.")
    ends_on = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, clauses: Any, kinds: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        self.fields["kinds"].initial = [name for name, _ in kinds]


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="The partners read it.")
