"""What crosses between agencies. This package and nothing else decides it (sharing rules R1–R9, R13, R15, R26, R27).

- `channel`: may agency s give to agency r under clause c at an instant? Pure functions of recorded facts.
- `meant`: the audiences that are meant for an officer, whatever agreements say.
- `access`: the live audiences of one appointment; querysets only apply them.
- `gradual`: the same for a request, worked out no further than what is asked.
- `whole`: what reaches whole agencies, for counts of a what-if.
- `decide`: one record, one appointment, one permission, with reasons.
- `onward`: what a receiver may pass on, and whether it holds it still (R11).
- `breadth`: how much of an agency a release is meant for, and whether another covers it.
- `readers`: the inverse, for previews and panels: which agencies see a record, each with its clause.
"""

from agreements.sharing.policy import breadth
from agreements.sharing.policy.access import (
    Access,
    access,
    access_to,
    treaties_of,
)
from agreements.sharing.policy.channel import (
    Channel,
    Missing,
    acting_channel,
    channel,
    search_channel,
    usable_clauses,
)
from agreements.sharing.policy.decide import (
    ONWARD,
    Decision,
    Ground,
    decide,
    explain_own,
    explain_to_owner,
    ways_onward,
)
from agreements.sharing.policy.gradual import gradual_access
from agreements.sharing.policy.live import LiveAudience
from agreements.sharing.policy.meant import circles_of
from agreements.sharing.policy.onward import Way
from agreements.sharing.policy.reaching import Proposal
from agreements.sharing.policy.readers import Reader, agencies_that_see, readers
from agreements.sharing.policy.whole import agency_access, agency_accesses

__all__ = [
    "ONWARD",
    "Access",
    "Channel",
    "Decision",
    "Ground",
    "LiveAudience",
    "Missing",
    "Proposal",
    "Reader",
    "Way",
    "access",
    "access_to",
    "acting_channel",
    "agencies_that_see",
    "agency_access",
    "agency_accesses",
    "breadth",
    "channel",
    "circles_of",
    "decide",
    "explain_own",
    "explain_to_owner",
    "gradual_access",
    "readers",
    "search_channel",
    "treaties_of",
    "usable_clauses",
    "ways_onward",
]
