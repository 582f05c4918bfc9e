"""What the end of one order means, read from what its crew sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.outcomes import outcome_rows
from dispatch.outcomes.states import ALWAYS_KNOWN
from dispatch.outcomes.states import LATEST_DUE
from dispatch.outcomes.states import Effect
from dispatch.outcomes.states import KnownOutcome
from dispatch.outcomes.types import Complete
from dispatch.writes.command import Step


@dataclass(frozen=True, slots=True)
class Ending:
    """How an order ended.

    Attributes
    ----------
    words
        What the crew says of it: what was done, or what it advises.
    due_at
        When the repair that follows is due, if that was said.
    """

    outcome: KnownOutcome
    words: str | None
    reason: str | None
    due_at: datetime | None


def read_ending(session: Session, kind: str, step: Step, ended_at: datetime) -> Ending:
    """Return how an order for a kind of incident ended.

    Parameters
    ----------
    ended_at
        When it ended by the crew's clock. A due time counts from there: what a phone without signal
        sends hours later may be overdue by then, and is not refused.

    Raises
    ------
    InvalidInput
        On ``outcome`` if there is no such outcome, naming those that are possible; on
        ``follow_up_due_at`` if that is no time for a follow-up.
    """
    code = step.outcome if isinstance(step, Complete) else None
    due_at = step.follow_up_due_at if isinstance(step, Complete) else None
    words, reason = step.result or None, step.reason or None
    if code is None and step.result in ALWAYS_KNOWN:
        code, words, reason = step.result, reason, None  # as crew pages of earlier releases send it
    outcome = outcome_rows.known_outcome(session, kind, code) if code else None
    if outcome is None:
        choices = ", ".join(each["code"] for each in outcome_rows.offered(session, kind))
        choices = choices or ", ".join(ALWAYS_KNOWN)
        raise InvalidInput.one("outcome", N_("must be one of: %(choices)s"), choices=choices)
    if due_at is not None:
        _check_due(outcome, due_at, ended_at)
    return Ending(outcome, words, reason, due_at)


def _check_due(outcome: KnownOutcome, due_at: datetime, ended_at: datetime) -> None:
    field = "follow_up_due_at"
    if outcome.effect is not Effect.FOLLOW_UP:
        message = N_("is only for an outcome that leaves a repair to follow")
        raise InvalidInput.one(field, message)
    if due_at <= ended_at:
        raise InvalidInput.one(field, N_("must be later than now"))
    if due_at > ended_at + LATEST_DUE:
        raise InvalidInput.one(field, N_("must be within a year"))
