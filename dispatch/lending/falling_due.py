"""What happens when a loan begins, and when its time is over."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.events.kinds import EventKind
from dispatch.lending import loan_rows
from dispatch.lending.states import LoanState
from dispatch.units.models import CrewLoan
from dispatch.writes import row_locks


class LoanHandler(PlainHandler):
    """Says that a loan has begun, and ends it once its time is over and its last order done."""

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,  # noqa: ARG002  (the crew: whoever sends it waits)
        prepared: Any,  # noqa: ANN401, ARG002  (nothing is)
        now: datetime,
    ) -> None:
        """Begin or end it; a crew that is still busy there is lent until it is done."""
        loan = session.get(CrewLoan, due.data["loan_id"], with_for_update=True)
        if loan is None or loan.state != LoanState.LENT:
            return
        if now < loan.until_at:
            loan_rows.set_end(session, loan, loan.until_at, now)
            loan_rows.tell(session, EventKind.LOAN_BEGAN, SYSTEM, loan, now)
        elif loan_rows.busy_there(session, loan):
            loan_rows.set_end(session, loan, now + loan_rows.LOOK_AGAIN, now)
        else:
            loan_rows.end(session, loan, SYSTEM, now)
