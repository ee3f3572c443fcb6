"""Support works with totals and with keys it is given, and reads no content (R5)."""

import uuid
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from agreements.oversight import support
from agreements.sharing.models import Record, Release
from portal.audit.models import Entry
from tests.conftest import Cast
from tests.doors.asking import text_of
from tests.doors.world import WORD

TERMS = {"operator": "Rita", "reason": "Ticket 12"}


def told(*keys: Any, **options: str) -> str:
    out = StringIO()
    call_command("support", *map(str, keys), stdout=out, **(options or TERMS))
    return out.getvalue()


def test_a_key_is_told_by_kind_owner_and_last_change_alone(cast: Cast, world: list[Record]) -> None:
    for record in world:
        answer = told(record.pk)
        assert f"{record.pk}  {record.kind}  {record.owner.short}  version {record.version}  last change" in answer
        assert WORD not in answer.lower()
        assert record.author.officer.full_name not in answer
    release = Release.objects.filter(clause__isnull=False).first()
    assert f"release  {release.provider.short}" in told(release.pk)
    assert f"agreement  {cast.a1.short}" in told(cast.art7.agreement_id)
    assert "officer  of no agency" in told(cast.xenia.officer_id)
    assert cast.xenia.officer.full_name not in told(cast.xenia.pk)


def test_totals_tell_numbers(cast: Cast, world: list[Record]) -> None:
    answer = told()
    assert WORD not in answer.lower()
    patrols = sum(record.kind == "patrol" for record in world)
    assert f"{patrols:>10,}  records: patrols\n" in answer
    assert f"{len(world):>10,}  records\n" in answer
    assert f"{len(cast.people) + 1:>10,}  officers\n" in answer


def test_each_look_up_stands_in_the_ledger_where_the_owner_reads_it(cast: Cast, world: list[Record], as_: Any) -> None:
    record, unknown = next(row for row in world if row.title == f"Kept {WORD}"), uuid.uuid4()
    before = told(record.pk)
    assert "nothing here has this key" in told(unknown)
    entries = Entry.objects.filter(verb=support.LOOKED_UP).order_by("seq")
    assert [(row.subject_kind, row.subject_id, row.data) for row in entries] == [
        ("report", str(record.pk), {"operator": "Rita", "reason": "Ticket 12", "found": True}),
        ("", str(unknown), {"operator": "Rita", "reason": "Ticket 12", "found": False}),
    ]
    assert "support look up" in text_of(as_(cast.ada).get(f"/oversight/records/{record.pk}/"))
    # Having been looked up is no change.
    assert told(record.pk) == before


@pytest.mark.parametrize("options", [{"operator": "Rita"}, {"reason": "Ticket 12"}, {"operator": " ", "reason": " "}])
def test_not_without_who_and_why(cast: Cast, options: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="who looks it up, and why"):
        told(uuid.uuid4(), **options)
    assert not Entry.objects.filter(verb=support.LOOKED_UP).exists()


def test_words_and_long_lists_are_no_keys(db: None) -> None:
    with pytest.raises(CommandError, match="Give keys"):
        told(WORD)
    with pytest.raises(CommandError, match="50 keys at most"):
        told(*(uuid.uuid4() for _ in range(support.MOST + 1)))


def test_there_is_no_other_way_in_for_administrators(cast: Cast, world: list[Record], as_: Any) -> None:
    """No admin site over the tables, and no permission of Django's that opens one: a superuser is nobody here."""
    assert not [name for name in settings.INSTALLED_APPS if "admin" in name.lower()]
    assert not apps.is_installed("django.contrib.admin")
    cast.rita.user_permissions.set(Permission.objects.all())
    client = as_(cast.rita)
    for record in world[:5]:
        assert not cast.rita.has_perm("sharing.view_record", record)
        for address in (f"/records/{record.pk}/", f"/records/{record.pk}/why/", f"/api/v1/records/{record.pk}/"):
            assert client.get(address).status_code in (403, 404)
    for address in ("/admin/", "/records/", "/", "/api/v1/records/"):
        assert WORD not in text_of(client.get(address)).lower()
