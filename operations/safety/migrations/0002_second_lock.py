"""Row-level security on what hangs from records: there where the record is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_initial"), ("field", "0002_second_lock"), ("sharing", "0008_second_lock")]

    operations = [
        hang("safety_notice", "record_id"),
        # A partner's answer is written by who reads the notice (R5).
        hang("safety_answer", "notice_id", readers_write=True),
        hang("safety_limitchange", "crossing_id"),
    ]
