"""The demonstration's postings: one at a joint centre, one officer who acts for another, one account that sleeps."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Officer
from agencies.directory.roles import ROLES, Role
from agencies.postings import deputies, posting
from agencies.postings.choices import PostingKind
from agencies.postings.models import Posting
from portal.ui import demo

CENTRE = "Police and Customs Cooperation Centre, Geneva"
ADMIN = demo.Login("ccpd.admin", "Claude Favre", "CCPD", ROLES[Role.AGENCY_ADMIN].label, "Admin of the joint centre")
# Not one of the logins: it sleeps.
SLEEPER = ("ch.sleeper", "Reto Frei", "Duty officer, Basel")
POSTED = ("ch.posted", "Nina Keller", "Customs officer")
SINCE = datetime(2018, 1, 1, tzinfo=UTC)


def load() -> int:
    """What exists already is left as it is; every start wakes the logins, whenever the last visitor came."""
    now = timezone.now()
    Officer.objects.filter(username__in=[login.username for login in demo.logins()]).update(woken_at=now)
    home = Appointment.objects.filter(officer__username="ch.admin").select_related("agency", "officer").first()
    if home is None or Posting.objects.exists():
        return 0
    centre, _ = Agency.objects.get_or_create(
        country_id="CH",
        name=CENTRE,
        defaults={
            "native_name": "Centre de coopération policière et douanière de Genève",
            "acronym": "CCPD",
            "kind": Agency.Kind.JOINT_CENTRE,
            "time_zone": "Europe/Zurich",
            "languages": ["fr"],
            "desk_phone": "+999 000 900",
            "desk_email": "desk.ccpd@demo.invalid",
            "colour": 8,
            "source": "Agreement of 11 May 1998 between Switzerland and France on cross-border cooperation.",
        },
    )
    keeper = _person(ADMIN.username, ADMIN.name, centre, Role.AGENCY_ADMIN, "Agency admin", password=True)
    sent = _person(POSTED[0], POSTED[1], home.agency, Role.LIAISON_OFFICER, POSTED[2])
    sleeper = _person(SLEEPER[0], SLEEPER[1], home.agency, Role.PATROL_LEADER, SLEEPER[2])
    long_ago = now - timedelta(days=47)
    Officer.objects.filter(pk=sleeper.officer_id).update(date_joined=long_ago, last_login=long_ago, woken_at=None)
    today = now.astimezone(centre.zone).date()
    row = posting.propose(
        sender=home.agency,
        host=centre,
        home=sent,
        kind=PostingKind.SECONDMENT,
        function="Customs liaison, Geneva centre",
        role=Role.LIAISON_OFFICER,
        clearance=sent.clearance,
        starts_on=today,
        ends_on=today + timedelta(days=180),
        pauses_home=True,
        by=home,
    )
    posting.accept(posting=row, by=keeper)
    _deputy(home)
    return 4


def _deputy(admin: Appointment) -> None:
    chief = Appointment.objects.filter(officer__username="ch.commander", acts_for=None).select_related(
        "agency", "officer"
    )
    liaison = Appointment.objects.filter(officer__username="ch.liaison", acts_for=None).select_related(
        "agency", "officer"
    )
    represented, deputy = chief.first(), liaison.first()
    if represented is None or deputy is None:
        return
    today = timezone.now().astimezone(admin.agency.zone).date()
    deputies.name(represented=represented, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=14), by=admin)


def _person(username: str, name: str, agency: Agency, role: Role, title: str, *, password: bool = False) -> Appointment:
    officer, _ = Officer.objects.get_or_create(
        username=username,
        defaults={"full_name": name, "email": f"{username}@demo.invalid", "invented": True},
    )
    if password:
        officer.set_password(demo.DEMO_PASSWORD)
        officer.save(update_fields=["password"])
    found = Appointment.objects.filter(officer=officer, agency=agency).select_related("agency", "officer").first()
    return found or Appointment.objects.create(
        officer=officer, agency=agency, role=role, title=title, starts_on=SINCE.date(), recorded_at=SINCE
    )


def register() -> None:
    demo.register(demo.Step("officers over time", 90, load))
    demo.register_login(ADMIN)
