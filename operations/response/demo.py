"""The demonstration's responses: filled in below."""


def register() -> None:
    pass
