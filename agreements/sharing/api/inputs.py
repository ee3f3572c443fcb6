"""What sharing's API takes. Keys that name nothing the officer knows of are refused as unknown (R17)."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from agencies.directory.acquaintance import known_to
from agencies.directory.models import Agency, Appointment, Classification, Country, Unit
from agreements.register.choices import Category, Purpose
from agreements.register.models import Agreement, Clause
from agreements.sharing import kinds
from agreements.sharing.actions.releases import To
from agreements.sharing.api.parts import MarkingSerializer
from agreements.sharing.choices import OWN_KINDS, AudienceKind, Tlp
from agreements.sharing.compartments import compartments_of
from agreements.sharing.models import Circle, Record

TARGETS = {
    AudienceKind.PARTY: {"country"},
    AudienceKind.AGENCY: {"agency"},
    AudienceKind.UNIT: {"unit"},
    AudienceKind.FUNCTION: {"agency", "function"},
    AudienceKind.CIRCLE: {"circle"},
    AudienceKind.OFFICER: {"appointment"},
}
NAMES = ("country", "agency", "unit", "function", "circle", "appointment")
KINDS = [pair for pair in AudienceKind.choices if pair[0] not in OWN_KINDS]


class KnownField(serializers.PrimaryKeyRelatedField):
    """A key, looked up among what `known(context)` gives; anything else is unknown."""

    def __init__(self, known: Any = None, **options: Any) -> None:
        self.known = known
        super().__init__(**({"queryset": Agency.objects.none()} | options))

    def get_queryset(self) -> Any:
        return self.known(self.context) if self.context.get("sight") else super().get_queryset()


def _by(context: Any) -> Appointment:
    return context["sight"].access.appointment  # type: ignore[no-any-return]


def known_clauses(context: Any) -> Any:
    return Clause.objects.filter(agreement__in=Agreement.objects.visible_to(_by(context))).select_related("agreement")


def known_circles(context: Any) -> Any:
    """Circles in which the agency takes part, and those whose record the officer sees."""
    seen = Record.objects.visible_to(context["sight"].access)
    own = Q(participations__agency__in=_by(context).agencies, participations__ended_at=None)
    return Circle.objects.filter(own & Q(participations__accepted_at__isnull=False) | Q(record__in=seen)).distinct()


def known_officers(context: Any) -> Any:
    access = context["sight"].access
    return Appointment.objects.in_effect(access.at).filter(agency__in=known_to(_by(context), access.at))


def known_units(context: Any) -> Any:
    access = context["sight"].access
    return Unit.objects.open().filter(agency__in=known_to(_by(context), access.at)).select_related("agency__country")


def known_compartments(context: Any) -> Any:
    access = context["sight"].access
    return compartments_of(access.appointment, access.at)


def known_operations(context: Any) -> Any:
    rows = Record.objects.visible_to(context["sight"].access).of_kind("operation")
    return rows.select_related("circle")


class ReleaseInput(serializers.Serializer[Any]):
    """To whom, under which clause, for which purpose, until when."""

    audience = serializers.ChoiceField(choices=KINDS)
    country = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all(), required=False)
    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active(), required=False)
    unit = KnownField(known_units, queryset=Unit.objects.none(), required=False)
    function = serializers.CharField(
        max_length=120,
        required=False,
        allow_blank=True,
        help_text="With its agency: whoever has it there, now and later.",
    )
    circle = KnownField(known_circles, queryset=Circle.objects.none(), required=False)
    appointment = KnownField(known_officers, queryset=Appointment.objects.none(), required=False)
    clause = KnownField(known_clauses, queryset=Clause.objects.none())
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    until = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = TARGETS.get(AudienceKind(attrs["audience"]), set())
        given = {name for name in NAMES if attrs.get(name)}
        wrong = {name: ["Name whom it is meant for."] for name in needed - given}
        # A unit's agency, and no function at all, may be sent as the offer has them.
        same = {"agency"} if attrs.get("unit") and attrs.get("agency") == attrs["unit"].agency else set()
        wrong |= {name: ["This audience names no such target."] for name in given - needed - same}
        if wrong:
            raise serializers.ValidationError(wrong)
        at = self.context["sight"].access.at
        if attrs.get("until") and attrs["until"] <= at:
            raise serializers.ValidationError({"until": ["This lies in the past: nobody could read it."]})
        return attrs

    @staticmethod
    def to(values: dict[str, Any]) -> To:
        targets = {name: values[name] for name in NAMES if values.get(name)}
        if "unit" in targets:
            targets["agency"] = targets["unit"].agency
        return To(AudienceKind(values["audience"]), **targets)


class MarkingInput(MarkingSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class NamingInput(serializers.Serializer[Any]):
    appointment = KnownField(lambda context: known_officers(context).filter(agency__in=_by(context).agencies))


class PreviewInput(MarkingSerializer):
    """A record that does not exist yet."""

    kind = serializers.CharField(max_length=30)
    operation = KnownField(known_operations, queryset=Record.objects.none(), required=False, allow_null=True)
    photographs = serializers.BooleanField(required=False)
    compartment = KnownField(known_compartments, queryset=Circle.objects.none(), required=False, allow_null=True)

    def validate_kind(self, value: str) -> str:
        if value not in {kind.name for kind in kinds.all_kinds()}:
            raise serializers.ValidationError("There is no such kind of record.")
        return value


class StandingOrderInput(serializers.Serializer[Any]):
    """What the agency's log in an operation is to release by itself (R6)."""

    circle = KnownField(known_circles, queryset=Circle.objects.none())
    clause = KnownField(known_clauses, queryset=Clause.objects.none())
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    kinds = serializers.ListField(child=serializers.CharField(max_length=30), allow_empty=False)
    categories = serializers.ListField(child=serializers.ChoiceField(choices=Category.choices), allow_empty=False)
    ceiling = serializers.ChoiceField(choices=Classification.choices)
    tlp = serializers.ChoiceField(choices=Tlp.choices, default=Tlp.AMBER.value)
    photographs = serializers.BooleanField(default=False)
    ends_on = serializers.DateField(required=False, allow_null=True)

    def validate_kinds(self, value: list[str]) -> list[str]:
        unknown = sorted(set(value) - set(kinds.logged_kinds()))
        if unknown:
            raise serializers.ValidationError(f"No kind of entry: {', '.join(unknown)}.")
        return value
