"""What is asked of a door, and what an answer must not tell: the pieces that the leak test and its mutants share."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from agencies.directory.models import Appointment, new_key
from agencies.directory.roles import ROLES, Role
from agreements.compelled.models import CompelledDisclosure
from agreements.corrections.models import Correction
from agreements.distress.models import DistressCall
from agreements.onward.models import ConsentRequest
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.sharing.models import Record
from tests.answers import text_of
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.oracle import may_see
from tests.doors.world import ASKED, BETWEEN_TWO, CALLED, PAPER, SECRETS, SILENT, UNTOLD, WANTED, WORD

As = Callable[[Appointment], Client]
Told = Iterator[tuple[Any, ...]]


def ask(client: Client, method: str, url: str) -> Any:
    return client.get(url) if method == "get" else client.post(url, {})


def one_of_each(found: list[Record]) -> list[Record]:
    """One hidden record of each kind and owner: the others are hidden by the same row of the policy."""
    return list({(record.kind, record.owner_id): record for record in found}.values())


def some(found: list[Record], turn: int, number: int) -> list[Record]:
    """So many of them, others at each turn: each stands at each door before some of the cast."""
    return [found[(turn + place) % len(found)] for place in range(min(number, len(found)))]


def tried_at(name: str, hidden: list[Record], turn: int) -> list[tuple[str, Record]]:
    """Hidden records to ask this door for: of the kinds it is made for, and of another."""
    fit = [record for record in hidden if manifest.fits(name, record.kind)]
    other = [record for record in hidden if not manifest.fits(name, record.kind)]
    chosen = [*some(fit, turn, 2), *some(other, turn, 1)]
    return [("get", record) for record in chosen] + [("post", record) for record in chosen[:1]]


def asked_by_key(client: Client, name: str, hidden: list[Record], turn: int) -> Told:
    """A door with a key asked for hidden records: each time, and with a fault if it answers otherwise than for one
    that is unknown, or tells of it."""
    unknown = {method: ask(client, method, reverse(name, args=[new_key()])) for method in ("get", "post")}
    for method, record in tried_at(name, hidden, turn):
        answer = ask(client, method, reverse(name, args=[record.pk]))
        text = text_of(answer)
        alike = answer.status_code == unknown[method].status_code and answer.status_code in (403, 404, 405)
        silent = WORD not in text.lower() and str(record.pk) not in text
        yield method, record.kind, "" if alike and silent else f"{answer.status_code}, {record.title}"


def told_in_list(name: str, text: str, world: list[Record], visible: set[str], known: set[str]) -> Told:
    """What a list tells that it must not: hidden records by key (in the ledger: by title), secrets of others."""
    titles = {record.title for record in world if str(record.pk) in visible}
    # The ledger tells what the agency's officers did and opened: by key, never by title.
    by_key = name not in manifest.LEDGERS
    hidden = {str(record.pk) if by_key else record.title for record in world if str(record.pk) not in visible}
    for word in sorted(hidden - titles):
        if word in text:
            yield name, word
    if not visible and name != "sharing:record-list" and WORD in text.lower():
        yield name, WORD
    for secret in sorted(secrets_in(text) - known):
        yield name, secret


def query_of(name: str) -> dict[str, str]:
    """What a list is asked for besides."""
    crossed = {"country": "XX", "way": "received"}
    queries = {
        "sharing:record-list": {"q": WORD},
        "atlas:exchanged-list": crossed,
        "exchanges-records": crossed,
        "papers:document-search": {"q": PAPER},
        "documents-search": {"q": PAPER},
    }
    return queries.get(name, {})


def keys_visible_to(who: Appointment, world: Iterable[Record], now: datetime) -> set[str]:
    return {str(record.pk) for record in world if may_see(who, record, now)}


def known_to(who: Appointment, cast: Cast, now: datetime) -> set[str]:
    """Which secrets of the world the officer may read, by the rules and not by the product."""
    may, known = ROLES[Role(who.role)].permissions, set()
    if who.agency == cast.a1 and "distress.view" in may:
        known.add(CALLED)
    if may_see(who, Record.objects.get(title=f"Given {WORD}"), now) and who.agency in (cast.a1, cast.b):
        known.add(BETWEEN_TWO)
        known |= {ASKED} if "record.release" in may else set()
        known |= {UNTOLD} if who == cast.yann else set()
    known |= {WANTED} if who == cast.yann else set()
    if (
        who.agency == cast.a1
        and may_see(who, Record.objects.get(title=f"Kept {WORD}"), now)
        and "record.release" in may
    ):
        known |= {WANTED, SILENT}
    return known


def secrets_in(text: str) -> set[str]:
    text = text.lower()
    return {secret for secret in SECRETS if secret in text}


# What holds a secret, by the first words of its own doors' names.
HOLDERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    BETWEEN_TWO: (Correction, ("corrections",)),
    ASKED: (ConsentRequest, ("onward:request", "consent-requests")),
    UNTOLD: (CompelledDisclosure, ("compelled",)),
    CALLED: (DistressCall, ("distress",)),
    WANTED: (AccessRequest, ("requests:request", "access-requests")),
    SILENT: (AskedRecord, ("requests:asked", "asked-records")),
}


def own_doors(secret: str) -> list[str]:
    """Addresses of the doors of what holds the secret."""
    holder, prefixes = HOLDERS[secret]
    row = holder.objects.get() if secret != ASKED else holder.objects.get(record__title=f"Given {WORD}")
    return [reverse(name, args=[row.pk]) for name in sorted(manifest.OTHERS) if name.startswith(prefixes)]


def may_open(who: Appointment, secret: str, known: set[str], cast: Cast) -> bool:
    """Whether there is such a thing for the officer at all: of a call, its receivers read all but why it was sent."""
    if secret == CALLED and who.agency == cast.b:
        return "distress.view" in ROLES[Role(who.role)].permissions
    if secret == WANTED:
        # The asker's row is the asker's alone; the owner reads why on a row of its own.
        return who == cast.yann
    return secret in known
