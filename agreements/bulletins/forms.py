"""Forms of bulletins: writing one, cancelling one, and what narrows the list."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLE_CHOICES, ROLES, Permission
from agreements.alerts.choices import Certainty, Severity, Urgency
from agreements.bulletins.actions import EXERCISE, HEADLINE_LENGTH, WORDS_LENGTH, Draft
from agreements.bulletins.choices import Acknowledging, TargetKind
from agreements.bulletins.models import INSTRUCTION_LENGTH, LONGEST_DEADLINE, Bulletin
from agreements.bulletins.querysets import BulletinQuerySet
from agreements.bulletins.scopes import Scope, circle_of, of_circle
from agreements.register.choices import Category
from agreements.sharing.actions.records import marking_of
from agreements.sharing.choices import CircleKind
from agreements.sharing.forms import MARKING, KeyedMarkingForm
from agreements.sharing.models import Record
from agreements.sharing.policy import Access

# Roles that read bulletins at all.
READING = [value for value, _ in ROLE_CHOICES if any(Permission.BULLETIN_VIEW in sheet.permissions and role.value == value for role, sheet in ROLES.items())]  # fmt: skip
CHOICES = [("", "Choose a role"), *(pair for pair in ROLE_CHOICES if pair[0] in READING)]
PLAIN = ("headline", "instruction", "urgency", "severity", "certainty", "exercise", "minutes")


def operations(access: Access) -> Any:
    """Running operations that the officer sees."""
    rows = Record.objects.visible_to(access).of_kind("operation").filter(
        circle__kind=CircleKind.OPERATION, circle__closed_at=None
    )  # fmt: skip
    return rows.select_related("circle").order_by("title", "pk")


class OfficerChoice(forms.ModelMultipleChoiceField):
    """Own officers by name, partners' by function (R18)."""

    own: frozenset[uuid.UUID] = frozenset()

    def label_from_instance(self, obj: Any) -> str:
        who = f"{obj.officer} ({obj.function})" if obj.agency_id in self.own else obj.function
        return f"{who}, {obj.agency.short}"


