"""Row-level security on the details of responses: there where the record is (ADR 0020). What a partner answers, to a
task or to a call, is written by others than the owner."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("response", "0001_initial"), ("sharing", "0010_second_lock_of_successors")]

    operations = [
        hang("response_response", "record_id"),
        hang("response_task", "response_id"),
        hang("response_handover", "response_id", readers_write=True),
        hang("response_procedure", "record_id"),
        hang("response_procedureversion", "procedure_id"),
        hang("response_step", "procedure_id"),
        hang("response_assistancecall", "record_id"),
        hang("response_asked", "call_id", readers_write=True),
    ]
