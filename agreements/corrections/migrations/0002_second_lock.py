"""Row-level security on what hangs from records: there where the record is (ADR 0020). Receivers write it as well."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("corrections", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("corrections_correction", "record_id", readers_write=True),
    ]
