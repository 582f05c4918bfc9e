"""Steps of an escalation chain, their words and their order in time. Pure rules."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from typing import Any
from typing import Final
from typing import Self

from dispatch.core.errors import N_


class Waiting(StrEnum):
    """What a chain waits for."""

    ANSWER = "answer"
    SETTING_OUT = "setting_out"


class StepAction(StrEnum):
    """What is done at a step."""

    RING_AGAIN = "ring_again"
    SECOND_CHANNEL = "second_channel"
    NEXT_BEST = "next_best"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    EXPIRE = "expire"


STEP_LABELS = {
    StepAction.RING_AGAIN: N_("Ring again"),
    StepAction.SECOND_CHANNEL: N_("Second channel"),
    StepAction.NEXT_BEST: N_("Next best crew"),
    StepAction.DESK: N_("Alarm the desk"),
    StepAction.SUPERVISOR: N_("Alarm the supervisor"),
    StepAction.EXPIRE: N_("End the order"),
}
WAITING_LABELS = {
    Waiting.ANSWER: N_("While it is not answered"),
    Waiting.SETTING_OUT: N_("While it is accepted and not set out"),
}
ALLOWED: Final = {
    Waiting.ANSWER: frozenset(StepAction) - {StepAction.DESK},
    Waiting.SETTING_OUT: frozenset(
        {
            StepAction.RING_AGAIN,
            StepAction.SECOND_CHANNEL,
            StepAction.DESK,
            StepAction.SUPERVISOR,
        }
    ),
}
AT_THE_CREW: Final = frozenset({StepAction.RING_AGAIN, StepAction.SECOND_CHANNEL})
"""Steps that only make sense while the crew has the order."""
PERSON_CALLED: Final = frozenset(
    {StepAction.NEXT_BEST, StepAction.DESK, StepAction.SUPERVISOR, StepAction.EXPIRE}
)
"""From the first of these on the desk is alarmed."""


class StepEnd(StrEnum):
    """How a step was done with."""

    FIRED = "fired"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """It fell due when it was no longer called for."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step of a chain, so many seconds after the one before."""

    action: StepAction
    wait_s: float

    @classmethod
    def of(cls, stored: Any) -> Self:  # noqa: ANN401  (JSON)
        """Return a step as it is stored."""
        return cls(StepAction(stored["action"]), float(stored["wait_s"]))


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step with its instant."""

    round: int
    action: StepAction
    wait_s: float
    due_at: datetime


def planned(
    rules: Sequence[StepRule], rounds: int, start_at: datetime, *, first_round: int = 1
) -> list[PlannedStep]:
    """Return the steps of a chain with their instants: all of them once in each round.

    An order that has ended is not rung in a second round: rounds end with the step that ends it.
    """
    steps: list[PlannedStep] = []
    due_at = start_at
    for number in range(first_round, max(rounds, first_round) + 1):
        for rule in rules:
            due_at += timedelta(seconds=rule.wait_s)
            steps.append(PlannedStep(number, rule.action, rule.wait_s, due_at))
        if any(rule.action is StepAction.EXPIRE for rule in rules):
            break
    return steps


def alarm_at(steps: Iterable[PlannedStep]) -> datetime | None:
    """Return when the desk is alarmed first; None if it never is."""
    return next((each.due_at for each in steps if each.action in PERSON_CALLED), None)


def going_on(
    undone: Sequence[PlannedStep], rules: Sequence[StepRule], round_number: int, now: datetime
) -> list[PlannedStep]:
    """Return the steps that remain when an order ends without anybody taking it.

    Nobody is left to be rung. The next best crew is sought at once, and the steps behind that
    follow as long after it as they would have.

    Parameters
    ----------
    undone
        What was planned and has not happened, in order.
    rules
        Of the chain.
    round_number
        The round that it was in.
    now
        When the order ended.
    """
    seeks = any(rule.action is StepAction.NEXT_BEST for rule in rules)
    seek = next((each for each in undone if each.action is StepAction.NEXT_BEST), None)
    steps = [PlannedStep(round_number, StepAction.NEXT_BEST, 0.0, now)] if seeks else []
    earlier = max(seek.due_at - now, timedelta()) if seek else timedelta()
    for each in undone:
        if each is seek or each.action in AT_THE_CREW or each.action is StepAction.EXPIRE:
            continue
        steps.append(replace(each, due_at=max(each.due_at - earlier, now)))
    return _spaced(steps, now)


def postponed(
    undone: Sequence[PlannedStep],
    first: StepAction,
    round_number: int,
    now: datetime,
    until: datetime,
) -> list[PlannedStep]:
    """Return the steps that remain when the desk says that it waits until then.

    Parameters
    ----------
    undone
        What was planned and has not happened, in order.
    first
        What is done then, should there still be no answer; the others keep their distances behind.
    round_number
        The round that it is in.
    now, until
        From when until when it waits.
    """
    rest = list(undone)
    if rest and rest[0].action is first:
        rest.pop(0)
    steps = [PlannedStep(round_number, first, 0.0, until)]
    due_at = until
    for each in rest:
        due_at += timedelta(seconds=each.wait_s)
        steps.append(replace(each, due_at=due_at))
    return _spaced(steps, now)


def sooner(
    steps: Sequence[PlannedStep], supervisor_by: datetime, start_at: datetime
) -> list[PlannedStep]:
    """Return steps of which the supervisor's first is at a given instant at the latest.

    Crews that are tried one after the other must not put off the supervisor each time anew.
    """
    first = next((each for each in steps if each.action is StepAction.SUPERVISOR), None)
    if first is None or first.due_at <= supervisor_by:
        return list(steps)
    moved = replace(first, due_at=max(supervisor_by, start_at))
    return _spaced([moved if each is first else each for each in steps], start_at)


def _spaced(steps: Iterable[PlannedStep], start_at: datetime) -> list[PlannedStep]:
    """Return steps in time, each with the seconds since the one before."""
    spaced: list[PlannedStep] = []
    before = start_at
    for each in sorted(steps, key=lambda step: step.due_at):
        wait_s = max((each.due_at - before).total_seconds(), 0.0)
        spaced.append(replace(each, wait_s=wait_s))
        before = each.due_at
    return spaced
