"""Brokers that are not there, and clocks that are wrong."""

import datetime as dt
import socket
from contextlib import ExitStack, contextmanager

import pytest

from tests.doors.clock import clock, instant


@pytest.fixture
def mute_port():
    """A port that takes connections and never says a word."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        yield listener.getsockname()[1]


@pytest.fixture
def clock_off_by():
    """`with clock_off_by(3):` the clock of this process, and not the database's, is three hours fast."""

    @contextmanager
    def off(hours):
        ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours) - instant(0)
        with clock(ahead / dt.timedelta(days=1)):
            yield

    return off
