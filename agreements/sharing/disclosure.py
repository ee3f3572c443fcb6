"""What the ledger must know when a response shows records (R29): each with the release and clause it came by."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import ProgrammingError
from django.db.models import F
from django.http import Http404, HttpRequest

from agreements.sharing.middleware import access_of
from agreements.sharing.models import Opening, Record, Release
from agreements.sharing.policy import Access
from portal.audit import recording


def items_of(access: Access, records: Iterable[Record]) -> list[dict[str, Any]]:
    """One item for each record, in one query. Own records have neither release nor clause."""
    rows = {record.pk: record for record in records}
    found: dict[object, list[Release]] = defaultdict(list)
    foreign = [key for key, record in rows.items() if not access.owns(record.owner_id)]
    for release in Release.objects.standing().filter(content_object__in=foreign) if foreign else ():
        found[release.content_object_id].append(release)
    items = []
    for key in rows:
        live = [release for release, _ in access.grounds(found[key])]
        first = min(live, key=lambda release: release.released_at, default=None)
        items.append({"record": key, "release": first and first.pk, "clause": first and first.clause_id})
    return items


def disclose(request: HttpRequest, records: Iterable[Record], *, opened: Record | None = None) -> None:
    """Write the one entry of this response; the open page asks later whether it may still show these.

    `opened` is the record whose own page it is (R18).
    """
    access, records = access_of(request), list(records)
    request.shown = [*getattr(request, "shown", ()), *(record.pk for record in records)]  # type: ignore[attr-defined]
    recording.disclose(by=access.appointment, items=items_of(access, records))
    if opened is not None:
        note_opening(access, opened)


def note_opening(access: Access, record: Record) -> None:
    """Remember that an officer of another agency opened the record: its owner may ask (R16, R18). Raises Http404 if
    the record was taken away meanwhile."""
    if access.appointment is None or access.owns(record.owner_id):
        return
    row = {"record": record, "appointment": access.appointment}
    try:
        Opening.objects.bulk_create(
            [Opening(**row, first_at=access.at, last_at=access.at)],
            update_conflicts=True,
            unique_fields=["record", "appointment"],
            update_fields=["last_at"],
        )
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        # Taken away while this request was at work: it is not there any more, as for the next one (R13).
        raise Http404 from None


def openings_by_agency(record: Record) -> list[dict[str, Any]]:
    """Which agencies opened it, by function only, and when last: for its owner (R18)."""
    rows = record.openings.select_related("appointment__agency__country").order_by(F("last_at").desc(), "-pk")
    return [
        {"agency": row.appointment.agency, "function": row.appointment.function, "last_at": row.last_at} for row in rows
    ]
