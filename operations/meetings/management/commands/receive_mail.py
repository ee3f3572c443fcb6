"""`manage.py receive_mail`: take answers to invitations, one message from standard input or all new ones of a maildir.

A mail server pipes each message for the mailbox MEETING_REPLIES in, or delivers it into a maildir that is read here.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.meetings import mailbox


class Command(BaseCommand):
    help = "Take answers to invitations by mail: from standard input, or from a maildir."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipient", default="", help="The address that the message came to.")
        parser.add_argument("--maildir", type=Path, help="Read its new messages; each is moved to its folder cur.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["maildir"]:
            self._maildir(options["maildir"])
            return
        content = sys.stdin.buffer.read(mailbox.LARGEST + 1)
        self.stdout.write(mailbox.take(content, options["recipient"]))

    def _maildir(self, folder: Path) -> None:
        new, seen = folder / "new", folder / "cur"
        if not (new.is_dir() and seen.is_dir()):
            raise CommandError("There is no maildir: it has the folders new and cur.")
        for path in sorted(new.iterdir()):
            with path.open("rb") as file:
                said = mailbox.take(file.read(mailbox.LARGEST + 1))
            path.rename(seen / f"{path.name}:2,S")
            self.stdout.write(f"{path.name}: {said}")
