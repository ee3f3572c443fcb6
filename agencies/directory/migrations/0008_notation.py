from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_partners")]

    operations = [
        migrations.AddField(
            model_name="officer",
            name="notation",
            field=models.CharField(
                choices=[
                    ("decimal", "Decimal degrees: 47.66030, 9.17580"),
                    ("dms", "Degrees, minutes, seconds: 47°39'37.1\"N 9°10'32.9\"E"),
                    ("utm", "UTM: 32T 513200 5278560"),
                    ("mgrs", "MGRS: 32TNT 13199 78560"),
                ],
                default="decimal",
                help_text="How positions are shown.",
                max_length=8,
            ),
        )
    ]
