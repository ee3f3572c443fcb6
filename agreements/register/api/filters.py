"""What the list of agreements is narrowed by."""

import django_filters
from django.db.models import Q
from django.utils import timezone

from agreements.register.api.outputs import STATES
from agreements.register.choices import ClauseKind, InstrumentKind
from agreements.register.models import Agreement
from agreements.register.presenting import shown
from agreements.register.querysets import AgreementQuerySet


class AgreementFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", max_length=200, help_text="Words of the title or short name.")
    kind = django_filters.ChoiceFilter(choices=InstrumentKind.choices)
    country = django_filters.CharFilter(method="of_party", max_length=12, help_text="A party, by code.")
    clause_kind = django_filters.ChoiceFilter(choices=ClauseKind.choices, method="with_clause")
    draft = django_filters.BooleanFilter(field_name="registered_at", lookup_expr="isnull")
    # Last, so that states are worked out for what the others left.
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state", help_text="Of the agreement, today.")

    class Meta:
        model = Agreement
        fields: list[str] = []

    def matching(self, rows: AgreementQuerySet, name: str, value: str) -> AgreementQuerySet:
        return rows.filter(Q(title__icontains=value) | Q(short_name__icontains=value))

    def of_party(self, rows: AgreementQuerySet, name: str, value: str) -> AgreementQuerySet:
        return rows.filter(parties__country=value.upper())

    def with_clause(self, rows: AgreementQuerySet, name: str, value: str) -> AgreementQuerySet:
        return rows.filter(pk__in=Agreement.objects.filter(clauses__kind=value).values("pk"))

    def in_state(self, rows: AgreementQuerySet, name: str, value: str) -> AgreementQuerySet:
        found = shown(rows.prefetch_related("parties__country"), timezone.now())
        return rows.filter(pk__in=[item.agreement.pk for item in found if item.state == value])
