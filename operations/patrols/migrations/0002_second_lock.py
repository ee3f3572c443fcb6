"""Row-level security on the details of records: there where the record is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("patrols", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("patrols_patrol", "record_id"),
        hang("patrols_team", "patrol_id"),
        hang("patrols_leg", "record_id"),
        hang("patrols_track", "leg_id"),
        hang("patrols_observation", "record_id"),
        hang("patrols_photo", "observation_id"),
    ]
