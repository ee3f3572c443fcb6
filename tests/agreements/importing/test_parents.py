"""Made under an article that the register holds, and what becomes of it where it does not."""

import pytest

from agreements.importing.checking.parents import split
from agreements.register.models import Agreement
from tests.agreements.importing.conftest import Desk, codes

HEADERS = ("Title", "Parties", "Made under")


@pytest.mark.parametrize(
    ("text", "name", "article"),
    [
        ("X–Y Treaty, Art. 7", "X–Y Treaty", "Art. 7"),
        ("Staatsvertrag (Artikel 21a)", "Staatsvertrag", "Artikel 21a"),
        ("Treaty of Y § 3", "Treaty of Y", "§ 3"),
        ("SR 0.360.136.1", "SR 0.360.136.1", ""),
    ],
)
def test_name_and_article(text: str, name: str, article: str) -> None:
    assert split(text) == (name, article)


def test_an_article_that_is_there_and_one_that_is_not(desk: Desk) -> None:
    rows = [
        ("Protocol One", "X-land; Y-land", "x–y treaty, Art. 7"),
        ("Protocol Two", "X-land; Y-land", "X–Y Treaty, Art. 99"),
        ("Protocol Three", "X-land; Z-land", "X–Y Treaty"),
        ("Protocol Four", "X-land; Y-land", "Treaty of Nowhere"),
    ]
    job = desk.named([HEADERS, *rows], separator=";")
    assert [codes(desk.row(job, number)) for number in range(2, 6)] == [set(), {"parent"}, {"parent"}, {"parent"}]
    desk.run(job, draft=False)
    assert Agreement.objects.get(title="Protocol One").made_under == desk.cast.art7
    assert "Made under: Treaty of Nowhere" in Agreement.objects.get(title="Protocol Four").source


def test_nothing_is_put_to_the_parties_under_a_draft(desk: Desk) -> None:
    """Its parties would read the name of what they may not know of (R23)."""
    Agreement.objects.filter(pk=desk.cast.art7.agreement_id).update(registered_at=None)
    job = desk.named([HEADERS, ("Protocol One", "X-land; Y-land", "X–Y Treaty")], separator=";")
    assert codes(desk.row(job, 2)) == set()
    desk.run(job, draft=False)
    made = Agreement.objects.get(title="Protocol One")
    assert made.made_under is None
    assert not made.is_draft
