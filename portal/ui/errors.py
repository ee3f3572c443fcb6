"""What an action says when the state of things or the policy does not allow it."""


class Refused(Exception):
    """A business error, in a sentence that says what to do. Pages show it at the field, the API as a problem.

    `code` decides the status of the API's answer (see portal.api.errors). `faults` are all that is wrong, each at its
    field, where there is more than one thing to put right.
    """

    def __init__(
        self,
        message: str,
        field: str | None = None,
        code: str = "refused",
        reasons: tuple[str, ...] = (),
        faults: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.reasons = reasons
        self.faults = faults or (((field, message),) if field else ())
