"""Pages of the patrol log."""