class BulletinForm(KeyedMarkingForm):
    """What is said, to whom, and who must acknowledge it until when."""

    headline = forms.CharField(max_length=HEADLINE_LENGTH, help_text="One line. It stands in the inbox of who sees it.")
    instruction = forms.CharField(
        label="What is to be done", max_length=INSTRUCTION_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    urgency = forms.ChoiceField(choices=Urgency.choices, initial=Urgency.IMMEDIATE.value)
    severity = forms.ChoiceField(choices=Severity.choices, initial=Severity.SEVERE.value)
    certainty = forms.ChoiceField(choices=Certainty.choices, initial=Certainty.OBSERVED.value)
    exercise = forms.BooleanField(
        label="This is an exercise",
        required=False,
        help_text="Marked everywhere; it never leaves by mail or telephone.",
    )
    operation = forms.ModelChoiceField(Record.objects.none(), required=False, empty_label="None")
    circle = forms.BooleanField(label="Those assigned to the operation", required=False)
    desks = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label="Duty desks", required=False, widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(label="Whoever has the role", required=False, choices=CHOICES)
    role_agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label="… at these agencies", required=False, widget=forms.CheckboxSelectMultiple
    )
    officers = OfficerChoice(
        Appointment.objects.none(),
        label="Single officers",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Of a partner: nobody else there sees it, so its duty chain cannot be told.",
    )
    acknowledging = forms.ChoiceField(
        label="Who acknowledges",
        choices=Acknowledging.choices,
        widget=forms.RadioSelect,
        initial=Acknowledging.ANYONE.value,
    )
    acknowledging_role = forms.ChoiceField(label="The role that acknowledges", required=False, choices=CHOICES)
    minutes = forms.IntegerField(
        label="Within how many minutes",
        required=False,
        min_value=1,
        max_value=LONGEST_DEADLINE,
        help_text="A reminder comes at half of the time; after it the agency's duty chain is told, step by step.",
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, **options: Any) -> None:
        by = access.appointment
        assert by is not None
        super().__init__(*args, clearance=by.clearance, **options)
        self.fields["categories"].initial = [Category.OPERATIONAL.value]
        agencies = Agency.objects.active().filter(pk__in=known_to(by, access.at)).select_related("country")
        staff = Appointment.objects.in_effect(access.at).filter(agency__in=agencies, role__in=READING)
        for name, rows in (
            ("operation", operations(access)),
            ("desks", agencies),
            ("role_agencies", agencies),
            ("officers", staff.select_related("officer", "agency").order_by("agency__name", "title", "pk")),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["officers"].own = by.agencies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role_agencies") and not data.get("role"):
            self.add_error("role", "Say which role.")
        if data.get("circle") and circle_of(data.get("operation")) is None:
            self.add_error("operation", "Say of which operation: one that runs.")
        return data

    def _scopes(self) -> Iterable[Scope]:
        data = self.cleaned_data
        circle = circle_of(data["operation"])
        if data["circle"] and circle is not None:
            yield from of_circle(circle)
        for agency in data["desks"]:
            yield Scope(TargetKind.DESK, agency)
        for agency in data["role_agencies"]:
            yield Scope(TargetKind.ROLE, agency, role=data["role"])
        for row in data["officers"]:
            yield Scope(TargetKind.OFFICER, row.agency, appointment=row)

    def draft(self, about: Record | None) -> Draft:
        data = self.cleaned_data
        asking = data["acknowledging"]
        return Draft(
            **{name: data[name] for name in PLAIN if name != "minutes"},
            marking=self.marking(),
            scopes=list(self._scopes()),
            acknowledging=asking,
            acknowledging_role=data["acknowledging_role"] if asking == Acknowledging.ROLE else "",
            minutes=None if asking == Acknowledging.NOBODY else data["minutes"],
            about=about,
            operation=data["operation"],
            key=self.sent_key,
        )

    @property
    def was_shown(self) -> frozenset[uuid.UUID]:
        try:
            return frozenset(uuid.UUID(key) for key in self.cleaned_data["shown"].split())
        except ValueError:
            return frozenset()


def initial_of(row: Bulletin) -> dict[str, Any]:
    """What an update begins with: the same words, to the same."""
    record, targets = row.record, list(row.targets.all())
    of = lambda kind: [target for target in targets if target.kind == kind]  # noqa: E731
    roles = of(TargetKind.ROLE)
    marking = marking_of(record)
    return {
        **{name: getattr(row, name) for name in (*PLAIN[1:], "acknowledging", "acknowledging_role")},
        **{name: getattr(marking, name) for name in MARKING if name != "rel_to"},
        "limit_countries": marking.rel_to is not None,
        "rel_to": marking.rel_to or [],
        "headline": record.title.removeprefix(EXERCISE),
        "operation": record.operation_id,
        "circle": bool(of(TargetKind.CIRCLE)),
        "desks": [target.agency_id for target in of(TargetKind.DESK)],
        "role": roles[0].role if roles else "",
        "role_agencies": [target.agency_id for target in roles],
        "officers": [target.appointment_id for target in of(TargetKind.OFFICER)],
    }


class CancelForm(forms.Form):
    words = forms.CharField(label="Why", max_length=WORDS_LENGTH, help_text="Whoever was alerted reads it.")


class BulletinFilter(forms.Form):
    show = forms.ChoiceField(
        required=False,
        choices=[
            ("", "All"),
            ("standing", "Standing"),
            ("waiting", "We have not acknowledged"),
            ("sent", "Sent by us"),
        ],
    )
    severity = forms.ChoiceField(required=False, choices=[("", "Any"), *Severity.choices])
    exercise = forms.ChoiceField(required=False, choices=[("", "Both"), ("no", "No exercises"), ("yes", "Exercises")])

    def narrowed(self, rows: BulletinQuerySet, by: Appointment) -> BulletinQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        rows = rows.filter(severity=data["severity"]) if data["severity"] else rows
        rows = rows.filter(exercise=data["exercise"] == "yes") if data["exercise"] else rows
        match data["show"]:
            case "standing":
                return rows.standing()
            case "waiting":
                return rows.waiting_for(by)
            case "sent":
                return rows.filter(record__owner__in=by.agencies)
        return rows
