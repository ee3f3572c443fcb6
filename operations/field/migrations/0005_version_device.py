"""Which device a second track is of: it grows with the stretches that the device sends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0004_told")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="device",
            field=models.UUIDField(
                blank=True, help_text="Of a track: it grows with what that device sends.", null=True
            ),
        ),
    ]
