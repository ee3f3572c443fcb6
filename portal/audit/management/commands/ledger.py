"""`manage.py ledger verify` and `manage.py ledger seal`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.audit.checking import verify
from portal.audit.sealing import seal

SHOWN = 50


class Command(BaseCommand):
    help = "Verify the ledger (exit code 1 when anything was altered), or seal what is not sealed yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("step", choices=["verify", "seal"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "seal":
            self.stdout.write(f"{seal(everything=True)} entries sealed.")
            return
        outcome = verify()
        for finding in outcome.findings[:SHOWN]:
            self.stdout.write(finding)
        if len(outcome.findings) > SHOWN:
            self.stdout.write(f"… and {len(outcome.findings) - SHOWN} more.")
        counts = f"{outcome.entries} entries, {outcome.sealed} sealed, {outcome.heads} heads"
        if not outcome.is_whole:
            raise CommandError(f"The ledger is NOT whole: {len(outcome.findings)} findings ({counts}).")
        self.stdout.write(f"The ledger is whole: {counts}. Last link {outcome.chain}.")
