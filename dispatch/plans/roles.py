"""Who leads the work on an incident: changed by the desk, passed on when the lead will not come."""

from datetime import datetime
from functools import partial
from typing import Final
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.assignments.types import AssignmentAnswer
from dispatch.board import attendance_rows
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import Incident
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.notices import notice_rows
from dispatch.notices.states import NoticeKind
from dispatch.plans.states import fits
from dispatch.plans.types import ChangeRole
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once

_FURTHEST: Final = (
    AssignmentState.ON_SCENE,
    AssignmentState.EN_ROUTE,
    AssignmentState.ACCEPTED,
    AssignmentState.OFFERED,
)


class RoleService:
    """Makes a crew the lead, or its supporter."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def change(self, actor: Actor, assignment_id: int, wanted: ChangeRole) -> AssignmentAnswer:
        """Give a crew another role; a crew that led until then supports. Both are told.

        Raises
        ------
        Conflict
            ``wrong_state`` if the order has ended, or ``idempotency_mismatch``.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted, role_of=assignment_id)
        self._incident_of(assignment_id)

        def work(session: Session) -> AssignmentAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("AssignmentAnswer", known)
            incident_id = self._incident_of(assignment_id)  # it may move with its incident
            incident = row_locks.lock(session, [incident_id], []).incidents[incident_id]
            order = session.get_one(Assignment, assignment_id, populate_existing=True)
            if order.incident_id != incident_id:
                raise ScopeChangedError
            _refuse_ended_order(order)
            changed: list[Assignment] = []
            if order.role != wanted.role:
                changed = [order]
                leads = attendance_rows.live_lead(session, incident_id)
                if wanted.role is CrewRole.LEAD and leads is not None:
                    leads.role = CrewRole.SUPPORT.value
                    changed = [leads, order]
                order.role = wanted.role.value
            tells = _tell(session, changed, actor, now, wanted.reason or "")
            for _ in changed:  # a version for each event, as everywhere
                write_change(session, incident, now)
            answer = self._read_model.assignment(session, assignment_id)
            once.finish(session, answer)
            notice_rows.tell_all(tells)
            return answer

        return self._work.run(work)

    def _incident_of(self, assignment_id: int) -> int:
        query = select(Assignment.incident_id).where(
            Assignment.id == min(assignment_id, LARGEST_ID)
        )
        with self._work.reading() as session:
            incident_id = session.scalars(query).one_or_none()
        if incident_id is None:
            raise NotFound.thing("assignment", assignment_id)
        return incident_id


class LeadSuccession:
    """Passes the lead on when the leading crew will not come, where that is beyond doubt.

    Where one crew is enough, another that was sent as well takes it over. Where a plan asks for
    several, only a crew that was sent for nothing else and has the skills: a cordon crew does not
    become the repair crew because that one has declined. Else nobody leads, and the desk sees what
    is missing.
    """

    kinds = frozenset(
        {
            EventKind.ASSIGNMENT_DECLINED,
            EventKind.ASSIGNMENT_EXPIRED,
            EventKind.ASSIGNMENT_WITHDRAWN,
            EventKind.INCIDENT_MERGED_IN,
            EventKind.INCIDENT_UNMERGED,
            EventKind.INCIDENT_PARTED,
        }
    )

    def follow(self, session: Session, happened: Happened) -> None:
        """Make the crew lead that is furthest, if one can."""
        if happened.incident_id is None:
            return
        incident = session.get_one(Incident, happened.incident_id)
        if incident.state in ENDED_INCIDENT_STATES:
            return
        if attendance_rows.live_lead(session, incident.id) is not None:
            return
        heir = _heir(session, incident)
        if heir is None:
            return
        heir.role = CrewRole.LEAD.value
        write_change(session, incident, happened.at)
        _role_event(session, heir, SYSTEM, happened.at, "")


def _heir(session: Session, incident: Incident) -> Assignment | None:
    needed = attendance_rows.needed(session, incident)
    query = (
        select(Assignment, Crew.skills)
        .join(Crew, Crew.id == Assignment.crew_id)
        .where(Assignment.incident_id == incident.id, live(Assignment.state))
        .order_by(Assignment.id)
    )
    able = [
        row.Assignment
        for row in session.execute(query)
        if len(needed) == 1 or (row.Assignment.task is None and fits(row.skills, needed[0]))
    ]
    return min(able, key=lambda order: _FURTHEST.index(AssignmentState(order.state)), default=None)


def _tell(
    session: Session, orders: list[Assignment], actor: Actor, now: datetime, reason: str
) -> list[notice_rows.Tell]:
    """Write the notices of a change, and return what writes the events."""
    tells: list[notice_rows.Tell] = []
    for order in orders:
        was = CrewRole.SUPPORT if order.role == CrewRole.LEAD else CrewRole.LEAD
        what = [{"field": "role", "old": was.value, "new": order.role}]
        tells.append(partial(_role_event, session, order, actor, now, reason))
        tells += notice_rows.make(
            session, [order], NoticeKind.CHANGED, actor, now, what=what, reason=reason
        )
    return tells


def _role_event(
    session: Session, order: Assignment, actor: Actor, now: datetime, reason: str
) -> int:
    return events.append(
        session,
        EventKind.ASSIGNMENT_ROLE_CHANGED,
        actor,
        at=now,
        incident_id=order.incident_id,
        assignment_id=order.id,
        crew_id=order.crew_id,
        data={"role": order.role, **({"reason": reason} if reason else {})},
    )


def _refuse_ended_order(order: Assignment) -> None:
    if AssignmentState(order.state) not in LIVE_STATES:
        message = N_("The order is %(state)s: its role stays as it was.")
        raise Conflict("wrong_state", message, {"state": order.state}, extra={"state": order.state})
