"""Words of articles in templates."""

from django import template

from agencies.directory.models import Classification
from agreements.register.choices import Category, Purpose

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
def level_words(level: int) -> str:
    """The name of a classification."""
    return str(Classification(level).label)
