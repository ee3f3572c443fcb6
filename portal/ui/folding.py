"""Choices that most people do not need, folded under a line that says what they are."""


class Folded(str):
    """The name of a group of choices that stands folded until it is opened, or holds what was chosen."""

    folded = True
