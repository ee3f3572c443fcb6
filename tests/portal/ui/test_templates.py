"""What stands in templates and no checker of style sees."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[3] / "templates"
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock", re.DOTALL)
SET = re.compile(r"{% \w+ [^%]* as (\w+) %}")


def lost(text: str) -> set[str]:
    """Variables that one block sets and another uses: Django forgets them at the end of the block that set them."""
    blocks = BLOCK.findall(text)
    return {
        name
        for here, body in blocks
        for name in SET.findall(body)
        for there, other in blocks
        if there != here and name not in SET.findall(other) and re.search(rf"{{[{{%][^}}]*\b{name}\b", other)
    }


def test_a_variable_of_another_block_is_found() -> None:
    assert lost("{% block a %}{% url 'x' as up %}{% endblock %}{% block b %}{{ up }}{% endblock %}") == {"up"}
    assert not lost("{% block a %}{% url 'x' as up %}{{ up }}{% endblock %}{% block b %}going up{% endblock %}")


def test_no_block_uses_what_another_one_set() -> None:
    found = {str(path.relative_to(TEMPLATES)): lost(path.read_text()) for path in TEMPLATES.rglob("*.html")}
    assert len(found) > 100
    assert {path: names for path, names in found.items() if names} == {}
