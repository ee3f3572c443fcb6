"""Panels: operations in common with an agency or a country, and who can talk to whom in an operation."""

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.channels.models import CommunicationChannel
from agencies.directory.models import Agency
from agreements.sharing.policy import access
from operations.planning.actions import invitations
from operations.planning.common import in_common
from operations.planning.models import Operation
from tests.conftest import LONG_AGO, Cast
from tests.operations.planning.conftest import Desk, suspend


def common(who: Any, agency: Agency) -> list[str]:
    return [row.record.title for row in in_common(access(who, timezone.now()), {agency.pk})]


def accept(desk: Desk, operation: Operation) -> None:
    invitations.accept_invitation(operation=operation, by=desk.cast.yara)


def test_both_sides_have_it_in_common_once_accepted(desk: Desk) -> None:
    cast = desk.cast
    operation = desk.plan()
    assert common(cast.xenia, cast.b) == []
    desk.invite(operation)
    assert common(cast.xenia, cast.b) == [], "an invitation that is not answered is no part"
    assert common(cast.yara, cast.a1) == ["Autumn"], "who leads is known to whoever sees it"
    accept(desk, operation)
    assert common(cast.xenia, cast.b) == common(cast.yara, cast.a1) == ["Autumn"]
    assert common(cast.zoe, cast.a1) == []


def test_what_is_hidden_is_not_in_common(desk: Desk, as_: Any) -> None:
    cast, operation = desk.cast, desk.plan()
    desk.invite(operation)
    accept(desk, operation)
    urls = [
        reverse("planning:agency-operations", args=[cast.a1.pk]),
        reverse("planning:country-operations", args=["XX"]),
    ]
    for url in urls:
        assert b"Autumn" in as_(cast.yara).get(url).content
        assert b"Autumn" not in as_(cast.zoe).get(url).content
    suspend(cast)
    for url in urls:
        assert b"Autumn" not in as_(cast.yara).get(url).content
    assert as_(cast.yara).get(reverse("planning:country-operations", args=["QQ"])).status_code == 404


def phone(agency: Agency, number: str) -> None:
    CommunicationChannel.objects.create(
        agency=agency, means="telephone", address=number, languages=["de"], starts_on=date(2024, 1, 1),
        recorded_at=LONG_AGO,
    )  # fmt: skip


def test_who_takes_part_is_asked_whether_they_can_talk(cast: Cast, desk: Desk, as_: Any) -> None:
    operation = desk.plan()
    desk.invite(operation)
    accept(desk, operation)
    phone(cast.a1, "+999 1")
    url = reverse("planning:operation-channels", args=[operation.pk])
    assert "no channel on record" in as_(cast.xenia).get(url).content.decode()
    phone(cast.b, "+999 2")
    for who in (cast.xenia, cast.yara):
        assert "Only in clear" in as_(who).get(url).content.decode()
    assert as_(cast.zoe).get(url).status_code == 404
    page = as_(cast.xenia).get(reverse("planning:operation-detail", args=[operation.pk])).content.decode()
    assert url in page


def test_queries_do_not_grow(desk: Desk, as_: Any, django_assert_num_queries: Any) -> None:
    client, url = as_(desk.cast.xenia), reverse("planning:agency-operations", args=[desk.cast.b.pk])
    for _ in range(2):
        operation = desk.plan()
        desk.invite(operation)
        accept(desk, operation)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(4):
        operation = desk.plan(name=f"Operation {number}")
        desk.invite(operation)
        accept(desk, operation)
    with django_assert_num_queries(len(few)):
        client.get(url)
