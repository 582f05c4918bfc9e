"""The chain of one order: frozen when it is sent, begun, stopped, planned anew.

All of it happens under the lock of the order's incident, in the transaction that causes it. Only
the step that is next has a deadline; the next one is set when that has been acted on.
"""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Final

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.escalation import chain_rows
from dispatch.escalation.models import ChainStep
from dispatch.escalation.models import OrderChain
from dispatch.escalation.states import PlannedStep
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import StepEnd
from dispatch.escalation.states import StepRule
from dispatch.escalation.states import Waiting
from dispatch.escalation.states import alarm_at
from dispatch.escalation.states import planned
from dispatch.incidents.models import Incident

_OURS: Final = (DeadlineKind.CHAIN_STEP, DeadlineKind.CHAIN_REOFFER)
_UNDONE = ChainStep.done_at.is_(None)


def freeze(
    session: Session, order: Assignment, incident: Incident, *, first_round: int = 1
) -> OrderChain:
    """Write the chain that fits an order now into it; it does not run yet."""
    chain = OrderChain(
        assignment_id=order.id,
        incident_id=order.incident_id,
        crew_id=order.crew_id,
        chain=chain_rows.fitting(session, incident.kind, incident.priority),
        round=first_round,
    )
    session.add(chain)
    return chain


def of_order(session: Session, assignment_id: int) -> OrderChain | None:
    """Return the chain of an order as it is now; None of one that is older than chains."""
    return session.get(OrderChain, assignment_id, populate_existing=True)


def rules(chain: OrderChain, waiting: Waiting) -> list[StepRule]:
    """Return the frozen steps of a chain."""
    return chain_rows.rules(chain.chain[waiting.value])


def plan(chain: OrderChain, waiting: Waiting, start_at: datetime) -> list[PlannedStep]:
    """Return the steps of a chain that begins now."""
    rounds = int(chain.chain["rounds"])
    return planned(rules(chain, waiting), rounds, start_at, first_round=chain.round)


def begin(
    session: Session,
    chain: OrderChain,
    waiting: Waiting,
    steps: Sequence[PlannedStep],
    now: datetime,
) -> None:
    """Have a chain wait for something from now on; what it waited for before is over."""
    if chain.waiting is not None:
        _end_undone(session, chain.assignment_id, now)
        deadline_rows.cancel(session, _OURS, now, assignment_id=chain.assignment_id)
    chain.waiting = waiting.value
    chain.alarm_at = alarm_at(steps)
    if not steps:
        chain.next_action = chain.next_at = None
        session.flush()
        return
    # One statement for all: everybody else who has an event waits until the transaction is over.
    made = session.scalars(
        insert(ChainStep).returning(ChainStep.id, sort_by_parameter_order=True),
        [_row(chain, waiting, each) for each in steps],
    ).all()
    _wait_for(session, chain, made[0], steps[0], now)


def stop(session: Session, chain: OrderChain, now: datetime) -> None:
    """Have a chain wait for nothing any more: what was left of it is cancelled."""
    _end_undone(session, chain.assignment_id, now)
    deadline_rows.cancel(session, _OURS, now, assignment_id=chain.assignment_id)
    chain.waiting = chain.alarm_at = chain.next_action = chain.next_at = None
    session.flush()


def stop_of_incident(
    session: Session,
    incident_id: int,
    now: datetime,
    *,
    ended_only: bool = False,
    but_for: Collection[int] = (),
) -> None:
    """Stop all chains of an incident but for some orders', or those of orders that have ended."""
    query = select(OrderChain).where(
        OrderChain.incident_id == incident_id,
        OrderChain.waiting.is_not(None),
        OrderChain.assignment_id.not_in(list(but_for)),
    )
    if ended_only:
        query = query.join(Assignment, Assignment.id == OrderChain.assignment_id).where(
            ~live(Assignment.state)
        )
    for chain in session.scalars(query.order_by(OrderChain.assignment_id)).all():
        stop(session, chain, now)


def undone(session: Session, assignment_id: int) -> list[PlannedStep]:
    """Return what is left of an order's chain."""
    query = (
        select(ChainStep)
        .where(ChainStep.assignment_id == assignment_id, _UNDONE)
        .order_by(ChainStep.due_at, ChainStep.id)
    )
    return [
        PlannedStep(each.round, StepAction(each.action), each.wait_s, each.due_at)
        for each in session.scalars(query)
    ]


def set_next(session: Session, chain: OrderChain, now: datetime) -> None:
    """Set the deadline of a chain's next step, in place of any other.

    Never later than it waits after the step before: the clock may have been set back since it was
    planned.
    """
    session.flush()
    deadline_rows.cancel(session, [DeadlineKind.CHAIN_STEP], now, assignment_id=chain.assignment_id)
    query = (
        select(ChainStep)
        .where(ChainStep.assignment_id == chain.assignment_id, _UNDONE)
        .order_by(ChainStep.due_at, ChainStep.id)
        .limit(1)
    )
    step = session.scalars(query).one_or_none()
    if step is None:
        chain.next_action = chain.next_at = None
        session.flush()
        return
    planned_step = PlannedStep(step.round, StepAction(step.action), step.wait_s, step.due_at)
    _wait_for(session, chain, step.id, planned_step, now)


def _wait_for(
    session: Session, chain: OrderChain, step_id: int, step: PlannedStep, now: datetime
) -> None:
    due_at = min(step.due_at, now + timedelta(seconds=step.wait_s))
    chain.next_action, chain.next_at = step.action.value, due_at
    chain.round = step.round
    session.flush()
    deadline_rows.set_deadline(
        session,
        DeadlineKind.CHAIN_STEP,
        due_at,
        now,
        incident_id=chain.incident_id,
        assignment_id=chain.assignment_id,
        crew_id=chain.crew_id,
        data={"step_id": step_id},
    )


def _end_undone(session: Session, assignment_id: int, now: datetime) -> None:
    session.execute(
        update(ChainStep)
        .where(ChainStep.assignment_id == assignment_id, _UNDONE)
        .values(done_at=now, how=StepEnd.CANCELLED.value)
        .execution_options(synchronize_session=False)
    )


def _row(chain: OrderChain, waiting: Waiting, step: PlannedStep) -> dict[str, object]:
    return {
        "assignment_id": chain.assignment_id,
        "waiting": waiting.value,
        "round": step.round,
        "action": step.action.value,
        "wait_s": step.wait_s,
        "due_at": step.due_at,
    }


def supervisor_due(steps: Iterable[PlannedStep]) -> datetime | None:
    """Return when the supervisor is called; None if not any more."""
    return next((each.due_at for each in steps if each.action is StepAction.SUPERVISOR), None)
