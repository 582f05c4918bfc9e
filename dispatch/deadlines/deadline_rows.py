"""Setting and cancelling deadlines, inside the transaction that causes it."""

from collections.abc import Collection
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.core.sql_expressions import among
from dispatch.deadlines.models import Deadline
from dispatch.deadlines.states import DeadlineKind
from dispatch.deadlines.states import How

CHANNEL: Final = "nearcrew_deadline"


def set_deadline(
    session: Session,
    kind: DeadlineKind,
    due_at: datetime,
    now: datetime,
    *,
    incident_id: int | None = None,
    assignment_id: int | None = None,
    crew_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Set a deadline and wake the worker, should it be sooner than all others; return its id.

    Parameters
    ----------
    session
        Holds the locks of the incident and the crew that it is about: whoever cancels it does too.
    kind
        What is to be done.
    due_at
        When.
    now
        What time it is by the same clock.
    incident_id, assignment_id, crew_id
        What it is about; it can be cancelled by any of them.
    data
        What else its handler needs: ids and numbers, no personal data.
    """
    deadline_id = session.execute(
        insert(Deadline)
        .values(
            kind=kind.value,
            due_at=due_at,
            set_at=now,
            next_at=due_at,
            failures=0,
            incident_id=incident_id,
            assignment_id=assignment_id,
            crew_id=crew_id,
            data=dict(data or {}),
        )
        .returning(Deadline.id)
    ).scalar_one()
    session.execute(select(func.pg_notify(CHANNEL, "")))
    return deadline_id


def replace_of_crews(
    session: Session, kind: DeadlineKind, due: Mapping[int, datetime | None], now: datetime
) -> None:
    """Set the deadline of a kind of each crew in place of its present one; None: it has none.

    Parameters
    ----------
    session
        Holds the locks of the crews.
    due
        When it falls due, by crew.
    """
    session.execute(
        update(Deadline)
        .where(Deadline.done_at.is_(None), Deadline.kind == kind.value)
        .where(among(Deadline.crew_id, due))
        .values(done_at=now, how=How.CANCELLED.value)
        .execution_options(synchronize_session=False)
    )
    rows: list[dict[str, Any]] = [
        {
            "kind": kind.value,
            "due_at": due_at,
            "set_at": now,
            "next_at": due_at,
            "failures": 0,
            "crew_id": crew_id,
            "data": {},
        }
        for crew_id, due_at in due.items()
        if due_at is not None
    ]
    if rows:
        session.execute(insert(Deadline), rows)
        session.execute(select(func.pg_notify(CHANNEL, "")))


def put_off(session: Session, deadline_id: int, due_at: datetime, now: datetime) -> None:
    """Have a deadline that is being acted on fall due again: one row, for those that recur.

    Parameters
    ----------
    session
        Holds the locks under which it is acted on.
    """
    session.execute(
        update(Deadline)
        .where(Deadline.id == deadline_id)
        .values(done_at=None, how=None, due_at=due_at, set_at=now, next_at=due_at, failures=0)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(select(func.pg_notify(CHANNEL, "")))


def cancel(
    session: Session,
    kinds: Collection[DeadlineKind],
    now: datetime,
    *,
    incident_id: int | None = None,
    assignment_id: int | None = None,
    crew_id: int | None = None,
    deadline_ids: Collection[int] | None = None,
) -> int:
    """Cancel those of some kinds, about all that is named, that are undone; return how many.

    Parameters
    ----------
    session
        Holds the locks of the incident and the crew that they are about.
    kinds
        Which kinds.
    now
        When.
    incident_id, assignment_id, crew_id, deadline_ids
        Which of them; at least one is named.
    """
    named = {
        Deadline.incident_id: incident_id,
        Deadline.assignment_id: assignment_id,
        Deadline.crew_id: crew_id,
    }
    which = [column == value for column, value in named.items() if value is not None]
    if deadline_ids is not None:
        which.append(Deadline.id.in_(list(deadline_ids)))
    if not which:
        message = "name what the deadlines are about"
        raise ValueError(message)
    cancelled = session.execute(
        update(Deadline)
        .where(
            Deadline.done_at.is_(None),
            Deadline.kind.in_([kind.value for kind in kinds]),
            *which,
        )
        .values(done_at=now, how=How.CANCELLED.value)
        .returning(Deadline.id)
        .execution_options(synchronize_session=False)
    )
    return len(cancelled.all())
