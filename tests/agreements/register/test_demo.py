"""The demonstration's agreements: real ones as checked facts, invented ones that show every state."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from agencies.directory import demo as people
from agreements.alerts import demo as warnings
from agreements.alerts.models import Alert
from agreements.register import demo, facts
from agreements.register.choices import ActionKind
from agreements.register.demo.treaties import DATA
from agreements.register.life import force_of
from agreements.register.models import Agreement, Clause, TreatyAction
from agreements.register.status import ON_PAPER, State, agreement_state, computed, days_left, party_state
from tests import kept
from tests.kept import Keeper

FILES = sorted(DATA.glob("*.json"))


def load() -> dict[str, Agreement]:
    people.load()
    demo.load()
    return {row.short_name: row for row in Agreement.objects.all()}


kept.layer("treaties_of_demo", load)


@pytest.fixture
def treaties_of_demo(kept: Keeper, db: None) -> dict[str, Agreement]:
    found: dict[str, Agreement] | None = kept.give("treaties_of_demo")
    return found or load()


def test_states_days_and_warnings(treaties_of_demo: dict[str, Agreement]) -> None:
    now = timezone.now()
    treaties = facts.load(row.pk for row in treaties_of_demo.values())
    states = {name: agreement_state(treaties, treaties[row.pk], now) for name, row in treaties_of_demo.items()}
    assert states.pop("Technical Arrangement Air Support") == State.SUSPENDED
    assert states.pop("Technical Arrangement Nofels") == State.DENOUNCED
    assert states.pop("Protocol Alpine Rhine") == State.TO_BE_IN_FORCE
    assert set(states.values()) == {State.IN_FORCE}
    assert days_left(treaties[treaties_of_demo["Technical Arrangement Lake Week"].pk], now) == 24
    assert 90 < (days_left(treaties[treaties_of_demo["Technical Arrangement Nofels"].pk], now) or 0) < 150

    assert warnings.load() > 0
    told = Alert.objects.filter(kind="register.expiring", agreement=treaties_of_demo["Technical Arrangement Lake Week"])
    countries = set(told.values_list("appointment__agency__country", flat=True))
    assert countries == {"AT", "DE"}
    assert warnings.load() == 0


def test_who_has_only_signed_shows_as_such(treaties_of_demo: dict[str, Agreement]) -> None:
    now = timezone.now()
    convention = treaties_of_demo["PCC SEE"]
    treaties = facts.load([convention.pk])
    states = {code: party_state(treaties, treaties[convention.pk], code, now) for code in ("AL", "AT", "HR")}
    assert states == {"AL": State.SIGNED, "AT": State.IN_FORCE, "HR": State.IN_FORCE}


def test_conditions_say_what_is_recorded_and_one_runs(treaties_of_demo: dict[str, Agreement]) -> None:
    """Where the real treaties' consents have their days, the condition computes the day that is recorded."""
    now = timezone.now()
    treaties = {
        key: facts.as_known(row, now) for key, row in facts.load(row.pk for row in treaties_of_demo.values()).items()
    }
    pruem = computed(treaties[treaties_of_demo["Prüm Convention"].pk], now, ON_PAPER)
    assert pruem is not None
    # Two had deposited theirs by August; the days of the day of deposit counted, Prüm says 1 November.
    assert abs((pruem.starts - date(2006, 11, 1)).days) <= 1
    force = force_of(treaties[treaties_of_demo["Protocol Alpine Rhine"].pk], now)
    assert force is not None
    assert (len(force.given), force.wanted, force.met) == (2, 3, None)


def test_a_second_load_changes_nothing(treaties_of_demo: dict[str, Agreement]) -> None:
    before = TreatyAction.objects.count()
    assert (people.load(), demo.load()) == (0, 0)
    assert TreatyAction.objects.count() == before


def test_real_treaties_open_nothing_and_nothing_is_recorded_ahead(treaties_of_demo: dict[str, Agreement]) -> None:
    real = Clause.objects.filter(agreement__invented=False)
    assert real.count() > 80
    assert not any(clause.opens_channel for clause in real)
    now = timezone.now()
    assert not TreatyAction.objects.filter(recorded_at__gt=now).exists()
    assert not TreatyAction.objects.filter(done_on__gt=now.date()).exists()
    for row in TreatyAction.objects.filter(kind__in=(ActionKind.SUSPENSION, ActionKind.DENUNCIATION)):
        assert row.agreement.invented
        assert row.done_on < now.date()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fact_names_its_source(path: Path) -> None:
    row = json.loads(path.read_text(encoding="utf-8"))
    assert row["source"]
    for part in ("parties", "clauses", "statements"):
        for fact in row[part]:
            assert fact["source"], fact
    for party in row["parties"]:
        if "general knowledge" in party["source"]:
            assert not {"signed", "deposited", "in_force"} & set(party), party
    for party in row["parties"]:
        days = [party[name] for name in ("signed", "deposited", "in_force") if name in party]
        assert days == sorted(days)
        assert all(datetime.fromisoformat(day).replace(tzinfo=UTC) < timezone.now() for day in days)
