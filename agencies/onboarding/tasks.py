"""What a new agency's admin enters: a list of tasks that can be left and taken up again, in any order that works."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission, permissions_of
from agencies.onboarding import designations
from agencies.onboarding.actions import contacts
from agencies.onboarding.choices import Function, Progress, Task
from agencies.onboarding.models import Look

HINTS = {
    Task.DESK: "Telephone and mail that are answered at any hour. Partners call it for all that has no contact of its own.",
    Task.CONTACTS: "Whom partners call for pursuits, requests, emergencies and the rest, when, and in which language.",
    Task.LANGUAGES: "In which languages partners are answered on duty, and how well.",
    Task.UNITS: "Parts of the agency with which partners may share alone. An agency may have none.",
    Task.OFFICERS: "Accounts of those who work here, each with a dated appointment.",
    Task.DESIGNATIONS: "Your state's treaty admin names the agency in the agreements; other parties confirm it.",
}
CHIPS = {
    Progress.NOT_STARTED: ("neutral", "circle"),
    Progress.IN_PROGRESS: ("info", "circle-half"),
    Progress.LOOKED_AT: ("warning", "eye"),
    Progress.DONE: ("success", "check-circle-fill"),
    Progress.CANNOT_START: ("neutral", "lock"),
}


@dataclass(frozen=True)
class Step:
    """A task, where it stands, and what is missing."""

    task: Task
    progress: Progress
    told: str
    settles: bool = False
    settled: bool = False

    @property
    def words(self) -> str:
        return str(self.task.label)

    @property
    def hint(self) -> str:
        return HINTS[self.task]

    @property
    def state(self) -> str:
        return str(self.progress.label)

    @property
    def tone(self) -> str:
        return CHIPS[self.progress][0]

    @property
    def glyph(self) -> str:
        return CHIPS[self.progress][1]


def address(agency: Agency, task: Task) -> str:
    """The page on which a task is done."""
    pages = {
        Task.DESK: "directory:agency-contacts",
        Task.CONTACTS: "onboarding:contact-list",
        Task.LANGUAGES: "onboarding:agency-languages",
        Task.UNITS: "directory:agency-detail",
        Task.OFFICERS: "directory:officer-list",
        Task.DESIGNATIONS: "onboarding:agency-designations",
    }
    return reverse(pages[task], args=[agency.pk]) + ("#units" if task == Task.UNITS else "")


def steps(agency: Agency, by: Appointment, at: datetime) -> list[Step]:
    """All tasks of the agency as they stand, for an admin of it."""
    looks = {row.task: row for row in Look.objects.filter(agency=agency)}
    found = [
        _desk(agency, at),
        _contacts(agency, looks.get(Task.CONTACTS)),
        _languages(agency),
        _units(agency, looks.get(Task.UNITS)),
        _officers(agency, at),
    ]
    found.append(_designations(agency, by, at, has_officers=found[-1].progress == Progress.DONE))
    return [_as_looked_at(step, step.task.value in looks) for step in found]


def _as_looked_at(step: Step, looked: bool) -> Step:
    if step.progress == Progress.NOT_STARTED and looked:
        return Step(step.task, Progress.LOOKED_AT, step.told, step.settles, step.settled)
    return step


def _desk(agency: Agency, at: datetime) -> Step:
    given = [bool(agency.desk_phone), bool(agency.desk_email)]
    if all(given):
        told = "Telephone and mail are entered."
        stale = contacts.desk(agency, at).is_stale
        return Step(
            Task.DESK,
            Progress.IN_PROGRESS if stale else Progress.DONE,
            f"{told} Nobody has tried them." if stale else told,
        )
    told = "Telephone or mail is missing." if any(given) else "Nothing is entered."
    return Step(Task.DESK, Progress.IN_PROGRESS if any(given) else Progress.NOT_STARTED, told)


def _contacts(agency: Agency, look: Look | None) -> Step:
    have = set(agency.contacts.current().values_list("function", flat=True))
    told = f"{len(have)} of {len(Function)} functions have one; for the others the duty desk answers."
    settled = bool(look and look.settled)
    done = settled or len(have) == len(Function)
    progress = Progress.DONE if done else Progress.IN_PROGRESS if have else Progress.NOT_STARTED
    return Step(Task.CONTACTS, progress, told, settles=len(have) < len(Function), settled=settled)


def _languages(agency: Agency) -> Step:
    without = [code for code in agency.languages if code not in agency.language_levels]
    if not agency.languages:
        return Step(Task.LANGUAGES, Progress.NOT_STARTED, "None is entered.")
    told = f"{len(agency.languages)} entered" + (f", {len(without)} without a level." if without else ".")
    return Step(Task.LANGUAGES, Progress.IN_PROGRESS if without else Progress.DONE, told)


def _units(agency: Agency, look: Look | None) -> Step:
    number = agency.units.open().count()
    settled = bool(look and look.settled)
    told = f"{number} open." if number else "None is needed." if settled else "None is open."
    progress = Progress.DONE if number or settled else Progress.NOT_STARTED
    return Step(Task.UNITS, progress, told, settles=not number, settled=settled)


def _officers(agency: Agency, at: datetime) -> Step:
    """Done once somebody holds a post that reads records: an admin alone shares nothing."""
    posts = agency.appointments.filter(ended_at=None).select_related("officer", "agency")
    working = [
        post for post in posts if permissions_of(post.role) & {Permission.RECORD_RELEASE, Permission.OPERATION_VIEW}
    ]
    if not working:
        return Step(Task.OFFICERS, Progress.NOT_STARTED, "Nobody but admins has an account.")
    waits = [post for post in working if not post.officer.has_usable_password()]
    told = f"{len(working)} appointed" + (f", {len(waits)} have set no password yet." if waits else ".")
    return Step(Task.OFFICERS, Progress.IN_PROGRESS if len(waits) == len(working) else Progress.DONE, told)


def _designations(agency: Agency, by: Appointment, at: datetime, *, has_officers: bool) -> Step:
    rows = designations.standing(agency, by, at)
    works = [row for row in rows if row.works]
    if works:
        told = f"Named for {len(rows)}, confirmed for {len(works)}."
        return Step(Task.DESIGNATIONS, Progress.DONE if len(works) == len(rows) else Progress.IN_PROGRESS, told)
    if rows:
        waits = sorted({name for row in rows for name in row.waits_for})
        return Step(Task.DESIGNATIONS, Progress.IN_PROGRESS, f"Named for {len(rows)}. Waits for {', '.join(waits)}.")
    if not has_officers:
        return Step(Task.DESIGNATIONS, Progress.CANNOT_START, "First somebody must be there to receive what is shared.")
    return Step(Task.DESIGNATIONS, Progress.NOT_STARTED, "Your state's treaty admin has not named the agency yet.")
