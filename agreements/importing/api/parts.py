"""What the API takes and tells of imports."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.models import Country
from agreements.importing.choices import EVERY_PARTY, FIELDS, Decision, Format, ImportState, Level, RowState, Shape
from agreements.importing.models import CountryName, Import, ImportRow
from agreements.register.models import Agreement


class MeaningSerializer(serializers.Serializer[Any]):
    """What a column means. `party`: of an act of a party, whose: a code, `*` for every party, empty: named in the cell."""

    column = serializers.IntegerField(min_value=0)
    field = serializers.ChoiceField(choices=[(name, field.label) for name, field in FIELDS.items()])
    party = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)

    def validate_party(self, code: str) -> str:
        if code and code != EVERY_PARTY and not Country.objects.filter(pk=code).exists():
            raise serializers.ValidationError("There is no country of this code.")
        return code


class OptionsSerializer(serializers.Serializer[Any]):
    """How the rows are read."""

    shape = serializers.ChoiceField(choices=Shape.choices, required=False)
    group_by = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    separator = serializers.CharField(required=False, max_length=1, trim_whitespace=False)
    day_first = serializers.BooleanField(required=False, allow_null=True)
    own_party = serializers.BooleanField(required=False)
    draft = serializers.BooleanField(required=False)


class CountsSerializer(serializers.Serializer[Any]):
    """Rows by state: `made`, `kept`, `skipped`, `will_be_made`, `undone` and `unchecked` add up to `all`."""

    all = serializers.IntegerField()
    unchecked = serializers.IntegerField()
    will_be_made = serializers.IntegerField()
    flagged = serializers.IntegerField()
    asking = serializers.IntegerField()
    error = serializers.IntegerField()
    kept = serializers.IntegerField()
    skipped = serializers.IntegerField()
    made = serializers.IntegerField()
    undone = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer[Import]):
    """One file, and how far it has come."""

    format = serializers.ChoiceField(choices=Format.choices)
    state = serializers.ChoiceField(choices=ImportState.choices)
    headers = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Import
        fields = [
            "id", "file_name", "format", "state", "headers", "notes", "uploaded_at", "started_at", "ended_at", "stopped",
        ]  # fmt: skip
        read_only_fields = fields


class ImportDetailSerializer(ImportSerializer):
    """With the meaning of its columns (as kept or guessed, before they are named) and its counts."""

    columns = serializers.SerializerMethodField()
    options = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "columns", "options", "counts"]
        read_only_fields = fields

    def _proposed(self, row: Import) -> tuple[Any, Any]:
        mapping, options, _ = self.context["view"].proposed(row)
        return mapping, options

    @extend_schema_field(MeaningSerializer(many=True))
    def get_columns(self, row: Import) -> Any:
        found = sorted(self._proposed(row)[0].items(), key=lambda pair: int(pair[0]))
        return [{"column": int(column), **meaning} for column, meaning in found]

    @extend_schema_field(OptionsSerializer)
    def get_options(self, row: Import) -> Any:
        return self._proposed(row)[1]

    @extend_schema_field(CountsSerializer)
    def get_counts(self, row: Import) -> Any:
        return CountsSerializer(row.rows.counts()).data


class ColumnsInput(OptionsSerializer):
    """What the columns mean, and how rows are read. It starts the dry run."""

    columns = MeaningSerializer(many=True)


class FileInput(serializers.Serializer[Any]):
    file = serializers.FileField()


class UploadInput(FileInput):
    id = serializers.UUIDField(required=False)


class ImportCheckInput(serializers.Serializer[Any]):
    day_first = serializers.BooleanField(required=False, allow_null=True, default=None)


class ImportStartInput(serializers.Serializer[Any]):
    draft = serializers.BooleanField(required=False, allow_null=True, default=None)


class FindingSerializer(serializers.Serializer[Any]):
    """What the check found, at a column or (null) of the whole row."""

    level = serializers.ChoiceField(choices=Level.choices)
    code = serializers.CharField()
    column = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    name = serializers.CharField(required=False)
    agreement = serializers.CharField(required=False)
    row = serializers.IntegerField(required=False)


class RowSerializer(serializers.ModelSerializer[ImportRow]):
    """One row: every cell as it is now, and what was found."""

    state = serializers.ChoiceField(choices=RowState.choices)
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))
    findings = FindingSerializer(many=True)
    agreement = serializers.SerializerMethodField(help_text="What it became, if the reader may see that.")

    class Meta:
        model = ImportRow
        fields = [
            "id", "of", "number", "leads", "title", "state", "cells", "as_uploaded", "findings", "decision", "agreement",
            "kept_because",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_agreement(self, row: ImportRow) -> Any:
        return row.agreement_id if row.agreement_id in self.context["view"].seen_of(self._shown()) else None

    def _shown(self) -> list[ImportRow]:
        many = getattr(self.parent, "instance", None)
        return list(many) if many is not None else [self.instance]  # type: ignore[list-item]


class CellsInput(serializers.Serializer[Any]):
    cells = serializers.ListField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), allow_empty=False, max_length=200
    )


class DecideInput(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Decision.choices, allow_blank=True)
    agreement = serializers.UUIDField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["agreement"] is not None:
            seen = Agreement.objects.visible_to(getattr(self.context.get("view"), "by", None))
            attrs["agreement"] = seen.filter(pk=attrs["agreement"]).first()
            if attrs["agreement"] is None:
                raise serializers.ValidationError({"agreement": "There is no such agreement."})
        return attrs


class SuggestionPart(serializers.Serializer[Any]):
    country = serializers.CharField()
    alike = serializers.IntegerField(help_text="0 to 100; 0 where it is no matter of spelling.")


class AskedNameSerializer(serializers.Serializer[Any]):
    """A name that rows wait for."""

    name = serializers.CharField()
    why = serializers.CharField()
    rows = serializers.IntegerField()
    suggestions = serializers.SerializerMethodField()

    @extend_schema_field(SuggestionPart(many=True))
    def get_suggestions(self, row: Any) -> Any:
        return [{"country": country.pk, "alike": score} for country, score in row.suggestions]


class DayOrderSerializer(serializers.Serializer[Any]):
    """Days that can be read in two ways, and how many others of the file prove the one or the other."""

    rows = serializers.IntegerField()
    examples = serializers.ListField(child=serializers.CharField())
    day_first = serializers.IntegerField()
    month_first = serializers.IntegerField()


class QuestionsSerializer(serializers.Serializer[Any]):
    names = AskedNameSerializer(many=True)
    day_order = DayOrderSerializer()


class UndoSerializer(serializers.Serializer[Any]):
    """What undoing would leave, and why; of the first 500 agreements."""

    agreements = serializers.IntegerField()
    staying = serializers.ListField(child=serializers.DictField())


class NameSerializer(serializers.ModelSerializer[CountryName]):
    class Meta:
        model = CountryName
        fields = ["id", "name", "country", "note", "decided_at"]
        read_only_fields = fields


class NameInput(serializers.Serializer[Any]):
    """A country by code; null leaves the name out, with a note that says why."""

    name = serializers.CharField(max_length=200)
    country = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all(), allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class RepairedSerializer(serializers.Serializer[Any]):
    rows = serializers.IntegerField()
