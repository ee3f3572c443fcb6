"""What leaves of new alerts is worked out for all recipients at once; rules see no more than their officer does."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.roles import Role
from agreements.alerts import outlets
from agreements.alerts.choices import Family, Severity
from agreements.alerts.models import Alert
from agreements.delivery import actions, routing
from agreements.delivery.choices import Manner
from agreements.delivery.deciding import at_least, inside
from agreements.delivery.models import Delivery, Rule
from agreements.sharing.actions import releases
from portal.outbox.messages import emit_many
from portal.outbox.models import Message
from portal.ui.errors import Refused
from tests.conftest import make_appointment

SQUARE = {"type": "Polygon", "coordinates": [[[9.0, 47.5], [9.2, 47.5], [9.2, 47.7], [9.0, 47.7], [9.0, 47.5]]]}
HOLE = [[9.05, 47.55], [9.15, 47.55], [9.15, 47.65], [9.05, 47.65], [9.05, 47.55]]


def test_points_and_polygons() -> None:
    holed = {"type": "Polygon", "coordinates": [*SQUARE["coordinates"], HOLE]}
    assert inside(SQUARE, 47.6, 9.1)
    assert not inside(SQUARE, 47.8, 9.1)
    assert not inside(SQUARE, 47.6, 9.3)
    assert not inside(holed, 47.6, 9.1)
    assert inside(holed, 47.52, 9.1)
    assert not inside(SQUARE, None, None)


def test_severities_in_their_order() -> None:
    assert at_least(Severity.EXTREME, Severity.SEVERE)
    assert not at_least(Severity.MINOR, Severity.SEVERE)
    assert not at_least(Severity.UNKNOWN, Severity.MINOR)
    assert at_least(Severity.UNKNOWN, "")


@pytest.mark.parametrize(
    ("names", "fits"),
    [
        ({}, True),
        ({"families": [Family.TASK]}, True),
        ({"families": [Family.MEETING, Family.RECALL]}, False),
        ({"severity_least": Severity.SEVERE}, False),
        ({"words": "SMUGGLERS höchst"}, True),
        ({"words": "smugglers fish"}, False),
        ({"area": SQUARE}, True),
        ({"area": {"type": "Polygon", "coordinates": [[*HOLE[:2], [9.1, 47.56], HOLE[0]]]}}, False),
        ({"words": "smugglers", "area": SQUARE, "families": [Family.TASK]}, True),
    ],
)
def test_a_rule_decides_what_it_fits(cast: Any, alert: Any, names: dict[str, Any], fits: bool) -> None:
    actions.add_rule(by=cast.yann, manner=Manner.PAGE, **names)
    assert alert().deliveries.exists() is not fits


def test_the_first_that_fits_decides(cast: Any, alert: Any) -> None:
    first = actions.add_rule(by=cast.yann, manner=Manner.NOW, channels=["mail"], words="smugglers")
    second = actions.add_rule(by=cast.yann, manner=Manner.PAGE)
    assert alert().deliveries.exists()
    actions.move_rule(rule=second, by=cast.yann)
    assert not alert().deliveries.exists()
    assert list(Rule.objects.values_list("pk", flat=True)) == [second.pk, first.pk]


def test_what_is_mandatory_cannot_be_switched_off(cast: Any, alert: Any) -> None:
    for manner in (Manner.PAGE, Manner.WEEKLY):
        Rule.objects.all().delete()
        actions.add_rule(by=cast.yann, manner=manner)
        row = alert(kind="test.must").deliveries.get()
        assert (row.channel, row.state, row.reason) == ("mail", "waiting", "")


def test_rules_compare_nothing_with_what_the_officer_may_not_see(cast: Any, alert: Any, record: Any) -> None:
    """Else whether a mail comes would tell that a hidden title holds a word (R17)."""
    actions.add_rule(by=cast.yann, manner=Manner.PAGE, words="smugglers")
    actions.add_rule(by=cast.zoe, manner=Manner.PAGE, words="smugglers")
    alert(cast.yann, cast.zoe, key="both")
    assert set(Delivery.objects.values_list("alert__appointment", flat=True)) == {cast.zoe.pk}
    releases.revoke(release=record.releases.get(clause__isnull=False, revoked_at=None), by=cast.lars)
    assert alert().deliveries.exists(), "hidden by now: the rule does not fit"


def test_an_operation_that_the_officer_does_not_see_is_none(cast: Any, record: Any) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_rule(by=cast.yann, manner=Manner.PAGE, operation=record.pk)
    assert refused.value.field == "operation"


def test_for_many_it_costs_what_it_costs_for_one(
    cast: Any, alert: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    people = [make_appointment(f"many{number}", cast.b, Role.LIAISON_OFFICER) for number in range(40)]
    for post in people:
        actions.add_rule(by=post, manner=Manner.DAILY, families=[Family.MEETING])
        actions.change_preference(by=post, number="+41790000000")
    alert(*people[:1], key="one")
    alert(*people, key="many")
    Delivery.objects.all().delete()
    one, many = (list(Alert.objects.filter(key=key)) for key in ("one", "many"))
    with django_assert_max_num_queries(12) as few:
        routing.route(one)
    with django_assert_num_queries(len(few)):
        routing.route(many)
    assert Delivery.objects.filter(alert__key="many").count() == 40


def test_a_webhook_is_told_of_an_occurrence_once(cast: Any, alert: Any, chief: Any) -> None:
    actions.add_outlet(agency=cast.b, kind="webhook", name="x", url="https://x.invalid/", by=chief)
    grave_only, _ = actions.add_outlet(
        agency=cast.b, kind="webhook", name="y", url="https://y.invalid/", severity_least=Severity.SEVERE, by=chief
    )
    alert(cast.yann, cast.yara, key="once")
    alert(cast.yusuf, key="once")
    rows = Delivery.objects.filter(channel="webhook")
    assert rows.count() == 1
    assert rows.get().outlet != grave_only
    alert(cast.yann, key="twice", severity=Severity.EXTREME)
    assert rows.filter(outlet=grave_only).count() == 1
    # Another agency's alerts are nothing of it.
    alert(cast.xenia, key="theirs", severity=Severity.EXTREME)
    assert rows.count() == 3


def test_who_sent_it_reads_one_state_an_agency(cast: Any, alert: Any, settled: Any) -> None:
    alert(cast.yann, cast.yara, cast.xenia, key="told")
    assert {state.state for state in outlets.reached("test.plain", ["told"]).values()} == {"waiting"}
    Delivery.objects.filter(alert__appointment=cast.yara).update(state="failed", ended_at=timezone.now())
    settled()
    found = outlets.reached("test.plain", ["told"])
    assert {key: state.label for key, state in found.items()} == {cast.a1.pk: "Sent", cast.b.pk: "Sent"}
    assert outlets.reached("test.plain", ["another"]) == {}
    assert outlets.counts()["Sent"] == 2
    assert outlets.counts()["Failed"] == 1


def test_many_messages_at_once_are_each_once(db: Any) -> None:
    later = timezone.now().replace(year=2099)
    rows = [(f"key {number}", {"number": number}, later if number % 2 else None) for number in range(6)]
    emit_many(kind="test.many", rows=rows)
    emit_many(kind="test.many", rows=rows)
    assert Message.objects.filter(kind="test.many").count() == 6
    assert Message.objects.filter(kind="test.many", due_at=later).count() == 3
    emit_many(kind="test.many", rows=[])
