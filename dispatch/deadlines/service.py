"""Acting on deadlines: each once, however many workers there are and whenever one dies."""

import logging
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta

from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dispatch.core.fault_text import fault_text
from dispatch.core.instants import Clock
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.deadlines.handlers import DeadlineHandler
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.models import Deadline
from dispatch.deadlines.states import How
from dispatch.units.sight import SIGHT
from dispatch.units.sight import asked
from dispatch.units.sight import scope_of

LOG = logging.getLogger(__name__)
AT_ONCE = 20
"""As many are looked up together; each is acted on in a transaction of its own."""
_LONGEST_PAUSE_S = 60
_CLOCKS_DIFFER = timedelta(seconds=5)
"""By as much the clocks of web servers and workers may differ."""
# The row itself is locked last, after incident and crew, as by whoever cancels it: taken first it
# would close a circle. Until then this keeps a second worker away.
_CLAIM = text("SELECT pg_try_advisory_xact_lock(hashtextextended('deadline', :id))")
_DUE = (
    select(Deadline.id)
    .where(Deadline.done_at.is_(None), Deadline.next_at <= bindparam("now"))
    .order_by(Deadline.next_at, Deadline.id)
    .limit(AT_ONCE)
)
_ONE = select(Deadline).where(Deadline.id == bindparam("id"))
# Set by a clock that was ahead of the present one, which has been set back since.
_FROM_THE_FUTURE = (
    update(Deadline)
    .where(Deadline.done_at.is_(None), Deadline.set_at > bindparam("soon"))
    .values(set_at=bindparam("now"), next_at=bindparam("now") + (Deadline.due_at - Deadline.set_at))
    .execution_options(synchronize_session=False)
)
# Of all units, whoever asks: how late the worker is says nothing of anybody.
_NEXT_AT = select(func.next_deadline_at())


class DeadlineService:
    """Acts on what is due.

    Parameters
    ----------
    unit_of_work
        For the transactions.
    clock
        What time it is.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._handlers: Mapping[str, DeadlineHandler] = {}

    def handle_with(self, handlers: Mapping[str, DeadlineHandler]) -> None:
        """Set what is done for each kind; the rooms' parts are put together by the bootstrap."""
        self._handlers = handlers

    def next_at(self) -> datetime | None:
        """Return when the next is to be acted on; None without any."""
        at: datetime | None = self._work.ask(_NEXT_AT, {})[0][0]
        return at

    def overdue_s(self) -> float:
        """Return for how long the next one has waited to be acted on, in seconds; 0 if it has not.

        More than a moment means that no worker watches.
        """
        next_at = self.next_at()
        return 0.0 if next_at is None else max(0.0, (self._clock() - next_at).total_seconds())

    def mend_clock(self, now: datetime) -> None:
        """Set those anew that a clock has set which was ahead of the present one.

        Without this nothing would fall due for an hour after the clock was set back by an hour. So
        each falls due once more after the time that it was set for.
        """
        with self._work.writing() as session:
            session.execute(_FROM_THE_FUTURE, {"now": now, "soon": now + _CLOCKS_DIFFER})

    def run_due(
        self,
        now: datetime | None = None,
        run_all: Callable[[Callable[[int], bool], Iterable[int]], Iterable[bool]] = map,
    ) -> int:
        """Act on all that is due and not being acted on; return how many that were.

        Parameters
        ----------
        now
            What time it is; the clock's by default.
        run_all
            Like `map`: how several are run, by default one after the other.
        """
        now = now or self._clock()
        self.mend_clock(now)
        acted = 0
        tried: set[int] = set()
        while True:
            with self._work.reading() as session:
                rows = session.execute(_DUE, {"now": now}).all()
            ids = [row.id for row in rows if row.id not in tried]
            if not ids:
                return acted
            tried.update(ids)
            acted += sum(run_all(lambda deadline_id: self._try_one(deadline_id, now), ids))

    def _try_one(self, deadline_id: int, now: datetime) -> bool:
        try:
            return self._act_on(deadline_id, now)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            self._failed(deadline_id, now, error)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with one, the others are due too)
            self._failed(deadline_id, now, error)
        return False

    def _act_on(self, deadline_id: int, now: datetime) -> bool:
        with self._work.reading() as session:
            due = _due(session.scalar(_ONE, {"id": deadline_id}), now)
            if due is None:
                return False
            scope = _scope_of(session, due, now)
        with within(scope):
            return self._act_within(due, now)

    def _act_within(self, due: Due, now: datetime) -> bool:
        deadline_id = due.id
        handler = self._handlers[due.kind]
        prepared = handler.prepare(due)

        def work(session: Session) -> bool:
            if not session.scalar(_CLAIM, {"id": deadline_id}):
                return False
            held = handler.lock(session, due)
            row = session.scalar(
                _ONE.with_for_update().execution_options(populate_existing=True),
                {"id": deadline_id},
            )
            if row is None or _due(row, now) is None:
                return False
            row.done_at = now
            row.how = How.ACTED.value
            session.flush()
            handler.act(session, due, held, prepared, now)
            return True

        return self._work.run(work)

    def _failed(self, deadline_id: int, now: datetime, error: Exception) -> None:
        """Say so, and have it tried again: later and later, but for ever."""
        LOG.error(
            "Deadline %d failed with %s at\n%s",
            deadline_id,
            type(error).__name__,
            fault_text(error),
        )
        with self._work.writing() as session:
            failures = session.scalar(
                update(Deadline)
                .where(Deadline.id == deadline_id, Deadline.done_at.is_(None))
                .values(failures=Deadline.failures + 1)
                .returning(Deadline.failures)
            )
            if failures is None:
                return
            pause_s = min(2 ** (failures - 1), _LONGEST_PAUSE_S)
            session.execute(
                update(Deadline)
                .where(Deadline.id == deadline_id)
                .values(next_at=now + timedelta(seconds=pause_s))
            )


def _scope_of(session: Session, due: Due, now: datetime) -> Scope:
    """Return what is seen while a deadline is acted on: the company that it is of."""
    of = asked(now, incident_id=due.incident_id, crew_id=due.crew_id)
    sight = session.execute(SIGHT, of).one_or_none()
    return EVERYTHING if sight is None else scope_of(sight)


def _due(row: Deadline | None, now: datetime) -> Due | None:
    if row is None or row.done_at is not None or row.next_at > now:
        return None
    return Due(
        row.id,
        row.kind,
        row.due_at,
        row.incident_id,
        row.assignment_id,
        row.crew_id,
        row.data,
    )
