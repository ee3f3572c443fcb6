"""Run the verification on this database and this witness file."""

from django.db import connection, transaction

from portal.audit.chain import HEAD_COLUMNS
from portal.audit.signing import witnessed
from portal.audit.verification import HEADS_SQL, ROWS_SQL, TRIGGERS_SQL, Outcome, Verification, rows_of


def verify() -> Outcome:
    """Check everything. Reads each row once, through a cursor on the server."""
    # The file first: what it says must be in a database that is read later.
    lines = witnessed()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" if _is_outermost() else "SELECT 1")
            cursor.execute(HEADS_SQL)
            heads = [dict(zip(HEAD_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
            cursor.execute(TRIGGERS_SQL)
            unguarded = [name for (name,) in cursor.fetchall()]
        verification = Verification(heads, lines)
        for table in unguarded:
            verification.outcome.findings.append(f"The guard against changes on table {table} is off.")
        with connection.chunked_cursor() as cursor:
            cursor.execute(ROWS_SQL)
            return verification.walk(rows_of(cursor))


def _is_outermost() -> bool:
    return not connection.savepoint_ids and len(connection.atomic_blocks) == 1
