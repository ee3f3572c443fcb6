"""What home tells an auditor: until when the ledger is sealed, and the agency's last entries."""

from datetime import timedelta

from django.http import HttpRequest

from agencies.directory.roles import Permission
from agreements.oversight import reading
from agreements.oversight.presenting import Reader
from agreements.sharing.middleware import access_of
from portal.audit.models import Head
from portal.ui import home

MOST = 8
# The sealer runs each second: what is older than this and not sealed means that it does not run.
PATIENCE = timedelta(minutes=1)


def register() -> None:
    home.register(
        home.Card(
            "oversight.ledger",
            "Ledger",
            "journal-check",
            "oversight/home_ledger.html",
            _ledger,
            order=3,
            permission=Permission.LEDGER_VIEW,
        )
    )


def _ledger(request: HttpRequest) -> home.Content:
    """Lines only: how many entries there are would tell how much the agencies do (R17), and changes with reading."""
    access = access_of(request)
    assert access.appointment is not None
    reader = Reader(access)
    lines = reader.lines(list(reading.own_entries(access.appointment)[:MOST]))
    waits = [line for line in lines if line.sealed_at is None and access.at - line.at > PATIENCE]
    context = {"lines": lines, "head": Head.objects.order_by("-upto").first(), "is_late": bool(waits)}
    return home.Content(context=context, records=list(reader.titled.values()))
