"""Row-level security on what hangs from records: there where the record is (ADR 0020). Receivers write it."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("compelled", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("compelled_compelleddisclosure", "record_id", readers_write=True),
    ]
