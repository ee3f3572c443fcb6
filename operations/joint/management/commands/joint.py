"""`manage.py joint verify`: are sealed copies what was sealed? Tells keys and digests, never content."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.joint import verifying
from operations.joint.models import SealedCopy
from operations.sealing.canonical import digest_of_text
from operations.sealing.verifying import Check, is_whole
from portal import second_lock


class Command(BaseCommand):
    help = "Verify sealed copies of joint reports: those kept here, or a downloaded file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["verify"])
        parser.add_argument("keys", nargs="*", help="Keys of copies; without any, all are verified.")
        parser.add_argument("--file", type=Path, help="A downloaded copy: what it tells by itself, and its digest.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            self._file(options["file"])
            return
        with second_lock.opened("whether sealed copies are what was sealed, by digests alone"):
            rows = SealedCopy.objects.order_by("pk")
            rows = rows.filter(pk__in=options["keys"]) if options["keys"] else rows
            faults = sum(not self._told(str(row.pk), row.digest, verifying.checks_of(row)) for row in rows.iterator())
            count = rows.count()
        if faults:
            raise CommandError(f"{faults} of {count} copies are not what was sealed.")
        self.stdout.write(f"{count} copies: all are what was sealed.")

    def _file(self, path: Path) -> None:
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from None
        digest = digest_of_text(text)
        if not self._told(path.name, digest, verifying.checks_of_text(text)):
            raise CommandError("This is not what was sealed.")
        self.stdout.write(f"Whole. Its SHA-256 is {digest}: compare it with the copy's page.")

    def _told(self, name: str, digest: str, checks: list[Check]) -> bool:
        whole = is_whole(checks)
        self.stdout.write(f"{name} {digest[:16]} {'whole' if whole else 'NOT WHOLE'}")
        for check in checks:
            if not check.ok:
                self.stdout.write(f"  {check.what}: no {check.told}")
        return whole
