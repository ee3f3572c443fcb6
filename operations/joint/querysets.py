"""Rows of joint reports by what is true of them. Every reader starts with `visible_to`."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef

from agreements.sharing.models import Record
from agreements.sharing.querysets import DetailQuerySet
from operations.joint.choices import State
from operations.sealing.querysets import SaidQuerySet

if TYPE_CHECKING:
    from operations.joint.models import JointReport, SealedCopy, Signature, Statement  # noqa: F401


class JointReportQuerySet(DetailQuerySet["JointReport"]):
    kind = "joint"

    def matching(self, words: str) -> Self:
        return self.filter(record__in=Record.objects.matching(words))

    def of_host(self, host: uuid.UUID) -> Self:
        """Of a patrol, or of an operation's shift."""
        return self.filter(record__host=host)

    def awaiting(self, agencies: Collection[uuid.UUID]) -> Self:
        """Those that wait for a signature of one of these agencies."""
        model = self.model
        sides = model._meta.get_field("sides").related_model._default_manager  # type: ignore[union-attr]
        signed = model._meta.get_field("signatures").related_model._default_manager  # type: ignore[union-attr]
        mine = sides.filter(report=OuterRef("pk"), agency__in=agencies)
        given = signed.filter(report=OuterRef("pk"), agency__in=agencies, lapsed_at=None)
        return self.filter(Exists(mine), ~Exists(given), state=State.OPEN)


class StatementQuerySet(DetailQuerySet["Statement"]):
    kind = "statement"


class SealedCopyQuerySet(DetailQuerySet["SealedCopy"]):
    kind = "sealed"

    def matching(self, words: str) -> Self:
        return self.filter(record__in=Record.objects.matching(words))


class SignatureQuerySet(SaidQuerySet["Signature"]):
    """Signatures, also those that lapsed."""
