"""Steps through time: what officers do by the product's own actions, and what the model is told of it.

A run starts from a calm world, in which everything is in force and designated, and is then worn down and mended step
by step. A step that the product refuses changes nothing on either side; what it accepts, the model hears of as a
fact, in the model's own words, never as the product's answer.
"""

from collections.abc import Callable

from portal.ui.errors import Refused
from tests.doors.clock import Clock
from tests.doors.rows import Ground
from tests.doors.stepping import PASSING
from tests.doors.steps_agreements import Agreements
from tests.doors.steps_people import People
from tests.doors.steps_records import Records
from tests.doors.worlds import Draw


class Run(Agreements, Records, People):
    """One sequence of steps on the rows of one world."""

    def __init__(self, draw: Draw, ground: Ground, clock: Clock) -> None:
        super().__init__(draw, ground, clock)
        self.verbs: list[Callable[[], str | None]] = [
            self.suspend, self.suspend, self.lift, self.lift, self.leave, self.accede, self.reserve, self.object_to, self.end_all,
            self.extend, self.refuse_renewal, self.rectify, self.enter_into_force, self.apply_provisionally, self.confirm, self.confirm, self.confirm,
            self.designate, self.withdraw_designation, self.mark, self.mark, self.mark, self.confine, self.release,
            self.release, self.release, self.release, self.revoke, self.pass_on, self.pass_on, self.consent, self.end_part, self.invite,
            self.assign, self.unassign, self.end_appointment, self.appoint, self.name_officer, self.unname_officer,
            self.let_in,
        ]  # fmt: skip

    def step(self) -> None:
        """Let time pass, then do something, or only let time pass."""
        self.clock.days += self.pick.one(PASSING)
        verb = self.pick.one(self.verbs)
        try:
            told = verb()
        except Refused as refused:
            self.story.append(f"{self.now}: {verb.__name__} refused: {refused.message}")
            return
        self.done += told is not None
        self.story.append(f"{self.now}: {told or verb.__name__ + ': nothing to do'}")
