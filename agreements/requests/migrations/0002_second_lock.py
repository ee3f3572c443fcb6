"""Row-level security on what hangs from records: there where the record is (ADR 0020). Its owner alone writes it; the
request itself hangs from nothing, for it is the same whether there is a record or not."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial"), ("sharing", "0008_second_lock")]

    operations = [
        hang("requests_askedrecord", "record_id"),
    ]
