"""Rules, quiet hours and a webhook of the demonstration, so that pages show something."""

from datetime import time

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.alerts.choices import Family, Severity
from agreements.delivery import actions
from agreements.delivery.choices import Channel, Manner, OutletKind
from agreements.delivery.models import Outlet, Preference, Rule

WEBHOOK = "Dispatch centre (invented)"


def load() -> int:
    """What is not there yet; how many rows are new."""
    made = 0
    for country in ("CH", "DE"):
        posts = Appointment.objects.filter(officer__invented=True, agency__country=country, ended_at=None)
        liaison = posts.filter(role=Role.LIAISON_OFFICER).select_related("officer", "agency").first()
        if liaison is not None and not Preference.objects.filter(officer=liaison.officer).exists():
            made += _choose(liaison)
        admin = posts.filter(role=Role.AGENCY_ADMIN).select_related("officer", "agency").first()
        if admin is not None and not Outlet.objects.filter(agency=admin.agency).exists():
            made += _connect(admin)
    return made


def _choose(by: Appointment) -> int:
    actions.change_preference(by=by, quiet_from=time(22), quiet_until=time(6))
    actions.add_rule(by=by, families=[Family.MEETING], manner=Manner.DAILY)
    actions.add_rule(by=by, severity_least=Severity.SEVERE, manner=Manner.NOW, channels=[Channel.MAIL, Channel.GATEWAY])
    actions.add_rule(by=by, words="exercise", manner=Manner.PAGE)
    return 1 + Rule.objects.filter(officer=by.officer).count()


def _connect(by: Appointment) -> int:
    actions.add_outlet(
        agency=by.agency,
        kind=OutletKind.WEBHOOK,
        name=WEBHOOK,
        url="https://dispatch.demo.invalid/entente",
        severity_least=Severity.EXTREME,
        by=by,
    )
    return 1
