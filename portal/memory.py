"""Python's garbage collector, set for a server: working out access makes many small values that soon go."""

import gc


def settle() -> None:
    """After start-up: what is loaded now stays, and is not looked through again at each collection.

    Halves the time in which the access of an officer under hundreds of agreements is worked out. Such a request makes
    some 60,000 values, which end with it, by being counted: none of them need be looked for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
