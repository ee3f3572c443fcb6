"""Sets of ledger entries."""

import uuid

from django.db import models


class EntryQuerySet(models.QuerySet):
    def disclosing(self, record: uuid.UUID | str) -> "EntryQuerySet":
        """Responses that disclosed this record: who opened, exported or printed it (R18, R29)."""
        return self.filter(records__contains=[{"record": str(record)}])

    def about(self, subject_kind: str, subject_id: uuid.UUID | str) -> "EntryQuerySet":
        """What was done to this subject."""
        return self.filter(subject_kind=subject_kind, subject_id=str(subject_id))
