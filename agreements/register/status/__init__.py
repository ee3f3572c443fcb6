"""Whether an agreement works for a party at an instant: a pure function of the recorded facts.

Every answer is given either on paper (`pair` empty: what the facts say, whoever recorded them) or between two
parties (`pair` of two: facts that widen count only once both stand behind them, R22). Facts that narrow always
count from their recording. Sources: sharing.md "Bound"; Vienna Convention on the Law of Treaties, Articles 11-18,
24, 25, 54-65.

- `effects`: from when a single fact works, or strikes, or is lifted.
- `computing`: the entry into force that a condition computes from the consents.
- `terms`: for how long an agreement runs.
- `narrowing`: what suspensions, reservations and objections take from a clause.
- `binding`: whether a party is bound by a clause, and since when.
- `turning`: the instants at which an answer may change.
- `states`: the words for people, of a party and of the agreement as a whole, and the days that are left.
"""

from agreements.register.status.binding import Bond, both_bound, bound
from agreements.register.status.computing import Computed, computed, condition_of
from agreements.register.status.effects import ON_PAPER, Gap, Pair, confirmed_at, designated, effect, strikes
from agreements.register.status.narrowing import is_cut, narrowed, stays_narrowed
from agreements.register.status.states import State, agreement_state, days_left, end_day, party_state
from agreements.register.status.terms import Renewal, last_day, renewal
from agreements.register.status.turning import turns

__all__ = [
    "ON_PAPER",
    "Bond",
    "Computed",
    "Gap",
    "Pair",
    "Renewal",
    "State",
    "agreement_state",
    "both_bound",
    "bound",
    "computed",
    "condition_of",
    "confirmed_at",
    "days_left",
    "designated",
    "effect",
    "end_day",
    "is_cut",
    "last_day",
    "narrowed",
    "party_state",
    "renewal",
    "stays_narrowed",
    "strikes",
    "turns",
]
