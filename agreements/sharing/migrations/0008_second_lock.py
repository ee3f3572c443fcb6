"""Row-level security on records and releases, and on what hangs from records (ADR 0020).

What the database itself copies between records and releases it copies as the owner of the tables: all rows, not
only those that whoever wrote may see.
"""

from django.db import migrations

from agreements.sharing.locking import AGENCY, AUDIENCES, bolt, hang
from portal.second_lock import UNLOCKED_ROLE

# The role without login has the rights that web and worker have, on what is there and what will be.
RIGHTS = f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{UNLOCKED_ROLE}') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {UNLOCKED_ROLE};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {UNLOCKED_ROLE};
        ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {UNLOCKED_ROLE};
        ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {UNLOCKED_ROLE};
    END IF;
END $$;
"""
COPIES = """
ALTER FUNCTION sharing_release_copy() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION sharing_record_copy() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
"""
COPIES_BACK = """
ALTER FUNCTION sharing_release_copy() SECURITY INVOKER RESET search_path;
ALTER FUNCTION sharing_record_copy() SECURITY INVOKER RESET search_path;
"""
# Asked past the policy of records, which itself asks for releases.
OWNER_OF = """
CREATE FUNCTION sharing_owner_of(key uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    AS 'SELECT owner_id FROM public.sharing_record WHERE id = key';
"""

# A release: standing and meant for a live audience; or given by the agency, or of a record of the agency.
RELEASE_SEEN = f"""(revoked_at IS NULL AND {AUDIENCES} @> group_id) OR provider_id = {AGENCY}
 OR sharing_owner_of(content_object_id) = {AGENCY}"""
# Its giver makes it; its giver, and the originator of the record, end it.
RELEASE_ADDED = f"provider_id = {AGENCY}"
RELEASE_CHANGED = f"provider_id = {AGENCY} OR sharing_owner_of(content_object_id) = {AGENCY}"
# A record: given to a live audience; or the agency's, while it is open neither to its officers nor to a compartment:
# just made, or just on its way from one to the other. Scalar subqueries, for of EXISTS beside OR a planner would work
# out everything that is visible before it looks at one row.
RECORD_SEEN = f"""(SELECT true FROM sharing_release given WHERE given.content_object_id = sharing_record.id
  AND given.revoked_at IS NULL AND {AUDIENCES} @> given.group_id LIMIT 1)
 OR (owner_id = {AGENCY}
  AND (SELECT true FROM sharing_release given JOIN sharing_audience audience ON audience.id = given.audience_id
   WHERE given.content_object_id = sharing_record.id AND given.revoked_at IS NULL
   AND audience.kind IN ('own_agency', 'own_circle') LIMIT 1) IS NULL)"""
RECORD_ADDED = f"owner_id = {AGENCY}"
# Whose it was before is asked too, or a reader could make it its own.
RECORD_CHANGED = f"owner_id = {AGENCY} AND sharing_owner_of(id) = {AGENCY}"


class Migration(migrations.Migration):
    dependencies = [("sharing", "0007_release_approved_by")]

    operations = [
        # Rows that wait for their triggers cannot be altered in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(COPIES, COPIES_BACK),
        migrations.RunSQL(OWNER_OF, "DROP FUNCTION sharing_owner_of(uuid)"),
        migrations.RunSQL(*bolt("sharing_release", seen=RELEASE_SEEN, added=RELEASE_ADDED, changed=RELEASE_CHANGED)),
        migrations.RunSQL(*bolt("sharing_record", seen=RECORD_SEEN, added=RECORD_ADDED, changed=RECORD_CHANGED)),
        hang("sharing_markingchange", "record_id"),
        hang("sharing_opening", "record_id", readers_write=True),
    ]
