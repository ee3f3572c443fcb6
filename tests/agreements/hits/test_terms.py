"""One writing for one thing; digests that tell nothing of each other."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.hits.choices import Term
from agreements.hits.terms import digest, masked, normal, own_digest
from portal.ui.errors import Refused

PLAIN = [term for term in Term if term != Term.PERSON]
DAY = date(1980, 5, 4)


@pytest.mark.parametrize(
    ("term", "left", "right"),
    [
        (Term.PASSPORT, "qx 73-55-119", "QX7355119"),
        (Term.VEHICLE, "KN·AB 1234", "kn-ab1234"),
        (Term.TELEPHONE, "+41 44 123 45 67", "0041-44 123 45 67"),
        (Term.PERSON, "Müller, Anna-Lena", "ANNALENA  Muller"),
        (Term.PERSON, "Søren O’Neil", "søren o'neil"),
        (Term.PERSON, "Strauß Jürgen", "JÜRGEN STRAUSS"),
    ],
)
def test_one_thing_in_two_writings(term: Term, left: str, right: str) -> None:
    assert normal(term, left, DAY) == normal(term, right, DAY)


@pytest.mark.parametrize(("term", "value"), [(Term.PASSPORT, "A-1"), (Term.TELEPHONE, "000 12"), (Term.VEHICLE, "···")])
def test_what_says_too_little_is_refused(term: Term, value: str) -> None:
    with pytest.raises(Refused) as refused:
        normal(term, value)
    assert refused.value.field == "value"


def test_a_name_alone_is_refused_and_another_day_is_another_person() -> None:
    with pytest.raises(Refused) as refused:
        normal(Term.PERSON, "Anna Keller")
    assert refused.value.field == "born"
    assert normal(Term.PERSON, "Anna Keller", DAY) != normal(Term.PERSON, "Anna Keller", date(1980, 4, 5))


@given(st.sampled_from(PLAIN), st.text(max_size=40))
def test_writing_it_again_changes_nothing(term: Term, value: str) -> None:
    try:
        once = normal(term, value)
    except Refused:
        return
    assert normal(term, once) == once
    assert not set(once) & set(" -")


@given(st.sampled_from(PLAIN), st.text("ABCDEFGHJK123456789", min_size=6, max_size=20), st.data())
def test_spaces_hyphens_and_case_do_not_matter(term: Term, value: str, data: st.DataObject) -> None:
    signs = [sign + data.draw(st.sampled_from(["", " ", "-", "  ", "\u00a0"])) for sign in value]
    loose = "".join(signs).lower() if data.draw(st.booleans()) else "".join(signs)
    try:
        expected = normal(term, value)
    except Refused:
        return
    assert normal(term, loose) == expected


@given(st.text("ABCDEÄÖÜÉÇ", min_size=3, max_size=9), st.text("ABCDEÄÖÜÉÇ", min_size=3, max_size=9))
def test_the_order_of_names_does_not_matter(first: str, last: str) -> None:
    assert normal(Term.PERSON, f"{first} {last}", DAY) == normal(Term.PERSON, f"{last}, {first.lower()}", DAY)


def test_digests_differ_by_clause_agency_kind_and_key(settings) -> None:  # type: ignore[no-untyped-def]
    one, other = uuid.uuid4(), uuid.uuid4()
    found = {
        digest(one, Term.PASSPORT, "QX7355119"),
        digest(other, Term.PASSPORT, "QX7355119"),
        digest(one, Term.IDENTITY_CARD, "QX7355119"),
        own_digest(one, Term.PASSPORT, "QX7355119"),
    }
    settings.SECRET_KEY = "another-key-that-is-only-of-this-test"
    found.add(digest(one, Term.PASSPORT, "QX7355119"))
    assert len(found) == 5


def test_a_mask_shows_two_signs_and_no_day() -> None:
    assert masked(Term.PASSPORT, "QX7355119") == "••••19"
    assert masked(Term.PERSON, normal(Term.PERSON, "Anna Keller", DAY)) == "••••ER"
