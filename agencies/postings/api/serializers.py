"""What postings, acting-for, accounts and handovers tell and take."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.limits import DAYS
from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import ROLE_CHOICES
from agencies.postings.choices import AccountState, Outcome, PostingKind, PostingState
from agencies.postings.handover import END, LEAVE, MOVE
from agencies.postings.models import Handover, Posting
from agencies.postings.showing import name_of


class PostingSerializer(serializers.Serializer[Posting]):
    """A posting, for the admins of its two agencies."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.ChoiceField(choices=PostingKind.choices)
    sender = serializers.UUIDField(source="sender_id")
    host = serializers.UUIDField(source="host_id")
    officer_name = serializers.SerializerMethodField(
        help_text="For the sender; for the host once it is accepted and the officer serves there. Else empty."
    )
    appointment = serializers.UUIDField(source="appointment_id", allow_null=True, help_text="At the host.")
    function = serializers.CharField()
    role = serializers.CharField(help_text="At the host; empty: none.")
    clearance = serializers.IntegerField(allow_null=True)
    starts_on = serializers.DateField(help_text="First day, where the host is.")
    ends_on = serializers.DateField(help_text="Last day, where the host is.")
    pauses_home = serializers.BooleanField(help_text="Whether the rights at the sender rest meanwhile.")
    contact = serializers.CharField()
    accreditation = serializers.CharField()
    state = serializers.ChoiceField(source="now", choices=PostingState.choices)
    by_host = serializers.BooleanField(help_text="Whether the host proposed it: then the sender names the officer.")
    proposed_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)
    recalled_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()

    @extend_schema_field(serializers.CharField())
    def get_officer_name(self, row: Posting) -> str:
        return name_of(row, self.context["view"].by)


class _Own(serializers.PrimaryKeyRelatedField):
    """An appointment of the own agency; others are unknown (R18)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=None if options.get("read_only") else Appointment.objects.all(), **options)

    def get_queryset(self) -> Any:
        by = self.context["view"].by
        rows = Appointment.objects.select_related("officer", "agency__country")
        return rows.filter(agency__in=by.agencies) if by else rows.none()


class PostingInput(serializers.Serializer[Any]):
    """One of the two agencies is the own one. As sender name the officer by `home`; as host do not."""

    sender = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active().select_related("country"))
    host = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active().select_related("country"))
    home = _Own(required=False, allow_null=True, help_text="The officer's own appointment at the sender.")
    kind = serializers.ChoiceField(choices=PostingKind.choices)
    function = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False, allow_blank=True)
    clearance = serializers.ChoiceField(choices=Classification.choices, required=False, allow_null=True)
    starts_on = serializers.DateField(validators=list(DAYS))
    ends_on = serializers.DateField(validators=list(DAYS))
    pauses_home = serializers.BooleanField(required=False)
    contact = serializers.CharField(max_length=120, required=False, allow_blank=True)
    accreditation = serializers.CharField(max_length=120, required=False, allow_blank=True)


class PostingAcceptInput(serializers.Serializer[Any]):
    home = _Own(required=False, allow_null=True, help_text="When the host asked for an officer: whom you send.")


class PostingReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class AbroadSerializer(serializers.Serializer[Any]):
    """A function posted at the agency, or from it: neither who, nor how many, nor until when (R18)."""

    function = serializers.CharField()
    kind = serializers.CharField()
    other = serializers.UUIDField(source="other.pk", allow_null=True, default=None)
    here = serializers.BooleanField(help_text="Posted at this agency; false: away from it.")
    contact = serializers.CharField()
    accreditation = serializers.CharField()


class DeputySerializer(serializers.Serializer[Appointment]):
    """Who acts for whom. The key is that of an appointment, for a token."""

    id = serializers.UUIDField(source="pk")
    officer = serializers.UUIDField(source="officer_id")
    name = serializers.CharField(source="officer.full_name")
    acts_for = serializers.UUIDField(source="acts_for_id")
    acts_for_name = serializers.CharField(source="acts_for.officer.full_name")
    function = serializers.CharField()
    clearance = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DeputyInput(serializers.Serializer[Any]):
    represented = _Own(help_text="The appointment that is stood in for.")
    deputy = _Own(help_text="The own appointment of who acts.")
    starts_on = serializers.DateField(validators=list(DAYS))
    ends_on = serializers.DateField(validators=list(DAYS))


class AccountSerializer(serializers.Serializer[Any]):
    """An account of the agency."""

    officer = serializers.UUIDField(source="officer.pk")
    name = serializers.CharField(source="officer.full_name")
    functions = serializers.CharField()
    state = serializers.ChoiceField(choices=AccountState.choices)
    last_used = serializers.DateTimeField(help_text="The last sign-in; before the first one, the making or the waking.")
    sleeps_on = serializers.DateTimeField()


class WakeInput(serializers.Serializer[Any]):
    agency = serializers.UUIDField(required=False, help_text="Default: the own one.")
    new_password = serializers.BooleanField(required=False, help_text="The present one is void.")


class WordsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    url = serializers.CharField()


class DutySerializer(serializers.Serializer[Any]):
    """One open item. `words` is null for a reader who may not see it."""

    duty = serializers.CharField(source="duty.name")
    what = serializers.CharField(source="duty.one")
    key = serializers.CharField()
    words = WordsSerializer(allow_null=True)
    may_move = serializers.BooleanField()
    may_end = serializers.BooleanField()


class ItemSerializer(serializers.Serializer[Any]):
    duty = serializers.CharField(source="row.duty")
    key = serializers.CharField(source="row.key")
    outcome = serializers.ChoiceField(source="row.outcome", choices=Outcome.choices)
    reason = serializers.CharField(source="row.reason")
    words = WordsSerializer(allow_null=True)


class HandoverSerializer(serializers.Serializer[Handover]):
    id = serializers.UUIDField(source="pk")
    appointment = serializers.UUIDField(source="appointment_id")
    function = serializers.CharField(source="appointment.function")
    successor = serializers.UUIDField(source="successor_id", allow_null=True)
    made_at = serializers.DateTimeField()


class HandoverDetailSerializer(HandoverSerializer):
    items = serializers.SerializerMethodField()

    @extend_schema_field(ItemSerializer(many=True))
    def get_items(self, row: Handover) -> Any:
        return ItemSerializer(self.context["view"].items, many=True).data


class WishInput(serializers.Serializer[Any]):
    duty = serializers.CharField(max_length=40)
    key = serializers.CharField(max_length=80)
    way = serializers.ChoiceField(choices=[MOVE, END, LEAVE])
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class HandoverInput(serializers.Serializer[Any]):
    """What is not named is moved if it can be."""

    appointment = _Own()
    successor = _Own(required=False, allow_null=True)
    wishes = WishInput(many=True, required=False)


class GapSerializer(serializers.Serializer[Any]):
    """An appointment that ended, with open items nobody took over: kinds and numbers."""

    appointment = serializers.UUIDField(source="appointment.pk")
    function = serializers.CharField(source="appointment.function")
    numbers = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_numbers(self, row: Any) -> dict[str, int]:
        return {duty.name: number for duty, number in row.numbers}
