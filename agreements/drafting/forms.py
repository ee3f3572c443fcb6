"""Forms of drafting. What the state allows, the actions say."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.db.models import Q

from agencies.directory.models import Agency, Appointment, Classification, Country, valid_time_zone
from agreements.drafting.actions.days import Condition, Days, OfParty, days_of
from agreements.drafting.looking.dates import HEAD
from agreements.register.choices import (
    BINDING,
    ActionKind,
    Category,
    ClauseKind,
    DelayUnit,
    InstrumentKind,
    Onward,
    Purpose,
)
from agreements.register.forms.fields import (
    SENDERS_HELP,
    DayField,
    DirectionField,
    EarlierArticleField,
    KeyedForm,
    SidesField,
    offer_parties,
)
from agreements.register.models import Agreement, Clause
from agreements.register.tasks import all_tasks

BOUND_BY = [("", "Nothing yet"), *((kind.value, kind.label) for kind in ActionKind if kind in BINDING)]
ROWS = {"rows": 3}


class VersionedForm(forms.Form):
    """Carries the version that it was made from, so that nobody overwrites what they have not read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def fields_shown(self) -> list[str]:
        return [field.name for field in self.visible_fields()]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "done")}


class DoneForm(VersionedForm):
    done = forms.BooleanField(
        label="This part is done", required=False, help_text="Leave it open if you want to come back to it."
    )
    field_order: Iterable[str]


def above(by: Appointment) -> Any:
    """Articles under which another instrument may stand: of agreements that the officer may see."""
    return in_order(Clause.objects.filter(agreement__in=Agreement.objects.visible_to(by)))


def in_order(rows: Any) -> Any:
    return rows.select_related("agreement").order_by("agreement__short_name", "position", "pk")


class StartForm(KeyedForm):
    """Name and kind: all else follows in any order."""

    short_name = forms.CharField(
        label="Name", max_length=120, help_text="As you speak of it: Lake Constance Agreement."
    )
    kind = forms.ChoiceField(label="Kind", choices=InstrumentKind.choices)
    made_under = forms.ModelChoiceField(
        Clause.objects.none(),
        label="Stands under",
        required=False,
        empty_label="No other agreement",
        help_text="The article of another agreement that it carries out, if any.",
    )

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["made_under"].queryset = above(by)  # type: ignore[attr-defined]


class NameForm(DoneForm):
    short_name = forms.CharField(label="Short name", max_length=120)
    title = forms.CharField(label="Full title", max_length=400)
    kind = forms.ChoiceField(label="Kind", choices=InstrumentKind.choices)
    made_under = forms.ModelChoiceField(
        Clause.objects.none(), label="Stands under", required=False, empty_label="No other agreement"
    )
    reference = forms.CharField(
        label="Reference", max_length=120, required=False, help_text="Official gazette or UN registration."
    )
    depositary = forms.CharField(label="Depositary", max_length=200, required=False)
    summary = forms.CharField(label="Summary", max_length=5000, required=False, widget=forms.Textarea(attrs=ROWS))
    source = forms.CharField(label="Source", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, by: Appointment, agreement: Agreement, **options: Any) -> None:
        held = {name: getattr(agreement, name) for name in self.base_fields if hasattr(agreement, name)}
        super().__init__(*args, **{**options, "initial": {**held, **options.get("initial", {})}})
        # An article that is chosen already stays to be chosen, also where the reader may not see what it is of.
        seen = Agreement.objects.visible_to(by).exclude(pk=agreement.pk)
        rows = Clause.objects.filter(Q(agreement__in=seen) | Q(instruments_made_under=agreement)).distinct()
        self.fields["made_under"].queryset = in_order(rows)  # type: ignore[attr-defined]
        self.order_fields([name for name in self.fields if name != "done"])


class AreaForm(DoneForm):
    territory = forms.CharField(
        label="Where it applies",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="As it says itself: zones, depth from the border in km, islands. Empty: all of each party’s territory.",
    )

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        held = {"territory": agreement.territory}
        super().__init__(*args, **{**options, "initial": {**held, **options.get("initial", {})}})
        self.order_fields(["territory"])


