"""Forms of rules, preferences and outlets, and what narrows the list of deliveries."""

from typing import Any

from django import forms

from agreements.alerts.choices import Family, Severity
from agreements.delivery.carriers.gateway import PLACEHOLDERS
from agreements.delivery.choices import Channel, DeliveryState, Manner, Method, Weekday
from agreements.delivery.models import Rule
from agreements.delivery.querysets import DeliveryQuerySet
from agreements.register.forms import KeyedForm
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from portal.positions.fields import AreaField

ANY_SEVERITY = [("", "Any"), *((value, f"{label} or graver") for value, label in Severity.choices[:-1])]
HELD_BACK = "Operation, area and words are compared only with what you may see."


class TimeField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**{"required": False, "widget": widget, **options})


class PreferenceForm(forms.Form):
    """Number, quiet hours, digest hour."""

    number = forms.CharField(
        label="Number for text messages",
        required=False,
        max_length=30,
        help_text="With + and the country. Text messages come where your agency has a gateway.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    quiet_from = TimeField(label="Quiet from")
    quiet_until = TimeField(label="Quiet until", help_text="Earlier than the start: on the next day.")
    quiet_days = forms.TypedMultipleChoiceField(
        label="Days on which quiet hours begin",
        required=False,
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: every day.",
    )
    digest_hour = forms.TypedChoiceField(
        label="Hour of daily and weekly digests",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        initial=7,
    )
    digest_weekday = forms.TypedChoiceField(label="Day of weekly digests", coerce=int, choices=Weekday.choices)


class RuleForm(KeyedForm):
    """Which alerts, and how they come."""

    families = forms.MultipleChoiceField(
        label="Kinds",
        required=False,
        choices=Family.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: all.",
    )
    severity_least = forms.ChoiceField(label="Severity", required=False, choices=ANY_SEVERITY)
    operation = forms.ModelChoiceField(Record.objects.none(), label="Operation", required=False, empty_label="Any")
    words = forms.CharField(label="Words in the title", required=False, max_length=100, help_text=HELD_BACK)
    area = AreaField(label="Area")
    manner = forms.ChoiceField(label="They come", choices=Manner.choices, widget=forms.RadioSelect, initial=Manner.NOW)
    channels = forms.MultipleChoiceField(
        label="By",
        required=False,
        choices=[(Channel.MAIL.value, "Mail"), (Channel.GATEWAY.value, "Text message")],
        widget=forms.CheckboxSelectMultiple,
        initial=[Channel.MAIL.value],
        help_text="Where they come at once. Digests come by mail.",
    )

    def __init__(self, *args: Any, access: Access, **options: Any) -> None:
        super().__init__(*args, **options)
        operations = Record.objects.visible_to(access).filter(kind="operation").order_by("title", "pk")
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        self.fields["operation"].label_from_instance = lambda row: row.title  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        data = dict(self.cleaned_data)
        operation = data.pop("operation")
        return {**data, "operation": operation.pk if operation else None}


def initial_of(rule: Rule) -> dict[str, Any]:
    names = ("families", "severity_least", "operation", "words", "area", "manner", "channels")
    return {name: getattr(rule, name) for name in names if name != "operation"} | {"operation": rule.operation_id}


class WebhookForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="For your own list.")
    url = forms.CharField(label="Address", max_length=500, help_text="https://alerts.example.org/entente")
    severity_least = forms.ChoiceField(label="Alerts", required=False, choices=ANY_SEVERITY)


class GatewayForm(forms.Form):
    """An HTTP gateway: its address and templates, with our placeholders."""

    name = forms.CharField(label="Name", max_length=80, help_text="For your own list.")
    method = forms.ChoiceField(label="Method", choices=Method.choices)
    url = forms.CharField(label="Address", max_length=500)
    headers = forms.CharField(
        label="Headers",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text="One a line, such as Authorization: Bearer … They are kept sealed and not shown again.",
    )
    body = forms.CharField(
        label="Body",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=f"Placeholders: {', '.join('{' + name + '}' for name in PLACEHOLDERS)}.",
    )


class DeliveryFilter(forms.Form):
    """What the list is narrowed to. It stands in the address."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *DeliveryState.choices])
    channel = forms.ChoiceField(label="By", required=False, choices=[("", "All"), *Channel.choices])
    mine = forms.BooleanField(label="Mine only", required=False)

    def narrowed(self, rows: DeliveryQuerySet, by: Any) -> DeliveryQuerySet:
        """The rows that fit. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        for name in ("state", "channel"):
            if self.cleaned_data[name]:
                rows = rows.filter(**{name: self.cleaned_data[name]})
        return rows.filter(alert__appointment=by) if self.cleaned_data["mine"] else rows
