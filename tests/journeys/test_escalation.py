"""An alert that escalates over three agencies, through the pages: chains are kept, a bulletin is previewed and sent, one
agency answers after its reminder, one after its duty chain was told, and of one nobody answers. The clock is moved by
hand, the sweep does what the worker would."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Agency
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.bulletins.models import Bulletin
from tests.agreements.bulletins.conftest import clock, quiet, settle_all
from tests.agreements.bulletins.test_pages import shown_in
from tests.conftest import Cast, make_appointment, make_treaty

__all__ = ["clock", "quiet"]  # fixtures, found here by pytest


class Escalation:
    """The people, each at the own browser."""

    def __init__(self, cast: Cast, as_: Any) -> None:
        self.cast = cast
        make_treaty(
            short_name="X–Z Treaty", countries=["XX", "ZZ"], designated=[cast.a1, cast.c], recorded_by=cast.tara,
            confirmed_by=[cast.zeno], article="Art. 9",
        )  # fmt: skip
        # There it is four in the afternoon when the clock starts at noon, UTC.
        Agency.objects.filter(pk=cast.c.pk).update(time_zone="Asia/Dubai")
        self.zita = make_appointment("zita", cast.c, Role.LIAISON_OFFICER, title="Liaison of Z")
        self.admins = {
            agency: make_appointment(f"admin-{number}", agency, Role.AGENCY_ADMIN)
            for number, agency in enumerate((cast.a1, cast.b, cast.c))
        }
        self.as_ = as_
        self.lars = as_(cast.lars)

    def keep(self, agency: Agency, *steps: dict[str, Any]) -> None:
        client = self.as_(self.admins[agency])
        for step in steps:
            answer = client.post(f"/duty/agencies/{agency.pk}/new/", {"wait": "10", **step})
            assert answer.status_code == 302, answer.context["form"].errors

    def send(self) -> Bulletin:
        values = {
            "headline": "Convoy heads for the pass", "instruction": "Close the lower road.", "urgency": "Immediate",
            "severity": "Extreme", "certainty": "Observed", "acknowledging": "anyone", "minutes": "20",
            "role": "commander", "role_agencies": [str(row.pk) for row in (self.cast.a1, self.cast.b, self.cast.c)],
            "categories": ["operational"], "classification": "1", "tlp": "2",
        }  # fmt: skip
        page = self.lars.post("/bulletins/new/", {**values, "preview": "1"}).content.decode()
        assert "X–Y Treaty" in page
        assert "X–Z Treaty" in page
        answer = self.lars.post("/bulletins/new/", {**values, "send": "1", "shown": shown_in(page)})
        assert answer.status_code == 302, answer.context["form"].errors
        return Bulletin.objects.get()

    def table(self, row: Bulletin, who: Any = None) -> dict[str, Any]:
        """The lines of the table as that officer's page has them, by agency: state, steps told, who acknowledged."""
        client = self.lars if who is None else self.as_(who)
        lines = client.get(f"/bulletins/{row.pk}/receipts/").context["view"].lines
        return {
            line.receipt.agency.acronym: (line.state.value, [step.position for step in line.steps], line.who)
            for line in lines
        }

    def told(self, kind: str) -> list[str]:
        settle_all()
        rows = Alert.objects.filter(kind=f"bulletins.{kind}").select_related("appointment__officer")
        return sorted(row.appointment.officer.username for row in rows)

    def inbox(self, who: Any) -> str:
        return self.as_(who).get("/alerts/").content.decode()


@pytest.fixture
def journey(cast: Cast, clock: Any, as_: Any) -> Escalation:
    return Escalation(cast, as_)


def test_one_answers_reminded_one_along_its_chain_and_of_one_nobody(
    cast: Cast, journey: Escalation, clock: Any
) -> None:
    journey.keep(cast.a1, {"kind": "post", "post": str(cast.anton.pk)})
    journey.keep(cast.b, {"kind": "role", "role": "liaison_officer"})
    # By day in its own zone the first step is off duty: it works from 20:00 to 08:00.
    night = {"days_0": [str(day) for day in range(1, 8)], "from_0": "20:00", "to_0": "08:00"}
    journey.keep(cast.c, {"kind": "desk", **night}, {"kind": "role", "role": "liaison_officer"})

    row = journey.send()
    assert journey.told("sent") == ["xenia", "yara", "zoe"]
    assert "Convoy heads for the pass" in journey.inbox(cast.yara)
    assert "Convoy heads for the pass" not in journey.inbox(cast.aldo)
    assert journey.table(row) == {"X1": ("waiting", [], ""), "Y1": ("waiting", [], ""), "Z1": ("waiting", [], "")}
    # A receiver reads its own line alone (R18).
    assert journey.table(row, cast.yara) == {"Y1": ("waiting", [], "")}
    assert "20 min left" in journey.lars.get(f"/bulletins/{row.pk}/receipts/").content.decode()

    clock.on(10)
    assert journey.told("reminded") == ["xenia", "yara", "zoe"]
    assert journey.as_(cast.yara).post(f"/bulletins/{row.pk}/acknowledge/").status_code == 302
    assert journey.told("acknowledged") == ["lars"]
    assert journey.table(row)["Y1"] == ("acknowledged", [], "Commander")
    assert journey.table(row, cast.yann)["Y1"] == ("acknowledged", [], "Yara, Commander")

    clock.on(10)
    # The chain of b is not told any more; of c the step that is on duty in its own afternoon is.
    assert journey.told("escalated") == ["anton", "zita"]
    assert journey.table(row) == {
        "X1": ("overdue", [1], ""), "Y1": ("acknowledged", [], "Commander"), "Z1": ("overdue", [2], ""),
    }  # fmt: skip
    page = journey.lars.get(f"/bulletins/{row.pk}/").content.decode()
    assert "every liaison officer" not in page
    assert "every liaison officer" in journey.as_(journey.zita).get(f"/bulletins/{row.pk}/").content.decode()
    assert "you are next on duty" in journey.inbox(journey.zita)

    clock.on(5)
    assert journey.as_(journey.zita).post(f"/bulletins/{row.pk}/acknowledge/").status_code == 302
    assert journey.table(row)["Z1"] == ("late", [2], "Liaison of Z")

    clock.on(5)
    assert journey.told("silent") == ["lars"]
    assert journey.table(row)["X1"] == ("overdue", [1], "")
    assert "Told to the end" in journey.lars.get(f"/bulletins/{row.pk}/").content.decode()
    assert "telephone" in journey.inbox(cast.lars)

    answer = journey.lars.post(f"/bulletins/{row.pk}/cancel/", {"words": "The convoy turned back."})
    assert answer.status_code == 302
    assert journey.told("ended") == ["anton", "xenia", "yara", "zita", "zoe"]
    assert "was cancelled" in journey.inbox(cast.zoe)
    clock.on(60)
    assert journey.told("escalated") == ["anton", "zita"]
    assert not Alert.objects.filter(kind="bulletins.escalated", superseded_at=None).exists()
    assert timezone.now() == clock.at
