"""A joint report, who signs it, what a side states on its own, and the sealed copy that each signatory owns (R3)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, new_key
from agreements.sharing.details import Detail
from agreements.sharing.models import Record
from operations.joint.choices import Decision, Form, Lapse, State
from operations.joint.querysets import (
    JointReportQuerySet,
    SealedCopyQuerySet,
    SignatureQuerySet,
    StatementQuerySet,
)
from operations.sealing.models import Said, SealedText, SharedText

COPY_FORMAT = "entente.joint.copy/1"


class JointReport(SharedText):
    """What two or more sides sign together: a record of the agency that writes it, hosted by a patrol or, for a shift,
    by the operation. Title, marking, zone and position are its record's.

    Its text is its owner's alone to change (R21). The entries of the log stay their owners' records: each side's copy
    takes those that the side may keep (`annex`).
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="joint_report")
    form = models.CharField(max_length=10, choices=Form, default=Form.JOINT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en", help_text="In which it was written.")
    text = models.TextField()
    open_points = models.TextField(blank=True, help_text="What is left to do, for whoever goes on.")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="Of the text: counts changes since it was put forward.")
    put_at = models.DateTimeField(null=True, blank=True, help_text="When it was put to its sides.")
    sealed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    objects = JointReportQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        indexes = [models.Index(fields=["state"], name="joint_open", condition=Q(state=State.OPEN.value))]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="joint_end_after_start"),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN.value) & Q(withdrawn_at=None, withdraw_reason="")),
                name="joint_withdrawn_when",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SEALED.value, sealed_at__isnull=False)
                | (~Q(state=State.SEALED.value) & Q(sealed_at=None)),
                name="joint_sealed_when",
            ),
        ]

    @property
    def said(self) -> SignatureQuerySet:
        return self.signatures.all()

    @property
    def is_of_shift(self) -> bool:
        """Of an operation's shift, not of one patrol."""
        return self.record.host_id == self.record.operation_id


class Side(models.Model):
    """An agency whose signature the report needs. Its owner is one."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    report = models.ForeignKey(JointReport, models.CASCADE, related_name="sides")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["agency__country_id", "agency__name"]
        constraints = [models.UniqueConstraint(fields=["report", "agency"], name="joint_side_once")]

    def __str__(self) -> str:
        return self.agency.short


class Wording(models.Model):
    """The same text in another language. All wordings are signed together."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    report = models.ForeignKey(JointReport, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    text = models.TextField()
    open_points = models.TextField(blank=True)
    written_by = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["report", "language"], name="joint_wording_once")]

    def __str__(self) -> str:
        return self.language


class Statement(Detail):
    """What a side states where it disagrees: its own record, hosted by the report (R23)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="statement")
    revision = models.PositiveIntegerField(help_text="Of the text that it is about.")
    text = models.TextField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]


class Signature(Said):
    """That a side signed: also when by both clocks, and from which device.

    Whoever sees the report sees its signatures; names of officers their own agency alone
    (R18). `entries_digest` is the side's own affair: compared with another's it would tell of hidden entries (R17).
    """

    report = models.ForeignKey(JointReport, models.PROTECT, related_name="signatures")
    decision = models.CharField(max_length=10, choices=Decision)
    statement = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="+")
    statement_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the statement's text.")
    entries_digest = models.CharField(max_length=64, help_text="SHA-256 of the entries that the side's copy takes.")
    signed_at = models.DateTimeField(default=timezone.now, help_text="By the server's clock.")
    device_at = models.DateTimeField(null=True, blank=True, help_text="By the device's clock.")
    device = models.UUIDField(null=True, blank=True, help_text="The browser or app: a key that it made itself.")
    user_agent = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of all that the signature says.")
    lapsed_why = models.CharField(max_length=12, choices=Lapse, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "agency"], condition=Q(lapsed_at=None), name="joint_signed_once_by_a_side"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.CONFIRMS.value, statement=None, statement_digest="")
                | (Q(decision=Decision.DISAGREES.value, statement__isnull=False) & ~Q(statement_digest="")),
                name="joint_disagrees_with_a_statement",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at=None, lapsed_why="") | (Q(lapsed_at__isnull=False) & ~Q(lapsed_why="")),
                name="joint_lapsed_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short}: {self.get_decision_display()}"


class SealedCopy(SealedText):
    """What an agency signed. `report` is a key and no foreign key: the working report may be hidden by now (R23)."""

    FORMAT = COPY_FORMAT

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="sealed_copy")
    report = models.UUIDField(db_index=True)
    content_digest = models.CharField(max_length=64, help_text="That every signatory signed; the same in all copies.")

    objects = SealedCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-record_id"]
        verbose_name_plural = "sealed copies"
