"""Row-level security on the details of records: there where the record is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("reports_report", "record_id"),
    ]
