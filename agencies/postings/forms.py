"""Forms of postings, acting-for and handovers."""

from dataclasses import dataclass
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
        label="Role at the host",
        required=False,
        initial=Role.LIAISON_OFFICER.value,
        help_text="A liaison officer without a right there has none.",
    )
    clearance = forms.TypedChoiceField(
        label="Cleared there for",
        required=False,
        coerce=int,
        empty_value=None,
        initial=Classification.RESTRICTED.value,
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


@dataclass
class HandoverRow:
    """One line of the checklist: an item with its title, or how many of a kind."""

    line: Line
    field: forms.BoundField | None
    number: int = 0


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
            if line.may_move and self._field(line) not in self.fields:
                choices = [(MOVE, "Hand over"), *([(END, "End it")] if line.may_end else []), (LEAVE, "Leave it")]
                self.fields[self._field(line)] = forms.ChoiceField(
                    label="What becomes of it", choices=choices, initial=MOVE, required=False
                )

    def _field(self, line: Line) -> str:
        """An item that the reader may see has its own choice; all others of a kind have one."""
        return line.name if line.words is not None else line.duty.name

    def rows(self) -> list[HandoverRow]:
        found: dict[str, HandoverRow] = {}
        for line in self.lines:
            name = self._field(line)
            field = self[name] if name in self.fields else None
            row = found.setdefault(name, HandoverRow(line, field))
            row.number += 1
        return list(found.values())

    @property
    def wishes(self) -> Wishes:
        values, why = self.cleaned_data, self.cleaned_data["reason"]
        left = values["successor"] is None
        return {
            (line.duty.name, line.key): Wish(LEAVE if left and way == MOVE else way, why)
            for line in self.lines
            if (way := values.get(self._field(line)) or MOVE)
        }
