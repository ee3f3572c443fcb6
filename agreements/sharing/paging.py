"""A list of details page by page, the newest first."""

import uuid
from datetime import datetime
from typing import Any

PAGE = 25


def page_of(rows: Any, before: str) -> tuple[list[Any], str]:
    """One page beyond a place, and the place of the next; empty when there is none."""
    instant, _, key = before.partition("_")
    try:
        place = (datetime.fromisoformat(instant), uuid.UUID(key)) if before else None
    except ValueError:
        return [], ""
    found = list(rows.newest(PAGE + 1, before=place))
    more, found = len(found) > PAGE, found[:PAGE]
    return found, f"{found[-1].record.occurred_at.isoformat()}_{found[-1].pk}" if more else ""
