"""The app's shell names nobody, its secret is each officer's own, and all of it fits in 90 KB."""

import gzip
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from operations.device import secrets, shell
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
BUDGET = 90 * 1024  # bytes, compressed


def test_the_shell_is_the_same_for_everybody(cast: Cast, as_: Any, client: Client) -> None:
    """A device keeps it: it may name neither officer nor agency, and sets no cookie."""
    for address in ("/device/", "/device/worker.js", "/device/app.webmanifest"):
        nobody = client.get(address)
        assert nobody.status_code == 200
        assert not nobody.cookies
        assert nobody.content == as_(cast.ada).get(address).content == as_(cast.zeno).get(address).content


def test_the_shell_breaks_no_content_security_policy(client: Client) -> None:
    page = client.get("/device/")
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script(?![^>]+src=)|onclick", page.content.decode())


def test_the_worker_keeps_every_file_that_the_app_loads_and_no_page_with_a_record(client: Client) -> None:
    script = client.get("/device/worker.js").content.decode()
    kept = shell.addresses()
    assert kept[0] == "/device/"
    assert all(address in script for address in kept)
    assert all(address == "/device/" or "." in address.rpartition("/")[2] for address in kept)
    assert not any(address.startswith("/api/") for address in kept)
    page = client.get("/device/").content.decode()
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)) - {"/static/field/icon-192.png"}
    assert loaded <= set(kept)
    names = set(shell.names())
    for name in [name for name in names if name.endswith(".js")]:
        folder = name.rpartition("/")[0]
        for found in re.findall(r'from "(\.[^"]+)"', shell.found(name).read_text()):
            parts = folder.split("/")
            steps = found.split("/")
            while steps[0] in (".", ".."):
                parts = parts[:-1] if steps.pop(0) == ".." else parts
            assert "/".join([*parts, *steps]) in names, f"{name} loads {found}"


def test_what_no_patrol_needs_is_fetched_after_the_shell(client: Client) -> None:
    """The map, files, settings and the type: kept by the same worker, and no module of the shell waits for one of them."""
    script = client.get("/device/worker.js").content.decode()
    assert not set(shell.LATER) & set(shell.names())
    for name in shell.LATER:
        assert f'"/static/{name}"' in script
        assert shell.found(name).stat().st_size > 0
    shell_modules = [name for name in shell.names() if name.endswith(".js")]
    for later in (
        name.rpartition("/")[2] for name in shell.LATER if name.startswith("field/") and name.endswith(".js")
    ):
        waiting = [
            name
            for name in shell_modules
            if f'/{later}"' in "".join(re.findall(r"^import .*$", shell.found(name).read_text(), re.M))
        ]
        assert not waiting, f"{later} is loaded by {waiting}"


def test_of_the_officer_nothing_lies_open_but_the_light(client: Client) -> None:
    """Not sealed are only the choices of light and coordinates (ADR 0032)."""
    folder = shell.found(shell.WORKER).parent
    keeping = {
        path.name
        for path in folder.rglob("*.js")
        if re.search(r"localStorage|sessionStorage|document\.cookie", path.read_text())
    }
    assert keeping == {"prefs.js"}


def test_every_file_of_the_shell_is_served(client: Client) -> None:
    for name in (*shell.names(), shell.WORKER):
        assert shell.found(name).stat().st_size > 0, name


def test_the_version_changes_with_any_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    before = shell.digest()
    assert shell.digest() == before
    changed = tmp_path / "words.js"
    changed.write_text("// other")
    whole = shell.found
    monkeypatch.setattr(shell, "found", lambda name: changed if name.endswith("words.js") else whole(name))
    assert shell.digest() != before


def test_the_shell_is_small(client: Client) -> None:
    """What a phone must load before the app starts, with gzip; what comes after it holds nothing up."""
    texts = [client.get(address).content for address in ("/device/", "/device/worker.js", "/device/app.webmanifest")]
    texts += [shell.found(name).read_bytes() for name in shell.names()]
    total = sum(min(len(text), len(gzip.compress(text, 9))) for text in texts)
    assert total <= BUDGET, f"{total / 1024:.1f} KB"


def test_a_session_opens_the_own_vault_alone(cast: Cast, as_: Any, client: Client) -> None:
    assert client.get("/device/session/").status_code == 302
    mine, again, theirs = (as_(who).get("/device/session/") for who in (cast.ada, cast.ada, cast.zeno))
    assert mine["Cache-Control"] == "no-store"
    assert mine.json()["officer"] == str(cast.ada.officer_id)
    assert mine.json()["appointment"] == str(cast.ada.pk)
    assert mine.json()["secrets"] == again.json()["secrets"]
    assert mine.json()["secrets"][0]["id"] == theirs.json()["secrets"][0]["id"]
    assert mine.json()["secrets"][0]["secret"] != theirs.json()["secrets"][0]["secret"]
    assert settings.SECRET_KEY not in mine.content.decode()


def test_after_the_portals_key_was_changed_the_older_secret_still_comes(cast: Cast) -> None:
    officer = cast.ada.officer_id
    (old,) = secrets.secrets_of(officer)
    with override_settings(SECRET_KEY="another-key-of-fifty-signs", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        new, second = secrets.secrets_of(officer)
    assert second == old
    assert new.id != old.id
    assert new.secret != old.secret


@pytest.mark.parametrize("address", ["/device/", "/device/worker.js", "/device/app.webmanifest", "/device/session/"])
def test_nothing_here_takes_a_form(cast: Cast, as_: Any, address: str) -> None:
    assert as_(cast.ada).post(address).status_code == 405
