"""Sign for the own side, take a signature back; read a side's own statement."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from agencies.directory.access import requires
from agencies.directory.roles import Permission
from agreements.sharing.disclosure import disclose
from agreements.sharing.middleware import access_of
from operations.joint import lifecycle
from operations.joint.actions import signing
from operations.joint.choices import Decision, State
from operations.joint.forms.reports import SignForm
from operations.joint.models import JointReport, Statement
from operations.joint.presenting import report_view
from operations.joint.views.common import report_or_404
from operations.patrols import rights
from operations.patrols.views.reach import by_of, seen
from portal.ui.errors import Refused
from portal.ui.marking import highest
from portal.ui.refusals import acted, placed_or_raised, require

DETAIL = "joint:report-detail"


@requires(Permission.PATROL_RUN)
def report_sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the text once more as it will be signed; confirm it, or record the own statement."""
    row, by = report_or_404(request, pk), by_of(request)
    view = report_view(row, access_of(request))
    form = SignForm(request.POST or None, initial={"seen": view.digest, "decision": Decision.CONFIRMS})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        device = form.device_of(request.headers.get("user-agent", ""))
        try:
            signing.sign(
                report=row, by=by, seen=data["seen"], decision=data["decision"], statement=data["statement"],
                device=device,
            )  # fmt: skip
        except Refused as refused:
            placed_or_raised(form, refused)
        else:
            messages.success(request, _said(row))
            return redirect(DETAIL, pk=pk)
    require(lifecycle.may(row.state, "sign"), lifecycle.SAYS[State(row.state)])
    require(view.own is not None, "Your agency is no side of it.")
    require(view.own is None or view.own.signature is None, "Your side has signed already.")
    require(view.steps["sign"], rights.NOT_ASSIGNED)
    disclose(request, [row.record, *view.shown])
    context = {
        "form": form,
        "row": row,
        "record": row.record,
        "view": view,
        "page_marking": highest([row.record, *view.shown]),
    }
    return render(request, "joint/report_sign.html", context)


def _said(row: JointReport) -> str:
    state = JointReport.objects.filter(pk=row.pk).values_list("state", flat=True).first()
    if state == State.SEALED:
        return "Signed. All have: your agency has its sealed copy."
    return "Signed. The other sides are asked, or were already."


@requires(Permission.PATROL_RUN)
@require_POST
def report_take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = report_or_404(request, pk)
    work = lambda: signing.take_back(report=row, by=by_of(request))  # noqa: E731
    return acted(request, work, "Taken back: your side has not signed.", DETAIL, pk)


@requires(Permission.PATROL_VIEW)
@require_GET
def statement_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a side states on its own. Its page works alone when its host is hidden (R23)."""
    rows = Statement.objects.visible_to(access_of(request)).select_related("record__author__officer")
    row = get_object_or_404(rows, pk=pk)
    host = seen(request, row.record.host_id)
    disclose(request, [row.record, *([host] if host else [])], opened=row.record)
    context = {"row": row, "record": row.record, "host": host, "page_marking": highest([row.record])}
    return render(request, "joint/statement_detail.html", context)
