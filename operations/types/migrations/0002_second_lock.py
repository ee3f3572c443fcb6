"""Row-level security on what hangs from records: there where the record is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("types", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("types_catalogue", "record_id"),
        hang("types_filled", "record_id"),
    ]
