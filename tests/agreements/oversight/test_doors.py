"""The door of an entry in words: pages, panels, the API and the portal's own work."""

import re

import pytest
from django.urls import reverse

from agreements.oversight import doors
from tests.agreements.oversight.test_ledger import LEDGER, own_files, shared, story

__all__ = ["own_files", "shared"]  # fixtures, found here by pytest


@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("page oversight:ledger", "Page: Ledger"),
        ("page patrols:patrol-detail", "Page: patrol (Patrols)"),
        ("page patrols:patrol-create", "Page: new patrol (Patrols)"),
        ("page sharing:record-who", "Page: who sees a record (Sharing)"),
        ("page requests:asked-list", "Page: asked list (Access requests)"),
        ("page requests:record-panel", "Panel: Access requests"),
        ("page picture:home", "Page: Home"),
        ("page nowhere:strange", "Page: strange"),
        ("page", "A page"),
        ("api records-list", "API: records list"),
        ("api", "API"),
        ("task outbox.sweep", "The portal's own work: outbox sweep"),
        ("mail", "By mail"),
        ("export", "export"),
        ("", ""),
    ],
)
def test_a_door_in_words(door, words):
    assert doors.words(door) == words


def test_the_ledger_names_no_page_by_its_code(cast, shared, as_, api_as):
    client = as_(cast.arno)
    for address in ("/", reverse("sharing:record-who", args=[shared.pk]), LEDGER):
        assert client.get(address).status_code == 200
    for address in (LEDGER, story(shared)):
        text = client.get(address).content.decode()
        assert "Page: who sees a record (Sharing)" in text
        assert not re.search(r"page \w+:[\w-]+", text)
    # A program reads the code itself.
    told = [row["door"] for row in api_as(cast.arno).get("/api/v1/ledger/").json()["results"]]
    assert "page sharing:record-who" in told
