"""What the API takes. `id` is made by the sender: sending the same one again makes nothing new."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.models import Agency, Classification, Country, valid_time_zone
from agreements.register.choices import (
    ActionKind,
    Category,
    ClauseKind,
    DelayUnit,
    Direction,
    InstrumentKind,
    Onward,
    Purpose,
    RelationKind,
    Way,
)
from agreements.register.days import WITHIN
from agreements.register.models import Agreement, Clause

MOST = 300


class DayField(serializers.DateField):
    """A day that a treaty can have."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=list(WITHIN), **options)


class CountriesField(serializers.ListField):
    """Countries by code. An unknown one is named at its place in the list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=12), max_length=MOST, **options)

    def to_internal_value(self, data: Any) -> list[Country]:
        codes = [code.upper() for code in super().to_internal_value(data)]
        known = Country.objects.in_bulk(codes)
        errors: Any = {n: ["There is no country of this code."] for n, code in enumerate(codes) if code not in known}
        if errors:
            raise serializers.ValidationError(errors)
        return [known[code] for code in codes]


@extend_schema_field(OpenApiTypes.STR)
class CountryField(serializers.Field[Any, Any, Any, Any]):
    """One country by code."""

    def to_internal_value(self, data: Any) -> Country:
        code = serializers.CharField(max_length=12).run_validation(data).upper()
        row = Country.objects.filter(pk=code).first()
        if row is None:
            raise serializers.ValidationError("There is no country of this code.")
        return row


def text_field(most: int = 5000) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most)


def words_field(choices: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices.choices), required=False, max_length=len(choices)
    )


class KeyedInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "id" in attrs:
            attrs["key"] = attrs.pop("id")
        return attrs


class SeenArticleField(serializers.PrimaryKeyRelatedField[Clause]):
    """An article of an agreement that the officer may see; others are unknown here (R17)."""

    def get_queryset(self) -> "QuerySet[Clause]":
        by = getattr(self.context.get("view"), "by", None)
        seen = Agreement.objects.visible_to(by) if by else Agreement.objects.none()
        return Clause.objects.filter(agreement__in=seen).select_related("agreement")


class SeenAgreementField(serializers.PrimaryKeyRelatedField[Agreement]):
    """An agreement that the officer may see; others are unknown here (R17)."""

    def get_queryset(self) -> "QuerySet[Agreement]":
        by = getattr(self.context.get("view"), "by", None)
        return Agreement.objects.visible_to(by) if by else Agreement.objects.none()


class ClauseInput(KeyedInput):
    """An article. It opens a channel when it names data categories and purposes."""

    article = serializers.CharField(max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = serializers.ChoiceField(choices=ClauseKind.choices)
    summary = text_field()
    categories = words_field(Category)
    purposes = words_field(Purpose)
    ceiling = serializers.ChoiceField(choices=Classification.choices, required=False)
    direction = serializers.ChoiceField(choices=Direction.choices, required=False)
    senders = CountriesField(required=False)
    receivers = CountriesField(required=False)
    onward = serializers.ChoiceField(choices=Onward.choices, required=False)
    retention_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=36_500)
    starts_on = DayField(required=False, allow_null=True)
    ends_on = DayField(required=False, allow_null=True)
    survives = serializers.BooleanField(required=False)
    continues = SeenArticleField(required=False, allow_null=True, pk_field=serializers.UUIDField())
    rectifies = SeenArticleField(required=False, allow_null=True, pk_field=serializers.UUIDField())
    gives_way = serializers.BooleanField(
        required=False, help_text="The article whose place it takes carries nothing where this agreement binds both."
    )
    displaced_by = serializers.ListField(
        child=SeenAgreementField(pk_field=serializers.UUIDField()),
        required=False,
        max_length=MOST,
        help_text="Agreements that go before this article wherever they bind both parties.",
    )
    source = text_field()  # type: ignore[assignment]


class _DesignationFields(KeyedInput):
    agency = serializers.UUIDField()
    starts_on = DayField()
    ends_on = DayField(required=False, allow_null=True)
    source = text_field()  # type: ignore[assignment]

    def validate_agency(self, key: Any) -> Agency:
        row = Agency.objects.select_related("country").filter(pk=key).first()
        if row is None:
            raise serializers.ValidationError("There is no such agency.")
        return row


class DesignationInput(_DesignationFields):
    """An agency as competent authority of its party, for the articles named or for all."""

    clauses = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST)


class NestedDesignationInput(_DesignationFields):
    """Articles by their citation: they have no keys yet."""

    articles = serializers.ListField(child=serializers.CharField(max_length=30), required=False, max_length=MOST)


class _ActionFields(KeyedInput):
    kind = serializers.ChoiceField(choices=ActionKind.choices)
    country = CountryField(required=False, allow_null=True, help_text="None: the agreement as a whole.")
    counterpart = CountryField(required=False, allow_null=True)
    done_on = DayField()
    effective_on = DayField(required=False, allow_null=True, help_text="First day of effect.")
    until = DayField(required=False, allow_null=True, help_text="Last day, of an extension or an application.")
    excludes = words_field(Category)
    lowers_ceiling_to = serializers.ChoiceField(choices=Classification.choices, required=False, allow_null=True)
    way = serializers.ChoiceField(choices=Way.choices, required=False, allow_blank=True)
    territory = text_field(200)
    note = text_field()
    source = text_field()  # type: ignore[assignment]


class ActionInput(_ActionFields):
    """A treaty action in UN vocabulary."""

    clauses = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST)
    lifts = serializers.UUIDField(required=False, allow_null=True, help_text="What a lifting lifts.")
    rectifies = serializers.UUIDField(required=False, allow_null=True, help_text="The act that it corrects (R22).")


class NestedActionInput(_ActionFields):
    articles = serializers.ListField(child=serializers.CharField(max_length=30), required=False, max_length=MOST)


class AgreementFields(KeyedInput):
    """What the head of an agreement says."""

    title = serializers.CharField(max_length=400)
    short_name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=InstrumentKind.choices)
    depositary = text_field(200)
    reference = text_field(120)
    made_under = serializers.UUIDField(required=False, allow_null=True, help_text="The article it was made under.")
    time_zone = serializers.CharField(max_length=64, required=False, validators=[valid_time_zone])
    concluded_on = DayField(required=False, allow_null=True)
    expires_on = DayField(required=False, allow_null=True)
    notice_months = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=120)
    renews_months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1200)
    renewal_notice_months = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=1200)
    territory = text_field()
    summary = text_field()
    source = text_field()  # type: ignore[assignment]
    parties = CountriesField(allow_empty=False)


class NestedConditionInput(serializers.Serializer[Any]):
    """On what the entry into force depends; `consents` null: those of `required`, or of all parties."""

    consents = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST)
    required = CountriesField(required=False)  # type: ignore[assignment]
    delay = serializers.IntegerField(required=False, min_value=0, max_value=3650)
    delay_unit = serializers.ChoiceField(choices=DelayUnit.choices, required=False)
    later_delay = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=3650)
    later_unit = serializers.ChoiceField(choices=DelayUnit.choices, required=False, allow_blank=True)
    article = text_field(30)
    source = text_field()  # type: ignore[assignment]


class ConditionInput(NestedConditionInput, KeyedInput):
    rectifies = serializers.UUIDField(required=False, allow_null=True, help_text="The condition that it corrects.")


class RelationInput(KeyedInput):
    """What the agreement is to another one."""

    kind = serializers.ChoiceField(choices=RelationKind.choices)
    other = serializers.UUIDField()
    starts_on = DayField(required=False, allow_null=True)
    note = text_field(400)


class AgreementInput(AgreementFields):
    """An agreement with its parties, articles, designations and actions: all or nothing."""

    draft = serializers.BooleanField(default=False, help_text="Keep it as a draft of the own agency.")
    clauses = ClauseInput(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    designations = NestedDesignationInput(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    condition = NestedConditionInput(required=False, allow_null=True)
    actions = NestedActionInput(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]


class ConfirmationInput(serializers.Serializer[Any]):
    """Without `facts`: all that wait for the own country."""

    facts = serializers.ListField(child=serializers.UUIDField(), required=False, allow_empty=False, max_length=1000)
