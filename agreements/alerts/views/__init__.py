"""Pages of this room: the inbox, and the health of what carries alerts."""
