"""Revocation acts on the next request through every door (R13): nothing that was answered is kept to be shown again.

Each kind of door by itself: pages and fragments, the API, maps and calendar files are judged at each request (the leak
test, and with readers at work `test_concurrency`), photographs under way in `tests/operations/patrols/test_serving`,
tokens and sessions, queued mails and messages in `test_concurrency`. There is no live stream, no export that runs by
itself, no link that opens without signing in and no offline copy; whoever adds one finds its test here.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from agreements.sharing.models import Record
from tests.conftest import Cast
from tests.doors import manifest
from tests.doors.asking import one_of_each
from tests.doors.oracle import may_see

WINGS = ("portal", "agencies", "agreements", "operations", "intel")
# Sends its body after the view has returned, and asks again meanwhile: for files, their record or agreement; of the
# register, which agreements may be seen, batch by batch; for a recording, its leg.
STREAMS = {
    "operations/patrols/serving.py",
    "operations/patrols/exports.py",
    "agreements/papers/serving.py",
    "agreements/importing/exporting/leaving.py",
}
# Nothing of what was shown: the chosen theme, and a random key by which two signatures of one browser are known as such.
KEPT = {
    f"localStorage.{call}"
    for call in ('setItem("theme", next)', 'getItem("theme")', "setItem(NAME, found)", "getItem(NAME)")
}
# How many alerts wait, and nothing else: asked again each time, and told by its tag.
REVALIDATED = {"alerts:bell"}


@pytest.mark.parametrize("name", ["yann", "xenia", "arno"])
def test_no_browser_and_no_proxy_keeps_an_answer(cast: Cast, world: list[Record], as_: Any, name: str) -> None:
    who, now, asked = getattr(cast, name), timezone.now(), 0
    client, visible = as_(who), one_of_each([row for row in world if may_see(who, row, now)])
    addresses = {reverse(door): door for door in manifest.LISTS}
    for door in sorted(manifest.RECORDS):
        fit = [record for record in visible if manifest.fits(door, record.kind)][:1]
        addresses |= {reverse(door, args=[record.pk]): door for record in fit}
    for address, door in addresses.items():
        answer = client.get(address)
        wanted = "no-cache" if door in REVALIDATED else "no-store"
        assert wanted in answer["Cache-Control"], (door, answer["Cache-Control"])
        assert "public" not in answer["Cache-Control"]
        asked += answer.status_code == 200
    assert asked > 40


def test_only_what_asks_again_is_streamed() -> None:
    """The lock and the policy of a request end with its view: a body that is sent later must ask for itself."""
    root = Path(settings.BASE_DIR)
    found = {
        str(path.relative_to(root))
        for wing in WINGS
        for path in (root / wing).rglob("*.py")
        if re.search(r"StreamingHttpResponse|FileResponse|X-Accel-Redirect|sendfile", path.read_text())
    }
    assert found == STREAMS


def test_a_browser_keeps_nothing_of_what_it_was_shown() -> None:
    """No offline copy, no worker of its own, no storage but of the chosen theme and of a key made at random.

    The app in the field keeps, sealed, what its kit allows (ADR 0032): it is proved in its own room.
    """
    kept = re.compile(r"serviceWorker|indexedDB|caches\.|sessionStorage|localStorage\.\w+\([^)]*\)")
    root = Path(settings.BASE_DIR)
    scripts = [path for path in (root / "static").rglob("*.js") if root / "static" / "field" not in path.parents]
    found = {word for path in scripts for word in kept.findall(path.read_text())}
    assert found == KEPT
    naming = [path for path in scripts if "localStorage.setItem(NAME" in path.read_text()]
    assert [path.name for path in naming] == ["sign.js"]
    assert "found = crypto.randomUUID();" in naming[0].read_text()
