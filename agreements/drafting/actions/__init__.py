"""What is done with a draft: begun, filled in by several, approved by a second officer, put to the parties on a day."""

from agreements.drafting.actions.filling import (
    add_article,
    add_party,
    change_article,
    mark,
    name_agency,
    remove_article,
    remove_party,
    save_area,
    save_dates,
    save_name,
    set_terms,
    unname_agency,
)
from agreements.drafting.actions.sharing import share, unshare
from agreements.drafting.actions.starting import start
from agreements.drafting.actions.submissions import approve, ask, cancel, schedule, send_back, take_back

__all__ = [
    "add_article",
    "add_party",
    "approve",
    "ask",
    "cancel",
    "change_article",
    "mark",
    "name_agency",
    "remove_article",
    "remove_party",
    "save_area",
    "save_dates",
    "save_name",
    "schedule",
    "send_back",
    "set_terms",
    "share",
    "start",
    "take_back",
    "unname_agency",
    "unshare",
]
