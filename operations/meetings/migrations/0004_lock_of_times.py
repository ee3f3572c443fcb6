"""Row-level security on what hangs on a meeting: there where its record is (ADR 0020)."""

from django.db import migrations

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_times"), ("sharing", "0008_second_lock")]

    operations = [
        hang("meetings_meetingtime", "meeting_id"),
        hang("meetings_seat", "meeting_id"),
        hang("meetings_presence", "meeting_id"),
        hang("meetings_agendaitem", "meeting_id"),
        hang("meetings_meetingpaper", "meeting_id", readers_write=True),
        hang("meetings_personallead", "meeting_id", readers_write=True),
        hang("meetings_invitation", "meeting_id"),
    ]
