"""The editor: the draft, a type of it, a field. One thing to a page, and nobody types JSON."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from operations.types import actions, definitions, presenting
from operations.types.definitions import Type
from operations.types.forms.editing import FieldForm, SchemaForm, TypeForm
from operations.types.models import Catalogue
from operations.types.views.door import (
    by_of,
    draft_or_404,
    field_or_404,
    languages_for,
    operation_or_404,
    revision_of,
    type_or_404,
)
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised

PLAN = Permission.OPERATION_PLAN
STEPS = ("up", "down", "remove")


@requires(PLAN)
@require_POST
def draft_begin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin a draft, or go on with the one that there is."""
    operation, by = operation_or_404(request, pk), by_of(request)
    try:
        actions.begin(operation=operation, by=by)
    except Refused as refused:
        raise PermissionDenied(refused.message) from refused
    return redirect("types:draft-detail", pk=pk)


def _shown(request: HttpRequest, template: str, operation: Any, row: Catalogue, **more: Any) -> HttpResponse:
    disclose(request, [operation])
    context = {"operation": operation, "row": row, "page_marking": highest([operation]), **more}
    return render(request, template, context)


@requires(PLAN)
def draft_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The draft's types in order, and how they will look."""
    operation, row = draft_or_404(request, pk)
    previews = presenting.previews(row.read, presenting.languages_of(by_of(request)))
    return _shown(request, "types/draft_detail.html", operation, row, previews=previews, form=SchemaForm())


@requires(PLAN)
@require_POST
def draft_publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _, row = draft_or_404(request, pk)
    work = lambda: actions.publish(catalogue=row, revision=revision_of(request), by=by_of(request))  # noqa: E731
    said = "Published. Devices fetch it at their next contact; what was logged keeps its version."
    return _to_page(request, work, said, pk)


@requires(PLAN)
@require_POST
def draft_drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _, row = draft_or_404(request, pk)
    return _to_page(request, lambda: actions.drop(catalogue=row, by=by_of(request)), "The draft is dropped.", pk)


def _to_page(request: HttpRequest, work: Callable[[], Any], said: str, pk: uuid.UUID) -> HttpResponse:
    try:
        work()
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("types:draft-detail", pk=pk)
    messages.success(request, said)
    return redirect("types:catalogue", pk=pk)


@requires(PLAN)
def schema_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the types of a file in place of the draft's."""
    operation, row = draft_or_404(request, pk)
    form = SchemaForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _changed(request, row, form, form.cleaned_data["schema"]):
        messages.success(request, f"{len(form.cleaned_data['schema'])} types taken from the file.")
        return redirect("types:draft-detail", pk=pk)
    return _shown(request, "types/schema_import.html", operation, row, form=form)


def _changed(request: HttpRequest, row: Catalogue, form: Any, types: Sequence[Type]) -> bool:
    """Whether the draft now has these types; the refusal is at the form otherwise."""
    try:
        actions.change(catalogue=row, revision=revision_of(request), by=by_of(request), types=types)
    except Refused as refused:
        placed_or_raised(form, refused)
        return False
    return True


@requires(PLAN)
def type_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    operation, row = draft_or_404(request, pk)
    form = TypeForm(request.POST or None, languages=languages_for(request, operation))
    if request.method == "POST" and form.is_valid():
        made = form.result(row.read)
        if _changed(request, row, form, definitions.put_type(row.read, made)):
            return redirect("types:type-change", pk=pk, key=made.key)
    return _shown(request, "types/type_form.html", operation, row, form=form)


@requires(PLAN)
def type_change(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """A type's names, and its fields in order."""
    operation, row = draft_or_404(request, pk)
    made = type_or_404(row, key)
    form = TypeForm(request.POST or None, made=made, languages=languages_for(request, operation))
    if request.method == "POST" and form.is_valid():
        changed = form.result(row.read)
        if _changed(request, row, form, definitions.put_type(row.read, changed, key)):
            messages.success(request, "Saved in the draft.")
            return redirect("types:type-change", pk=pk, key=key)
    previews = presenting.previews([made], presenting.languages_of(by_of(request)))
    return _shown(request, "types/type_form.html", operation, row, form=form, type=made, previews=previews)


@requires(PLAN)
@require_POST
def type_move(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Up, down, or out."""
    _, row = draft_or_404(request, pk)
    made = type_or_404(row, key)
    step = _step(request)
    types = definitions.moved(row.read, key, step)
    work = lambda: actions.change(  # noqa: E731
        catalogue=row, revision=revision_of(request), by=by_of(request), types=types
    )
    return acted(request, work, _said(presenting.name_of(made), step), "types:draft-detail", pk)


def _step(request: HttpRequest) -> str:
    step = request.POST.get("step", "")
    return step if step in STEPS else "up"


def _said(name: str, step: str) -> str:
    return f"“{name}” is taken out." if step == "remove" else f"“{name}” is moved {step}."


@requires(PLAN)
def field_create(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    operation, row = draft_or_404(request, pk)
    made = type_or_404(row, key)
    form = FieldForm(request.POST or None, languages=languages_for(request, operation))
    if request.method == "POST" and form.is_valid():
        changed = made.with_field(form.result(made.fields))
        if _changed(request, row, form, definitions.put_type(row.read, changed, key)):
            return redirect("types:type-change", pk=pk, key=key)
    return _shown(request, "types/field_form.html", operation, row, form=form, type=made)


@requires(PLAN)
def field_change(request: HttpRequest, pk: uuid.UUID, key: str, field: str) -> HttpResponse:
    operation, row = draft_or_404(request, pk)
    made = type_or_404(row, key)
    old = field_or_404(made, field)
    form = FieldForm(request.POST or None, made=old, languages=languages_for(request, operation))
    if request.method == "POST" and form.is_valid():
        changed = made.with_field(form.result(made.fields), field)
        if _changed(request, row, form, definitions.put_type(row.read, changed, key)):
            return redirect("types:type-change", pk=pk, key=key)
    return _shown(request, "types/field_form.html", operation, row, form=form, type=made, field=old)


@requires(PLAN)
@require_POST
def field_move(request: HttpRequest, pk: uuid.UUID, key: str, field: str) -> HttpResponse:
    _, row = draft_or_404(request, pk)
    made = type_or_404(row, key)
    old, step = field_or_404(made, field), _step(request)
    changed = definitions.replace(made, fields=definitions.moved(made.fields, field, step))
    types = definitions.put_type(row.read, changed, key)
    work = lambda: actions.change(  # noqa: E731
        catalogue=row, revision=revision_of(request), by=by_of(request), types=types
    )
    return acted(request, work, _said(definitions.said(old.labels)[0], step), "types:type-change", pk, key)
