"""Words of articles in templates."""

from django import template

from agreements.register.choices import Category

register = template.Library()


@register.filter
def category(name: str) -> str:
    """The words of a data category; of an unknown one, its name."""
    return str(Category(name).label).lower() if name in Category.values else name
