"""Row-level security on what hangs from records: there where the record is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("field", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("field_version", "record_id"),
        hang("field_pause", "leg_id"),
        hang("field_crossing", "record_id"),
    ]
