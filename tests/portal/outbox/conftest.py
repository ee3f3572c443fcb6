"""Brokers that are not there."""

import socket
from contextlib import ExitStack

import pytest


@pytest.fixture
def mute_port():
    """A port that takes connections and never says a word."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        yield listener.getsockname()[1]
