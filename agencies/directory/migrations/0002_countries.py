"""Fills the list of countries. Safe to run again; nothing is removed on the way back."""

from typing import Any

from django.db import migrations

from agencies.directory.countries import rows


def fill(apps: Any, schema_editor: Any) -> None:
    country = apps.get_model("directory", "Country")
    country.objects.bulk_create(
        [country(**row) for row in rows()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["alpha3", "name", "kind"],
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
