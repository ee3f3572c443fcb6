"""A pursuit article between X and Y, and one between Y and Z that nobody of X knows of."""

from dataclasses import dataclass
from typing import Any

import pytest

from agencies.directory.models import Country
from agreements.powers import actions
from agreements.powers.models import Power
from agreements.register.choices import ClauseKind
from agreements.register.models import Clause
from tests.conftest import Cast, make_treaty


@dataclass
class Chancery:
    """Short ways to record powers as the cast's treaty admins do."""

    cast: Cast
    pursuit: Clause
    secret: Clause

    def record(self, by: Any = None, clause: Clause | None = None, **values: Any) -> Power:
        terms: dict[str, Any] = {"act": "pursue", "answer": "yes", **values}
        return actions.record_power(clause=clause or self.pursuit, by=by or self.cast.tara, **terms)

    def confirmed(self, by: Any = None, clause: Clause | None = None, **values: Any) -> Power:
        """Recorded by X (or Y, for Y and Z) and confirmed by the other."""
        row = self.record(by=by, clause=clause, **values)
        other = {self.cast.tara: self.cast.yusuf, self.cast.yusuf: self.cast.zeno}[by or self.cast.tara]
        actions.confirm_powers(agreement=row.agreement, by=other, powers=[row])
        return row

    def country(self, code: str) -> Country:
        return Country.objects.get(pk=code)


@pytest.fixture
def chancery(cast: Cast) -> Chancery:
    pursuit = make_treaty(
        short_name="X–Y Pursuit", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 16", kind=ClauseKind.HOT_PURSUIT, summary="Pursuit across the border.",
    )  # fmt: skip
    secret = make_treaty(
        short_name="Y–Z Quokka", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9", kind=ClauseKind.HOT_PURSUIT,
    )  # fmt: skip
    return Chancery(cast, pursuit, secret)
