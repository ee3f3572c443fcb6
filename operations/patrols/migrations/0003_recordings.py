import django.db.models.deletion
from django.db import migrations, models

from agreements.sharing.locking import hang


class Migration(migrations.Migration):
    dependencies = [("patrols", "0002_second_lock")]

    operations = [
        migrations.AddField(
            model_name="track",
            name="outliers",
            field=models.PositiveIntegerField(
                default=0, help_text="Points that only a jump of the receiver can have made."
            ),
        ),
        migrations.AlterField(
            model_name="track",
            name="length_m",
            field=models.FloatField(help_text="Metres, by haversine over all points that are no outliers."),
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "track",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="recording",
                        serialize=False,
                        to="patrols.track",
                    ),
                ),
                ("packed", models.BinaryField()),
            ],
        ),
        hang("patrols_recording", "track_id"),
    ]
