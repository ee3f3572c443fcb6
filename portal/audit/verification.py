"""Check the ledger without trusting it: rows by plain SQL, hashes anew, heads against the file of heads.

What a chain in the database cannot show by itself — a tail cut off, everything rewritten — the file of signed
heads shows. Its limit: whoever holds the database, the file and the key can rewrite all three; keep a copy of
the file elsewhere. An entry taken away within the second before its sealing leaves no trace.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.audit.chain import (
    ENTRY_COLUMNS,
    ENTRY_SQL,
    GENESIS,
    HEAD_COLUMNS,
    HEAD_SQL,
    SEAL_COLUMNS,
    SEAL_SQL,
    chain_hash,
    entry_digest,
)
from portal.audit.signing import is_signed

# Seconds an entry may wait for its seal.
UNSEALED_AFTER = 60
# Seconds by which an entry may commit after it says it was recorded, while the sealer is running.
LATE_AFTER = 300

ROWS_SQL = f"""
    SELECT {SEAL_SQL}, {ENTRY_SQL}, extract(epoch from clock_timestamp())::text
    FROM audit_seal s FULL JOIN audit_entry e ON e.seq = s.entry_seq
    ORDER BY s.position NULLS LAST, e.seq
"""  # noqa: S608
HEADS_SQL = f"SELECT {HEAD_SQL} FROM audit_head h ORDER BY h.upto"  # noqa: S608
TRIGGERS_SQL = """
    SELECT c.relname FROM pg_class c
    WHERE c.relname IN ('audit_entry', 'audit_seal', 'audit_head')
    AND c.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid
                    AND t.tgname = c.relname || '_append_only' AND t.tgenabled IN ('O', 'A'))
    ORDER BY c.relname
"""

Row = Mapping[str, Any]


@dataclass
class Outcome:
    """What a verification found. `findings` is empty when the ledger is whole."""

    entries: int = 0
    sealed: int = 0
    heads: int = 0
    chain: str = GENESIS
    findings: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.findings


def rows_of(cursor: Any) -> Iterator[tuple[Row | None, Row | None, Decimal]]:
    """Seal, entry and the database's clock, by position in the chain; the unsealed last."""
    cut = len(SEAL_COLUMNS)
    while batch := cursor.fetchmany(5000):
        for row in batch:
            seal = dict(zip(SEAL_COLUMNS, row[:cut], strict=True)) if row[0] is not None else None
            entry = dict(zip(ENTRY_COLUMNS, row[cut:-1], strict=True)) if row[cut] is not None else None
            yield seal, entry, Decimal(row[-1])


class Verification:
    """One walk along the chain."""

    def __init__(self, heads: Iterable[Row], witnessed: Iterable[Row | None]) -> None:
        self.outcome = Outcome()
        self._position = 0
        self._sealed_at: Decimal | None = None
        self._batch_before: Decimal | None = None
        self._expected: dict[int, list[tuple[str, str]]] = {}
        self._take_heads(list(heads), list(witnessed))

    def _say(self, finding: str) -> None:
        self.outcome.findings.append(finding)

    def _take_heads(self, heads: list[Row], witnessed: list[Row | None]) -> None:
        self.outcome.heads = len(heads)
        lines = []
        for number, line in enumerate(witnessed, 1):
            if line is None:
                self._say(f"Line {number} of the file of heads cannot be read.")
            else:
                lines.append((f"line {number} of the file of heads", line))
        own = [(f"the head of position {head['upto']}", head) for head in heads]
        for source, head in [*own, *lines]:
            if not is_signed(head):
                self._say(f"The signature of {source} is false.")
            if head["count"] != head["upto"]:
                self._say(f"The count in {source} is not its position.")
            self._expected.setdefault(head["upto"], []).append((source, head["chain"]))
        self._compare_heads(heads, [line for _, line in lines])

    def _compare_heads(self, heads: list[Row], lines: list[Row]) -> None:
        inside, outside = {_identity(head) for head in heads}, {_identity(line) for line in lines}
        newest = max((line["upto"] for line in lines), default=None)
        for head in heads:
            # The newest may be missing for a moment: the file is written after the commit.
            if newest is not None and head["upto"] <= newest and _identity(head) not in outside:
                self._say(f"The head of position {head['upto']} is not in the file of heads, or differs there.")
        for line in lines:
            if _identity(line) not in inside:
                self._say(f"The database lost or changed the head of position {line['upto']} of the file of heads.")
        if heads and newest is None:
            self._say("The file of heads is missing or empty although heads were signed.")
        if len({row["public_key"] for row in [*heads, *lines]}) > 1:
            self._say("Heads were signed with different keys.")

    def walk(self, rows: Iterable[tuple[Row | None, Row | None, Decimal]]) -> Outcome:
        """Follow the chain from its first seal to its last, then look at what is not sealed."""
        for seal, entry, now in rows:
            if entry is not None:
                self.outcome.entries += 1
            if seal is not None:
                self._check_seal(seal)
                self._check_sealed_entry(seal, entry)
            elif entry is not None:
                self._check_unsealed(entry, now)
        for position, sources in sorted(self._expected.items()):
            cut = f"The chain ends at position {self._position}: the tail was cut off."
            why = cut if position > self._position else "It is not in the chain."
            self._say(f"Position {position} was signed in {sources[0][0]}. {why}")
        return self.outcome

    def _check_seal(self, seal: Row) -> None:
        position, expected = seal["position"], self._position + 1
        if position != expected:
            gap = f"{expected}" if position == expected + 1 else f"{expected} to {position - 1}"
            self._say(f"Seals missing or out of order: position {gap} is not there.")
        elif seal["previous"] != self.outcome.chain:
            self._say(f"The chain is broken before position {position} (entry {seal['entry_seq']}).")
        if chain_hash(seal) != seal["chain"]:
            self._say(f"The seal at position {position} (entry {seal['entry_seq']}) was altered.")
        for source, chain in self._expected.pop(position, []):
            if chain != seal["chain"]:
                self._say(f"The chain at position {position} is not the one {source} signed: it was rewritten.")
        sealed_at = Decimal(seal["sealed_at"])
        if sealed_at != self._sealed_at:
            self._batch_before, self._sealed_at = self._sealed_at, sealed_at
        self._position, self.outcome.chain = position, seal["chain"]
        self.outcome.sealed += 1

    def _check_sealed_entry(self, seal: Row, entry: Row | None) -> None:
        seq = seal["entry_seq"]
        if entry is None:
            self._say(f"Entry {seq} was removed (position {seal['position']}).")
            return
        if _digest(entry) != seal["entry_digest"]:
            self._say(f"Entry {seq} was altered ({entry['verb']}, position {seal['position']}).")
        recorded_at = Decimal(entry["recorded_at"])
        if self._batch_before is not None and self._batch_before - recorded_at > LATE_AFTER:
            self._say(f"Entry {seq} is backdated: a sealing over {LATE_AFTER} s after its time did not find it.")

    def _check_unsealed(self, entry: Row, now: Decimal) -> None:
        waited = now - Decimal(entry["recorded_at"])
        if abs(waited) > UNSEALED_AFTER:
            when = f"for {waited:.0f} s" if waited > 0 else "and is dated in the future"
            self._say(f"Entry {entry['seq']} ({entry['verb']}) is not sealed {when}.")


def _identity(head: Row) -> tuple[Any, ...]:
    return tuple(head[column] for column in HEAD_COLUMNS)


def _digest(entry: Row) -> str:
    try:
        return entry_digest(entry)
    except (ValueError, RecursionError):
        # Neither number nor nesting that the portal would have written.
        return "unreadable"
