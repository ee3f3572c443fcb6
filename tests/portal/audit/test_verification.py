"""Whatever is done to the ledger behind the portal's back is found, and named."""

import datetime as dt
import json
import uuid
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.audit import chain, recording, sealing, signing
from portal.audit.checking import verify
from portal.audit.models import Entry, Head, Seal


def check(*words):
    """The ledger is not whole, and one finding holds all the words."""
    outcome = verify()
    assert any(all(word in finding for word in words) for finding in outcome.findings), outcome.findings


def test_an_honest_ledger_is_whole(ledger):
    outcome = verify()
    assert outcome.findings == []
    assert (outcome.entries, outcome.sealed, outcome.heads) == (6, 6, 2)
    assert outcome.chain == Seal.objects.last().chain


def test_an_empty_ledger_is_whole(db):
    assert verify().findings == []


def test_entries_of_the_last_minute_may_wait_for_their_seal(ledger):
    recording.record(verb="patrol.end", by=None)
    assert verify().is_whole


ENTRY_CHANGES = {
    "seq": "1000",
    "key": "gen_random_uuid()",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "verb": "'patrol.end'",
    "officer_id": "gen_random_uuid()",
    "appointment_id": "NULL",
    "agency_id": "gen_random_uuid()",
    "door": "door || ' '",
    "subject_kind": "'Patrol'",
    "subject_id": "'patrol 99'",
    "records": """'[{"record": "a"}]'""",
    "data": """jsonb_set(data, '{share}', '0.50')""",
    "request_id": "'another'",
}
SEAL_CHANGES = {
    "position": "-4",
    "entry_seq": "1000",
    "entry_digest": "repeat('a', 64)",
    "previous": "repeat('a', 64)",
    "chain": "repeat('a', 64)",
    "sealed_at": "sealed_at - interval '1 microsecond'",
}
HEAD_CHANGES = {
    "upto": "2",
    "count": "5",
    "chain": "repeat('a', 64)",
    "at": "at - interval '1 microsecond'",
    "signature": "repeat('a', 128)",
    "public_key": "repeat('a', 64)",
}


def test_every_column_is_tried():
    for model, changes in ((Entry, ENTRY_CHANGES), (Seal, SEAL_CHANGES), (Head, HEAD_CHANGES)):
        assert set(changes) == {field.column for field in model._meta.fields}


@pytest.mark.parametrize("column", ENTRY_CHANGES)
def test_an_entry_altered_in_any_column_is_named(ledger, tamper, column):
    seq = ledger[3].seq
    tamper((f"UPDATE audit_entry SET {column} = {ENTRY_CHANGES[column]} WHERE seq = %s", seq))
    check(f"Entry {seq} was {'removed' if column == 'seq' else 'altered'}")


@pytest.mark.parametrize("column", SEAL_CHANGES)
def test_a_seal_altered_in_any_column_is_found(ledger, tamper, column):
    tamper((f"UPDATE audit_seal SET {column} = {SEAL_CHANGES[column]} WHERE position = 4",))
    assert not verify().is_whole


@pytest.mark.parametrize("column", HEAD_CHANGES)
def test_a_head_altered_in_any_column_is_found(ledger, tamper, column):
    tamper((f"UPDATE audit_head SET {column} = {HEAD_CHANGES[column]} WHERE upto = 3",))
    assert not verify().is_whole


@pytest.mark.parametrize("place", [0, 2, 5])
def test_an_entry_that_was_removed_is_named(ledger, tamper, place):
    seq = ledger[place].seq
    tamper(("DELETE FROM audit_entry WHERE seq = %s", seq))
    check(f"Entry {seq} was removed")


@pytest.mark.parametrize("place", [0, 2])
def test_an_entry_removed_with_its_seal_leaves_a_gap(ledger, tamper, place):
    seq = ledger[place].seq
    tamper(
        ("DELETE FROM audit_entry WHERE seq = %s", seq),
        ("DELETE FROM audit_seal WHERE entry_seq = %s", seq),
    )
    check(f"position {place + 1} is not there")


def test_two_entries_that_changed_places_are_both_named(ledger, tamper):
    one, other = ledger[1].seq, ledger[4].seq
    tamper(
        ("UPDATE audit_entry SET seq = -1 WHERE seq = %s", one),
        ("UPDATE audit_entry SET seq = %s WHERE seq = %s", one, other),
        ("UPDATE audit_entry SET seq = %s WHERE seq = -1", other),
    )
    check(f"Entry {one} was altered")
    check(f"Entry {other} was altered")


def test_two_seals_that_changed_places_are_found(ledger, tamper):
    tamper(
        ("UPDATE audit_seal SET position = -1 WHERE position = 2",),
        ("UPDATE audit_seal SET position = 2 WHERE position = 5",),
        ("UPDATE audit_seal SET position = 5 WHERE position = -1",),
    )
    check("position 2", "was altered")
    check("position 5", "was altered")


def insert_entry(tamper, when):
    tamper(
        (
            "INSERT INTO audit_entry (seq, key, recorded_at, verb, door, subject_kind, subject_id, records, data, request_id)"
            " VALUES (-7, gen_random_uuid(), %s, 'patrol.start', '', '', '', '[]', '{}', '')",
            when,
        )
    )


@pytest.mark.parametrize("hours", [-2, 2])
def test_an_entry_put_in_with_another_date_is_found_before_it_is_sealed(ledger, tamper, hours):
    insert_entry(tamper, timezone.now() + dt.timedelta(hours=hours))
    check("Entry -7", "is not sealed")


