"""The ledger's tables against the roles that web and worker log in as and become."""

from django.db import connection

from portal.second_lock import WEB_ROLE

TABLES = ("audit_entry", "audit_seal", "audit_head")


def protect_from(role: str = WEB_ROLE) -> bool:
    """Take from `role` every right on the ledger but reading and adding. Run it after granting other rights.

    False when there is no such role (a machine where everything runs as the owner).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return False
        name, tables = connection.ops.quote_name(role), ", ".join(TABLES)
        cursor.execute(f"REVOKE ALL ON {tables} FROM {name}")
        cursor.execute(f"GRANT SELECT, INSERT ON {tables} TO {name}")
    return True
