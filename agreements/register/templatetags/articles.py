"""Words of articles in templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from agencies.directory.models import Classification
from agreements.register.choices import Category, Purpose
from agreements.register.models import Clause
from agreements.register.sentences import shares

register = template.Library()


@register.filter
def category(name: str) -> str:
    """The words of a data category; of an unknown one, its name."""
    return str(Category(name).label).lower() if name in Category.values else name


@register.filter
def purpose(name: str) -> str:
    """The words of a purpose; of an unknown one, its name."""
    return str(Purpose(name).label).lower() if name in Purpose.values else name


@register.filter
def terms(fact: Any, parties: Mapping[str, str]) -> str:
    """What may flow under an article, as a sentence; of any other fact, nothing."""
    return shares(fact, parties) if isinstance(fact, Clause) and fact.opens_channel else ""


@register.filter
def level_words(level: int) -> str:
    """The name of a classification."""
    return str(Classification(level).label)