def test_a_backdated_entry_is_found_after_the_sealer_took_it_in(ledger, tamper):
    insert_entry(tamper, timezone.now() - dt.timedelta(hours=2))
    sealing.seal(everything=True)
    check("Entry -7 is backdated")


def test_entries_sealed_late_because_the_sealer_was_away_are_no_finding(ledger, tamper):
    for number in range(2):
        Entry.objects.create(verb="late", recorded_at=timezone.now() + dt.timedelta(seconds=-30 + number))
    sealing.seal()
    assert verify().is_whole


def test_an_entry_put_in_with_a_seal_is_found(ledger, tamper):
    insert_entry(tamper, timezone.now())
    tamper(
        (
            "INSERT INTO audit_seal SELECT 7, -7, repeat('a', 64), chain, repeat('b', 64), now()"
            " FROM audit_seal WHERE position = 6",
        )
    )
    check("position 7", "was altered")
    check("Entry -7 was altered")


def test_a_tail_cut_off_is_found_by_the_witness(ledger, tamper):
    tamper(
        ("DELETE FROM audit_entry WHERE seq > %s", ledger[2].seq),
        ("DELETE FROM audit_seal WHERE position > 3",),
        ("DELETE FROM audit_head WHERE upto > 3",),
    )
    check("the tail was cut off")
    check("The database lost or changed the head of position 6")


def test_everything_gone_is_found_by_the_witness(ledger):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry, audit_seal, audit_head")
    check("the tail was cut off")


def rewrite(tamper, key):
    """Alter an entry, then compute the whole chain anew and sign it with `key`."""
    seq = Entry.objects.order_by("seq")[1].seq
    statements = [("UPDATE audit_entry SET verb = 'patrol.cancel' WHERE seq = %s", seq), ("DELETE FROM audit_seal",)]
    tamper(*statements, ("DELETE FROM audit_head",))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chain.ENTRY_SQL} FROM audit_entry e ORDER BY seq")
        rows = [dict(zip(chain.ENTRY_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    now = timezone.now()
    seals = list(sealing._links(rows, 0, chain.GENESIS, now))
    Seal.objects.bulk_create(seals)
    for last in (seals[2], seals[5]):
        facts = {
            "upto": last.position,
            "count": last.position,
            "chain": last.chain,
            "public_key": signing.public_hex(key),
        }
        Head.objects.create(**facts, at=now, signature=signing.sign(key, {**facts, "at": chain.instant(now)}))


def test_everything_rewritten_with_a_strange_key_is_found(ledger, tamper):
    rewrite(tamper, Ed25519PrivateKey.generate())
    check("rewritten")
    check("different keys")


def test_everything_rewritten_with_the_portals_own_key_is_found_by_the_witness(ledger, tamper):
    rewrite(tamper, signing.own_key(make=False))
    check("position 6", "rewritten")


def test_yesterdays_backup_is_found_by_the_witness(ledger, tamper):
    lines = signing.heads_file().read_text()
    sealing_after = recording.record(verb="patrol.end", by=None)
    sealing.seal()
    assert signing.heads_file().read_text() != lines
    tamper(
        ("DELETE FROM audit_entry WHERE seq = %s", sealing_after.seq),
        ("DELETE FROM audit_seal WHERE position = 7",),
        ("DELETE FROM audit_head WHERE upto = 7",),
    )
    check("Position 7 was signed", "the tail was cut off")


def test_the_witness_gone_is_found(ledger):
    signing.heads_file().unlink()
    check("file of heads is missing")


def test_a_line_of_the_witness_that_was_altered_is_found(ledger):
    path = signing.heads_file()
    first, second = path.read_text().splitlines()
    head = {**json.loads(first), "chain": "a" * 64}
    path.write_text(json.dumps(head) + "\n" + second + "\n")
    check("line 1", "signature")
    path.write_text("nonsense\n" + second + "\n")
    check("Line 1", "cannot be read")
    path.write_text(second + "\n")
    check("head of position 3 is not in the file")


def test_a_sealer_killed_before_it_told_the_witness_is_made_up_for(ledger):
    path = signing.heads_file()
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert verify().is_whole
    sealing.seal()
    assert len(path.read_text().splitlines()) == 2
    assert verify().is_whole


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_head"])
def test_a_guard_left_off_is_found(ledger, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    check("guard", table)


@pytest.mark.parametrize("data", ["1" * 5000, "[" * 3000 + "]" * 3000])
def test_what_the_portal_would_never_write_does_not_stop_the_verification(ledger, tamper, data):
    seq = ledger[1].seq
    tamper(("UPDATE audit_entry SET data = %s::jsonb WHERE seq = %s", data, seq))
    check(f"Entry {seq} was altered")


def test_the_command_says_so(ledger, tamper):
    said = StringIO()
    call_command("ledger", "verify", stdout=said)
    assert "The ledger is whole: 6 entries, 6 sealed, 2 heads." in said.getvalue()

    seq = ledger[0].seq
    tamper(("UPDATE audit_entry SET officer_id = %s WHERE seq = %s", uuid.uuid4(), seq))
    said = StringIO()
    with pytest.raises(CommandError, match="NOT whole: 1 findings") as error:
        call_command("ledger", "verify", stdout=said)
    assert error.value.returncode == 1
    assert f"Entry {seq} was altered (patrol.start, position 1)." in said.getvalue()


def test_the_command_seals(ledger):
    recording.record(verb="patrol.end", by=None)
    said = StringIO()
    call_command("ledger", "seal", stdout=said)
    assert said.getvalue() == "1 entries sealed.\n"
