"""What the API takes about powers. `id` is made by the sender: sending the same one again makes nothing new."""

from typing import Any

from rest_framework import serializers

from agreements.powers.choices import Act, Answer, Border, Lead, NotifyWhen, Occasion, Report, Requirement
from agreements.powers.models import FARTHEST_M, LONGEST_MIN, Power
from agreements.powers.outputs import ORIGINS
from agreements.register.api.inputs import CountryField, DayField, KeyedInput, SeenArticleField, text_field, words_field
from agreements.register.models import Agreement


class SeenPowerField(serializers.PrimaryKeyRelatedField[Power]):
    """A power of an agreement that the officer may see; others are unknown here (R17)."""

    def get_queryset(self) -> Any:
        return Power.objects.visible_to(getattr(self.context.get("view"), "by", None)).with_sides()


class SeenAgreementField(serializers.PrimaryKeyRelatedField[Agreement]):
    """An agreement that the officer may see; others are unknown here (R17)."""

    def get_queryset(self) -> Any:
        return Agreement.objects.visible_to(getattr(self.context.get("view"), "by", None))


def _number(most: int, what: str) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=most, help_text=what)


class PowerInput(KeyedInput):
    """What an article says of one act. With `replaces` it corrects an earlier entry."""

    clause = SeenArticleField(pk_field=serializers.UUIDField())
    act = serializers.ChoiceField(choices=Act.choices)
    answer = serializers.ChoiceField(choices=Answer.choices)
    occasions = words_field(Occasion)
    actor = CountryField(required=False, allow_null=True, help_text="Whose officers. None: of every party.")
    host = CountryField(required=False, allow_null=True, help_text="Where. None: in every other party.")
    borders = words_field(Border)
    stretch = text_field(120)
    triggers = words_field(Requirement)
    conditions = words_field(Requirement)
    words = text_field(2000)
    distance_m = _number(FARTHEST_M, "Metres from the crossing.")
    depth_m = _number(FARTHEST_M, "Metres from the border line.")
    minutes = _number(LONGEST_MIN, "Minutes from the crossing.")
    area = text_field(200)
    notify_when = serializers.ChoiceField(choices=NotifyWhen.choices, required=False, allow_blank=True)
    notify_whom = text_field(200)
    lead = serializers.ChoiceField(choices=Lead.choices, required=False, allow_blank=True)
    report = serializers.ChoiceField(choices=Report.choices, required=False, allow_blank=True)
    starts_on = DayField(required=False, allow_null=True)
    ends_on = DayField(required=False, allow_null=True)
    replaces = SeenPowerField(required=False, allow_null=True, pk_field=serializers.UUIDField())
    source = text_field(2000)  # type: ignore[assignment]


class PowerTextInput(KeyedInput):
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$", max_length=8)
    words = serializers.CharField(max_length=5000)
    origin = serializers.ChoiceField(choices=ORIGINS)


class PowerConfirmationInput(serializers.Serializer[Any]):
    """Without `powers`: all of the agreement that wait for the own country."""

    agreement = SeenAgreementField(pk_field=serializers.UUIDField())
    powers = serializers.ListField(child=serializers.UUIDField(), required=False, allow_empty=False, max_length=1000)
