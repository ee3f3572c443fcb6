"""`manage.py bench_import`: import a long list into an empty database, and print how long each step takes."""

import csv
import io
import random
import resource
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.directory import countries
from agencies.directory.models import Agency, Appointment, Country, Officer
from agencies.directory.roles import Role
from agreements.importing import actions
from agreements.importing.exporting.leaving import register_file
from agreements.importing.models import Import
from agreements.register.models import Agreement, TreatyAction
from portal.outbox.models import Message
from portal.outbox.sweeping import sweep

HEADERS = [
    "Titel", "Fundstelle", "Vertragsparteien", "Datum der Unterzeichnung", "Inkrafttreten", "Ablauf",
    "Ratifikation (Schweiz)", "Kündigungsfrist (Monate)", "Bemerkungen des Referats",
]  # fmt: skip
SUBJECTS = (
    "grenzüberschreitende Polizeiarbeit",
    "gemeinsame Streifen",
    "Grenzbefestigungen",
    "Zollhilfe",
    "den kleinen Grenzverkehr",
    "Rückübernahme",
)
PARTNERS = (
    "Deutschland",
    "Frankreich",
    "Austria",
    "ITALIE",
    "Liechtenstein",
    "Zaire",
    "Burma",
    "TUR",
    "Royaume-Uni",
    "Vereinigte Staaten",
    "Poland",
)
FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%-d %B %Y")


class Command(BaseCommand):
    help = "Measure the import of a treaty list. Needs an empty database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=10_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if Agreement.objects.exists() or Officer.objects.exists():
            raise CommandError("This database is not empty. Run `make bench ARGS=import`, which uses one of its own.")
        by, content = _officer(), _list(options["rows"])
        self.stdout.write(f"{options['rows']} rows, {len(content) // 1024} KB\n")
        job = self._timed("upload", lambda: actions.upload(file=io.BytesIO(content), name="list.csv", by=by))
        mapping, chosen, _ = actions.proposed(job, by)
        chosen["own_party"] = True

        def check() -> None:
            actions.name_columns(job=job, by=by, mapping=mapping, options=chosen)
            _work(job)

        self._timed("dry run", check)
        self.stdout.write(f"  {job.rows.counts()}\n")
        self._timed("import", lambda: _work(actions.start(job=job, by=by, draft=False)))
        counts = job.rows.counts()
        self.stdout.write(
            f"  {counts}\n  {Agreement.objects.count()} agreements, {TreatyAction.objects.count()} actions\n"
        )
        for kind in ("json", "csv", "xlsx"):
            self._timed(f"export, {kind}", lambda kind=kind: _size(register_file(kind=kind, by=by)))  # type: ignore[misc]
        self._timed("undo", lambda: _work(actions.undo(job=job, by=by)))
        self.stdout.write(f"  {job.rows.counts()}\n")

    def _timed(self, name: str, work: Callable[[], Any]) -> Any:
        begin = time.monotonic()
        found = work()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(f"{name:14}{time.monotonic() - begin:8.1f} s{peak:8} MB at most\n")
        return found


def _officer() -> Appointment:
    for row in countries.rows():
        Country.objects.get_or_create(code=row["code"], defaults=row)
    agency = Agency.objects.create(
        name="Ministry", acronym="M", kind=Agency.Kind.MINISTRY, country_id="CH", time_zone="Europe/Zurich"
    )
    officer = Officer.objects.create_user("bench", password=None, full_name="Bench", invented=True)
    return Appointment.objects.create(
        officer=officer,
        agency=agency,
        role=Role.TREATY_ADMIN,
        clearance=1,
        starts_on=date(2020, 1, 1),
        recorded_at=timezone.now(),
    )


def _list(number: int) -> bytes:
    """Invented treaties in several notations, of which one in fifty has a fault and one in fifty is odd."""
    dice, out = random.Random(5), io.StringIO()  # noqa: S311 - the same list each time
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADERS)
    for place in range(1, number + 1):
        signed = date(1920, 1, 1) + timedelta(days=dice.randrange(36_500))
        force = signed + timedelta(days=dice.randrange(30, 900)) * (-1 if place % 50 == 1 else 1)
        form = dice.choice(FORMS)
        partner = "Atlantis" if place % 50 == 0 else dice.choice(PARTNERS)
        writer.writerow([
            f"Abkommen Nr. {place} über {dice.choice(SUBJECTS)} mit {partner}", f"SR {place}", partner,
            signed.strftime(form), force.strftime(form), "", (signed + timedelta(days=20)).strftime(form),
            "6" if place % 3 else "", f"Ordner {place % 97}",
        ])  # fmt: skip
    return out.getvalue().encode()


def _work(job: Import) -> None:
    """What the worker does, without a broker."""
    while Message.objects.waiting().exists():
        sweep()
    job.refresh_from_db()


def _size(response: Any) -> int:
    return sum(len(piece) for piece in response)
