"""`manage.py bench`: make a world in an empty database, and print what reading in it costs."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements.sharing.models import Record
from portal import memory, second_lock


class Command(BaseCommand):
    help = "Measure reading through the door against reading without it. Needs an empty database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--records", type=int, nargs="+", default=[100_000, 1_000_000], help="one size or more")
        parser.add_argument("--agencies", type=int, default=200)
        parser.add_argument("--officers", type=int, default=20_000)
        parser.add_argument("--agreements", type=int, default=1_000)
        parser.add_argument("--repeat", type=int, default=15)
        parser.add_argument("--into", type=Path, help="a document whose part between two marks the tables become")

    def handle(self, *args: Any, **options: Any) -> None:
        # It brings models of its own, which no other command may see.
        from agreements.sharing.benchmark import measure, records, register, table  # noqa: PLC0415

        with second_lock.opened("whether the database is empty"):
            taken = Record.objects.exists()
        if taken:
            raise CommandError("This database holds records already. Run `make bench`, which uses one of its own.")
        memory.settle()
        runs: list[table.Run] = []
        for count in options["records"]:
            sizes = register.Sizes(count, *(options[name] for name in ("agencies", "officers", "agreements")))
            plan, begun = None, time.monotonic()
            for step, found in records.seed(sizes):
                self.stdout.write(f"{time.monotonic() - begun:6.0f} s  {step}\n")
                plan = found
            assert plan is not None
            lines = []
            for line in measure.measure(plan, options["repeat"]):
                lines.append(line)
                self.stdout.write(
                    f"{line.reader:14}{line.name:40}{line.milliseconds:10.1f}{line.ratio:8.1f}{line.rows:8}\n"
                )
            told = measure.foretell(plan)
            self.stdout.write(f"what-if on the convention: {told}\n")
            runs.append(table.Run(count, lines, told, measure.suspend(plan)))
        self.stdout.write("\n" + "\n".join(table.report(runs)) + "\n")
        if options["into"]:
            table.write(runs, options["into"])
