"""Records to be alerted of, as in the room of alerts below, and servers of the test's own that take what is sent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail

from agencies.directory.roles import Role
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.alerts.kinds import _KINDS, AlertKind, register
from agreements.alerts.models import Alert
from agreements.alerts.raising import raise_alert
from agreements.delivery.models import Delivery
from tests.agreements.alerts.conftest import patrol_record, quiet, release, settled
from tests.agreements.delivery.servers import Listener, Mailbox, serving
from tests.conftest import make_appointment
from tests.doors.clock import clock

__all__ = ["clock", "patrol_record", "quiet", "release", "settled"]
PLAIN, MUST = "test.plain", "test.must"


@pytest.fixture
def kinds() -> Iterator[None]:
    """A plain kind of alert, and one that cannot be switched off."""
    for name, mandatory in ((PLAIN, False), (MUST, True)):
        register(
            AlertKind(
                name,
                name,
                "bell",
                Urgency.EXPECTED,
                mandatory,
                line=lambda alert: alert.record.title,
                family=Family.TASK,
            )
        )
    yield
    for name in (PLAIN, MUST):
        _KINDS.pop(name)


@pytest.fixture
def record(cast: Any, patrol_record: Any, release: Any, settled: Any) -> Any:
    """A record that b's officers see, and of which they were told before."""
    row = patrol_record("Zqwerty smugglers at Höchst", position=(47.6, 9.1))
    release(row)
    settled()
    Alert.objects.all().delete()
    mail.outbox.clear()
    return row


@pytest.fixture
def alert(cast: Any, kinds: None, record: Any) -> Callable[..., Alert]:
    """Raises one alert about the record to Yann, or to whom is named; gives the first of them."""
    numbers = iter(range(10_000))

    def make(*to: Any, kind: str = PLAIN, **values: Any) -> Alert:
        key = values.pop("key", f"occurrence {next(numbers)}")
        raise_alert(kind=kind, key=key, recipients=to or [cast.yann], record=record, **values)
        return Alert.objects.filter(kind=kind, key=key).order_by("pk").select_related("appointment").first()

    return make


@pytest.fixture
def grave() -> dict[str, Any]:
    """What makes an alert critical."""
    return {"urgency": Urgency.IMMEDIATE, "severity": Severity.SEVERE}


@pytest.fixture
def states() -> Callable[[], list[tuple[str, str]]]:
    """State and reason of all deliveries, oldest first."""
    return lambda: list(Delivery.objects.order_by("pk").values_list("state", "reason"))


@pytest.fixture
def chief(cast: Any) -> Any:
    """b's agency admin."""
    return make_appointment("bruno", cast.b, Role.AGENCY_ADMIN)


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.DELIVERY_LOOPBACK = True
    settings.DELIVERY_HTTP_SECONDS = 3.0
    with serving(Listener) as server:
        yield server


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with serving(Mailbox) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
