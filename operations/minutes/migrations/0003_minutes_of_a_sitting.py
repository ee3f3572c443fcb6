"""Minutes are of one time of a meeting: of those that there are, its only one."""

from django.db import migrations, models
from django.db.models import Q

TIMES = """
UPDATE minutes_minutes SET time = (
    SELECT row.id FROM meetings_meetingtime row WHERE row.meeting_id = minutes_minutes.meeting
    ORDER BY row.starts_at LIMIT 1
)
"""


class Migration(migrations.Migration):
    dependencies = [("minutes", "0002_second_lock"), ("meetings", "0004_lock_of_times")]

    operations = [
        migrations.RemoveConstraint("minutes", "minutes_once_for_a_meeting"),
        migrations.AddField("minutes", "time", models.UUIDField(null=True)),
        migrations.RunSQL(TIMES, migrations.RunSQL.noop),
        migrations.AlterField("minutes", "time", models.UUIDField()),
        migrations.AddConstraint(
            "minutes",
            models.UniqueConstraint(
                condition=~Q(state="withdrawn"), fields=["time"], name="minutes_once_for_a_sitting"
            ),
        ),
    ]
