"""Lists that are imported in tests, and the worker done by hand."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from agencies.directory.models import Country
from agreements.importing import actions
from agreements.importing.models import Import, ImportRow
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast

__all__ = ["Desk"]


def text(rows: Sequence[Sequence[str]], separator: str = ";") -> bytes:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode()


HEADERS = ("Title", "Reference", "Parties", "Date of signature", "In force", "Expiry", "Remark of the desk")


class Desk:
    """Tara's desk: uploads, names columns, lets the worker work."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.by = cast, cast.tara

    def upload(self, content: bytes | Sequence[Sequence[str]], name: str = "list.csv") -> Import:
        body = content if isinstance(content, bytes) else text(content)
        return actions.upload(file=io.BytesIO(body), name=name, by=self.by)

    def named(self, content: bytes | Sequence[Sequence[str]], **options: Any) -> Import:
        """Uploaded, with the columns as guessed, and checked."""
        job = self.upload(content)
        return self.name(job, **options)

    def name(self, job: Import, mapping: dict[str, Any] | None = None, **options: Any) -> Import:
        guessed, proposed, _ = actions.proposed(job, self.by)
        actions.name_columns(job=job, by=self.by, mapping=mapping or guessed, options={**proposed, **options})
        self.work()
        job.refresh_from_db()
        return job

    def run(self, job: Import, **options: Any) -> Import:
        actions.start(job=job, by=self.by, **options)
        self.work()
        job.refresh_from_db()
        return job

    def undo(self, job: Import) -> Import:
        actions.undo(job=job, by=self.by)
        self.work()
        job.refresh_from_db()
        return job

    @staticmethod
    def work() -> None:
        while sweep():
            pass

    @staticmethod
    def row(job: Import, number: int) -> ImportRow:
        return job.rows.get(number=number)


def codes(row: ImportRow) -> set[str]:
    return {finding["code"] for finding in row.findings}


@pytest.fixture
def desk(cast: Cast) -> Iterator[Desk]:
    breaker.trip()
    yield Desk(cast)
    breaker.reset()


@pytest.fixture
def world_of_states(db: None) -> Callable[..., None]:
    """Real states beside the invented ones."""

    def add(**names: str) -> None:
        for code, name in names.items():
            Country.objects.get_or_create(code=code, defaults={"alpha3": "", "name": name})

    return add
