"""System admins are told once an hour that messages were given up; nobody else is, nor who is admin no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.alerts.handling import system
from agreements.alerts.models import Alert
from portal.outbox.models import Message
from tests.conftest import make_appointment


@pytest.fixture
def sybil(cast):
    return make_appointment("sybil", cast.a1, Role.SYSTEM_ADMIN)


def give_up(at):
    return Message.objects.create(kind="nobody.handles", key=str(at), set_aside_at=at)


def test_admins_are_told_once_an_hour(cast, sybil, as_):
    at = timezone.now().replace(minute=30)
    assert system.watch(at) == 0
    give_up(at - timedelta(minutes=5))
    assert (system.watch(at), system.watch(at)) == (1, 0)
    give_up(at - timedelta(minutes=1))
    assert system.watch(at) == 0
    assert [row.appointment for row in Alert.objects.all()] == [sybil]
    assert "Messages were given up" in as_(sybil).get("/alerts/").content.decode()


def test_who_keeps_the_installation_no_more_reads_nothing_of_it(cast, sybil, as_):
    at = timezone.now()
    give_up(at)
    system.watch(at)
    Appointment.objects.filter(pk=sybil.pk).update(role=Role.COMMANDER)
    assert "Messages were given up" not in as_(sybil).get("/alerts/").content.decode()
