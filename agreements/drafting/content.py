"""All that a draft says, as plain values: what is approved must be exactly what is put to the parties.

Read from the models themselves, so that a field that is added to them is part of what is approved.
"""

from typing import Any

from django.db import models

from agreements.drafting.statuses import digest_of, steps_of
from agreements.register.models import Agreement

# When and by whom it was written down is not what it says; who may read the draft is not either.
STAMPS = frozenset(
    {"recorded_at", "recorded_by", "recorded_for", "registered_at", "created_at", "drafted_by", "invited"}
)


def values_of(row: models.Model) -> dict[str, Any]:
    """Every field and every link of a row, but for its stamps."""
    meta = row._meta
    found = {f.name: f.value_from_object(row) for f in meta.concrete_fields if f.name not in STAMPS}
    for link in meta.many_to_many:
        if link.name not in STAMPS:
            found[link.name] = sorted(str(other.pk) for other in getattr(row, link.name).all())
    return found


def everything(agreement: Agreement) -> dict[str, Any]:
    """The head, every fact that hangs from it in the register, and what the tasks of other rooms hold."""
    found: dict[str, Any] = {"agreement": values_of(agreement)}
    for relation in Agreement._meta.related_objects:
        model: Any = relation.related_model
        if model._meta.app_label != "register" or relation.field.name != "agreement":
            continue
        links = [link.name for link in model._meta.many_to_many]
        rows = model._default_manager.filter(agreement=agreement).prefetch_related(*links)
        found[model._meta.label] = [values_of(row) for row in rows.order_by("pk")]
    found["tasks"] = {step.task.name: step.found.content for step in steps_of(agreement) if step.task.binds}
    return found


def digest(agreement: Agreement) -> str:
    return digest_of(everything(agreement))
