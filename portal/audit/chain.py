"""What is hashed and signed, byte for byte. Pure functions without Django, so that anybody can check them.

Changing anything here makes every ledger that exists fail its verification; tests hold fixed examples.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GENESIS = "0" * 64

# The columns of an entry, all of them (a test compares with the model). Read by ENTRY_SQL, in this order.
ENTRY_COLUMNS = (
    "seq",
    "key",
    "recorded_at",
    "verb",
    "officer_id",
    "appointment_id",
    "agency_id",
    "door",
    "subject_kind",
    "subject_id",
    "records",
    "data",
    "request_id",
)
_AS_READ = {
    # Seconds since 1970 as exact decimal text: independent of session time zone and date style.
    "recorded_at": "extract(epoch from e.recorded_at)::text",
    "records": "e.records::text",
    "data": "e.data::text",
    "key": "e.key::text",
    "officer_id": "e.officer_id::text",
    "appointment_id": "e.appointment_id::text",
    "agency_id": "e.agency_id::text",
}
ENTRY_SQL = ", ".join(_AS_READ.get(column, f"e.{column}") for column in ENTRY_COLUMNS)
_JSON_COLUMNS = ("records", "data")

SEAL_COLUMNS = ("position", "entry_seq", "entry_digest", "previous", "chain", "sealed_at")
SEAL_SQL = ", ".join(
    "extract(epoch from s.sealed_at)::text" if column == "sealed_at" else f"s.{column}" for column in SEAL_COLUMNS
)
HEAD_COLUMNS = ("upto", "count", "chain", "at", "signature", "public_key")
HEAD_SQL = ", ".join("extract(epoch from h.at)::text" if column == "at" else f"h.{column}" for column in HEAD_COLUMNS)


def canonical(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no white space, ASCII, fractions exactly as stored."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False, default=_exact
    ).encode("ascii")


def parsed(text: str) -> Any:
    """JSON as PostgreSQL prints it, with 1.0 and 1.00 and 1 kept apart."""
    return json.loads(text, parse_float=Decimal)


def _exact(value: Any) -> dict[str, str]:
    if isinstance(value, Decimal):
        # No other value is spelled so: PostgreSQL stores no NUL in a key.
        return {"\x00": str(value)}
    raise TypeError(f"{type(value).__name__} is not JSON.")


def instant(value: datetime) -> str:
    """An instant after 1970 as the SQL above reads it: exact seconds since."""
    since = value - EPOCH
    return f"{since.days * 86400 + since.seconds}.{since.microseconds:06d}"


def digest(value: Any) -> str:
    """SHA-256 of the canonical spelling, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def entry_digest(row: Mapping[str, Any]) -> str:
    """Digest over every column of an entry, read by ENTRY_SQL. Raise ValueError when a column is not JSON."""
    value = {column: row[column] for column in ENTRY_COLUMNS}
    for column in _JSON_COLUMNS:
        value[column] = parsed(value[column])
    return digest({"entry": value, "version": 1})


def chain_hash(row: Mapping[str, Any]) -> str:
    """What binds a seal to all before it: digest over its other columns."""
    value = {column: row[column] for column in SEAL_COLUMNS if column != "chain"}
    return digest({"seal": value, "version": 1})


def head_message(row: Mapping[str, Any]) -> bytes:
    """What is signed for a head."""
    value = {column: row[column] for column in HEAD_COLUMNS if column != "signature"}
    return canonical({"head": value, "version": 1})
