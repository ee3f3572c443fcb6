import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import agencies.directory.models


class Migration(migrations.Migration):
    """Deliveries as they were in the room of alerts, whose migration left their table here."""

    initial = True

    dependencies = [
        ("alerts", "0005_delivery_moves_out"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=agencies.directory.models.new_key,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("channel", models.CharField(choices=[("mail", "Mail")], default="mail", max_length=8)),
                        ("state", models.CharField(default="waiting", max_length=8)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("message_id", models.CharField(max_length=120)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "alert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="alerts.alert",
                            ),
                        ),
                    ],
                    options={"verbose_name_plural": "deliveries", "ordering": ["created_at"]},
                ),
                migrations.AddIndex("delivery", models.Index(fields=["state"], name="delivery_state")),
                migrations.AddConstraint(
                    "delivery",
                    models.UniqueConstraint(fields=("alert", "channel"), name="delivery_once_per_channel"),
                ),
                migrations.AddConstraint(
                    "delivery",
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_ends_or_waits",
                    ),
                ),
            ],
        ),
    ]
