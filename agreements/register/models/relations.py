"""What instruments are to each other: a tree of amendments, protocols, annexes and successors."""

from django.db import models
from django.db.models import F, Q

from agreements.register.choices import RelationKind
from agreements.register.models.agreements import Agreement
from agreements.register.models.fact import Fact


class Relation(Fact):
    """`agreement` amends (is a protocol to, an annex to, replaces …) `other`, from a day on.

    It says how instruments belong together and opens nothing by itself.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=RelationKind)
    other = models.ForeignKey(Agreement, models.CASCADE, related_name="related_from")
    starts_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["starts_on", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind", "other"], name="relation_once"),
            models.CheckConstraint(condition=~Q(agreement=F("other")), name="related_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.other.short_name}"
