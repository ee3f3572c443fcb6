"""What came of handing a message over."""

from dataclasses import dataclass

from agreements.delivery.choices import Outcome


@dataclass(frozen=True)
class Result:
    """An outcome with the protocol's number or the kind of error; never words of the other side."""

    outcome: Outcome
    code: str = ""

    @property
    def accepted(self) -> bool:
        return self.outcome == Outcome.ACCEPTED
