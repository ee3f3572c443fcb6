"""The version of an entry as it stood with the item: a later edit from the device names it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0005_version_device")]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="version",
            field=models.PositiveIntegerField(
                blank=True, help_text="Of an entry, as it stood with the item.", null=True
            ),
        ),
    ]
