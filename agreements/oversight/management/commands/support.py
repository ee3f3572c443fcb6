"""`manage.py support`: totals of the installation; with keys, what each is, whose, and when it last changed."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agreements.oversight import support


class Command(BaseCommand):
    help = "Totals of the installation. With keys: what each is, whose, and when it last changed. Never any content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keys", nargs="*", metavar="KEY", help="Keys that somebody gave to support.")
        parser.add_argument("--operator", default="", help="Who looks them up; the ledger keeps it.")
        parser.add_argument("--reason", default="", help="Why, such as the number of a ticket; the ledger keeps it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["keys"]:
            for word, number in support.totals().items():
                self.stdout.write(f"{number:>10,}  {word}")
            return
        try:
            keys = [uuid.UUID(text) for text in options["keys"]]
        except ValueError:
            raise CommandError(
                "Give keys as they stand in the address of a page, or in an answer of the API."
            ) from None
        try:
            found = support.look_up(keys=keys, operator=options["operator"], reason=options["reason"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        for item in found:
            self.stdout.write(item.words)
