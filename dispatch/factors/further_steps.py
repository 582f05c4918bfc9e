"""What a sign-in still needs after its password, as `accounts` asks it."""

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.accounts.states import SignInStep
from dispatch.core.instants import Clock
from dispatch.factors import factor_rows
from dispatch.factors.states import next_step


class StepsByStanding:
    """Says what a sign-in still needs, by the account's factors and its roles' rules."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def next_step(self, session: Session, actor: Actor, *, proven: bool) -> SignInStep | None:
        """Return the next step; None when there is none."""
        standing = factor_rows.standing_of(session, actor, self._clock(), proven=proven)
        return next_step(standing)
