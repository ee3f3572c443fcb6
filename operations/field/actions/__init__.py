"""What the field does beside the patrol log: crossings, pauses, signals, and versions of an entry."""
