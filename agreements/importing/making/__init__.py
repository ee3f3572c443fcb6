"""What an import writes into the register: in batches, each row whole or not at all, each once."""

from agreements.importing.making.batches import link_next, make_next

__all__ = ["link_next", "make_next"]
