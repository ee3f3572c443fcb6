"""The demonstration's bulletins: filled in below."""


def register() -> None:
    return None
