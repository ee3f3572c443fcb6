from django.db import migrations


class Migration(migrations.Migration):
    """Deliveries go to the room above, table and rows: `delivery.0001_initial` takes them over under this name."""

    dependencies = [
        ("alerts", "0004_superseded"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE alerts_delivery RENAME TO delivery_delivery",
                    "ALTER TABLE delivery_delivery RENAME TO alerts_delivery",
                )
            ],
            state_operations=[migrations.DeleteModel(name="Delivery")],
        ),
    ]
