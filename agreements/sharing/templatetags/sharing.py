"""`{% record_panels record %}` on a record's page; `{% audience_line form "patrol" operation %}` in its form."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.http import QueryDict

from agreements.sharing.compartments import compartments_of
from agreements.sharing.disclosure import openings_by_agency
from agreements.sharing.foresight import foresee
from agreements.sharing.forms import MARKING, AudienceQuestion
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from agreements.sharing.policy import decide
from agreements.sharing.presenting import panels_of

register = template.Library()


@register.inclusion_tag("sharing/record_panels.html", takes_context=True)
def record_panels(context: dict[str, Any], record: Record) -> dict[str, Any]:
    """Who sees this, for its owner; why do I see this, for everybody else."""
    request = context["request"]
    panels = panels_of(record, access_of(request))
    return {"panels": panels, "record": record, "request": request, "as_of": request.now}


@register.inclusion_tag("sharing/recall_note.html")
def recall_note(record: Record, what: str) -> dict[str, Any]:
    """Beside a step of the owner: which agencies opened the record, and are told that it was `what` (R16)."""
    return {"agencies": list(dict.fromkeys(row["agency"] for row in openings_by_agency(record))), "what": what}


@register.inclusion_tag("sharing/audience_live.html", takes_context=True)
def audience_line(
    context: dict[str, Any], form: BaseForm, kind: str, operation: Record | None = None
) -> dict[str, Any]:
    """Who will read what the form makes: worked out for its present values, and again whenever they change.

    `operation`: that of the page, if the form has no field of that name.
    """
    request = context["request"]
    access = access_of(request)
    if access.appointment is None:
        return {"audience": None, "kind": kind, "operation": None}
    if operation is not None and not decide(access, operation):
        # Its key would tell of it, and nothing goes out in what the officer does not see (R17).
        operation = None
    asked = AudienceQuestion(
        _values(form, kind, operation),
        by=access.appointment,
        operations=Record.objects.visible_to(access),
        compartments=compartments_of(access.appointment, access.at),
    )
    line = None
    if asked.is_valid():
        values = asked.cleaned_data
        line = foresee(
            by=access.appointment,
            operation=values["operation"],
            kind=kind,
            marking=asked.marking(),
            photographs=values["photographs"],
            compartment=values["compartment"],
            at=access.at,
        )
    return {"audience": line, "kind": kind, "operation": operation, "names": ",".join(_NAMES)}


_NAMES = (*MARKING, "limit_countries", "operation", "kind", "photographs", "compartment")


def _values(form: BaseForm, kind: str, operation: Record | None) -> QueryDict:
    """What the form holds now, as the browser would send it."""
    data = QueryDict(mutable=True)
    for name in _NAMES:
        if name in form.fields:
            value = form[name].value()
            values = value if isinstance(value, list | tuple) else [value]
            data.setlist(name, [str(getattr(each, "pk", each)) for each in values if each not in (None, "", False)])
    data["kind"] = kind
    if operation is not None:
        data["operation"] = str(operation.pk)
    return data
