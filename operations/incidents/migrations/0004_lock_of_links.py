"""Row-level security on what belongs to an incident: there where the report is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_link"), ("sharing", "0010_second_lock_of_successors")]

    operations = [hang("incidents_link", "report_id")]
