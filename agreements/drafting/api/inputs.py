"""What the API takes for drafts."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Agency, Appointment, Classification, Country, valid_time_zone
from agreements.drafting.actions.days import Condition, Days, OfParty
from agreements.drafting.looking.dates import HEAD
from agreements.register.api.inputs import (
    CountriesField,
    CountryField,
    DayField,
    KeyedInput,
    SeenArticleField,
    text_field,
    words_field,
)
from agreements.register.choices import (
    BINDING,
    ActionKind,
    Category,
    ClauseKind,
    DelayUnit,
    Direction,
    InstrumentKind,
    Onward,
    Purpose,
)


class DraftInput(KeyedInput):
    """A name and a kind are enough to begin."""

    short_name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=InstrumentKind.choices)
    made_under = SeenArticleField(required=False, allow_null=True, pk_field=serializers.UUIDField())


class NameInput(serializers.Serializer[Any]):
    short_name = serializers.CharField(max_length=120, required=False)
    title = serializers.CharField(max_length=400, required=False)
    kind = serializers.ChoiceField(choices=InstrumentKind.choices, required=False)
    made_under = SeenArticleField(required=False, allow_null=True, pk_field=serializers.UUIDField())
    reference = text_field(120)
    depositary = text_field(200)
    summary = text_field()
    source = text_field()  # type: ignore[assignment]


class AreaInput(serializers.Serializer[Any]):
    territory = serializers.CharField(max_length=5000, allow_blank=True)


class PartyInput(serializers.Serializer[Any]):
    country = CountryField()


class AuthorityInput(KeyedInput):
    agency = serializers.UUIDField()
    starts_on = DayField()
    ends_on = DayField(required=False, allow_null=True)
    clauses = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=300)

    def validate_agency(self, key: Any) -> Agency:
        return named_agency(key)


def named_agency(key: Any) -> Agency:
    row = Agency.objects.select_related("country").filter(pk=key).first()
    if row is None:
        raise serializers.ValidationError("There is no such agency.")
    return row


class OfPartyInput(serializers.Serializer[Any]):
    signed_on = DayField(required=False, allow_null=True, default=None)
    bound_by = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in ActionKind if kind in BINDING],
        required=False,
        default="",
        allow_blank=True,
    )
    bound_on = DayField(required=False, allow_null=True, default=None)
    bound_from = DayField(required=False, allow_null=True, default=None)
    provisional_on = DayField(required=False, allow_null=True, default=None)


class DatesInput(serializers.Serializer[Any]):
    """All days of the draft; what is left out is taken away."""

    concluded_on = DayField(required=False, allow_null=True, default=None)
    expires_on = DayField(required=False, allow_null=True, default=None)
    notice_months = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=120, default=None)
    renews_months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1200, default=None)
    renewal_notice_months = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=120, default=None
    )
    consents = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=300, default=None)
    delay = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=1200, default=None)
    delay_unit = serializers.ChoiceField(choices=DelayUnit.choices, required=False, allow_blank=True, default="")
    time_zone = serializers.CharField(max_length=64, validators=[valid_time_zone])
    in_force_on = DayField(required=False, allow_null=True, default=None)
    parties = serializers.DictField(child=OfPartyInput(), required=False, default=dict)

    @staticmethod
    def days(values: dict[str, Any]) -> Days:
        head = {name: values[name] for name in (*HEAD, "time_zone")}
        condition = Condition(*(values[name] for name in ("consents", "delay", "delay_unit")))
        parties = {code.upper(): OfParty(**row) for code, row in values["parties"].items()}
        unknown = parties.keys() - set(Country.objects.filter(pk__in=parties).values_list("pk", flat=True))
        if unknown:
            raise serializers.ValidationError({"parties": [f"There is no country {', '.join(sorted(unknown))}."]})
        return Days(head, values["in_force_on"], parties, condition)


class ArticleInput(KeyedInput):
    article = serializers.CharField(max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = serializers.ChoiceField(choices=ClauseKind.choices)
    summary = text_field()
    starts_on = DayField(required=False, allow_null=True)
    ends_on = DayField(required=False, allow_null=True)
    source = text_field()  # type: ignore[assignment]


class ArticleChangeInput(ArticleInput):
    id = None  # type: ignore[assignment]


class TermsInput(serializers.Serializer[Any]):
    """What may flow under an article. Nothing named: nothing flows."""

    categories = words_field(Category)
    purposes = words_field(Purpose)
    ceiling = serializers.ChoiceField(choices=Classification.choices, required=False)
    direction = serializers.ChoiceField(choices=Direction.choices, required=False)
    senders = CountriesField(required=False)
    receivers = CountriesField(required=False)
    onward = serializers.ChoiceField(choices=Onward.choices, required=False)
    retention_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=36_500)
    survives = serializers.BooleanField(required=False)
    continues = SeenArticleField(required=False, allow_null=True, pk_field=serializers.UUIDField())


class MarkInput(serializers.Serializer[Any]):
    done = serializers.BooleanField()


class ShareInput(serializers.Serializer[Any]):
    """With a colleague's appointment, or with an agency and the tasks that it may fill in."""

    officer = serializers.UUIDField(required=False, allow_null=True)
    agency = serializers.UUIDField(required=False, allow_null=True)
    tasks = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)

    def validate_agency(self, key: Any) -> Agency | None:
        return named_agency(key) if key else None

    def validate_officer(self, key: Any) -> Appointment | None:
        if key is None:
            return None
        by = self.context["view"].by
        row = Appointment.objects.filter(pk=key, agency__in=by.agencies).select_related("officer", "agency").first()
        if row is None:
            raise serializers.ValidationError("There is no such colleague.")
        return row


class SubmitInput(serializers.Serializer[Any]):
    put_on = DayField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ScheduleInput(serializers.Serializer[Any]):
    put_on = DayField(allow_null=True, help_text="Null: now.")


class SendBackInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=300)
