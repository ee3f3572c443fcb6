"""What a device told beside a record; there where the record is (ADR 0020)."""

import django.db.models.deletion
from django.db import migrations, models

from agreements.sharing.locking import hang

METHODS = [
    ("gps", "By the device, at a tap"),
    ("last_known", "Last known place of the device"),
    ("map", "Pointed at on the map"),
    ("decimal", "Typed, decimal degrees"),
    ("dms", "Typed, degrees and minutes"),
    ("utm", "Typed, UTM"),
    ("mgrs", "Typed, MGRS"),
]


class Migration(migrations.Migration):
    dependencies = [("field", "0003_version_values_alter_receipt_flags"), ("sharing", "0008_second_lock")]

    operations = [
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="told",
                        serialize=False,
                        to="sharing.record",
                    ),
                ),
                ("at", models.DateTimeField(help_text="When it happened, by the device's clock.")),
                ("drift_ms", models.BigIntegerField(help_text="Server minus device at the sending, milliseconds.")),
                ("method", models.CharField(blank=True, choices=METHODS, max_length=12)),
                (
                    "accuracy_m",
                    models.PositiveIntegerField(blank=True, help_text="Metres, as the device told.", null=True),
                ),
                (
                    "time_reason",
                    models.CharField(blank=True, help_text="Why another time than the tap's.", max_length=300),
                ),
            ],
            options={"verbose_name_plural": "told", "ordering": ["record_id"]},
        ),
        hang("field_told", "record_id"),
    ]
