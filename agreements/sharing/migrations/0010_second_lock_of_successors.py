"""The second lock knows the agencies that one stands for (R30): `entente.agency` holds more than one key.

On a new installation the policies are made so already. On others each that compares with the one key is rewritten,
by what PostgreSQL itself tells of it.
"""

from django.db import migrations

REWRITE = """
DO $$
DECLARE
    policy record;
    one constant text := $q$= \\( SELECT \\(NULLIF\\(current_setting\\('entente\\.agency'::text, true\\), ''::text\\)\\)::uuid AS "nullif"\\)$q$;
    several constant text := $q$= ANY ((SELECT nullif(current_setting('entente.agency', true), '')::uuid[])::uuid[])$q$;
BEGIN
    FOR policy IN SELECT tablename, policyname, qual, with_check FROM pg_policies
        WHERE schemaname = 'public' AND (qual ~ one OR with_check ~ one)
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I', policy.policyname, policy.tablename)
            || coalesce(' USING (' || regexp_replace(policy.qual, one, several, 'g') || ')', '')
            || coalesce(' WITH CHECK (' || regexp_replace(policy.with_check, one, several, 'g') || ')', '');
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0009_record_onward")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
