"""What the API tells of powers. The card's limits are plain numbers, metres and seconds: a device in the field counts
down to them without asking."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.powers.choices import Act, Answer, Border, Occasion, Origin
from agreements.powers.models import Power, PowerText
from agreements.powers.parts import Card, Cited, Line, PairCard, Section, Text
from agreements.powers.reading import sentence_of

ANSWERS = [(item.value, str(item.label)) for item in Answer if item != Answer.SILENT]


class PowerTextSerializer(serializers.ModelSerializer[PowerText]):
    class Meta:
        model = PowerText
        fields = ["id", "language", "words", "origin", "recorded_at", "recorded_for"]
        read_only_fields = fields


class PowerSerializer(serializers.ModelSerializer[Power]):
    """One entry. `replaces` is null where the reader may not see that."""

    agreement = serializers.UUIDField(source="clause.agreement_id", read_only=True)
    article = serializers.CharField(source="clause.article", read_only=True)
    sentence = serializers.SerializerMethodField()
    confirmed_by = serializers.SerializerMethodField(help_text="Countries that confirmed it besides its recorder.")
    replaces = serializers.SerializerMethodField()
    texts = PowerTextSerializer(many=True, read_only=True)

    class Meta:
        model = Power
        fields = [
            "id", "agreement", "clause", "article", "act", "answer", "occasions", "actor", "host", "borders", "stretch",
            "triggers", "conditions", "words", "distance_m", "depth_m", "minutes", "area", "notify_when", "notify_whom",
            "lead", "report", "starts_on", "ends_on", "replaces", "source", "recorded_at", "recorded_for", "confirmed_by",
            "sentence", "texts",
        ]  # fmt: skip
        read_only_fields = fields

    def get_sentence(self, row: Power) -> str:
        return sentence_of(row)

    def get_confirmed_by(self, row: Power) -> list[str]:
        return sorted(confirmation.country_id for confirmation in row.confirmations.all())

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_replaces(self, row: Power) -> Any:
        return row.replaces_id if row.replaces_id in self.context["view"].nameable else None


class PreviewSerializer(serializers.Serializer[Any]):
    """How an entry would read."""

    sentence = serializers.CharField()
    narrows = serializers.BooleanField(help_text="Whether it works at once; what widens waits for both (R22).")


class CitedArticlePart(serializers.Serializer[Cited]):
    agreement = serializers.UUIDField()
    clause = serializers.UUIDField()
    article = serializers.CharField()
    short_name = serializers.CharField()
    invented = serializers.BooleanField()


class ActPart(serializers.Serializer[Line]):
    """One act: the answer, its limits, its conditions in words, and the articles."""

    act = serializers.ChoiceField(choices=Act.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    answer = serializers.ChoiceField(choices=ANSWERS)
    word = serializers.CharField()
    distance_m = serializers.IntegerField(allow_null=True, help_text="Metres from the crossing.")
    depth_m = serializers.IntegerField(allow_null=True, help_text="Metres from the border line.")
    seconds = serializers.IntegerField(allow_null=True, help_text="Seconds from the crossing.")
    terms = serializers.SerializerMethodField()
    articles = CitedArticlePart(many=True, source="cited")
    notes = serializers.ListField(child=serializers.CharField())
    overlap = serializers.BooleanField(help_text="Articles of several agreements rule it: the most restrictive wins.")

    def get_terms(self, line: Line) -> list[str]:
        return [term.text for term in line.terms]


class OccasionPart(serializers.Serializer[Section]):
    """One occasion. While it is not permitted, nothing in its course is."""

    occasion = serializers.ChoiceField(choices=Occasion.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    permitted = serializers.BooleanField(source="is_open")
    opening = ActPart(many=True, source="gates")
    acts = ActPart(many=True, source="lines")
    no_article_permits = serializers.ListField(child=serializers.CharField(), source="unruled")


class ArticleTextPart(serializers.Serializer[Text]):
    article = CitedArticlePart(source="cited")
    words = serializers.CharField()
    language = serializers.CharField()
    origin = serializers.CharField()
    fallback = serializers.BooleanField(help_text="English stands in: there is no text in the language asked for.")


class PowersPairPart(serializers.Serializer[PairCard]):
    """Officers of `actor` in `host`. Not `whole`: agreements between the two that the reader's state is not party to
    are not counted (R23)."""

    actor = serializers.CharField(source="actor.pk")
    host = serializers.CharField(source="host.pk")
    heading = serializers.CharField()
    whole = serializers.BooleanField()
    occasions = OccasionPart(many=True, source="sections")
    texts = ArticleTextPart(many=True)


class PowersCardSerializer(serializers.Serializer[Card]):
    """What officers may and may not do, valid on its day alone."""

    day = serializers.DateField()
    as_of = serializers.DateTimeField()
    border = serializers.ChoiceField(choices=Border.choices, source="asked.border")
    language = serializers.CharField(source="asked.language")
    pairs = PowersPairPart(many=True)


ORIGINS = Origin.choices
