"""What an answer says, without what is drawn by lot in it."""

import re
from typing import Any


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    # The value alone goes: what is left is to be read as JSON again.
    pattern = r'(csrf\w*"?(?: (?:value|content)=|: ?)|X-CSRFToken[^:]*: ?)"[^"]*"'
    return re.sub(pattern, r'\1""', body.decode(errors="replace"))
