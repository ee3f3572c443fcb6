"""`manage.py bench`: seed an empty database and print the door's cost as ratios."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements.sharing import benchmark
from agreements.sharing.models import Record


class Command(BaseCommand):
    help = "Measure reading through the door against reading without it. Needs an empty database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--records", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if Record.objects.exists():
            raise CommandError("This database holds records already. Run `make bench`, which uses one of its own.")
        people = benchmark.seed(options["records"])
        self.stdout.write(f"{options['records']:,} records, {len(people)} agencies, all bound pairwise\n\n")
        self.stdout.write(f"{'measured':48}{'median ms':>12}{'ratio':>8}\n")
        for line in benchmark.measure(people[0]):
            self.stdout.write(f"{line.name:48}{line.milliseconds:12.1f}{line.ratio:8.1f}\n")
