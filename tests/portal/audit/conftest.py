"""A ledger with a key and a file of heads of its own, and the means to tamper with it."""

import uuid
from types import SimpleNamespace

import pytest
from django.db import connection

from portal.audit import recording, sealing
from portal.audit.protection import TABLES


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """No test writes into the ledger files of a portal that runs here."""
    settings.DATA_DIR = tmp_path
    settings.LEDGER_KEY_FILE = str(tmp_path / "ledger-key.pem")


@pytest.fixture
def officer():
    """Somebody who acts: an appointment as far as the ledger knows it."""
    return SimpleNamespace(pk=uuid.uuid4(), officer_id=uuid.uuid4(), agency_id=uuid.uuid4())


@pytest.fixture
def ledger(db, officer):
    """Six entries, sealed three and three."""
    entries = []
    for number in range(6):
        entries.append(
            recording.record(
                verb="patrol.start",
                by=officer,
                subject_kind="patrol",
                subject_id=f"patrol {number}",
                data={"number": number, "share": 0.5, "names": ["Zoë"]},
                door="page patrols:patrol-start",
            )
        )
        if number % 3 == 2:
            sealing.seal()
    return entries


@pytest.fixture
def tamper():
    """Run SQL as somebody who owns the tables and switches their guards off and on again."""

    def run(*statements):
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
            for sql, *parameters in statements:
                cursor.execute(sql, parameters or None)
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")

    return run
