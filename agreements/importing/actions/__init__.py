"""What a treaty admin does with an import: upload, name the columns, decide, repair, start, stop, take back."""

from agreements.importing.actions.deciding import (
    decide_name,
    decide_row,
    edit_row,
    forget_name,
    replace_rows,
)
from agreements.importing.actions.preparing import check_again, name_columns, proposed, upload
from agreements.importing.actions.working import cancel, resume, start, undo

__all__ = [
    "cancel",
    "check_again",
    "decide_name",
    "decide_row",
    "edit_row",
    "forget_name",
    "name_columns",
    "proposed",
    "replace_rows",
    "resume",
    "start",
    "undo",
    "upload",
]
