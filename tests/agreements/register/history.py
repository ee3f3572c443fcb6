"""The states of a party through time, in plain Python: it walks the days one by one and imports nothing of the portal.

A history is a dictionary: `parties`, `acts`, and the terms `expires`, `renews`, `ahead` and `condition`. Days are
numbers from 1 January 2025 on. An act has `kind`, `party` (None: the agreement), `done`, `on` (its first day of effect),
`until`, and `lifts`, the place of another in the list. All is known on every day.
"""

from datetime import date, timedelta
from typing import Any

ORIGIN = date(2025, 1, 1)
CONSENTS = {"ratification", "accession", "participation"}
LEAVING = {"denunciation", "withdrawal"}
History = dict[str, Any]


def as_date(day: int) -> date:
    return ORIGIN + timedelta(days=day)


def months_on(day: int, months: int) -> int:
    """So many months later; the last day of a month that is too short."""
    then = as_date(day)
    month = then.month + months
    year, month = then.year + (month - 1) // 12, (month - 1) % 12 + 1
    for number in range(then.day, 0, -1):
        try:
            return (date(year, month, number) - ORIGIN).days
        except ValueError:
            continue
    raise AssertionError


def after(day: int, wait: tuple[int, str]) -> int:
    number, unit = wait
    if unit == "days":
        return day + number
    if unit == "months":
        return months_on(day, number)
    return months_on(day - as_date(day).day + 1, number)


def met_on(history: History) -> int | None:
    """The first day at the end of which enough parties hold their consent."""
    rule, held = history["condition"], set[str]()
    for day in range(-50, 200):
        for act in history["acts"]:
            if act["kind"] in LEAVING and act["on"] == day:
                held.discard(act["party"])
        for act in history["acts"]:
            if act["kind"] in CONSENTS and act["done"] == day:
                held.add(act["party"])
        named = rule["required"] or (history["parties"] if rule["count"] is None else [])
        came = any(act["kind"] in CONSENTS and act["done"] == day for act in history["acts"])
        if came and held >= set(named) and len(held) >= (rule["count"] or 0):
            return day
    return None


def binds_on(history: History, act: dict[str, Any], met: int | None) -> int | None:
    """The first day on which this consent binds, whatever else happens; None: never."""
    whole = [a["on"] for a in history["acts"] if a["kind"] == "entry_into_force" and a["party"] is None]
    if whole:
        return int(max(min(whole), act["on"]))
    rule = history["condition"]
    if rule is None or met is None:
        return None
    general = after(met, rule["wait"])
    if act["on"] != act["done"]:
        return int(max(general, act["on"]))
    if act["done"] <= met:
        return general
    return max(general, after(act["done"], rule["later"] or rule["wait"]))


def last_day(history: History) -> int | None:
    if history["expires"] is None:
        return None
    if not history["renews"]:
        extended = [a["until"] for a in history["acts"] if a["kind"] == "extension"]
        return int(max([history["expires"], *extended]))
    stops = []
    for act in history["acts"]:
        if act["kind"] == "non_renewal":
            terms = (months_on(history["expires"], history["renews"] * n) for n in range(1000))
            stops.append(next(t for t in terms if t >= act["done"] and months_on(t, -history["ahead"]) >= act["done"]))
    return min(stops, default=None)


def over(history: History, day: int) -> bool:
    last = last_day(history)
    if history["renews"] and last is not None:
        # A notice counts from the day on which it is given.
        given = [a for a in history["acts"] if a["kind"] == "non_renewal" and a["done"] <= day]
        last = last_day({**history, "acts": given})
    ended = any(a["kind"] == "termination" and a["on"] <= day for a in history["acts"])
    return ended or (last is not None and last < day)


def runs(act: dict[str, Any], day: int) -> bool:
    return act["on"] <= day and (act["until"] is None or day <= act["until"])


def state(history: History, party: str, day: int) -> str:
    """The state of the party on the day, in the words of the register."""
    if over(history, day):
        return "ended"
    acts = history["acts"]
    mine = [act for act in acts if act["party"] == party]
    left = max((act["on"] for act in mine if act["kind"] in LEAVING and act["on"] <= day), default=None)
    own = [act for act in mine if left is None or act["on"] >= left]
    met = met_on(history) if history["condition"] else None
    first = [binds_on(history, act, met) for act in own if act["kind"] in CONSENTS]
    dated = [act["on"] for act in own if act["kind"] == "entry_into_force"]
    definitive = any(d is not None and d <= day for d in first) and (not dated or min(dated) <= day)
    provisional = any(act["kind"] == "provisional_application" and runs(act, day) for act in own)
    if definitive or provisional:
        if suspended(acts, party, day):
            return "suspended"
        if any(act["kind"] in LEAVING and act["done"] <= day < act["on"] for act in mine):
            return "denounced"
        return "in_force" if definitive else "provisionally_applied"
    return waiting(mine, own, left, day)


def suspended(acts: list[dict[str, Any]], party: str, day: int) -> bool:
    return any(
        act["kind"] == "suspension"
        and act["party"] in (None, party)
        and runs(act, day)
        and not any(other["lifts"] == place and runs(other, day) for other in acts)
        for place, act in enumerate(acts)
    )


def waiting(mine: list[dict[str, Any]], own: list[dict[str, Any]], left: int | None, day: int) -> str:
    if any(act["kind"] in CONSENTS and act["done"] <= day for act in own):
        return "to_be_in_force"
    if left is not None:
        return "ended"
    return "signed" if any(a["kind"] == "signature" and a["done"] <= day for a in mine) else "not_bound"
