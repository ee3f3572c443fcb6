"""What a record cites: a panel, a search for what to cite, and the effect before it is done (R12)."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.citations import actions
from agreements.citations.models import Citation
from agreements.citations.strictest import strictest_rule
from agreements.sharing.actions import records
from agreements.sharing.disclosure import disclose
from agreements.sharing.foresight import foresee_marking
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.views.door import by_of, now_of, own_or_refused, record_or_404, visible
from portal.ui.marking import highest
from portal.ui.refusals import acted

FOUND = 20


@require_GET
def record_citations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What it cites, as far as the reader sees that; its owner's officers cite more and take citations out."""
    record, by = record_or_404(request, pk), by_of(request)
    rows = list(Citation.objects.visible_to(access_of(request)).filter(record=record).select_related("source__owner"))
    shown = [record, *(row.source for row in rows)]
    disclose(request, shown)
    context = {
        "record": record,
        "rows": rows,
        "writes": record.owner_id in by.agencies and by.may(Permission.RECORD_RELEASE),
        "page_marking": highest(shown),
    }
    return render(request, "citations/record_citations.html", context)


@requires(Permission.RECORD_RELEASE)
def cite(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Search, choose, see what it changes, cite."""
    record = record_or_404(request, pk)
    own_or_refused(request, record, "change")
    words = request.GET.get("q", "").replace("\x00", "").strip()
    found = _found(request, record, words)
    chosen = _chosen(request, record)
    if request.method == "POST":
        if chosen is None:
            raise Http404
        work = lambda: actions.cite(record=record, source=chosen, by=by_of(request))  # noqa: E731
        said = f"It cites “{chosen.title}” now, and is marked as strictly."
        return acted(request, work, said, "sharing:record-detail", pk)
    shown = [record, *found, *([chosen] if chosen else [])]
    disclose(request, shown)
    context = {
        "record": record,
        "found": found,
        "q": words,
        "chosen": chosen,
        **(_effect(request, record, chosen) if chosen else {}),
        "page_marking": highest(shown),
    }
    return render(request, "citations/cite.html", context)


def _found(request: HttpRequest, record: Record, words: str) -> list[Record]:
    """The newest records with these words that the officer sees and that are not cited yet."""
    if not words:
        return []
    cited = Citation.objects.filter(record=record).values("source")
    rows = visible(request).matching(words).exclude(pk=record.pk).exclude(pk__in=cited)
    return list(rows.select_related("owner__country").newest(FOUND))


def _chosen(request: HttpRequest, record: Record) -> Record | None:
    text = request.POST.get("source") or request.GET.get("source", "")
    try:
        key = uuid.UUID(text)
    except ValueError:
        return None
    return visible(request).select_related("owner__country").exclude(pk=record.pk).filter(pk=key).first()


def _effect(request: HttpRequest, record: Record, source: Record) -> dict[str, Any]:
    """The marking that it would take, who would lose it by that, and how its content may go on."""
    marking = actions.marking_after(record, source)
    rule = strictest_rule(record.onward, actions.rule_of(source, by_of(request)))
    return {
        "marking": marking,
        "same": marking == records.marking_of(record),
        "effect": foresee_marking(record=record, marking=marking, at=now_of(request)),
        "rule": rule.label,
    }


@requires(Permission.RECORD_RELEASE)
@require_POST
def uncite(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a citation out."""
    row = get_object_or_404(Citation.objects.visible_to(access_of(request)).select_related("record"), pk=pk)
    work = lambda: actions.uncite(citation=row, by=by_of(request))  # noqa: E731
    said = "Taken out. Its marking stays as it is: mark it anew if it permits less strict terms."
    return acted(request, work, said, "sharing:record-detail", row.record_id)
