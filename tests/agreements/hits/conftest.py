"""X and Y bound by a hit/no-hit article; a SECRET note of a1."""

from dataclasses import dataclass
from typing import Any

import pytest

from agencies.directory.models import Appointment
from agreements.hits import actions
from agreements.hits.choices import Term
from agreements.hits.models import Answer, IndexEntry, Search
from agreements.register.choices import Category, ClauseKind, Purpose
from agreements.register.models import Clause
from agreements.sharing.models import Record
from tests.agreements.sharing.conftest import Desk, api_as, desk, note_kind
from tests.conftest import Cast, make_treaty

__all__ = ["api_as", "desk", "note_kind"]
VALUE = "QX 73-55-119"


@dataclass
class Index:
    desk: Desk
    clause: Clause

    @property
    def cast(self) -> Cast:
        return self.desk.cast

    def note(self, **values: Any) -> Record:
        return self.desk.note(by=self.cast.ada, **{"classification": 3, **values})

    def index(self, record: Record, by: Appointment | None = None, **values: Any) -> IndexEntry:
        terms = {"clause": self.clause, "term": Term.PASSPORT, "value": VALUE, **values}
        return actions.index(record=record, by=by or self.cast.ada, **terms)

    def search(self, by: Appointment | None = None, **values: Any) -> Search:
        terms = {"term": Term.PASSPORT, "value": VALUE, "purpose": Purpose.LAW_ENFORCEMENT, "reason": "A check"}
        return actions.search(by=by or self.cast.yann, **{**terms, **values})

    def answer(self, by: Appointment | None = None, **values: Any) -> Answer:
        """What a1 answers."""
        return self.search(by, **values).answers.get(agency=self.cast.a1)


def search_clause(cast: Cast, **values: Any) -> Clause:
    terms = {
        "short_name": "X–Y Search Treaty",
        "article": "Art. 4",
        "kind": ClauseKind.HIT_NO_HIT,
        "categories": [Category.TRAVEL_DOCUMENTS, Category.PERSONAL_DATA, Category.OPERATIONAL],
        "purposes": [Purpose.LAW_ENFORCEMENT],
        "confirmed_by": [cast.yusuf],
        **values,
    }
    return make_treaty(countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara, **terms)


@pytest.fixture
def index(desk: Desk) -> Index:
    return Index(desk, search_clause(desk.cast))
