"""Danger to life: a call to the duty desks of neighbours without a clause, for one hour, reviewed afterwards (R24)."""
