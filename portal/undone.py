"""Trying a step: what it would do is done, looked at, and undone (R28: what is foretold is what happens)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that is done inside stays, nor is anything sent that it asks for on commit. What it raises, passes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
