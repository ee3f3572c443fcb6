"""Through which door the ledger says that a record was shown here.

The originator reads that of its own records (R18). The panel's door tells nothing, since it comes with every record's
page; those of the form and of the API would tell of an order that the originator must not know of (R25).
"""

from contextlib import AbstractContextManager

from portal.audit import door

PANEL = "page compelled:record-compelled"


def plain() -> AbstractContextManager[None]:
    return door.through(PANEL)
