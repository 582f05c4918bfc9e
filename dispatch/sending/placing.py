"""Placing an order: the one way in which an assignment is made.

Whoever places one (a click, a crew that grabs it, a plan, a batch, the next in line) holds the
locks of the incident and of the crew, has refused what speaks against it, and has judged the crew
before the transaction.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import Decision
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board.read_model import assignment_view
from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import incident_rows
from dispatch.incidents.models import Incident
from dispatch.sending import crew_tasks
from dispatch.sending.candidates import Judged

_DECIDE = insert(Decision)


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was placed, not yet told.

    Attributes
    ----------
    order
        Its row.
    view
        What the API shows of it.
    """

    order: Assignment
    view: AssignmentAnswer
    _session: Session
    _actor: Actor
    _now: datetime
    _data: Mapping[str, Any]

    def tell(self) -> None:
        """Write its event; after all rows of the transaction, for others wait from then on."""
        events.append(
            self._session,
            EventKind.ASSIGNMENT_OFFERED,
            self._actor,
            at=self._now,
            incident_id=self.order.incident_id,
            assignment_id=self.order.id,
            crew_id=self.order.crew_id,
            data=self._data,
        )


def place_order(
    session: Session,
    incident: Incident,
    crew: Crew,
    actor: Actor,
    now: datetime,
    *,
    orders: Sequence[Assignment],
    judged: Judged,
    reason: str | None = None,
    task: str | None = None,
    role: CrewRole | None = None,
    data: Mapping[str, Any] | None = None,
) -> Placed:
    """Write an order, why it was given, and the incident's new state; `Placed.tell` is left to do.

    Parameters
    ----------
    session
        Holds the locks of the incident and of the crew.
    incident
        Where to.
    crew
        Who.
    actor
        Who sends.
    now
        When.
    orders
        What the crew has to do already; the new order waits behind it.
    judged
        What the crew was judged by, and everybody it was chosen from.
    reason
        Why, in the sender's words.
    task, role
        What it is sent for, by the code of the plan's task, and whether it leads; the first open
        task that it can do, and that task's role, if None.
    data
        What else the order's event says.

    Raises
    ------
    Conflict
        ``task_filled``, ``task_unknown`` or ``lead_taken``; only where one of them is named.
    """
    given = crew_tasks.choose(session, incident, crew, task=task, role=role)
    order = Assignment(
        incident_id=incident.id,
        crew_id=crew.id,
        round=incident.round,
        state=AssignmentState.OFFERED.value,
        rank=len(orders),
        sent_by=actor.display_name,
        offered_at=now,
        asked_at=None if orders else now,
        travel_time_s=judged.travel_time_s,
        eta_at=judged.eta_at(now),
    )
    given.write_to(order)
    session.add(order)
    session.flush()
    decision = {**judged.decision, "reason": reason}
    session.connection().execute(
        _DECIDE, {"assignment_id": order.id, "decided_at": now, "candidates": decision}
    )
    incident_rows.follow_assignments(session, incident, now)
    told = {
        "rank": order.rank,
        "verdict": judged.verdict,
        "eta_at": instant(order.eta_at),
        "travel_time_s": order.travel_time_s,
        **given.told(),
        **({"reason": reason} if reason else {}),
        **(data or {}),
    }
    return Placed(order, assignment_view(order, crew.name), session, actor, now, told)
