"""Row-level security on joint reports: there where the record is (ADR 0020). Signatures are written by all sides; a
sealed copy is added and never changed, by web and worker (R3)."""

from django.db import migrations

from agreements.sharing.locking import AGENCY, bolt, hang

COPY = "(SELECT true FROM sharing_record record WHERE record.id = joint_sealedcopy.record_id)"
OWN = f"(SELECT record.owner_id FROM sharing_record record WHERE record.id = joint_sealedcopy.record_id) = {AGENCY}"


class Migration(migrations.Migration):
    dependencies = [("joint", "0001_initial"), ("sharing", "0010_second_lock_of_successors")]

    operations = [
        hang("joint_jointreport", "record_id"),
        hang("joint_side", "report_id"),
        hang("joint_wording", "report_id"),
        hang("joint_statement", "record_id"),
        hang("joint_signature", "report_id", readers_write=True),
        migrations.RunSQL(*bolt("joint_sealedcopy", seen=COPY, added=OWN, changed="false")),
    ]
