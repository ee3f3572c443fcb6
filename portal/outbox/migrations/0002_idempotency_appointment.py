"""A key belongs to an appointment: an officer with two sees different things under each (R1)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        # Answers kept for the officer would be nobody's now: what is sent again is judged anew.
        migrations.RunSQL("DELETE FROM outbox_idempotencykey", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="idempotencykey", name="idempotency_key_once"),
        migrations.RenameField(model_name="idempotencykey", old_name="officer", new_name="appointment"),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(
                fields=["appointment", "endpoint", "key"], name="idempotency_key_once"
            ),
        ),
    ]
