"""The situation over the API: the numbers of the page, and for whom they are not."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.directory.models import new_key
from agreements.sharing.models import Record
from operations.patrols.models import Leg
from tests.api import fault
from tests.operations.picture.conftest import Scene, situation
from tests.operations.planning.conftest import suspend


def at(scene: Scene, query: str = "?period=all") -> str:
    return f"operations/{scene.operation.pk}/situation/{query}"


def test_the_numbers_are_those_of_the_page(full: Scene, api_as: Any) -> None:
    client = api_as(full.cast.xenia)
    told, page = client.send("GET", at(full)).json(), client.get(situation(full.operation)).context
    assert told["patrols"] == {count.state: count.number.value for count in page["counts"]}
    assert told["patrols"]["overdue"] == 1
    assert [(row["agency"]["id"], row["legs"]) for row in told["efforts"]] == [
        (str(effort.agency.pk), effort.legs) for effort in page["efforts"]
    ]
    assert [(row["count"], row["words"]) for row in told["needs"]] == [(n.value, n.words) for n in page["needs"]]
    assert told["needs"]


def test_each_side_has_its_own_view(scene: Scene, api_as: Any) -> None:
    scene.patrol()
    cast = scene.cast

    def sides(who: Any) -> set[str]:
        return {row["agency"]["acronym"] for row in api_as(who).send("GET", at(scene)).json()["efforts"]}

    assert sides(cast.xenia) == sides(cast.yann) == {"X1", "Y1"}
    assert sides(cast.ada) == {"X1"}
    Record.objects.filter(pk__in=Leg.objects.filter(record__owner=cast.a1).values("pk")).update(display_only=True)
    assert (sides(cast.xenia), sides(cast.yann)) == ({"X1", "Y1"}, {"Y1"})
    Record.objects.filter(pk=scene.operation.pk).update(display_only=True)
    assert api_as(cast.yann).send("GET", at(scene)).status_code == 403
    assert api_as(cast.xenia).send("GET", at(scene)).status_code == 200


def test_who_may_not(scene: Scene, api_as: Any) -> None:
    scene.patrol()
    cast = scene.cast
    unknown = f"operations/{new_key()}/situation/"
    for who in (cast.zoe, cast.aldo):
        answers = [api_as(who).send("GET", path) for path in (at(scene), unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert api_as(cast.tara).send("GET", at(scene)).status_code == 403
    assert list(fault(api_as(cast.xenia).send("GET", at(scene, "?period=year")))) == ["period"]
    suspend(cast)
    assert api_as(cast.yann).send("GET", at(scene)).status_code == 404
    needs = api_as(cast.xenia).send("GET", at(scene)).json()["needs"]
    assert needs[0]["words"] == "side without a legal basis"


def test_queries_do_not_grow(scene: Scene, api_as: Any) -> None:
    client, counts = api_as(scene.cast.yann), []
    for _ in range(2):
        scene.patrol()
        scene.late()
        scene.ended()
        with CaptureQueriesContext(connection) as found:
            assert client.send("GET", at(scene)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] < 60, counts
