"""Forms of postings, acting-for and handovers."""

from typing import Any

from django import forms

from agencies.directory.forms import DayField
from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import ROLES, Role
from agencies.postings.choices import PostingKind, PostingState
from agencies.postings.handover import END, LEAVE, MOVE, Line, Wish, Wishes


class OfficerField(forms.ModelChoiceField):
    """An own officer by name: only ever offered inside the agency (R18)."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.officer} ({obj.function})"


class PostingForm(forms.Form):
    """Send an officer to another agency, or ask another agency for one."""

    partner = forms.ModelChoiceField(Agency.objects.none(), empty_label="Choose an agency")
    home = OfficerField(
        Appointment.objects.none(),
        label="Officer",
        empty_label="Choose an officer",
        help_text="By the appointment that the posting stands on. The host's admin reads the name once it is accepted.",
    )
    kind = forms.ChoiceField(
        label="Posted as", choices=PostingKind.choices, widget=forms.RadioSelect, initial=PostingKind.SECONDMENT
    )
    function = forms.CharField(label="Function there", max_length=120, help_text="Shown to partners, never the name.")
    role = forms.ChoiceField(
        label="Role at the host", required=False, help_text="A liaison officer without a right there has none."
    )
    clearance = forms.TypedChoiceField(
        label="Cleared there for",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "None: a liaison officer without a right there"), *Classification.choices],
        help_text="Never above what the sending agency cleared the officer for.",
    )
    starts_on = DayField(label="First day", help_text="Where the host is.")
    ends_on = DayField(label="Last day", help_text="Where the host is. Either side may recall earlier.")
    pauses_home = forms.BooleanField(
        label="The rights at the sending agency rest meanwhile",
        required=False,
        help_text="Otherwise the officer chooses under which of the two to act.",
    )
    contact = forms.CharField(
        label="Contact", required=False, max_length=120, help_text="Of a liaison officer: what partners are shown."
    )
    accreditation = forms.CharField(
        label="Accreditation", required=False, max_length=120, help_text="Reference of the host's act, if there is one."
    )

    def __init__(self, *args: Any, by: Appointment, own: list[Appointment] | None, **options: Any) -> None:
        """`own`: the officers who could be sent; None: the own agency is the host and asks for one."""
        super().__init__(*args, **options)
        others = Agency.objects.active().exclude(pk__in=by.agencies).select_related("country")
        fields: dict[str, Any] = self.fields
        fields["partner"].queryset = others
        fields["partner"].label = "From" if own is None else "To"
        roles = [(role.value, f"{ROLES[role].label}") for role in ROLES if role != Role.SYSTEM_ADMIN]
        fields["role"].choices = [("", "None: a liaison officer without a right there"), *roles]
        if own is None:
            del self.fields["home"]
        else:
            fields["home"].queryset = _among(own)


def _among(rows: list[Appointment]) -> Any:
    found = Appointment.objects.filter(pk__in=[row.pk for row in rows])
    return found.select_related("officer", "agency").order_by("officer__full_name", "pk")


class AcceptForm(forms.Form):
    """The sender names the officer that the host asked for."""

    home = OfficerField(Appointment.objects.none(), label="Officer whom you send", empty_label="Choose an officer")

    def __init__(self, *args: Any, own: list[Appointment], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["home"].queryset = _among(own)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why", required=False, max_length=300, help_text="Both agencies read it.")


class PostingFilter(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *PostingState.choices])
    side = forms.ChoiceField(
        label="Direction", required=False, choices=[("", "Both"), ("out", "Sent by us"), ("in", "Posted here")]
    )


class DeputyForm(forms.Form):
    """Who acts for whom, on which days."""

    represented = OfficerField(Appointment.objects.none(), label="Acts for", empty_label="Choose an officer")
    deputy = OfficerField(Appointment.objects.none(), label="Who acts", empty_label="Choose an officer")
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", help_text="It ends by itself. It can be withdrawn sooner, at once.")

    def __init__(self, *args: Any, of: list[Appointment], own: list[Appointment], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["represented"].queryset = _among(of)
        fields["deputy"].queryset = _among(own)
        if len(of) == 1:
            fields["represented"].initial = of[0].pk
            fields["represented"].empty_label = None


class HandoverForm(forms.Form):
    """A successor, and for each item what becomes of it. Fields are named after the items."""

    successor = OfficerField(
        Appointment.objects.none(), label="Successor", required=False, empty_label="Nobody yet: everything is left"
    )
    reason = forms.CharField(
        label="Why something is left", required=False, max_length=300, help_text="For every item that is left."
    )

    def __init__(self, *args: Any, lines: list[Line], own: list[Appointment], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["successor"].queryset = _among(own)
        self.lines = lines
        for line in lines:
            if line.duty.move is not None and line.may_move:
                choices = [(MOVE, "Hand over"), *([(END, "End it")] if line.may_end else []), (LEAVE, "Leave it")]
                self.fields[line.name] = forms.ChoiceField(
                    label="What becomes of it", choices=choices, initial=MOVE, required=False
                )

    def rows(self) -> list[tuple[Line, forms.BoundField | None]]:
        return [(line, self[line.name] if line.name in self.fields else None) for line in self.lines]

    @property
    def wishes(self) -> Wishes:
        values, why = self.cleaned_data, self.cleaned_data["reason"]
        left = values["successor"] is None
        return {
            (line.duty.name, line.key): Wish(LEAVE if left and way == MOVE else way, why)
            for line in self.lines
            if (way := values.get(line.name) or MOVE)
        }
