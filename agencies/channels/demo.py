"""Communication channels of the demonstration's agencies: all invented, and marked so."""

from datetime import UTC, date, datetime, time
from typing import Any

from agencies.channels.choices import Encryption, Means
from agencies.channels.models import CommunicationChannel
from agencies.directory.models import Agency
from portal.ui import demo

SINCE = date(2018, 1, 1)
SECURE, WAY, CLEAR = Encryption.END_TO_END, Encryption.LINK, Encryption.NONE
DAY = {"opens_at": time(7), "closes_at": time(19), "weekdays": [1, 2, 3, 4, 5]}
RADIO = {"means": Means.RADIO, "system": "Demo TETRA", "band": "380–400 MHz", "encryption": WAY}
SIENA = {"means": Means.NAMED_SYSTEM, "system": "SIENA", "encryption": SECURE}
MAIL = {"means": Means.SECURE_MAIL, "system": "Demo S/MIME gateway", "encryption": SECURE}
SATELLITE = {"means": Means.SATELLITE, "system": "Demo satellite", "encryption": CLEAR}
# By acronym and country: some pairs talk well, some in clear, some at office hours alone, some not at all.
CHANNELS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("CH", "BAZG"): [
        {**RADIO, "talk_group": "Lake 1", "languages": ["de"]},
        {"means": Means.TELEPHONE, "address": "+999 000 100", "languages": ["de", "fr", "it", "en"]},
        {**MAIL, "address": "channel.bazg@demo.invalid", "languages": ["de", "fr", "it", "en"]},
        {**SATELLITE, "address": "+999 881 100", "languages": ["de", "en"]},
    ],
    ("DE", "BPOL"): [
        {**RADIO, "talk_group": "LAKE-1", "languages": ["de"]},
        {"means": Means.TELEPHONE, "address": "+999 000 102", "languages": ["de", "en"]},
        {**SIENA, "address": "BPOL-DEMO", "languages": ["de", "en"], **DAY},
    ],
    ("AT", "AT Police"): [
        {**RADIO, "talk_group": "Rhine 3", "languages": ["de"]},
        {"means": Means.TELEPHONE, "address": "+999 000 104", "languages": ["de"], **DAY},
        {**SIENA, "address": "AT-DEMO", "languages": ["de", "en"]},
    ],
    ("LI", ""): [{"means": Means.TELEPHONE, "address": "+999 000 106", "languages": ["de"]}],
}


def load() -> int:
    """What exists already is left as it is. Returns how many rows are new."""
    made = 0
    for (country, acronym), rows in CHANNELS.items():
        agency = Agency.objects.filter(country=country, **({"acronym": acronym} if acronym else {})).first()
        if agency is not None and not agency.communication_channels.exists():
            made += len([_made(agency, values) for values in rows])
    return made


def _made(agency: Agency, values: dict[str, Any]) -> CommunicationChannel:
    return CommunicationChannel.objects.create(
        agency=agency,
        invented=True,
        note="Invented for the demonstration.",
        starts_on=SINCE,
        recorded_at=datetime(2018, 1, 1, tzinfo=UTC),
        **values,
    )


def register() -> None:
    demo.register(demo.Step("communication channels", 12, load))
