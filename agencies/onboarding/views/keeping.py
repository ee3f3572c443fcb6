"""Pages of an agency: whom to call for what, in which language; for which agreements it is named; its task list."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies.directory.access import requires
from agencies.directory.acquaintance import known_to
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency
from agencies.directory.roles import Permission
from agencies.onboarding import designations, tasks
from agencies.onboarding.actions import contacts
from agencies.onboarding.choices import LANGUAGE_NAMES, Function, Level, Task
from agencies.onboarding.forms import ContactForm, LanguagesForm
from agencies.onboarding.views.parts import agency_or_404, by_of, kept_or_403, now_of
from portal.ui.refusals import acted, filled


@requires(Permission.DIRECTORY_VIEW)
def contact_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whom to call for each function, for agencies that share an agreement or an operation with it (R18)."""
    agency, by, at = agency_or_404(pk), by_of(request), now_of(request)
    manages = may_manage(agency, by)
    if not (manages or agency.pk in by.agencies or agency.pk in known_to(by, at)):
        raise Http404
    levels = {level.value: level.label[0].lower() + level.label[1:] for level in Level}
    tongues = [
        (LANGUAGE_NAMES.get(code, code), levels.get(agency.language_levels.get(code, ""), ""))
        for code in agency.languages
    ]
    keeps = manages and Agency.objects.kept().filter(pk=agency.pk).exists()
    context = {
        "agency": agency,
        "rows": contacts.reached(agency, at),
        "manages": keeps,
        "tongues": tongues,
        "as_of": at,
    }
    return render(request, "onboarding/contact_list.html", context)


def _function(name: str) -> Function:
    if name not in Function.values:
        raise Http404
    return Function(name)


@requires(Permission.AGENCY_MANAGE)
def contact_change(request: HttpRequest, pk: uuid.UUID, function: str) -> HttpResponse:
    """How one function is reached: the earlier contact ends, this one begins."""
    agency, by, chosen = kept_or_403(request, pk), by_of(request), _function(function)
    row = agency.contacts.current().filter(function=chosen).first()
    names = ("telephone", "mail", "days", "opens", "closes", "languages")
    form = ContactForm(
        request.POST or None, agency=agency, initial={name: getattr(row, name) for name in names} if row else None
    )
    if request.method == "POST" and form.is_valid():
        work = lambda: contacts.set_contact(agency=agency, function=chosen, by=by, **form.cleaned_data)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, f"{chosen.label}: saved, as tried today.")
            return redirect("onboarding:contact-list", pk=pk)
    context = {
        "form": form,
        "agency": agency,
        "heading": chosen.label,
        "word": "Save",
        "note": "Partners that share an agreement or an operation with you read it. Name no person.",
    }
    return render(request, "directory/administration_form.html", context)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def contact_verify(request: HttpRequest, pk: uuid.UUID, function: str) -> HttpResponse:
    agency = kept_or_403(request, pk)
    name = function if function == "desk" else _function(function).value
    work = lambda: contacts.verify(agency=agency, function=name, by=by_of(request))  # noqa: E731
    return acted(request, work, "Noted: it was tried today.", "onboarding:contact-list", pk)


@requires(Permission.AGENCY_MANAGE)
@require_POST
def contact_end(request: HttpRequest, pk: uuid.UUID, function: str) -> HttpResponse:
    agency, chosen = kept_or_403(request, pk), _function(function)
    row = agency.contacts.current().filter(function=chosen).select_related("agency").first()
    if row is None:
        raise Http404
    work = lambda: contacts.end_contact(contact=row, by=by_of(request))  # noqa: E731
    return acted(request, work, f"{chosen.label}: the duty desk answers now.", "onboarding:contact-list", pk)


@requires(Permission.AGENCY_MANAGE)
def agency_languages(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """In which languages partners are answered, and how well."""
    agency, by = kept_or_403(request, pk), by_of(request)
    form = LanguagesForm(request.POST if request.method == "POST" else None, agency=agency)
    if request.method == "POST" and form.is_valid():
        work = lambda: contacts.set_languages(agency=agency, levels=form.levels, by=by)  # noqa: E731
        if filled(form, work) is not None:
            messages.success(request, "Saved.")
            return redirect("onboarding:contact-list", pk=pk)
    context = {"form": form, "agency": agency, "heading": "Languages", "word": "Save"}
    return render(request, "directory/administration_form.html", context)


@requires(Permission.DIRECTORY_VIEW)
def agency_designations(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For which agreements it is named, of those that the reader may know (R23), and for whom that waits (R22)."""
    agency, by, at = agency_or_404(pk), by_of(request), now_of(request)
    context = {
        "agency": agency,
        "rows": designations.standing(agency, by, at),
        "could": designations.could_be_named(agency, by, at),
        "as_of": at,
    }
    return render(request, "onboarding/agency_designations.html", context)


@requires(Permission.AGENCY_MANAGE)
def setup(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The task list: what is entered, what is missing, what cannot be done yet."""
    agency, by, at = kept_or_403(request, pk), by_of(request), now_of(request)
    steps = tasks.steps(agency, by, at)
    done = sum(step.progress == "done" for step in steps)
    context = {"agency": agency, "steps": steps, "done": done, "of": len(steps), "as_of": at}
    return render(request, "onboarding/agency_setup.html", context)


@requires(Permission.AGENCY_MANAGE)
def setup_task(request: HttpRequest, pk: uuid.UUID, task: str) -> HttpResponse:
    """To the page of a task, noting that it was looked at."""
    agency, chosen = kept_or_403(request, pk), _task(task)
    contacts.look(agency=agency, task=chosen, by=by_of(request))
    return redirect(tasks.address(agency, chosen))


@requires(Permission.AGENCY_MANAGE)
@require_POST
def setup_settle(request: HttpRequest, pk: uuid.UUID, task: str) -> HttpResponse:
    """There is no more to enter for a task, or there is after all."""
    agency, chosen = kept_or_403(request, pk), _task(task)
    settled = request.POST.get("settled") != "no"
    work = lambda: contacts.settle(agency=agency, task=chosen, by=by_of(request), settled=settled)  # noqa: E731
    return acted(request, work, "Noted.", "onboarding:agency-setup", pk)


def _task(name: str) -> Task:
    if name not in Task.values:
        raise Http404
    return Task(name)
