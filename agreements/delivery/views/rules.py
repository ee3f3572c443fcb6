"""Pages: how alerts reach the officer. Rules, quiet hours, digests."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.directory.models import Appointment
from agreements.alerts import kinds
from agreements.alerts.choices import Family
from agreements.delivery import actions
from agreements.delivery.deciding import zone_of
from agreements.delivery.forms import PreferenceForm, RuleForm, initial_of
from agreements.delivery.models import Outlet, Preference, Rule
from agreements.delivery.presenting import rows_of
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from agreements.sharing.models import Record
from portal.ui.marking import highest
from portal.ui.refusals import acted, filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def _preference(by: Appointment) -> Preference:
    return Preference.objects.filter(pk=by.officer_id).first() or Preference(officer=by.officer)


@require_GET
def account_panel(request: HttpRequest) -> HttpResponse:
    """A panel on the officer's account: the way to the rules."""
    by = _by(request)
    count = Rule.objects.filter(officer=by.officer_id).count() if by else 0
    return render(request, "delivery/account_panel.html", {"by": by, "count": count})


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """How alerts reach the officer: by what, when not, and which rules decide, in their order."""
    by = _by(request)
    if by is None:
        return redirect("directory:my-account")
    rules = list(Rule.objects.filter(officer=by.officer_id))
    rows = rows_of(rules, access_of(request))
    named = [row.operation for row in rows if row.operation is not None]
    disclose(request, named)
    context = {
        "rows": rows,
        "preference": _preference(by),
        "zone": zone_of(by),
        "gateway": Outlet.objects.filter(agency=by.agency_id, kind="gateway", ended_at=None).exists(),
        "mandatory": _mandatory(),
        "page_marking": highest(named),
    }
    return render(request, "delivery/rule_list.html", context)


def _mandatory() -> list[tuple[str, str]]:
    """What no rule switches off: each family, and the words of its kinds."""
    found: dict[Family, dict[str, None]] = {family: {} for family in Family}
    for kind in kinds.all_kinds():
        if kind.mandatory and kind.mail:
            found[kind.family][kind.label] = None
    return [(str(family.label), ", ".join(labels)) for family, labels in found.items() if labels]


@require_http_methods(["GET", "HEAD", "POST"])
def preference_change(request: HttpRequest) -> HttpResponse:
    """Number, quiet hours and digest hour."""
    by = _by(request)
    if by is None:
        return redirect("directory:my-account")
    row = _preference(by)
    form = PreferenceForm(
        request.POST or None, initial={name: getattr(row, name) for name in PreferenceForm.base_fields}
    )
    work = lambda: actions.change_preference(by=by, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved.")
        return redirect("delivery:rule-list")
    return render(request, "delivery/preference_form.html", {"form": form, "zone": zone_of(by)})


@require_http_methods(["GET", "HEAD", "POST"])
def rule_create(request: HttpRequest) -> HttpResponse:
    """Add a rule."""
    by = _by(request)
    if by is None:
        return redirect("directory:my-account")
    form = RuleForm(request.POST or None, access=access_of(request))
    return _form(request, form, lambda: actions.add_rule(by=by, **form.values), None)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a rule."""
    rule = _rule(request, pk)
    form = RuleForm(request.POST or None, access=access_of(request), initial=initial_of(rule))
    values = lambda: {name: value for name, value in form.values.items() if name != "key"}  # noqa: E731
    return _form(request, form, lambda: actions.change_rule(rule=rule, by=_by(request), **values()), rule)


def _form(request: HttpRequest, form: RuleForm, work: Any, rule: Rule | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and filled(form, work) is not None:
        messages.success(request, "Saved. It holds for alerts from now on.")
        return redirect("delivery:rule-list")
    offered: list[Record] = list(form.fields["operation"].queryset)  # type: ignore[attr-defined]
    disclose(request, offered)
    return render(request, "delivery/rule_form.html", {"form": form, "rule": rule, "page_marking": highest(offered)})


def _rule(request: HttpRequest, pk: uuid.UUID) -> Rule:
    by = _by(request)
    return get_object_or_404(Rule.objects.filter(officer=by.officer_id if by else None), pk=pk)


@require_POST
def rule_move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask it before the one above it."""
    rule = _rule(request, pk)
    work = lambda: actions.move_rule(rule=rule, by=_by(request))  # noqa: E731
    return acted(request, work, "Moved up.", "delivery:rule-list")


@require_POST
def rule_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a rule."""
    rule = _rule(request, pk)
    work = lambda: actions.remove_rule(rule=rule, by=_by(request))  # noqa: E731
    return acted(request, work, "Removed.", "delivery:rule-list")
