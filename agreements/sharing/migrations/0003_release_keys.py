"""Releases get keys that count nothing: a serial number would tell a giver how much the others give (R17)."""

import django.db.models.deletion
from django.db import migrations, models

import agencies.directory.models

FORWARD = """
ALTER TABLE sharing_release ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN via_key uuid;
UPDATE sharing_release r SET via_key = v.key FROM sharing_release v WHERE v.id = r.via_id;
ALTER TABLE sharing_release DROP COLUMN via_id, DROP COLUMN id;
ALTER TABLE sharing_release RENAME COLUMN key TO id;
ALTER TABLE sharing_release RENAME COLUMN via_key TO via_id;
ALTER TABLE sharing_release ALTER COLUMN id DROP DEFAULT, ADD PRIMARY KEY (id);
ALTER TABLE sharing_release ADD CONSTRAINT sharing_release_via_id_fk_sharing_release_id
    FOREIGN KEY (via_id) REFERENCES sharing_release (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX sharing_release_via_id_key ON sharing_release (via_id);
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_release_copies")]

    operations = [
        # Rows that wait for their triggers cannot be altered in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(
            FORWARD,
            state_operations=[
                migrations.AlterField(
                    "release",
                    "id",
                    models.UUIDField(
                        default=agencies.directory.models.new_key, editable=False, primary_key=True, serialize=False
                    ),
                ),
                migrations.AlterField(
                    "release",
                    "via",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onward",
                        to="sharing.release",
                    ),
                ),
            ],
        ),
    ]
