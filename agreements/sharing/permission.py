"""The one permission that access rows carry: to view a record. Everything else is a role's or the owner's."""

from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from agreements.sharing.models import Record


def view_record() -> Permission:
    """The row of `sharing.view_record`, without asking the database each time."""
    record = ContentType.objects.get_for_model(Record)
    return Permission(pk=_key(record.pk), codename="view_record", content_type=record)


@cache
def _key(content_type: int) -> int:
    return Permission.objects.get(content_type=content_type, codename="view_record").pk
