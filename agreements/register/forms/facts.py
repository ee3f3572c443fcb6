"""Forms for facts: treaty actions, articles, designations."""

from typing import Any

from django import forms

from agencies.directory.models import Agency, Appointment, Classification, Country
from agreements.register.actions.checks import CONCERNS
from agreements.register.choices import (
    LIFTABLE,
    ActionKind,
    Category,
    ClauseKind,
    DelayUnit,
    Direction,
    Onward,
    Purpose,
    Way,
)
from agreements.register.forms.fields import (
    SENDERS_HELP,
    DayField,
    DirectionField,
    EarlierArticleField,
    KeyedForm,
    SidesField,
    concerning,
    offer_parties,
)
from agreements.register.models import Agreement, Clause, TreatyAction


class ActionForm(KeyedForm):
    """One treaty action in UN vocabulary."""

    kind = forms.ChoiceField(
        label="Action", choices=ActionKind.choices, widget=forms.Select(attrs={"data-concerns": concerning(CONCERNS)})
    )
    country = forms.ModelChoiceField(
        Country.objects.none(), label="By", required=False, empty_label="The agreement as a whole"
    )
    counterpart = forms.ModelChoiceField(
        Country.objects.none(),
        label="Towards",
        required=False,
        empty_label="All parties",
        help_text="For an objection, or a suspension towards one party.",
    )
    done_on = DayField(label="Done on")
    effective_on = DayField(
        label="First day of effect",
        required=False,
        help_text="Empty: the day it was done; of a denunciation, the day after the notice has run out.",
    )
    until = DayField(label="Last day", required=False, help_text="Of an extension or a suspension for a time.")
    clauses = forms.ModelMultipleChoiceField(
        Clause.objects.none(),
        label="Articles concerned",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: all of them.",
    )
    excludes = forms.MultipleChoiceField(
        label="Data categories that a reservation excludes",
        required=False,
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    lowers_ceiling_to = forms.TypedChoiceField(
        label="Ceiling to which a reservation lowers it",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Not lowered"), *Classification.choices],
    )
    way = forms.ChoiceField(
        label="Direction that a reservation narrows",
        required=False,
        choices=[("", "Both"), *Way.choices],
        help_text="Seen from the party that makes it. With no other limit it closes this direction.",
    )
    lifts = forms.ModelChoiceField(
        TreatyAction.objects.none(), label="What a lifting lifts", required=False, empty_label="—"
    )
    territory = forms.CharField(
        label="Territory", required=False, max_length=200, help_text="Of a territorial application or exclusion."
    )
    rectifies = forms.ModelChoiceField(
        TreatyAction.objects.none(),
        label="Corrects",
        required=False,
        empty_label="Nothing: it is new",
        help_text="The act that was recorded wrongly. It stands until the parties have confirmed the correction.",
    )
    note = forms.CharField(label="Note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
    source = forms.CharField(label="Source", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Country.objects.filter(pk__in=agreement.parties.values("country"))
        self.fields["country"].queryset = parties  # type: ignore[attr-defined]
        self.fields["counterpart"].queryset = parties  # type: ignore[attr-defined]
        self.fields["clauses"].queryset = agreement.clauses.all()  # type: ignore[attr-defined]
        liftable = agreement.actions.filter(kind__in=LIFTABLE).select_related("country")
        self.fields["lifts"].queryset = liftable  # type: ignore[attr-defined]
        wrong = agreement.actions.filter(rectified_by=None).select_related("country")
        self.fields["rectifies"].queryset = wrong  # type: ignore[attr-defined]
        self.fields["rectifies"].label_from_instance = dated  # type: ignore[attr-defined]


def dated(action: TreatyAction) -> str:
    """An act with its day: many of a kind look alike."""
    return f"{action}, {action.done_on:%-d %b %Y}"


class ConditionForm(KeyedForm):
    """How many consents bring the agreement into force, and how long after."""

    consents = forms.IntegerField(
        label="How many consents",
        required=False,
        min_value=1,
        max_value=300,
        help_text="Empty: those of the parties named below, or of all.",
    )
    required = forms.ModelMultipleChoiceField(
        Country.objects.none(),
        label="Whose consent is needed by name",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    delay = forms.IntegerField(label="How long after", min_value=0, max_value=3650, initial=0)
    delay_unit = forms.ChoiceField(label="Counted in", choices=DelayUnit.choices)
    later_delay = forms.IntegerField(
        label="For who consents later: how long after its own consent",
        required=False,
        min_value=0,
        max_value=3650,
        help_text="Empty: as for the first.",
    )
    later_unit = forms.ChoiceField(
        label="Counted in", required=False, choices=[("", "As for the first"), *DelayUnit.choices]
    )
    article = forms.CharField(label="Article", required=False, max_length=30, help_text="As cited: Art. 38.")
    source = forms.CharField(label="Source", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Country.objects.filter(pk__in=agreement.parties.values("country"))
        self.fields["required"].queryset = parties  # type: ignore[attr-defined]


class ClauseForm(KeyedForm):
    """One article. It opens a channel when it names categories and purposes."""

    article = forms.CharField(label="Article", max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = forms.ChoiceField(label="Kind", choices=ClauseKind.choices)
    summary = forms.CharField(label="What it permits", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    categories = forms.MultipleChoiceField(
        label="Data categories", required=False, choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label="Purposes", required=False, choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    direction = DirectionField(required=False, initial=Direction.MUTUAL)
    senders = SidesField("Who sends", help_text=SENDERS_HELP)
    receivers = SidesField("Who receives")
    ceiling = forms.TypedChoiceField(label="Ceiling", coerce=int, choices=Classification.choices, initial=1)
    onward = forms.ChoiceField(label="Onward", choices=Onward.choices, initial=Onward.CONSENT)
    retention_days = forms.IntegerField(label="Retention in days", required=False, min_value=1, max_value=36_500)
    starts_on = DayField(label="First day", required=False, help_text="Empty: with the agreement.")
    ends_on = DayField(label="Last day", required=False)
    survives = forms.BooleanField(label="What was shared stays readable after the end", required=False)
    continues = EarlierArticleField()
    gives_way = forms.BooleanField(
        label="The earlier article gives way",
        required=False,
        help_text="As with an amendment: where this agreement binds both, the earlier article carries nothing any more.",
    )
    displaced_by = forms.ModelMultipleChoiceField(
        Agreement.objects.none(),
        label="Yields to",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text="Agreements that go before this article wherever they bind both parties.",
    )
    rectifies = forms.ModelChoiceField(
        Clause.objects.none(),
        label="Corrects",
        required=False,
        empty_label="Nothing: it is new",
        help_text="The article as it was recorded wrongly. It stands until the parties have confirmed the correction.",
    )

    def __init__(self, *args: Any, agreement: Agreement, by: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Agreement.objects.visible_to(by).filter(registered_at__isnull=False).exclude(pk=agreement.pk)
        rows = Clause.objects.filter(agreement__in=others).exclude(categories=[]).exclude(purposes=[])
        offer_parties(self, agreement)
        self.fields["displaced_by"].queryset = others  # type: ignore[attr-defined]
        self.fields["rectifies"].queryset = agreement.clauses.filter(rectified_by=None)  # type: ignore[attr-defined]
        self.fields["continues"].queryset = rows.select_related("agreement").order_by(  # type: ignore[attr-defined]
            "agreement__short_name", "position", "pk"
        )

    def clean(self) -> dict[str, Any]:
        """Where nothing is said of the direction, the action says what holds."""
        values = super().clean() or {}
        if not values.get("direction"):
            values.pop("direction", None)
        return values


class DesignationForm(KeyedForm):
    """An agency of the own country as competent authority."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency", empty_label="Choose an agency")
    starts_on = DayField(label="From")
    ends_on = DayField(label="Last day", required=False)
    clauses = forms.ModelMultipleChoiceField(
        Clause.objects.none(),
        label="Articles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: all of them.",
    )

    def __init__(self, *args: Any, country: Country, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.active().filter(country=country)  # type: ignore[attr-defined]
        self.fields["clauses"].queryset = agreement.clauses.all()  # type: ignore[attr-defined]
