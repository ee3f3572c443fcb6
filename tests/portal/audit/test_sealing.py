"""Everything that commits is sealed, in one chain, however many write and however late they commit."""

import random
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, transaction

from portal.audit import recording, sealing, signing
from portal.audit.checking import verify
from portal.audit.models import Entry, Head, Seal


def in_thread(function):
    """Run the function in a thread with a connection of its own, which is closed at the end."""

    def run():
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def write_some():
    """Twenty-five entries, each in a transaction of its own; one in five is rolled back."""
    for number in range(25):
        with suppress(RuntimeError), transaction.atomic():
            recording.record(verb="test", by=None, data={"number": number})
            if random.random() < 0.2:
                raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_and_sealers_make_one_whole_chain():
    stop = threading.Event()

    def keep_sealing():
        while not stop.is_set():
            sealing.seal()

    sealers = [in_thread(keep_sealing) for _ in range(2)]
    for writer in [in_thread(write_some) for _ in range(6)]:
        writer.join()
    stop.set()
    for sealer in sealers:
        sealer.join()
    sealing.seal()
    assert Seal.objects.count() == Entry.objects.count() > 50
    assert [seal.position for seal in Seal.objects.all()] == list(range(1, Seal.objects.count() + 1))
    assert verify().findings == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("window", "everything"), [(sealing.WINDOW, False), (0, True)])
def test_an_entry_that_commits_after_its_successors_is_not_skipped(monkeypatch, window, everything):
    monkeypatch.setattr(sealing, "WINDOW", window)
    recorded, leave = threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            recording.record(verb="late", by=None)
            recorded.set()
            leave.wait(60)

    thread = in_thread(late)
    assert recorded.wait(5)
    recording.record(verb="early", by=None)
    assert sealing.seal() == 1
    leave.set()
    thread.join()
    assert sealing.seal() == (0 if everything else 1)
    sealing.seal(everything=True)
    order = [Entry.objects.get(seq=seal.entry_seq).verb for seal in Seal.objects.all()]
    assert order == ["early", "late"]
    assert verify().findings == []


@pytest.mark.django_db(transaction=True)
def test_only_one_seals():
    recording.record(verb="test", by=None)
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [sealing.LOCK])
            entered.set()
            leave.wait(60)
            # The server may notice late that a connection was closed.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [sealing.LOCK])

    thread = in_thread(hold)
    assert entered.wait(5)
    assert sealing.seal() == 0
    leave.set()
    thread.join()
    assert sealing.seal() == 1


@pytest.mark.django_db
def test_more_than_one_batch_is_sealed_in_one_round(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    monkeypatch.setattr(sealing, "_UNSEALED", sealing._UNSEALED.replace("LIMIT 5000", "LIMIT 2"))
    for _ in range(5):
        recording.record(verb="test", by=None)
    assert sealing.seal() == 5
    assert Head.objects.count() == 3
    assert verify().findings == []


@pytest.mark.django_db
def test_nothing_new_means_no_new_head(ledger):
    heads = Head.objects.count()
    assert sealing.seal() == 0
    assert Head.objects.count() == heads


@pytest.mark.django_db
def test_the_key_is_made_once_and_is_nobody_elses_to_read(ledger, settings):
    path = Path(settings.LEDGER_KEY_FILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(signing.heads_file().stat().st_mode) == 0o600
    assert signing.public_hex(signing.own_key(make=True)) == Head.objects.first().public_key
    assert [child.name for child in path.parent.iterdir() if child.name.startswith(".ledger")] == []
