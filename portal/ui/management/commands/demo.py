"""`manage.py demo`: load the demonstration, room by room; `--logins` lists its people."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal import second_lock
from portal.ui import demo


class Command(BaseCommand):
    help = "Load the demonstration data. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only list the demo logins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.list_logins()
            return
        for step in demo.steps():
            start = time.perf_counter()
            with second_lock.opened("demo data, made as many officers"), transaction.atomic():
                made = step.function()
            self.stdout.write(f"  {step.name}: {made} new ({time.perf_counter() - start:.1f} s)\n")

    def list_logins(self) -> None:
        for login in demo.logins():
            self.stdout.write(f"  {login.username:14} {login.name:22} {login.agency:12} {login.role:16} {login.note}\n")
        self.stdout.write(f"  password for all of them: {demo.DEMO_PASSWORD}\n")
