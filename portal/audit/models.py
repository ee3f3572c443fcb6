"""The ledger's tables. Rows are only ever added: triggers refuse everybody anything else (migration 0002).

No foreign keys: an entry outlives whatever it speaks of, and no cascade may reach it.
"""

from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from portal.audit.querysets import EntryQuerySet
from portal.keys import new_key


class Entry(models.Model):
    """One action, or one response that disclosed something (R29), in the transaction of its cause."""

    seq = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True, default=new_key, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=80)
    officer_id = models.UUIDField(null=True)
    appointment_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    door = models.CharField(max_length=200, blank=True)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=100, blank=True)
    records = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "seq"], name="entry_subject"),
            models.Index(fields=["officer_id", "seq"], name="entry_officer"),
            models.Index(fields=["agency_id", "seq"], name="entry_agency"),
            models.Index(fields=["verb", "seq"], name="entry_verb"),
            models.Index(fields=["recorded_at"], name="entry_time"),
            GinIndex(fields=["records"], opclasses=["jsonb_path_ops"], name="entry_records"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_kind} {self.subject_id}".strip()


class Seal(models.Model):
    """An entry's place in the chain. `position` has no gaps; it is given at sealing, not at recording,
    because serial numbers commit out of order."""

    position = models.BigIntegerField(primary_key=True)
    entry_seq = models.BigIntegerField(unique=True)
    entry_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.chain[:12]}"


class Head(models.Model):
    """A signed statement: the chain up to here was this. A copy goes to a file outside the database."""

    upto = models.BigIntegerField(primary_key=True)
    count = models.BigIntegerField()
    chain = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["upto"]

    def __str__(self) -> str:
        return f"{self.upto}: {self.chain[:12]}"
