"""What the API tells and takes of partner agencies."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.limits import DAYS, PHONE
from agencies.directory.models import Agency, Country
from agencies.onboarding.choices import LANGUAGE_NAMES, Function, Level, State, Task
from agencies.onboarding.mailing import reference
from agencies.onboarding.models import Closing, Contact, Halt, Invitation


class AgencyInvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation. Its link is in no answer: it goes to the invited person's mail alone."""

    reference = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = [
            "id",
            "reference",
            "state",
            "name",
            "native_name",
            "acronym",
            "kind",
            "country",
            "time_zone",
            "mail",
            "why",
            "invited_at",
            "mailed_at",
            "expires_at",
            "opened_at",
            "accepted_at",
            "declined_at",
            "withdrawn_at",
            "refused_at",
            "released_at",
            "admin_name",
            "admin_mail",
            "words",
            "agency",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=State.choices))
    def get_state(self, row: Invitation) -> str:
        return row.state.value

    def get_reference(self, row: Invitation) -> str:
        return reference(row)


class InvitationInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    native_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    acronym = serializers.CharField(max_length=20, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=Agency.Kind.choices)
    country = serializers.PrimaryKeyRelatedField(
        queryset=Country.objects.all(), help_text="Of your own state, or of one with which it has an agreement here."
    )
    mail = serializers.EmailField(max_length=254, help_text="Of a person there. The link goes there, once.")
    why = serializers.CharField(max_length=500, help_text="The invited person reads it.")


class RefuseAgencyInput(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=500)


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """How one function of an agency is reached. A function without a row is answered by the agency's 24/7 desk."""

    hours = serializers.CharField(read_only=True, help_text="In words, in the agency's zone.")

    class Meta:
        model = Contact
        fields = [
            "id",
            "agency",
            "function",
            "telephone",
            "mail",
            "days",
            "opens",
            "closes",
            "hours",
            "languages",
            "since",
            "verified_on",
            "ended_at",
        ]
        read_only_fields = fields


class ContactInput(serializers.Serializer[Any]):
    agency = serializers.UUIDField(required=False, help_text="Default: the own one.")
    function = serializers.ChoiceField(choices=Function.choices)
    telephone = serializers.CharField(required=False, allow_blank=True, max_length=40, validators=[PHONE])
    mail = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, help_text="0 is Monday. Empty: all."
    )
    opens = serializers.TimeField(required=False, allow_null=True, help_text="In the agency's zone. Empty: all day.")
    closes = serializers.TimeField(required=False, allow_null=True)
    languages = serializers.ListField(child=serializers.CharField(max_length=8), required=False)


class LanguageInput(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=list(LANGUAGE_NAMES))
    level = serializers.ChoiceField(choices=Level.choices)


class LanguagesInput(serializers.Serializer[Any]):
    languages = LanguageInput(many=True, allow_empty=False)


class StepSerializer(serializers.Serializer[Any]):
    """A task of the list of a new agency's admin."""

    task = serializers.ChoiceField(choices=Task.choices)
    progress = serializers.CharField()
    told = serializers.CharField()
    settled = serializers.BooleanField()


class StandingSerializer(serializers.Serializer[Any]):
    """An agreement for which the agency is designated, of those that the reader may know (R23)."""

    agreement = serializers.CharField()
    named_by = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    articles = serializers.ListField(child=serializers.CharField())
    confirmed_by = serializers.ListField(child=serializers.CharField())
    waits_for = serializers.ListField(child=serializers.CharField())
    works = serializers.BooleanField(help_text="Between at least two parties that both stand behind it (R22).")


class FunctionReachSerializer(serializers.Serializer[Any]):
    """Whom to call for a function, the 24/7 desk in place of a contact of its own."""

    function = serializers.CharField()
    telephone = serializers.CharField()
    mail = serializers.CharField()
    hours = serializers.CharField()
    languages = serializers.CharField()
    verified_on = serializers.DateField(allow_null=True)
    is_stale = serializers.BooleanField(help_text="Nobody has tried it for 180 days.")
    by_desk = serializers.BooleanField(help_text="It has no contact of its own: the desk answers.")
    is_open = serializers.BooleanField()


class PartnerSerializer(serializers.Serializer[Any]):
    """An agency as a partner: whether anybody acts for it, how it is reached, for what it is designated."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[("active", "Active"), ("suspended", "Suspended"), ("closed", "Closed")])
    languages = serializers.DictField(child=serializers.CharField(), help_text="With the level of each, where given.")
    contacts = FunctionReachSerializer(
        many=True, allow_null=True, help_text="For agencies that share something with it (R18)."
    )
    designations = StandingSerializer(many=True)
    tasks = StepSerializer(many=True, allow_null=True, help_text="For its admins.")


class VerifyInput(serializers.Serializer[Any]):
    function = serializers.ChoiceField(choices=[("desk", "Duty desk"), *Function.choices])


class SettleInput(serializers.Serializer[Any]):
    task = serializers.ChoiceField(choices=Task.choices)
    settled = serializers.BooleanField(default=True)


class SuspendInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class LiftInput(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=500)


class HaltSerializer(serializers.ModelSerializer[Halt]):
    """An agency is suspended: nobody acts for it until it is lifted."""

    class Meta:
        model = Halt
        fields = ["id", "agency", "reason", "halted_at", "lifted_at", "lifted_why"]
        read_only_fields = fields


class CloseWhatIfInput(serializers.Serializer[Any]):
    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.known().select_related("country"))
    first_day = serializers.DateField(validators=list(DAYS))
    successor = serializers.PrimaryKeyRelatedField(
        queryset=Agency.objects.active().select_related("country"), required=False, allow_null=True
    )


class ClosingInput(CloseWhatIfInput):
    reason = serializers.CharField(max_length=300, help_text="The act that orders it.")


class ClosingSerializer(serializers.ModelSerializer[Closing]):
    """An agency is no more from `first_day` on. Works once `agreed_at` is there, from `closes_at` on."""

    successor = serializers.UUIDField(source="succession.successor_id", allow_null=True, default=None, read_only=True)

    class Meta:
        model = Closing
        fields = [
            "id",
            "agency",
            "first_day",
            "reason",
            "succession",
            "successor",
            "proposed_at",
            "agreed_at",
            "closes_at",
            "dropped_at",
        ]
        read_only_fields = fields


class LossSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(help_text="officers, partners, standing or open.")
    words = serializers.CharField()
    number = serializers.IntegerField()
    agency = serializers.UUIDField(source="agency.pk", allow_null=True, default=None)


class LossesSerializer(serializers.Serializer[Any]):
    """What would be lost, counted by the functions that decide and never named (R5, R28)."""

    at = serializers.DateTimeField()
    lines = LossSerializer(many=True)
