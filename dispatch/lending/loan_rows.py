"""Loans in the database: found, shown, begun and ended in step with each other."""

from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.crews.models import Crew
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.states import DeadlineKind
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.lending.states import LoanSide
from dispatch.lending.states import LoanState
from dispatch.lending.states import LoanStep
from dispatch.lending.states import sides_for
from dispatch.lending.types import LoanAnswer
from dispatch.units.belonging import sees_rows_of
from dispatch.units.models import CrewLoan

LOOK_AGAIN: Final = timedelta(minutes=1)
"""How often it is looked whether a crew whose loan is over has done its last order there."""
_PERMISSION_OF = {
    LoanStep.AGREE: {LoanSide.LENDER: Permission.LENDING_APPROVE},
    LoanStep.REFUSE: {LoanSide.LENDER: Permission.LENDING_APPROVE},
    LoanStep.END: {
        LoanSide.LENDER: Permission.LENDING_APPROVE,
        LoanSide.BORROWER: Permission.LENDING_ASK,
    },
}


def locked(session: Session, loan_id: int) -> CrewLoan:
    """Return a loan that is seen, locked."""
    query = select(CrewLoan).where(CrewLoan.id == min(loan_id, LARGEST_ID)).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound.thing("loan", loan_id)
    return found


def sides_of(loan: CrewLoan) -> list[LoanSide]:
    """Return on which sides of a loan the present scope is; on both where it sees both."""
    units = {LoanSide.LENDER: loan.lender_id, LoanSide.BORROWER: loan.unit_id}
    return [side for side, unit in units.items() if unit is not None and sees_rows_of(unit)]


def may_take(actor: Actor, loan: CrewLoan, step: LoanStep) -> Permission | None:
    """Return the permission by which an actor may take a step; None if it may not."""
    for side in sides_of(loan):
        if side in sides_for(LoanState(loan.state), step):
            permission = _PERMISSION_OF[step][side]
            if actor.may(permission):
                return permission
    return None


def view(actor: Actor, loan: CrewLoan, now: datetime) -> LoanAnswer:
    """Return a loan as the API shows it."""
    return {
        "id": loan.id,
        "state": LoanState(loan.state),
        "side": sides_of(loan),
        "steps": [step for step in LoanStep if may_take(actor, loan, step)],
        "crew_id": loan.crew_id,
        "crew_name": loan.crew_name,
        "unit_id": loan.unit_id,
        "unit_name": loan.unit_name,
        "lender_id": loan.lender_id,
        "lender_name": loan.lender_name,
        "words": loan.words,
        "from_at": instant(loan.from_at),
        "until_at": instant(loan.until_at),
        "begun": loan.state == LoanState.LENT and loan.from_at <= now,
        "asked_at": instant(loan.asked_at),
        "asked_by": loan.asked_by,
        "settled_at": instant(loan.settled_at),
        "settled_by": loan.settled_by,
        "settled_words": loan.settled_words,
        "ended_at": instant(loan.ended_at),
        "ended_by": loan.ended_by,
    }


def busy_there(session: Session, loan: CrewLoan) -> bool:
    """Return whether the crew still has live orders of the borrower; the lender sees none of them.

    Asked after `row_locks.lock` of the crew: whoever sends it waits for that.
    """
    query = select(func.has_orders_there(loan.crew_id, loan.unit_id))
    return bool(session.scalar(query))


def set_end(session: Session, loan: CrewLoan, at: datetime, now: datetime) -> None:
    """Have the loan looked at when it begins or ends."""
    deadline_rows.set_deadline(
        session,
        DeadlineKind.LOAN,
        at,
        now,
        crew_id=loan.crew_id,
        data={"loan_id": loan.id},
    )


def end(session: Session, loan: CrewLoan, actor: Actor, now: datetime, words: str = "") -> None:
    """End a loan; nobody of the borrower sees the crew from now on."""
    loan.state = LoanState.ENDED.value
    loan.ended_at, loan.ended_by = now, actor.display_name
    session.flush()
    if loan.crew_id is not None:
        deadline_rows.cancel(session, [DeadlineKind.LOAN], now, crew_id=loan.crew_id)
    tell(session, EventKind.LOAN_ENDED, actor, loan, now, **({"reason": words} if words else {}))


def tell(
    session: Session,
    kind: EventKind,
    actor: Actor,
    loan: CrewLoan,
    now: datetime,
    **data: Any,  # noqa: ANN401  (of the event)
) -> None:
    """Write an event that both sides see, and the crew itself."""
    own = select(Crew.unit_id).where(Crew.id == loan.crew_id)
    events.append(
        session,
        kind,
        actor,
        at=now,
        crew_id=loan.crew_id,
        unit_id=session.scalar(own) or loan.lender_id,
        also_unit_id=loan.unit_id,
        data={
            "loan_id": loan.id,
            "crew": loan.crew_name,
            "unit": loan.unit_name,
            "lender": loan.lender_name,
            **data,
        },
    )
