"""Who may do what with a swap of shifts, and what becomes of it. Pure.

``asked → agreed → approved``: a crew asks, the other one agrees, somebody else approves. Whoever
asked or agreed does not approve, whatever else they may do.
"""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final
from typing import NamedTuple

from dispatch.shifts.states import OPEN_SWAPS
from dispatch.shifts.states import SwapState


class SwapStep(StrEnum):
    """What can be done with a swap."""

    AGREE = "agree"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REFUSE = "refuse"


STEPS: Final[Mapping[tuple[SwapState, SwapStep], SwapState]] = {
    (SwapState.ASKED, SwapStep.AGREE): SwapState.AGREED,
    (SwapState.ASKED, SwapStep.DECLINE): SwapState.DECLINED,
    (SwapState.ASKED, SwapStep.WITHDRAW): SwapState.WITHDRAWN,
    (SwapState.ASKED, SwapStep.REFUSE): SwapState.REFUSED,
    (SwapState.AGREED, SwapStep.DECLINE): SwapState.DECLINED,
    (SwapState.AGREED, SwapStep.WITHDRAW): SwapState.WITHDRAWN,
    (SwapState.AGREED, SwapStep.APPROVE): SwapState.APPROVED,
    (SwapState.AGREED, SwapStep.REFUSE): SwapState.REFUSED,
}
"""What each step makes of a swap; what is not here is refused."""


class Person(NamedTuple):
    """Who did a step: an account, or the command line without one; and of which crew."""

    account_id: int | None
    name: str
    crew_id: int | None = None

    def is_(self, other: "Person") -> bool:
        """Return whether it is the same one; an account may have been renamed meanwhile."""
        if self.account_id is None and other.account_id is None:
            return self.name == other.name
        return self.account_id == other.account_id


def next_state(state: SwapState, step: SwapStep) -> SwapState | None:
    """Return what a step makes of a swap; None if it may not follow."""
    return STEPS.get((state, step))


def results(step: SwapStep) -> frozenset[SwapState]:
    """Return the states that a step leads to."""
    return frozenset(after for (_, each), after in STEPS.items() if each is step)


def state_at(state: SwapState, first_begins_at: datetime, now: datetime) -> SwapState:
    """Return the state of a swap at an instant: it lapses when the first of its shifts begins."""
    return SwapState.LAPSED if state in OPEN_SWAPS and now >= first_begins_at else state


def may_approve(approver: Person, wanted_by: Iterable[Person], crew_ids: Collection[int]) -> bool:
    """Return whether somebody is none of those who wanted a swap, nor of one of the two crews."""
    return approver.crew_id not in crew_ids and not any(map(approver.is_, wanted_by))
