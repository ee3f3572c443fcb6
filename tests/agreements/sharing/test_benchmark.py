"""The benchmark measures a door that lets through what it should."""

import pytest
from django.utils import timezone

from agreements.sharing import benchmark, kinds
from agreements.sharing.models import Record
from agreements.sharing.policy import access


@pytest.mark.django_db
def test_seed_gives_each_agency_a_part_of_everything() -> None:
    people = benchmark.seed(600, countries=4)
    seen = Record.objects.visible_to(access(people[0], timezone.now())).count()
    assert 150 < seen < 600
    assert next(benchmark.measure(people[0], repeat=1)).name.endswith("(floor)")
    kinds._KINDS.pop(benchmark.KIND)
