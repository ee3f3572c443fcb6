"""A patrol of a1 and b under Art. 7 with an entry of each side; Lars writes, Yann signs for b, Xenia commands."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from operations.joint.actions import reports, signing
from operations.joint.content import content_digest
from operations.joint.models import JointReport, SealedCopy, Signature
from operations.patrols.models import Patrol
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.operations.patrols.conftest import OPERATIONAL, Joint, joint

__all__ = ["joint"]  # a fixture, found here by pytest


@dataclass
class Table:
    """Where both sides sit: short ways to write and sign."""

    joint: Joint
    patrol: Patrol

    @property
    def cast(self) -> Any:
        return self.joint.cast

    def write(self, by: Appointment | None = None, **values: Any) -> JointReport:
        now = timezone.now()
        defaults: dict[str, Any] = {
            "host": self.patrol.record, "by": by or self.cast.lars, "title": "Night at the shore",
            "text": "Both teams walked the shore.", "sides": [self.cast.b], "marking": OPERATIONAL,
            "starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(minutes=5), "language": "en",
            "position": (47.66, 9.17),
        }  # fmt: skip
        return reports.write(**{**defaults, **values})

    def put(self, **values: Any) -> JointReport:
        row = self.write(**values)
        return reports.put_forward(report=row, by=row.record.author)

    def sign(self, row: JointReport, by: Appointment, **values: Any) -> Signature:
        row = self.again(row)
        return signing.sign(report=row, by=by, **{"seen": content_digest(row), **values})

    def again(self, row: JointReport) -> JointReport:
        return JointReport.objects.select_related("record__owner__country").get(pk=row.pk)

    def sealed(self, **values: Any) -> tuple[SealedCopy, SealedCopy]:
        """The copies of a1 and b."""
        row = self.put(**values)
        self.sign(row, self.cast.lars)
        self.sign(row, self.cast.yann)
        return self.copy(self.cast.a1), self.copy(self.cast.b)

    def copy(self, agency: Any) -> SealedCopy:
        return SealedCopy.objects.select_related("record").get(record__owner=agency)


@pytest.fixture
def table(joint: Joint) -> Table:
    joint.order(by=joint.cast.xenia)
    joint.order(by=joint.cast.yara)
    patrol = joint.active()
    joint.leg(patrol, joint.cast.lars)
    joint.log(patrol, joint.cast.lars, text="Boat of ours.")
    joint.log(patrol, joint.cast.yann, text="Boat of theirs.")
    return Table(joint, patrol)


@pytest.fixture
def carried() -> Any:
    """`carried()` does what the worker would."""
    breaker.trip()

    def run() -> None:
        while sweep():
            pass

    yield run
    breaker.reset()
