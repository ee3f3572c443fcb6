"""The worker's side: the text of a document is read by a process of its own and kept for the search (R17).

Nothing of a text goes into a message, an error or a log: what fails says only that it failed.
"""

import json
import os
import subprocess
import sys
import uuid
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from agreements.papers.choices import MediaType, Reading, config_of
from agreements.papers.models import Document, Passage
from portal.outbox import handlers, messages

READ = "papers.read"
# Seconds after which a text that is still being read is given up.
PATIENCE = 120
# Characters of a text whose words have room in one row; PostgreSQL keeps a megabyte of them.
FEWER = 300_000
WORDS_OF_PASSAGE = "UPDATE papers_passage SET words = to_tsvector(%s::regconfig, text) WHERE document_id = %s"
WORDS = """UPDATE papers_document SET words = setweight(to_tsvector(%s::regconfig, title), 'A')
 || to_tsvector(%s::regconfig, %s) WHERE id = %s"""


class NotKept(Exception):
    """The database did not take the text. Says no more, for the database's own words would quote it."""


def register() -> None:
    handlers.register(READ, read)


def queue(document: Document) -> None:
    """Index the title at once, and let the worker read the text, if there can be any."""
    _index(document, "")
    if document.reading == Reading.WAITING:
        messages.emit(kind=READ, key=f"{READ}:{document.pk}", payload={"document": str(document.pk)})


def read(payload: dict[str, Any]) -> None:
    """Read one document's text. Done twice, it does nothing the second time."""
    rows = Document.objects.select_for_update(of=("self",)).defer("words")
    document = rows.filter(pk=uuid.UUID(payload["document"]), reading=Reading.WAITING).first()
    if document is None:
        return
    try:
        with document.file.open("rb") as file:
            found = extracted(file.read(), MediaType(document.media_type))
    except FileNotFoundError:
        found = None
    try:
        with transaction.atomic():
            keep(document, found)
    except DatabaseError:
        raise NotKept from None


def extracted(data: bytes, media_type: MediaType) -> list[tuple[int, str]] | None:
    """(number, text) of each passage; None when it is damaged, has a password, or is too much to read."""
    command = [sys.executable, "-m", "agreements.papers.extracting", media_type.value]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603  The media type is one of ours.
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env=environment,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return [(number, text) for number, text in json.loads(done.stdout)] if done.returncode == 0 else None


def keep(document: Document, found: list[tuple[int, str]] | None) -> None:
    """Keep what was found, and say whether there was any."""
    if found is None:
        document.reading = Reading.FAILED
    elif not any(character.isalnum() for _, text in found for character in text):
        document.reading = Reading.EMPTY
    else:
        document.reading = Reading.READ
        Passage.objects.bulk_create(Passage(document=document, number=number, text=text) for number, text in found)
        with connection.cursor() as cursor:
            cursor.execute(WORDS_OF_PASSAGE, [config_of(document.language), document.pk])
        _index_as_far_as_it_fits(document, "\n".join(text for _, text in found))
    document.save(update_fields=["reading"])


def _index_as_far_as_it_fits(document: Document, text: str) -> None:
    try:
        with transaction.atomic():
            _index(document, text)
    except DatabaseError:
        _index(document, text[:FEWER])


def _index(document: Document, text: str) -> None:
    config = config_of(document.language)
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [config, config, text, document.pk])
