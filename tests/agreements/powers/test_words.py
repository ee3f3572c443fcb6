"""Every word has its like in every language, and every phrase its places."""

import string

import pytest

from agreements.powers import words
from agreements.powers.choices import Act, Answer, Border, Lead, NotifyWhen, Occasion, Origin, Report, Requirement
from agreements.powers.words.base import Vocabulary

LISTS = {
    "acts": Act, "occasions": Occasion, "borders": Border, "requirements": Requirement, "notices": NotifyWhen,
    "leads": Lead, "reports": Report, "origins": Origin,
}  # fmt: skip


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", words.VOCABULARIES)
def test_no_word_is_missing_and_none_is_too_many(language: str) -> None:
    found: Vocabulary = words.of(language)
    for name, choices in LISTS.items():
        assert set(getattr(found, name)) == set(choices.values), name
        assert all(getattr(found, name).values())
    assert set(found.signs) == set(Answer.values) - {Answer.SILENT.value}
    assert len(set(found.signs.values())) == 4
    english = words.of("en").phrases
    assert {key: places(text) for key, text in found.phrases.items()} == {k: places(t) for k, t in english.items()}


def test_an_unknown_language_is_english() -> None:
    assert words.of("rm") is words.of("en")
    assert words.name_of("rm") == "rm"
    assert words.country("Germany", "rm") == "Germany"
    assert [words.country("Germany", code) for code in ("de", "fr", "it")] == ["Deutschland", "Allemagne", "Germania"]
