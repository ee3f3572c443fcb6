"""A shelf: documents of the cast's agreements, and the worker's part done at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agreements.papers import actions
from agreements.papers.models import Document
from agreements.register import actions as register
from agreements.register.models import Agreement
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.agreements.papers.files import upload
from tests.conftest import Cast


class Shelf:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    @property
    def treaty(self) -> Agreement:
        return self.cast.art7.agreement

    def add(self, content: bytes, **values: Any) -> Document:
        """Of the treaty of X and Y, by X's treaty admin, unless said otherwise."""
        defaults: dict[str, Any] = {
            "agreement": self.treaty, "kind": "authentic_text", "title": "Text of the treaty", "language": "en",
            "by": self.cast.tara,
        }  # fmt: skip
        return actions.add(file=upload(content), **{**defaults, **values})

    def read(self, *documents: Document) -> None:
        """What the worker does; the documents then know it."""
        while sweep():
            pass
        for document in documents:
            document.refresh_from_db()

    def text(self, text: str, **values: Any) -> Document:
        """A plain text, read."""
        row = self.add(text.encode(), **values)
        self.read(row)
        return row

    def draft(self, **values: Any) -> Agreement:
        return register.register(
            by=self.cast.tara, title="A draft", short_name="A draft", kind="agreement",
            parties=[self.cast.a1.country, self.cast.b.country], draft=True, **values,
        )  # fmt: skip


@pytest.fixture
def shelf(cast: Cast, settings: Any, tmp_path: Path) -> Iterator[Shelf]:
    settings.MEDIA_ROOT = str(tmp_path)
    breaker.trip()
    yield Shelf(cast)
    breaker.reset()


Ends = Callable[[Shelf, Document], None]
