"""Nobody changes or removes a row of the ledger, whoever they log in as.

TRUNCATE stays possible for the owner of the tables: tests empty them so.
"""

from django.db import migrations

TABLES = ("audit_entry", "audit_seal", "audit_head")

FORWARD = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();\n"
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES) + (
    "DROP FUNCTION audit_append_only();"
)
REVOKE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'entente_web') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_seal, audit_head FROM entente_web;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(REVOKE, migrations.RunSQL.noop),
    ]
