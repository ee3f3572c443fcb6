"""The files of the shell: what a device keeps so that the app starts without a network, and their common version."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse

FOLDER = "field"
WORKER = f"{FOLDER}/worker.js"
# Beside the folder: tokens of the pages, and the mark.
OTHERS = ("css/entente.css", "icon.svg")
# After the shell and outside its budget, kept by the worker once everything else is there: what no patrol needs in order
# to start, log, track, cross and end. Until its type is there, the app is set in the device's own.
LATER = (
    "field/core/exports.js",
    "field/core/transfer.js",
    "field/later/map.css",
    "field/later/map.js",
    "field/screens/carry.js",
    "field/screens/powers.js",
    "field/screens/settings.js",
    "field/screens/track.js",
    "lib/leaflet/leaflet.css",
    "lib/leaflet/leaflet.js",
    "lib/plex/split/woff2/IBMPlexSans-Regular-Latin1.woff2",
)
PAGE = "device/shell.html"


def found(name: str) -> Path:
    """The file of a static name. Raises FileNotFoundError: a shell without one of its files would not start."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"{name} belongs to the shell and is not there")
    return Path(str(path))


def names() -> list[str]:
    """Every file of the shell but its page and its worker, in a fixed order."""
    folder = found(WORKER).parent
    # The drawn icons are fetched by whoever installs the app; the app itself shows the mark.
    files = (path for path in folder.rglob("*") if path.suffix in (".js", ".css"))
    own = {path.relative_to(folder.parent).as_posix() for path in files}
    return sorted({*own, *OTHERS} - {WORKER, *LATER})


def addresses() -> list[str]:
    """What the worker keeps: the page first."""
    return [reverse("device:shell"), reverse("device:manifest"), *(static(name) for name in names())]


def digest() -> str:
    """Changes with any byte of any file that the worker keeps."""
    total = hashlib.sha256(Path(get_template(PAGE).origin.name).read_bytes())  # type: ignore[attr-defined]
    for name in (*names(), *LATER, WORKER):
        total.update(name.encode())
        total.update(found(name).read_bytes())
    return total.hexdigest()[:12]


_kept = cache(digest)


def version() -> str:
    """Worked out once for each process; while developing, each time."""
    return digest() if settings.DEBUG else _kept()


def worker_script() -> str:
    """The service worker with its version and the list of what it keeps."""
    parts = {"VERSION": version(), "SHELL": addresses(), "LATER": [static(name) for name in LATER]}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in parts.items())
    return head + found(WORKER).read_text()
