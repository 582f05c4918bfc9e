"""Tells the way of an order, lets its crew choose another, and hands out the roads to keep."""

import math

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.service import AssignmentService
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort
from dispatch.roads.types import RoadsFile
from dispatch.roads.types import Via
from dispatch.sending.path_types import WayAnswer
from dispatch.sending.paths import Drives
from dispatch.sending.paths import PathService
from dispatch.sending.paths import no_fix
from dispatch.ways.models import ChosenWay
from dispatch.ways.types import ChooseWay
from dispatch.ways.types import ChosenWayAnswer

_ROUNDED_M = 1_000.0
"""Phones at one place ask for one file, not for one each."""


class WayService:
    """Knows by which street each crew drives."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        assignments: AssignmentService,
        drives: Drives,
        paths: PathService,
        roads: RoadPort,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._assignments = assignments
        self._drives = drives
        self._paths = paths
        self._roads = roads
        self._clock = clock

    def of_assignment(
        self,
        actor: Actor,
        assignment_id: int,
        *,
        origin: Origin | None = None,
        language: str | None = None,
        alternatives: bool = False,
    ) -> WayAnswer:
        """Return the way of an order's crew to its incident, the one that it chose if it did.

        Parameters
        ----------
        origin
            Where the crew's phone is; None: where the crew was last known to be.
        language
            ``"zh"`` or ``"en"``: the way carries its steps in words.
        alternatives
            Whether to add up to two other ways.

        Raises
        ------
        NotFound
            If there is no such order, or it is another crew's.
        Conflict
            ``no_fix``, ``off_road`` or ``unreachable``.
        """
        order = self._assignments.get(actor, assignment_id)
        drive = self._drives.to_incident(order["incident_id"], order["crew_id"])
        start = origin or drive.origin
        if start is None:
            raise no_fix()
        return self._paths.fastest(
            start,
            drive.target,
            profile=drive.profile,
            language=language,
            alternatives=alternatives,
            via=self._chosen(order["id"]),
        )

    def choose(self, actor: Actor, assignment_id: int, wanted: ChooseWay) -> ChosenWayAnswer:
        """Let the crew of an order drive by a certain street; said again it changes nothing.

        Raises
        ------
        NotFound
            If there is no such order, or it is another crew's.
        Conflict
            ``wrong_state``, if it is over.
        """

        def work(session: Session) -> ChosenWayAnswer:
            now = self._clock()
            order = self._order(session, actor, assignment_id)
            at = min(max(wanted.occurred_at or now, order.offered_at), now)
            row = session.get(ChosenWay, order.id)
            if row is None:
                row = ChosenWay(assignment_id=order.id, by="", chosen_at=order.offered_at)
                session.add(row)
            elif row.chosen_at > at:
                return _answer(row)
            via, before = wanted.via, _via(row)
            row.via_lon, row.via_lat, row.via_heading_deg = (
                (via.lon, via.lat, via.heading_deg) if via else (None, None, None)
            )
            row.by, row.chosen_at = wanted.by or "", at
            session.flush()
            if _via(row) != before:
                events.append(
                    session,
                    EventKind.ASSIGNMENT_WAY_CHOSEN,
                    actor,
                    at=now,
                    occurred_at=at,
                    incident_id=order.incident_id,
                    assignment_id=order.id,
                    crew_id=order.crew_id,
                    data={"street": row.by} if row.by else {},
                )
            return _answer(row)

        return self._work.run(work)

    def roads_around(
        self, actor: Actor, assignment_id: int, radius_m: float, known_tag: str | None = None
    ) -> RoadsFile:
        """Return the roads around the incident of an order, for its crew and its way of driving.

        Raises
        ------
        NotFound
            If there is no such order, or it is another crew's.
        RoadsUnavailable
            If there is no network, or it does not answer.
        """
        order = self._assignments.get(actor, assignment_id)
        drive = self._drives.to_incident(order["incident_id"], order["crew_id"])
        whole_m = _ROUNDED_M * math.ceil(radius_m / _ROUNDED_M)
        return self._roads.kept_roads(drive.target, whole_m, drive.profile, known_tag)

    def _chosen(self, assignment_id: int) -> Via | None:
        with self._work.reading() as session:
            row = session.get(ChosenWay, assignment_id)
            return None if row is None else _via(row)

    def _order(self, session: Session, actor: Actor, assignment_id: int) -> Assignment:
        query = select(Assignment).where(Assignment.id == min(assignment_id, LARGEST_ID))
        order = session.scalar(query.with_for_update())
        if order is None:
            raise NotFound.thing("assignment", assignment_id)
        if not actor.may(Permission.ASSIGNMENT_ACT_ANY):
            if actor.crew_id != order.crew_id:
                raise NotFound.thing("assignment", assignment_id)
            if not actor.may(Permission.ASSIGNMENT_ACT_OWN):
                raise NotAllowed(N_("Your account may not do this with that order."))
        if AssignmentState(order.state) not in LIVE_STATES:
            message = N_("This order is over: no way can be chosen for it.")
            raise Conflict("wrong_state", message, extra={"state": order.state})
        return order


def _via(row: ChosenWay) -> Via | None:
    if row.via_lon is None or row.via_lat is None or row.via_heading_deg is None:
        return None
    return Via(row.via_lon, row.via_lat, row.via_heading_deg)


def _answer(row: ChosenWay) -> ChosenWayAnswer:
    via = _via(row)
    return {
        "assignment_id": row.assignment_id,
        "via": via and {"lon": via.lon, "lat": via.lat, "heading_deg": via.heading_deg},
        "by": row.by,
        "chosen_at": instant(row.chosen_at),
    }
