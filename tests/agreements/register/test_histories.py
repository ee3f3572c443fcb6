"""Random histories of agreements: the state of each party on each day, against a model that shares nothing with it."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from agreements.register.choices import ActionKind, DelayUnit
from agreements.register.facts import ConditionFact, Delay, Treaty
from agreements.register.status import party_state
from tests.agreements.register import history
from tests.agreements.register.facts import BOTH, act, noon, treaty
from tests.agreements.register.test_conditions import condition

PARTIES = ["XX", "YY", "ZZ"]
KINDS = [
    "ratification", "ratification", "ratification", "accession", "participation", "signature", "entry_into_force",
    "own_entry", "provisional_application", "denunciation", "withdrawal", "suspension", "lifting", "termination",
    "extension", "non_renewal",
]  # fmt: skip
LAST = 75
# When such an act is done, and how much later it takes effect, where that is not as for the others.
WHEN = {"ratification": (0, 25), "accession": (0, 40), "termination": (50, 75), "denunciation": (10, 60)}
LATER = {"extension": [0], "denunciation": [20, 30], "withdrawal": [0, 9], "non_renewal": [0], "lifting": [0]}
waits = st.sampled_from([(0, "days"), (9, "days"), (1, "months"), (1, "month_starts")])


@st.composite
def acts(draw: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=9)):
        done = draw(st.integers(*WHEN.get(kind, (0, 60))))
        whole = kind in ("termination", "extension", "entry_into_force")
        row = {
            "kind": "entry_into_force" if kind == "own_entry" else kind, "done": done,
            "party": None if whole or (kind == "suspension" and draw(st.booleans())) else draw(st.sampled_from(PARTIES)),
            "on": done + (draw(st.sampled_from(LATER.get(kind, [0, 0, 7])))), "until": None, "lifts": None,
        }  # fmt: skip
        if kind in ("suspension", "provisional_application"):
            row["until"] = draw(st.sampled_from([None, row["on"] + 12]))
        if kind == "extension":
            row["until"] = draw(st.integers(done, 70))
        if kind == "lifting":
            suspensions = [other for other in found if other["kind"] == "suspension"]
            if not suspensions:
                continue
            row["lifts"] = draw(st.sampled_from(suspensions))
        found.append(row)
    return found


@st.composite
def histories(draw: Any) -> dict[str, Any]:
    rule = st.fixed_dictionaries(
        {
            "count": st.sampled_from([None, 1, 2, 3]),
            "required": st.sampled_from([[], [], ["ZZ"]]),
            "wait": waits,
            "later": st.none() | waits,
        }
    )
    expires = draw(st.none() | st.integers(20, 60))
    renews = draw(st.sampled_from([None, 1])) if expires is not None else None
    row = {
        "parties": PARTIES, "acts": draw(acts()), "expires": expires, "renews": renews,
        "ahead": draw(st.integers(0, 1)) if renews else 0, "condition": draw(st.none() | rule),
    }  # fmt: skip
    row["acts"] = [one for one in row["acts"] if _fits(one["kind"], expires, renews)]
    for one in row["acts"]:  # Places have moved.
        if one["lifts"] is not None:
            one["lifts"] = next(place for place, other in enumerate(row["acts"]) if other is one["lifts"])
    return row


def _fits(kind: str, expires: int | None, renews: int | None) -> bool:
    """There is something to extend, or something that renews itself."""
    if kind == "extension":
        return expires is not None and not renews
    return kind != "non_renewal" or bool(renews)


def as_treaty(row: dict[str, Any]) -> Treaty:
    facts: list[Any] = []
    for one in row["acts"]:
        lifts = None if one["lifts"] is None else facts[one["lifts"]].id
        until = None if one["until"] is None else history.as_date(one["until"])
        on, done = history.as_date(one["on"]), history.as_date(one["done"])
        facts.append(act(ActionKind(one["kind"]), one["party"], on, done=done, until=until, lifts=lifts))
    return treaty(
        *facts,
        parties=frozenset(PARTIES),
        expires_on=None if row["expires"] is None else history.as_date(row["expires"]),
        renews_months=row["renews"],
        renewal_notice_months=row["ahead"],
        conditions=(_condition(row["condition"]),) if row["condition"] else (),
    )


def _condition(rule: dict[str, Any]) -> ConditionFact:
    first, later = (Delay(number, DelayUnit(unit)) for number, unit in (rule["wait"], rule["later"] or rule["wait"]))
    return condition(rule["count"], *rule["required"], delay=first, later=later, confirmed=BOTH)


def test_each_party_has_the_state_that_the_model_gives_it_on_each_day() -> None:
    seen: Counter[str] = Counter()

    @seed(20261126)
    @settings(max_examples=170, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(histories())
    def told(row: dict[str, Any]) -> None:
        known = as_treaty(row)
        for day in range(0, LAST, 3):
            at = noon(history.as_date(day))
            for party in PARTIES:
                expected = history.state(row, party, day)
                assert party_state({known.id: known}, known, party, at) == expected, (party, day, row)
                seen[expected] += 1

    told()
    # Histories in which next to nothing happens would prove nothing.
    assert min(seen.values()) > 25, seen
    assert set(seen) == {
        "not_bound", "signed", "to_be_in_force", "provisionally_applied", "in_force", "denounced", "suspended", "ended",
    }  # fmt: skip
