"""How long before a deadline the treaty admins of a state are reminded."""

from collections.abc import Collection

from agreements.deadlines.choices import DEFAULT_LEADS
from agreements.deadlines.models import LeadTimes


def leads_of(countries: Collection[str]) -> dict[str, frozenset[int]]:
    """Days before, by country: what the state has set, or the usual ones."""
    found = {country: frozenset(DEFAULT_LEADS) for country in countries}
    for row in LeadTimes.objects.filter(country__in=countries):
        found[row.country_id] = frozenset(row.days)
    return found
