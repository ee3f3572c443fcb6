"""The schemes, and that a row carries grades of one of them only."""

import itertools
import string

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from intel.reports import grading
from intel.reports.grading import SCHEMES
from intel.reports.models import Report
from tests.intel.reports.conftest import Bureau


@pytest.mark.parametrize(
    ("scheme", "source", "information"),
    [
        ("nato", "ABCDEF", "123456"),
        ("eu4x4", "ABCX", "1234"),
        ("uk3x5x2", "123", "ABCDE"),
        ("uk5x5x5", "ABCDE", "12345"),
    ],
)
def test_the_published_grades(scheme: str, source: str, information: str) -> None:
    assert "".join(SCHEMES[scheme].source) == source
    assert "".join(SCHEMES[scheme].information) == information


def test_the_published_words() -> None:
    assert SCHEMES["nato"].source["B"] == "Usually reliable"
    assert SCHEMES["nato"].information["6"] == "Truth cannot be judged"
    assert SCHEMES["eu4x4"].source["X"] == "Reliability cannot be assessed"
    assert SCHEMES["uk3x5x2"].information["E"] == "Suspected to be false"


@given(st.sampled_from(sorted(SCHEMES)), st.sampled_from(sorted(grading.PARTS)), st.text(max_size=3))
def test_a_grade_is_known_or_told_what_there_is(scheme: str, field: str, grade: str) -> None:
    known = grading.grades(scheme, field)
    said = grading.wrong(scheme, field, grade)
    assert (said == "") == (grade in known)
    if said:
        assert said.endswith(f"it has {', '.join(known)}.")


def test_the_database_takes_exactly_the_grades_of_the_scheme(bureau: Bureau) -> None:
    row = bureau.write()
    pairs = set(itertools.product([*SCHEMES, "cise", ""], "ABCDEFX123456"))
    taken = 0
    for scheme, source in pairs:
        for information in "1A6E":
            good = scheme in SCHEMES and source in SCHEMES[scheme].source and information in SCHEMES[scheme].information
            values = {"scheme": scheme, "source_grade": source, "information_grade": information}
            try:
                with transaction.atomic():
                    Report.objects.filter(pk=row.pk).update(**values)
                stored = True
            except IntegrityError:
                stored = False
            assert stored == good, values
            taken += stored
    assert taken == 6 * 2 + 4 * 1 + 3 * 2 + 5 * 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": "withdrawn"},
        {"state": "withdrawn", "withdraw_reason": "Wrong"},
        {"withdraw_reason": "Wrong"},
        {"withdrawn_at": timezone.now()},
        {"state": "draft"},
    ],
)
def test_withdrawn_has_its_time_and_reason(bureau: Bureau, values: dict[str, object]) -> None:
    row = bureau.write()
    with pytest.raises(IntegrityError, match="report_withdrawn_when_and_why"), transaction.atomic():
        Report.objects.filter(pk=row.pk).update(**values)


def test_the_grade_in_words(bureau: Bureau) -> None:
    row = bureau.write(scheme="eu4x4", source_grade="C", information_grade="3")
    assert (row.grade, row.source_words) == ("C3", "Unreliable in most instances")
    assert row.information_words.endswith("corroborated by other recorded information")
    assert set(string.ascii_uppercase) > set(row.graded_by.source)
