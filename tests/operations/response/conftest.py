"""a1 responds: Lars leads, Otto is his colleague, Xenia commands. b (Yann, Yara) may be asked by Art. 12, c by none."""

from dataclasses import dataclass
from typing import Any

import pytest

from agreements.register.choices import ClauseKind, Purpose
from agreements.register.models import Clause
from agreements.sharing.actions.records import Marking
from operations.incidents.models import IncidentReport
from operations.response.actions import assistance, desks, handovers, procedures, responses
from operations.response.actions.procedures import Line
from operations.response.models import AssistanceCall, Handover, Procedure, Response, Task
from tests.conftest import Cast, make_treaty
from tests.operations.incidents.conftest import PLAIN, Watch, watch
from tests.operations.planning.conftest import desk

__all__ = ["desk", "watch"]  # fixtures, found here by pytest

HERE = (47.65, 9.18)
STEPS = (Line("Secure the place", 30), Line("Call the fire brigade"), Line("Tell the harbour master", 120))


@dataclass
class Room:
    """Short ways to respond in the cast's world."""

    watch: Watch
    art12: Clause

    @property
    def cast(self) -> Cast:
        return self.watch.cast

    def told(self, **values: Any) -> IncidentReport:
        """An incident of a1, reported, at a place."""
        return self.watch.told(**{"position": HERE, **values})

    def started(self, report: IncidentReport | None = None) -> Response:
        return responses.start(report=report or self.told(), by=self.cast.lars)

    def task(self, response: Response | None = None, **values: Any) -> Task:
        row = response or self.started()
        return responses.give(**{"response": row, "by": self.cast.lars, "what": "Secure the place", **values})

    def offered(self, task: Task | None = None) -> Handover:
        """To b, which reads the incident."""
        row = task or self.task()
        self.watch.release(row.response.record.incident)
        return handovers.offer(task=row, agency=self.cast.b, by=self.cast.lars, message="You are nearer.")

    def procedure(self, **values: Any) -> Procedure:
        defaults: dict[str, Any] = {
            "by": self.cast.xenia,
            "name": "Fire on the water",
            "steps": STEPS,
            "marking": PLAIN,
        }
        return procedures.make(**{**defaults, **values})

    def call(self, **values: Any) -> AssistanceCall:
        defaults: dict[str, Any] = {
            "by": self.cast.lars, "situation": "fire", "needed": "A fire boat and a crew of four.", "position": HERE,
            "call_back": "+41 58 000 00 00", "marking": PLAIN, "agencies": [self.cast.b], "place": "Off the harbour",
        }  # fmt: skip
        report = values.pop("report", None) or self.told()
        return assistance.call(**{"report": report, **defaults, **values})

    def man(self, who: Any, km: int, position: tuple[float, float] = HERE, name: str = "Lake post") -> Any:
        return desks.man(by=who, name=name, position=position, reach_km=km)


@pytest.fixture
def room(watch: Watch) -> Room:
    cast = watch.cast
    art12 = make_treaty(
        short_name="X–Y Assistance", countries=["XX", "YY"], designated=[cast.a1, cast.b], recorded_by=cast.tara,
        confirmed_by=[cast.yusuf], article="Art. 12", kind=ClauseKind.MUTUAL_ASSISTANCE, categories=[],
        purposes=[Purpose.COORDINATION],
    )  # fmt: skip
    # An article on deeds alone carries no data.
    Clause.objects.filter(pk=art12.pk).update(categories=[])
    return Room(watch, art12)


SECRETIVE = Marking(categories=["operational"], classification=2, tlp=2)
