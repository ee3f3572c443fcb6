"""What happens to powers: recorded, corrected by a new one, confirmed, put into words. Nothing is edited (R22)."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.powers.choices import RANK, Answer
from agreements.powers.models import Power, PowerConfirmation, PowerText
from agreements.register.actions.rights import changeable, is_party, locked, need, note, stamp
from agreements.register.causes import CONFIRMED
from agreements.register.models import Agreement, Clause
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

TERMS = ("triggers", "conditions", "words", "distance_m", "depth_m", "minutes", "area")
DUTIES = ("notify_when", "notify_whom", "lead", "report")


@transaction.atomic
def record_power(
    *,
    clause: Clause,
    by: Appointment,
    act: str,
    answer: str,
    actor: Country | None = None,
    host: Country | None = None,
    replaces: Power | None = None,
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
    **values: Any,
) -> Power:
    """Record what an article says of one act. Recorded by one side it only takes away; it permits once both states
    confirmed it (R22).

    Raises Refused at the field: a state that is no party, a “may” with conditions, an “only if” without, days that
    cannot be, a correction of another act or of what the officer may not see.
    """
    agreement = changeable(clause.agreement, by)
    before = sent_before(Power, key, clause=clause, recorded_by=by)
    if before is not None:
        return before
    row = Power(
        id=usable(Power, key),
        clause=clause,
        act=act,
        answer=answer,
        actor=actor,
        host=host,
        replaces=replaces,
        **values,
        **stamp(by, recorded_at),
    )
    check(row, agreement)
    if replaces is not None:
        _check_replaced(row, replaces, by)
    row.save()
    data: dict[str, Any] = {"act": act, "answer": answer, "replaces": replaces and replaces.pk}
    note("agreement.power", agreement, by, str(row.pk), recorded_at=recorded_at, article=clause.article, **data)
    return row


def check(row: Power, agreement: Agreement) -> None:
    """Everything that must hold of a power by itself."""
    parties = set(agreement.parties.values_list("country", flat=True))
    for name in ("actor", "host"):
        country = getattr(row, name)
        if country is not None and country.pk not in parties:
            raise Refused(f"{country.name} is no party of this agreement.", field=name)
    if row.actor is not None and row.actor == row.host:
        raise Refused("Powers are abroad: choose another state.", field="host")
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise Refused("The last day is before the first.", field="ends_on")
    _check_answer(row)


def _check_answer(row: Power) -> None:
    terms = [name for name in TERMS if getattr(row, name)]
    duties = [name for name in DUTIES if getattr(row, name)]
    if row.answer == Answer.YES and terms:
        raise Refused("It has conditions or limits: choose “May only if”.", field="answer")
    if row.answer == Answer.ONLY_IF and not terms:
        raise Refused("Say under which conditions, or choose “May”.", field="conditions")
    if row.answer not in (Answer.YES, Answer.ONLY_IF, Answer.AUTHORISED) and (terms or duties):
        raise Refused("What is not permitted has no conditions.", field=(terms or duties)[0])
    if row.answer == Answer.SILENT and row.replaces is None:
        raise Refused("Only a correction takes an earlier entry back: start from that entry.", field="answer")


def _check_replaced(row: Power, earlier: Power, by: Appointment) -> None:
    seen = Power.objects.visible_to(by).filter(pk=earlier.pk).exists()
    foreign = earlier.clause.agreement_id != row.clause.agreement_id
    if not seen or (foreign and earlier.clause.agreement.is_draft):
        raise Refused("There is no such entry.", field="replaces")
    if earlier.act != row.act:
        word = earlier.get_act_display().lower()
        raise Refused(f"It replaces an entry on another act: {word}.", field="act")


def narrows(row: Power) -> bool:
    """Whether it is recorded to take away: a “may not”, or a narrower answer than what it replaces."""
    if row.answer == Answer.NO:
        return True
    earlier = row.replaces
    return earlier is not None and RANK.get(Answer(row.answer), -1) > RANK.get(Answer(earlier.answer), -1)


def outstanding(agreement: Agreement, country: Country | str) -> list[Power]:
    """Powers that this country has neither recorded nor confirmed. None of a draft."""
    if agreement.is_draft:
        return []
    rows = Power.objects.filter(clause__agreement=agreement).exclude(recorded_for=country)
    return list(rows.exclude(confirmations__country=country).with_sides())


def outstanding_counts(agreements: list[uuid.UUID], country: Country | str) -> dict[uuid.UUID, int]:
    """How many wait for the country in each of these, in one query; what is replaced already is not asked for."""
    rows = Power.objects.filter(clause__agreement__in=agreements).exclude(recorded_for=country)
    waiting = rows.exclude(confirmations__country=country).filter(replaced_by=None)
    return dict(Counter(waiting.values_list("clause__agreement", flat=True)))


@transaction.atomic
def confirm_powers(
    *,
    agreement: Agreement,
    by: Appointment,
    powers: Iterable[Power] | None = None,
    confirmed_at: datetime | None = None,
) -> int:
    """Stand behind powers for the own country; all outstanding ones unless some are named. How many were new."""
    need(by, Permission.AGREEMENT_CONFIRM)
    row = locked(agreement)
    if row.is_draft:
        raise Refused("A draft is confirmed once it is put to the parties.", code="conflict")
    if not is_party(row, by.agency.country_id):
        raise Refused("Only parties confirm facts about an agreement.", code="forbidden")
    wanted = None if powers is None else {power.pk for power in powers}
    chosen = [power for power in outstanding(row, by.agency.country) if wanted is None or power.pk in wanted]
    behind = {"country": by.agency.country, "confirmed_by": by, "confirmed_at": confirmed_at or timezone.now()}
    PowerConfirmation.objects.bulk_create([PowerConfirmation(power=power, **behind) for power in chosen])
    for power in chosen:
        key = f"{power.pk}:{by.agency.country_id}"
        note("agreement.confirm", row, by, key, cause=CONFIRMED, recorded_at=confirmed_at, of="power")
    return len(chosen)


@transaction.atomic
def put_into_words(
    *,
    power: Power,
    by: Appointment,
    language: str,
    words: str,
    origin: str,
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
) -> PowerText:
    """Add the article's words in a language; the last of each origin is shown. It explains, and decides nothing."""
    agreement = changeable(power.clause.agreement, by)
    before = sent_before(PowerText, key, power=power, recorded_by=by)
    if before is not None:
        return before
    row = PowerText.objects.create(
        id=usable(PowerText, key),
        power=power,
        language=language.lower(),
        words=words,
        origin=origin,
        **stamp(by, recorded_at),
    )
    note("agreement.power_text", agreement, by, str(row.pk), recorded_at=recorded_at, language=row.language)
    return row


def values_of(row: Power) -> Mapping[str, Any]:
    """What a correction starts from."""
    names = [field.name for field in Power._meta.concrete_fields if field.name not in _STAMP]
    return {name: getattr(row, name) for name in names}


_STAMP = frozenset({"id", "recorded_at", "recorded_by", "recorded_for", "clause", "replaces"})
