"""The demonstration's agreements: real ones as facts, and invented technical arrangements under some of them."""

from agreements.register.demo import arrangements, treaties


def load() -> int:
    """Register what is not there yet; returns how many agreements are new."""
    return treaties.load() + arrangements.load()
