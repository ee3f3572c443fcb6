"""What pages tell of a rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.alerts.choices import Family, Severity
from agreements.delivery.choices import Channel, Manner
from agreements.delivery.models import Rule
from agreements.sharing.models import Record
from agreements.sharing.policy import Access


@dataclass(frozen=True)
class Row:
    """A rule, with its operation where that is visible now."""

    rule: Rule
    operation: Record | None

    @property
    def which(self) -> list[str]:
        """What it names, each in some words. An operation that is hidden by now is not named."""
        rule, found = self.rule, []
        if rule.families:
            found.append(", ".join(Family(family).label for family in rule.families))
        if rule.severity_least:
            found.append(f"{Severity(rule.severity_least).label} or graver")
        if rule.operation_id:
            found.append(f"in “{self.operation.title}”" if self.operation else "in an operation that you see no more")
        if rule.words:
            found.append(f"with “{rule.words}” in the title")
        if rule.area:
            found.append(f"in an area with {len(rule.area['coordinates'][0]) - 1} corners")
        return found or ["All alerts"]

    @property
    def how(self) -> str:
        if self.rule.manner != Manner.NOW:
            return str(Manner(self.rule.manner).label)
        ways = " and ".join(Channel(name).label.lower() for name in self.rule.channels)
        return f"At once, by {ways}"


def rows_of(rules: Sequence[Rule], access: Access) -> list[Row]:
    """Rules with what may be told of them: one query for all their operations."""
    keys = [rule.operation_id for rule in rules if rule.operation_id]
    seen = {row.pk: row for row in Record.objects.visible_to(access).filter(pk__in=keys)} if keys else {}
    return [Row(rule, seen.get(rule.operation_id) if rule.operation_id else None) for rule in rules]
