"""The one sealer: chains what was recorded, signs the new head, tells the witness outside the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal.audit import signing
from portal.audit.chain import (
    ENTRY_COLUMNS,
    ENTRY_SQL,
    GENESIS,
    HEAD_COLUMNS,
    HEAD_SQL,
    chain_hash,
    entry_digest,
    instant,
)
from portal.audit.models import Head, Seal

# Any number nobody else uses: PostgreSQL's advisory lock of the sealer, one per database.
LOCK = 0x1ED6E2
BATCH = 5000
# The frequent round looks this many serial numbers back; the other round looks at everything.
WINDOW = 10_000
EVERYTHING = -(2**63)

_UNSEALED = f"""
    SELECT {ENTRY_SQL} FROM audit_entry e
    WHERE e.seq > %s AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry_seq = e.seq)
    ORDER BY e.seq LIMIT {BATCH}
"""  # noqa: S608


def seal(*, everything: bool = False) -> int:
    """Seal what is committed and not sealed yet; how many entries that were. 0 when another sealer is at it.

    With `everything`, also entries that committed long after their neighbours.
    """
    with _alone() as alone:
        if not alone:
            return 0
        sealed = 0
        while count := _seal_batch(EVERYTHING if everything else _recent()):
            sealed += count
            if count < BATCH:
                break
        _tell_witness()
        return sealed


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this is the only sealer. Held until the witness is told: its lines stay in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _recent() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(entry_seq), 0) FROM audit_seal")
        return int(cursor.fetchone()[0]) - WINDOW


@transaction.atomic(durable=True)
def _seal_batch(after: int) -> int:
    """Chain one batch and sign the head, together or not at all."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED, [after])
        entries = [dict(zip(ENTRY_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    if not entries:
        return 0
    last = Seal.objects.order_by("-position").first()
    now = timezone.now()
    seals = list(_links(entries, last.position if last else 0, last.chain if last else GENESIS, now))
    Seal.objects.bulk_create(seals)
    _sign_head(seals[-1], now)
    return len(seals)


def _links(entries: list[dict[str, Any]], position: int, previous: str, now: datetime) -> Iterator[Seal]:
    for row in entries:
        position += 1
        facts = {
            "position": position,
            "entry_seq": row["seq"],
            "entry_digest": entry_digest(row),
            "previous": previous,
        }
        previous = chain_hash({**facts, "sealed_at": instant(now)})
        yield Seal(**facts, chain=previous, sealed_at=now)


def _sign_head(last: Seal, now: datetime) -> None:
    key = signing.own_key(make=True)
    assert key is not None
    facts = {
        "upto": last.position,
        "count": last.position,
        "chain": last.chain,
        "public_key": signing.public_hex(key),
    }
    Head.objects.create(**facts, at=now, signature=signing.sign(key, {**facts, "at": instant(now)}))


def _tell_witness() -> None:
    """Write the heads the file does not have yet: just signed, or left by a sealer killed in between."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {HEAD_SQL} FROM audit_head h WHERE h.upto > %s ORDER BY h.upto",  # noqa: S608
            [signing.last_witnessed()],
        )
        heads = [dict(zip(HEAD_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    if heads:
        signing.witness(heads)
