"""The demonstration's powers: of real treaties, restated with their sources, and of two invented arrangements."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from agencies.directory.models import Country
from agreements.powers import actions
from agreements.powers.choices import Origin
from agreements.powers.models import Power
from agreements.register.demo.people import ADMINS, admin
from agreements.register.models import Agreement

DATA = Path(__file__).parent / "demo_data" / "powers.json"


def load() -> int:
    """Record the powers of agreements that have none yet; how many are new."""
    made = 0
    for entry in json.loads(DATA.read_text(encoding="utf-8"))["agreements"]:
        agreement = Agreement.objects.filter(short_name=entry["agreement"]).first()
        if agreement is not None and not Power.objects.filter(clause__agreement=agreement).exists():
            made += _load(agreement, entry)
    return made


def _load(agreement: Agreement, entry: dict[str, Any]) -> int:
    """Recorded by one party's treaty admin with the agreement, and confirmed a day later by those of the others."""
    parties = set(agreement.parties.values_list("country", flat=True))
    by = admin(next(code for code in ADMINS if code in parties))
    recorded = agreement.registered_at
    assert recorded is not None
    for row in entry["powers"]:
        values = {"source": entry["source"], **row}
        texts, replaced = values.pop("texts", {}), values.pop("replaces", None)
        for name in ("actor", "host"):
            values[name] = Country.objects.get(pk=values[name]) if name in values else None
        for name in ("starts_on", "ends_on"):
            values[name] = date.fromisoformat(values[name]) if name in values else None
        power = actions.record_power(
            clause=agreement.clauses.get(article=values.pop("article")),
            by=by,
            recorded_at=recorded,
            replaces=_found(replaced) if replaced else None,
            **values,
        )
        for language, text in texts.items():
            actions.put_into_words(
                power=power, by=by, language=language, words=text, origin=Origin.OWN_WORDS, recorded_at=recorded
            )
    for code in sorted(parties & ADMINS.keys()):
        actions.confirm_powers(agreement=agreement, by=admin(code), confirmed_at=recorded + timedelta(days=1))
    return len(entry["powers"])


def _found(named: list[str]) -> Power:
    short_name, article, act = named
    rows = Power.objects.filter(clause__agreement__short_name=short_name, clause__article=article, act=act)
    return rows.get(actor=None, host=None)
