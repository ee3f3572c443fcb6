"""The doors themselves in drawn worlds: pages, API, search, counts and map, asked as every officer, both ways."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from intel.reports.models import Report
from tests.doors.clock import clock
from tests.doors.model import Rules
from tests.doors.rows import Ground, Rows, built
from tests.doors.worlds import NOW, ByChance, World, draw_world

# Chosen so that, between them, officers of every agency see foreign records by every kind of audience.
WORLDS = [3, 11]
LISTS = ["sharing:record-list", "reports:report-list", "records-list", "reports-list", "picture:home"]
# With the key of a record: open to whoever sees it, and to nobody else.
DETAILS = [
    "sharing:record-detail", "reports:report-detail", "reports:report-geojson", "sharing:record-why",
    "records-detail", "records-explain", "reports-detail",
]  # fmt: skip
OPEN, SHUT = {200, 302}, {403, 404}


def details(rows: Rows) -> None:
    Report.objects.bulk_create(
        Report(record=row, summary="", body="", scheme="nato", source_grade="B", information_grade="2")
        for row in rows.records.values()
    )


def signed_in(rows: Rows, name: str) -> Client:
    client = Client()
    client.force_login(rows.officers[name].officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


class Visitor:
    """One officer of one world at the doors, with what the model says of it."""

    def __init__(self, rows: Rows, world: World, name: str) -> None:
        self.rows, self.name, self.client = rows, name, signed_in(rows, name)
        rules, sheet = Rules(world, NOW), world["officers"][name]
        self.expected = {row["name"]: rules.may_see(sheet, row) for row in world["records"]}
        self.works = sheet["starts"] <= NOW < sheet["ends"]
        self.reads = sheet["reads"]
        self.asked = {True: 0, False: 0}

    def text(self, url: str, query: dict[str, str] | None = None) -> str:
        answer = self.client.get(url, query or {})
        return answer.content.decode() if answer.status_code == 200 else ""

    def check(self, door: str, name: str, found: bool) -> None:
        expected = self.expected[name]
        told: Any = (self.name, door, name, "wrongly hidden" if expected else "leak")
        assert found == expected, told
        self.asked[expected] += 1

    def lists(self) -> None:
        for door in LISTS:
            text = self.text(reverse(door))
            for name, row in self.rows.records.items():
                if door == "picture:home":  # Shows some of what is new, so only what it must not.
                    assert self.expected[name] or str(row.pk) not in text, (self.name, door, name)
                else:
                    self.check(door, name, str(row.pk) in text)

    def counts(self) -> None:
        number = sum(self.expected.values())
        if self.works:
            shown = re.search(
                r'<h1>All records</h1><span class="chip">(\d+)</span>', self.text(reverse("sharing:record-list"))
            )
            assert shown is not None, self.name
            assert int(shown[1]) == number, (self.name, "count")

    def searches(self) -> None:
        for name, row in self.rows.records.items():
            self.check("search", name, str(row.pk) in self.text(reverse("sharing:record-list"), {"q": name}))
            self.check("search in the API", name, str(row.pk) in self.text(reverse("records-list"), {"q": name}))

    def doors(self, turn: int) -> None:
        for place, (name, row) in enumerate(self.rows.records.items()):
            for door in DETAILS[(place + turn) % 2 :: 2]:
                status = self.client.get(reverse(door, args=[row.pk])).status_code
                assert status in OPEN | SHUT, (self.name, door, status)
                self.check(door, name, status in OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize("number", WORLDS)
def test_every_door_agrees_with_the_model(number: int) -> None:
    world, asked = draw_world(ByChance(number), records=8), {True: 0, False: 0}
    with clock(NOW), built(Ground(), world) as rows:
        details(rows)
        for turn, name in enumerate(world["officers"]):
            visitor = Visitor(rows, world, name)
            visitor.lists()
            visitor.counts()
            visitor.searches()
            visitor.doors(turn)
            asked = {answer: asked[answer] + count for answer, count in visitor.asked.items()}
    assert min(asked.values()) > sum(asked.values()) / 20, asked
