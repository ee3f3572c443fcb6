"""Row-level security on minutes: there where the record is (ADR 0020). What agencies say of them, and how action items
stand, is written by all who read them; a sealed copy is added and never changed, by web and worker (R3). A rhythm is
there where its operation is; that of an agreement is locked no more than the agreement."""

from django.db import migrations

from agreements.sharing.locking import AGENCY, bolt, hang

COPY = "(SELECT true FROM sharing_record record WHERE record.id = minutes_minutescopy.record_id)"
OWN = f"(SELECT record.owner_id FROM sharing_record record WHERE record.id = minutes_minutescopy.record_id) = {AGENCY}"
RHYTHM = """(operation_id IS NULL OR
 (SELECT true FROM sharing_record record WHERE record.id = minutes_rhythm.operation_id))"""
RHYTHM_OWN = f"""(operation_id IS NULL OR
 (SELECT record.owner_id FROM sharing_record record WHERE record.id = minutes_rhythm.operation_id) = {AGENCY})"""
KEPT = "(SELECT true FROM minutes_rhythm rhythm WHERE rhythm.id = minutes_kept.rhythm_id)"


class Migration(migrations.Migration):
    dependencies = [("minutes", "0001_initial"), ("sharing", "0010_second_lock_of_successors")]

    operations = [
        hang("minutes_minutes", "record_id"),
        hang("minutes_side", "minutes_id"),
        hang("minutes_point", "minutes_id"),
        hang("minutes_wording", "minutes_id"),
        hang("minutes_annotation", "record_id"),
        hang("minutes_actionitem", "minutes_id", readers_write=True),
        hang("minutes_report", "minutes_id", readers_write=True),
        hang("minutes_assent", "minutes_id", readers_write=True),
        migrations.RunSQL(*bolt("minutes_minutescopy", seen=COPY, added=OWN, changed="false")),
        migrations.RunSQL(*bolt("minutes_rhythm", seen=RHYTHM, added=RHYTHM_OWN, changed=RHYTHM_OWN)),
        migrations.RunSQL(*bolt("minutes_kept", seen=KEPT, added=KEPT, changed="false")),
    ]
