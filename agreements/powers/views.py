"""Pages of powers: look one up, read and record those of an article, confirm them, put them into words."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.models import Agency, Appointment, Country
from agencies.directory.roles import Permission
from agreements.powers import actions, reading
from agreements.powers.asking import LookupForm
from agreements.powers.cards import card
from agreements.powers.forms import PowerForm, TextForm, initial_of
from agreements.powers.models import Power
from agreements.powers.parts import Card
from agreements.powers.printing import printed, validity_of
from agreements.register.actions import is_keeper
from agreements.register.models import Agreement, Clause
from portal.audit import recording
from portal.ui.refusals import acted, filled


def _by(request: HttpRequest) -> Appointment:
    return request.appointment  # type: ignore[attr-defined, no-any-return]


def zone_of(by: Appointment) -> ZoneInfo:
    """The zone in which the officer reads and prints."""
    return ZoneInfo(by.officer.time_zone or by.agency.time_zone)


def _looked_up(request: HttpRequest) -> tuple[LookupForm, Card | None]:
    by, now = _by(request), request.now  # type: ignore[attr-defined]
    known = reading.states_for(by, now)
    form = LookupForm(
        request.GET, countries=Country.objects.filter(pk__in=[c.pk for c in known]), own=by.agency.country_id
    )
    if not form.is_valid() or not form.cleaned_data["host"] or not form.cleaned_data["actor"]:
        return form, None
    two = (form.cleaned_data["actor"], form.cleaned_data["host"])
    return form, card(by, two, form.asked(), now, zone_of(by), pairs=[two])


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """What officers of one state may do in another, on a day, over a border: all in the address."""
    form, found = _looked_up(request)
    context = {
        "form": form,
        "card": found,
        "pair": found.pairs[0] if found else None,
        "validity": validity_of(found, zone_of(_by(request))) if found else "",
        "as_of": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "powers/lookup.html", context)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def lookup_print(request: HttpRequest) -> HttpResponse:
    """The same card as PDF/A."""
    form, found = _looked_up(request)
    if found is None:
        context = {"form": form, "card": None, "as_of": request.now}  # type: ignore[attr-defined]
        return render(request, "powers/lookup.html", context, status=400)
    by, pair = _by(request), found.pairs[0]
    subject = f"{pair.actor.pk} → {pair.host.pk}"
    recording.record(verb="powers.print", by=by, subject_kind="powers", data={"pair": subject, "day": found.day})
    name = f"powers-{pair.actor.pk}-{pair.host.pk}-{found.day}".lower()
    return printed(found, by, zone_of(by), subject=subject, marking=None, name=name)


def _agreement(request: HttpRequest, pk: uuid.UUID) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(_by(request)), pk=pk)


@requires(Permission.AGREEMENT_VIEW)
def agreement_powers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the articles of an agreement let officers do, and what waits for the own country (a panel)."""
    agreement, by = _agreement(request, pk), _by(request)
    found = reading.of_agreement(agreement, by)
    own, party = by.agency.country_id, agreement.parties.filter(country=by.agency.country_id).exists()
    waiting = {row.pk for row in actions.outstanding(agreement, own)} if party else set()
    context = {
        "agreement": agreement,
        "entries": found,
        "waiting": [entry for entry in found if entry.row.pk in waiting and not entry.replaced],
        "clauses": agreement.clauses.all() if is_keeper(agreement, by) else [],
        "may_confirm": party and by.may(Permission.AGREEMENT_CONFIRM),
        "neighbours": [p for p in agreement.parties.select_related("country") if party and p.country_id != own][:12],
        "own": own,
        "as_of": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "powers/agreement_powers.html", context)