class PartyForm(forms.Form):
    country = forms.ModelChoiceField(Country.objects.none(), label="Another party", empty_label="Choose a country")

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Country.objects.exclude(pk__in=agreement.parties.values("country"))
        self.fields["country"].queryset = rows  # type: ignore[attr-defined]


class AuthorityForm(KeyedForm):
    """An agency of one of the parties, from a day on, for all articles or some."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency", empty_label="Choose an agency")
    starts_on = DayField(label="From", help_text="Usually the day on which it enters into force.")
    ends_on = DayField(label="Last day", required=False)
    clauses = forms.ModelMultipleChoiceField(
        Clause.objects.none(),
        label="For these articles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: for all of them.",
    )

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Agency.objects.active().filter(country__in=agreement.parties.values("country"))
        self.fields["agency"].queryset = rows.select_related("country")  # type: ignore[attr-defined]
        self.fields["clauses"].queryset = agreement.clauses.all()  # type: ignore[attr-defined]
        if not agreement.clauses.exists():
            del self.fields["clauses"]


class DatesForm(DoneForm):
    """Days of the agreement; and for each party, fields with its code before."""

    concluded_on = DayField(label="Concluded on", required=False, help_text="The day on which it was signed.")
    in_force_on = DayField(label="In force from", required=False)
    expires_on = DayField(label="Last day", required=False, help_text="Empty: for good.")
    notice_months = forms.IntegerField(
        label="Notice in months", required=False, min_value=0, max_value=120, help_text="To leave it."
    )
    renews_months = forms.IntegerField(
        label="Renews itself for months", required=False, min_value=1, max_value=1200, help_text="Empty: it does not."
    )
    renewal_notice_months = forms.IntegerField(
        label="Notice against renewal, in months", required=False, min_value=0, max_value=120
    )
    delay_unit = forms.ChoiceField(
        label="Enters into force after consents, counted in",
        required=False,
        choices=[("", "No: on the day above"), *DelayUnit.choices],
        help_text="Where the text says so many consents and so long after: the day is then computed.",
    )
    consents = forms.IntegerField(
        label="So many consents", required=False, min_value=1, max_value=300, help_text="Empty: those of all parties."
    )
    delay = forms.IntegerField(label="So long after", required=False, min_value=0, max_value=1200)
    time_zone = forms.CharField(
        label="Days begin at 00:00 in", max_length=64, validators=[valid_time_zone], help_text="Such as Europe/Zurich."
    )

    def __init__(self, *args: Any, agreement: Agreement, **options: Any) -> None:
        days = days_of(agreement)
        held: dict[str, Any] = {**days.head, "in_force_on": days.in_force_on, **asdict(days.condition)}
        self.countries = [party.country for party in agreement.parties.all()]
        for country in self.countries:
            row = days.parties.get(country.pk, OfParty())
            held |= {f"{country.pk}-{name}": getattr(row, name) for name in OfParty.__dataclass_fields__}
        super().__init__(*args, **{**options, "initial": {**held, **options.get("initial", {})}})
        for country in self.countries:
            self._add(country)
        self.order_fields([name for name in self.fields if name != "done"])

    def _add(self, country: Country) -> None:
        name = country.name
        self.fields[f"{country.pk}-signed_on"] = DayField(label=f"{name}: signed on", required=False)
        self.fields[f"{country.pk}-bound_by"] = forms.ChoiceField(
            label=f"{name}: is bound by", choices=BOUND_BY, required=False
        )
        self.fields[f"{country.pk}-bound_on"] = DayField(label=f"{name}: done on", required=False)
        self.fields[f"{country.pk}-bound_from"] = DayField(
            label=f"{name}: with effect from", required=False, help_text="Empty: that day."
        )
        self.fields[f"{country.pk}-provisional_on"] = DayField(
            label=f"{name}: applies it provisionally from", required=False
        )

    def groups(self) -> list[tuple[Country, list[Any]]]:
        """Of each party its fields, for the page."""
        return [
            (country, [self[f"{country.pk}-{name}"] for name in OfParty.__dataclass_fields__])
            for country in self.countries
        ]

    def heads(self) -> list[Any]:
        own = [name for name in self.fields if "-" not in name and name not in ("version", "done")]
        return [self[name] for name in own]

    def days(self) -> Days:
        values = self.cleaned_data
        parties = {
            country.pk: OfParty(**{name: values[f"{country.pk}-{name}"] for name in OfParty.__dataclass_fields__})
            for country in self.countries
        }
        head = {name: values[name] for name in (*HEAD, "time_zone")}
        condition = Condition(values["consents"], values["delay"], values["delay_unit"])
        if condition.delay_unit and condition.delay is None:
            condition = replace(condition, delay=0)
        return Days(head, values["in_force_on"], parties, condition)


class ArticleForm(KeyedForm, VersionedForm):
    """What an article says. What may flow under it, the part on data sharing asks."""

    article = forms.CharField(label="Article", max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = forms.ChoiceField(label="About", choices=ClauseKind.choices)
    summary = forms.CharField(
        label="What it permits", required=False, max_length=5000, widget=forms.Textarea(attrs=ROWS)
    )
    starts_on = DayField(label="First day", required=False, help_text="Empty: with the agreement.")
    ends_on = DayField(label="Last day", required=False)
    source = forms.CharField(label="Source", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "key"}


class TermsForm(VersionedForm):
    """What may flow under an article. Nothing is ticked: nothing flows."""

    categories = forms.MultipleChoiceField(
        label="What may flow",
        required=False,
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing ticked: nothing flows under this article.",
    )
    purposes = forms.MultipleChoiceField(
        label="For what", required=False, choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    direction = DirectionField()
    senders = SidesField("Who sends", help_text=SENDERS_HELP)
    receivers = SidesField("Who receives")
    ceiling = forms.TypedChoiceField(label="Up to which classification", coerce=int, choices=Classification.choices)
    retention_days = forms.IntegerField(
        label="Kept for how many days", required=False, min_value=1, max_value=36_500, help_text="Empty: without limit."
    )
    onward = forms.ChoiceField(label="May it be passed on?", choices=Onward.choices, widget=forms.RadioSelect)
    survives = forms.BooleanField(label="What was shared stays readable after the end", required=False)
    continues = EarlierArticleField()

    def __init__(self, *args: Any, clause: Clause, by: Appointment, **options: Any) -> None:
        held = {
            name: getattr(clause, name) for name in self.base_fields if name not in ("version", "senders", "receivers")
        }
        held |= {"senders": list(clause.senders.all()), "receivers": list(clause.receivers.all())}
        super().__init__(*args, **{**options, "initial": {**held, **options.get("initial", {})}})
        offer_parties(self, clause.agreement)
        seen = Agreement.objects.visible_to(by).filter(registered_at__isnull=False)
        opening = Q(agreement__in=seen) & ~Q(categories=[]) & ~Q(purposes=[])
        rows = Clause.objects.filter(opening | Q(continued_by=clause)).distinct()
        self.fields["continues"].queryset = in_order(rows)  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    """With a colleague, or with an agency of one of the parties and what it may fill in."""

    officer = forms.ModelChoiceField(
        Appointment.objects.none(), label="Colleague", required=False, empty_label="Nobody"
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency", required=False, empty_label="None")
    tasks = forms.MultipleChoiceField(
        label="The agency may fill in",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nothing ticked: it reads the draft and changes nothing.",
    )

    def __init__(self, *args: Any, officers: Any, agencies: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]
        self.fields["officer"].label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["tasks"].choices = [(task.name, task.title) for task in all_tasks()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and bool(values.get("officer")) == bool(values.get("agency")):
            self.add_error(None, "Choose a colleague, or an agency.")
        return values


class AskForm(forms.Form):
    """When it is to go to the parties, and a word to the second officer."""

    put_on = DayField(
        label="Put to the parties on",
        required=False,
        help_text="At 00:00 in the agreement’s zone. Empty: once approved.",
    )
    note = forms.CharField(label="For your colleague", required=False, max_length=300)


class DayForm(forms.Form):
    put_on = DayField(label="Another day", required=False, help_text="Empty: now.")


class WordsForm(forms.Form):
    words = forms.CharField(label="Why", max_length=300, help_text="Your colleague reads it.")


class DraftFilter(forms.Form):
    """Filters of the list; they stand in the address."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All that I may see"),
            ("mine", "Begun by me, or shared with me"),
            ("approve", "Waiting for my approval"),
            ("scheduled", "Approved, going out on a day"),
        ],
    )
    q = forms.CharField(label="Words", required=False)
