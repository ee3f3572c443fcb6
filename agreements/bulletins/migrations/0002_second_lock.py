"""Row-level security on what hangs from bulletins: there where the record is (ADR 0020). That it was read, each agency
writes itself."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_initial"), ("sharing", "0010_second_lock_of_successors")]

    operations = [
        hang("bulletins_bulletin", "record_id"),
        hang("bulletins_target", "bulletin_id"),
        hang("bulletins_receipt", "bulletin_id", readers_write=True),
        hang("bulletins_escalation", "bulletin_id"),
    ]