@requires(Permission.AGREEMENT_CONFIRM)
@require_POST
def powers_confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stand behind powers for the own country (R22)."""
    agreement, by = _agreement(request, pk), _by(request)
    keys = set(request.POST.getlist("power"))
    chosen = [row for row in actions.outstanding(agreement, by.agency.country_id) if str(row.pk) in keys]
    work = lambda: actions.confirm_powers(agreement=agreement, by=by, powers=chosen)  # noqa: E731
    return acted(request, work, "Confirmed.", "register:agreement-detail", pk)


def _power(request: HttpRequest, pk: uuid.UUID) -> Power:
    rows = Power.objects.visible_to(_by(request)).with_sides().prefetch_related("confirmations", "texts")
    return get_object_or_404(rows, pk=pk)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def power_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One entry: its sentence, who stands behind it, its texts, what it replaces and what replaces it."""
    row, by = _power(request, pk), _by(request)
    context = {
        "entry": reading.entries([row], by)[0],
        "power": row,
        "agreement": row.agreement,
        "heirs": Power.objects.visible_to(by).filter(replaces=row).with_sides(),
        "keeps": is_keeper(row.agreement, by),
        "as_of": request.now,  # type: ignore[attr-defined]
    }
    return render(request, "powers/power_detail.html", context)


@requires(Permission.AGREEMENT_DRAFT)
def power_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record what an article says; first read the sentence that it makes."""
    rows = Clause.objects.filter(agreement__in=Agreement.objects.visible_to(_by(request)))
    clause = get_object_or_404(rows.select_related("agreement"), pk=pk)
    return _recorded(request, clause, None)


@requires(Permission.AGREEMENT_DRAFT)
def power_correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct an entry by a new one that replaces it, once both states stand behind that (R22)."""
    row = _power(request, pk)
    return _recorded(request, row.clause, row)


def _recorded(request: HttpRequest, clause: Clause, corrects: Power | None) -> HttpResponse:
    by, agreement = _by(request), clause.agreement
    initial = initial_of(corrects) if corrects else {}
    form = PowerForm(request.POST or None, agreement=agreement, corrects=corrects, initial=initial)
    context: dict[str, Any] = {"form": form, "clause": clause, "agreement": agreement, "corrects": corrects}
    if request.method == "POST" and form.is_valid():
        values = {**form.values(), "replaces": corrects}
        if "preview" in request.POST:
            row = filled(form, lambda: _previewed(clause, agreement, by, values))
            if row is not None:
                found = reading.ruled_alone(reading.rule_of(row, {}))
                context |= {"sentence": reading.sentence_of(row), "ruling": found, "narrows": actions.narrows(row)}
        elif filled(form, lambda: actions.record_power(clause=clause, by=by, **values)) is not None:
            said = "Recorded. It takes away at once, and permits once both states stand behind it."
            messages.success(request, said)
            return redirect("register:agreement-detail", pk=agreement.pk)
    return render(request, "powers/power_form.html", context)


def _previewed(clause: Clause, agreement: Agreement, by: Appointment, values: dict[str, Any]) -> Power:
    """The entry as it would be, checked as the action checks it, and not saved."""
    kept = {name: value for name, value in values.items() if name != "key"}
    row = Power(clause=clause, recorded_for=by.agency.country, recorded_at=timezone.now(), **kept)
    actions.check(row, agreement)
    return row


@requires(Permission.AGREEMENT_DRAFT)
def text_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put an entry into the words of a language."""
    row, by = _power(request, pk), _by(request)
    spoken = {
        code
        for codes in Agency.objects.filter(country__in=row.agreement.parties.values("country")).values_list(
            "languages", flat=True
        )
        for code in codes
    }
    form = TextForm(request.POST or None, languages=spoken, initial={"language": request.GET.get("lang", "")})
    if request.method == "POST" and form.is_valid():
        step = lambda: actions.put_into_words(power=row, by=by, **form.cleaned_data)  # noqa: E731
        if filled(form, step) is not None:
            messages.success(request, "Recorded.")
            return redirect("powers:power-detail", pk=pk)
    context = {"form": form, "power": row, "agreement": row.agreement, "sentence": reading.sentence_of(row)}
    return render(request, "powers/text_form.html", context)
