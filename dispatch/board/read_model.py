"""Rows as the API shows them: JSON-ready dictionaries, times in UTC, longitude first."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.alarms.types import AcknowledgementAnswer
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.assignments.states import CrewRole
from dispatch.assignments.types import AssignmentAnswer
from dispatch.assignments.types import OrderMarkAnswer
from dispatch.assignments.types import SuspendedAnswer
from dispatch.board import acknowledgement_rows
from dispatch.board import attendance_rows
from dispatch.board import clock_rows
from dispatch.board import mark_view
from dispatch.board import message_counts
from dispatch.board import offer_briefs
from dispatch.board import safety_view
from dispatch.board.escalation_view import order_chain_view
from dispatch.board.message_counts import NO_MESSAGES
from dispatch.board.message_counts import MessageCount
from dispatch.board.notice_view import notice_state
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.instants import start_of_day
from dispatch.core.sql_expressions import any_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.sql_expressions import one_of
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.states import Duty
from dispatch.crews.states import crew_state
from dispatch.crews.types import CrewAnswer
from dispatch.crews.types import WorkloadAnswer
from dispatch.escalation.models import OrderChain
from dispatch.escalation.types import OrderChainAnswer
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.states import IncidentState
from dispatch.incidents.states import danger_radius_m
from dispatch.incidents.types import IncidentAnswer
from dispatch.notices.models import OrderNotice
from dispatch.offers.types import OfferBriefAnswer
from dispatch.outcomes.states import Effect
from dispatch.plans.types import AttendanceAnswer
from dispatch.pledge_clocks.types import ClockAnswer
from dispatch.positions.models import CrewPosition
from dispatch.reach.models import SIGNS
from dispatch.reach.models import CrewReach
from dispatch.reach.states import Signs
from dispatch.reach.states import reachable
from dispatch.reach.types import ReachableAnswer
from dispatch.reach.types import reachable_answer
from dispatch.recordings.models import Recording
from dispatch.records.models import IncidentNote
from dispatch.records.models import Photo
from dispatch.records.states import COUNTED_PHOTOS
from dispatch.safety.types import OrderSafetyAnswer
from dispatch.skills.types import lapses
from dispatch.units import lent_crews
from dispatch.units.types import CrewLentAnswer

_HUMAN = timedelta(minutes=3)
"""How long after its last sign of life a crew page still counts as somebody's."""
_COUNTED_TODAY = (*LIVE_STATES, AssignmentState.COMPLETED)


_ORDERS_TODAY = (
    select(Assignment.crew_id, func.count())
    .where(Assignment.offered_at >= bindparam("since"), one_of(Assignment.state, _COUNTED_TODAY))
    .group_by(Assignment.crew_id)
)
_ORDERS_TODAY_OF = _ORDERS_TODAY.where(any_of(Assignment.crew_id, "crew_ids"))
_MERGED = aliased(Incident)
_OF_MERGED = select(_MERGED.id).where(_MERGED.merged_into == Incident.id).correlate(Incident)
_MERGED_COUNT = (
    select(func.count())
    .select_from(_MERGED)
    .where(_MERGED.merged_into == Incident.id)
    .correlate(Incident)
    .scalar_subquery()
    .label("merged_count")
)


def _entries(table: Any, conditions: Iterable[Any]) -> ColumnElement[int]:  # noqa: ANN401  (any table)
    """Return how many entries an incident has, with those of what was merged into it."""
    count = select(func.count()).select_from(table)
    own = count.where(table.incident_id == Incident.id, *conditions).correlate(Incident)
    merged = count.where(table.incident_id.in_(_OF_MERGED), *conditions).correlate(Incident)
    return own.scalar_subquery() + merged.scalar_subquery()


_RECORD_COUNTS = [
    _entries(table, conditions).label(name)
    for name, table, conditions in (
        ("reports_count", IncidentReport, ()),
        ("notes_count", IncidentNote, ()),
        ("photos_count", Photo, (one_of(Photo.state, COUNTED_PHOTOS),)),
        ("recordings_count", Recording, (Recording.file_id.is_not(None),)),
    )
]
_NEXT_CREW = aliased(Crew)
_FOLLOW_UP = aliased(Incident)
_NEWEST_FOLLOW_UP = (
    select(func.max(_FOLLOW_UP.id))
    .where(_FOLLOW_UP.follow_up_of == Incident.id)
    .correlate(Incident)
    .scalar_subquery()
    .label("follow_up_id")
)


def select_incidents(*more: Any) -> Select[Any]:  # noqa: ANN401  (any columns)
    """Return the query of incidents with utility and position; the caller adds the conditions."""
    return select(
        Incident,
        IncidentKind.utility,
        longitude(Incident.point).label("lon"),
        latitude(Incident.point).label("lat"),
        *more,
    ).join(IncidentKind, IncidentKind.code == Incident.kind)


class ReadModel:
    """Builds the API's representation of incidents, assignments and crews."""

    def __init__(self, clock: Clock, zone: ZoneInfo, fresh: timedelta) -> None:
        self._clock = clock
        self._zone = zone
        self._fresh = fresh

    def now(self) -> datetime:
        """Return what time it is for whatever is shown."""
        return self._clock()

    def incidents(self, session: Session, ids: Collection[int]) -> dict[int, IncidentAnswer]:
        """Return incidents by id, each with its assignments, oldest first."""
        if not ids:
            return {}
        more = (*_RECORD_COUNTS, _MERGED_COUNT, _NEWEST_FOLLOW_UP, IncidentKind.danger_radius_m)
        query = select_incidents(*more).where(Incident.id.in_(ids))
        rows = session.execute(query).all()
        by_incident: dict[int, list[AssignmentAnswer]] = {}
        sent: dict[int, list[attendance_rows.Sent]] = {}
        orders = self._assignment_rows(session, Assignment.incident_id.in_(ids))
        for each, view in zip(orders, _order_views(session, orders), strict=True):
            incident_id = each.Assignment.incident_id
            by_incident.setdefault(incident_id, []).append(view)
            sent.setdefault(incident_id, []).append((each.Assignment, each.skills or []))
        attended = attendance_rows.of_incidents(session, [row.Incident for row in rows], sent)
        said = message_counts.of_incidents(session, ids)
        seen = acknowledgement_rows.latest(session, ids)
        clocks = clock_rows.of_incidents(session, ids)
        offers = offer_briefs.newest(session, ids)
        return {
            row.Incident.id: _incident(
                row,
                assignments=by_incident.get(row.Incident.id, []),
                attendance=attended.get(row.Incident.id),
                said=said.get(row.Incident.id, NO_MESSAGES),
                acknowledgements=seen.get(row.Incident.id, []),
                clocks=clocks.get(row.Incident.id, []),
                offer=offers.get(row.Incident.id),
            )
            for row in rows
        }

    def incident(self, session: Session, incident_id: int) -> IncidentAnswer:
        """Return one incident.

        Raises
        ------
        NotFound
            If there is none, or it is not seen.
        """
        found = self.incidents(session, [incident_id])
        if incident_id not in found:
            raise NotFound.thing("incident", incident_id)
        return found[incident_id]

    def assignment(self, session: Session, assignment_id: int) -> AssignmentAnswer:
        """Return one assignment.

        Raises
        ------
        NotFound
            If there is none whose incident is seen.
        """
        found = self._assignments(session, Assignment.id == assignment_id)
        if not found:
            raise NotFound.thing("assignment", assignment_id)
        return found[0]

    def assignments_of_crew(
        self, session: Session, crew_id: int, *, live_only: bool, limit: int
    ) -> list[AssignmentAnswer]:
        """Return a crew's assignments, live ones first in their order, then the newest."""
        condition = Assignment.crew_id == crew_id
        if live_only:
            condition &= live(Assignment.state)
        found = self._assignments(session, condition, newest=limit)
        found.sort(key=lambda each: (bool(each["ended_at"]), each["rank"], -each["id"]))
        return found

    def _assignments(
        self, session: Session, condition: ColumnElement[bool], newest: int | None = None
    ) -> list[AssignmentAnswer]:
        return _order_views(session, self._assignment_rows(session, condition, newest))

    @staticmethod
    def _assignment_rows(
        session: Session, condition: ColumnElement[bool], newest: int | None = None
    ) -> Sequence[Any]:
        query = (
            select(
                Assignment,
                Crew.name,
                Crew.skills,
                OrderNotice,
                OrderChain,
                _NEXT_CREW.name.label("next_crew"),
            )
            # Orders of crews that are not seen stay in the list without their names; those for
            # incidents that are not seen are left out.
            .join(Incident, Incident.id == Assignment.incident_id)
            .outerjoin(Crew, Crew.id == Assignment.crew_id)
            .outerjoin(OrderNotice, OrderNotice.id == Assignment.notice_id)
            .outerjoin(OrderChain, OrderChain.assignment_id == Assignment.id)
            .outerjoin(_NEXT_CREW, _NEXT_CREW.id == OrderChain.next_crew_id)
            .where(condition)
            .order_by(Assignment.id.desc() if newest else Assignment.id)
            .limit(newest)
        )
        return session.execute(query).all()

    def crews(self, session: Session, ids: Collection[int] | None = None) -> dict[int, CrewAnswer]:
        """Return crews by id; when no ids are given, all that are in service."""
        if ids is not None and not ids:
            return {}
        now = self._clock()
        query = (
            select(
                Crew,
                Station.name.label("station_name"),
                CrewPosition,
                longitude(CrewPosition.point).label("lon"),
                latitude(CrewPosition.point).label("lat"),
                *SIGNS,
            )
            .outerjoin(Station, Station.id == Crew.station_id)
            .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
            .outerjoin(CrewReach, CrewReach.crew_id == Crew.id)
            .order_by(Crew.id)
        )
        if ids is None:
            query = query.where(Crew.retired_at.is_(None))
        else:
            query = query.where(Crew.id.in_(ids))
        orders = self._live_orders(session, ids)
        lent = lent_crews.shown(session, ids, now)
        at = self._seen_incidents(session, orders)
        today = self.orders_today(session, ids)
        humans = self._humans(session, now)
        return {
            row.Crew.id: _crew(
                row,
                now,
                orders.get(row.Crew.id, []),
                today.get(row.Crew.id, 0),
                human=row.Crew.id in humans,
                reached=self._reachable(row, now),
                lent=lent.get(row.Crew.id),
                seen=at,
            )
            for row in session.execute(query)
        }

    def _reachable(self, row: Any, now: datetime) -> ReachableAnswer:  # noqa: ANN401  (a result row)
        signs = Signs(
            row.page_until, row.sound_until, row.reach_since, row.seen_at, row.push, row.gateway
        )
        fix: CrewPosition | None = row.CrewPosition
        return reachable_answer(reachable(signs, fix.heard_at if fix else None, now, self._fresh))

    def orders_today(
        self, session: Session, crew_ids: Iterable[int] | None = None
    ) -> dict[int, int]:
        """Return each crew's number of today's assignments; declined ones do not count."""
        parameters: dict[str, Any] = {"since": start_of_day(self._clock(), self._zone)}
        query = _ORDERS_TODAY
        if crew_ids is not None:
            query = _ORDERS_TODAY_OF
            parameters["crew_ids"] = list(crew_ids)
        rows = session.connection().execute(query, parameters)  # plain rows cost half
        return {crew_id: count for crew_id, count in rows}  # noqa: C416  (rows are no pairs to mypy)

    @staticmethod
    def _seen_incidents(session: Session, orders: dict[int, list[Assignment]]) -> set[int]:
        """Return which of the incidents that crews go to first are seen.

        A crew that is lent may still be busy for its own unit: that is seen, and not where.
        """
        first = {queue[0].incident_id for queue in orders.values()}
        return set(session.scalars(select(Incident.id).where(Incident.id.in_(first))))

    @staticmethod
    def _live_orders(session: Session, ids: Collection[int] | None) -> dict[int, list[Assignment]]:
        query = select(Assignment).where(live(Assignment.state)).order_by(Assignment.rank)
        if ids is not None:
            query = query.where(Assignment.crew_id.in_(ids))
        orders: dict[int, list[Assignment]] = {}
        for assignment in session.scalars(query):
            orders.setdefault(assignment.crew_id, []).append(assignment)
        return orders

    @staticmethod
    def _humans(session: Session, now: datetime) -> set[int]:
        """Return the crews of whose accounts somebody has a page open."""
        query = (
            select(Account.crew_id)
            .join(Credential, Credential.account_id == Account.id)
            .where(
                Account.crew_id.is_not(None),
                Credential.kind == "session",
                Credential.expires_at > now,
                Credential.seen_at > now - _HUMAN,
            )
        )
        return {crew_id for crew_id in session.scalars(query) if crew_id is not None}


def workload(live_orders: int, today: int) -> WorkloadAnswer:
    """Return what a crew has on its hands: the order in work, those behind it, today's."""
    return {"active": min(live_orders, 1), "queued": max(live_orders - 1, 0), "today": today}


def _incident(
    row: Any,  # noqa: ANN401  (a result row)
    *,
    assignments: list[AssignmentAnswer],
    attendance: AttendanceAnswer | None,
    said: MessageCount,
    acknowledgements: list[AcknowledgementAnswer],
    clocks: list[ClockAnswer],
    offer: OfferBriefAnswer | None,
) -> IncidentAnswer:
    incident: Incident = row.Incident
    return {
        "id": incident.id,
        "unit_id": incident.unit_id,
        "kind": incident.kind,
        "utility": row.utility,
        "priority": incident.priority,
        "state": IncidentState(incident.state),
        "version": incident.version,
        "lon": row.lon,
        "lat": row.lat,
        "address": incident.address,
        "description": incident.description,
        "caller_name": incident.caller_name,
        "caller_phone": incident.caller_phone,
        "reported_at": instant(incident.created_at),
        "created_at": instant(incident.created_at),
        "updated_at": instant(incident.updated_at),
        "closed_at": instant(incident.closed_at),
        "outcome_reason": incident.outcome_reason,
        "outcome_effect": Effect(incident.outcome_effect) if incident.outcome_effect else None,
        "follow_up_of": incident.follow_up_of,
        "follow_up_id": row.follow_up_id,
        "merged_into": incident.merged_into,
        "merged_count": row.merged_count,
        "danger_radius_m": danger_radius_m(incident.danger_radius_m, row.danger_radius_m),
        "danger_radius_set": incident.danger_radius_m is not None,
        "due_at": instant(incident.due_at),
        "erased_at": instant(incident.erased_at),
        "reports_count": row.reports_count,
        "notes_count": row.notes_count,
        "photos_count": row.photos_count,
        "recordings_count": row.recordings_count,
        "messages_count": said.messages,
        "unread_from_crews": said.unread_from_crews,
        "assignments": assignments,
        "attendance": attendance,
        "offer": offer,
        "acknowledgements": acknowledgements,
        "clocks": clocks,
    }


def _order_views(session: Session, rows: Sequence[Any]) -> list[AssignmentAnswer]:
    """Return orders as the API shows them: how far they got, their chains, the crew's safety."""
    marks = mark_view.of_orders(session, [row.Assignment.id for row in rows])
    alive = [row.Assignment.id for row in rows if row.Assignment.ended_at is None]
    safety = safety_view.of_orders(session, alive)
    return [
        assignment_view(
            row.Assignment,
            row.name or "",
            row.OrderNotice,
            marks=marks.get(row.Assignment.id, ()),
            chain=order_chain_view(row.OrderChain, row.next_crew) if row.OrderChain else None,
            safety=safety.get(row.Assignment.id),
        )
        for row in rows
    ]


def assignment_view(
    assignment: Assignment,
    crew_name: str,
    notice: OrderNotice | None = None,
    *,
    marks: Sequence[OrderMarkAnswer] = (),
    chain: OrderChainAnswer | None = None,
    safety: OrderSafetyAnswer | None = None,
) -> AssignmentAnswer:
    """Return an assignment at hand as the API shows it."""
    return {
        "id": assignment.id,
        "incident_id": assignment.incident_id,
        "crew_id": assignment.crew_id,
        "crew_name": crew_name,
        "state": AssignmentState(assignment.state),
        "rank": assignment.rank,
        "role": CrewRole(assignment.role),
        "task": assignment.task,
        "task_name_en": assignment.task_name_en,
        "task_name_zh": assignment.task_name_zh,
        "offered_at": instant(assignment.offered_at),
        "asked_at": instant(assignment.asked_at),
        "accepted_at": instant(assignment.accepted_at),
        "departed_at": instant(assignment.departed_at),
        "arrived_at": instant(assignment.arrived_at),
        "completed_at": instant(assignment.completed_at),
        "ended_at": instant(assignment.ended_at),
        "eta_at": instant(assignment.eta_at),
        "travel_time_s": assignment.travel_time_s,
        "outcome": assignment.outcome,
        "outcome_effect": Effect(assignment.outcome_effect) if assignment.outcome_effect else None,
        "outcome_name_en": assignment.outcome_name_en,
        "outcome_name_zh": assignment.outcome_name_zh,
        "result": assignment.result,
        "reason": assignment.reason,
        "work": assignment.work,
        "breach": assignment.breach,
        "sent_by": assignment.sent_by,
        "notice": notice_state(notice) if notice else None,
        "marks": list(marks),
        "chain": chain,
        "suspended": suspended_view(assignment),
        "safety": safety,
    }


def suspended_view(order: Assignment) -> SuspendedAnswer | None:
    """Return what interrupted an order; None of one whose crew has set out to it since."""
    waits = {AssignmentState.OFFERED, AssignmentState.ACCEPTED}
    if order.suspended_at is None or order.suspended_for is None or order.state not in waits:
        return None
    return SuspendedAnswer(
        at=instant(order.suspended_at),
        was=AssignmentState(order.suspended_from or order.state),
        for_incident_id=order.suspended_for,
        worked_s=order.worked_s,
    )


def _crew(
    row: Any,  # noqa: ANN401  (a result row)
    now: datetime,
    orders: list[Assignment],
    today: int,
    *,
    human: bool,
    reached: ReachableAnswer,
    lent: CrewLentAnswer | None,
    seen: Collection[int],
) -> CrewAnswer:
    crew: Crew = row.Crew
    fix: CrewPosition | None = row.CrewPosition
    front = next((order for order in orders if order.rank == 0), None)
    return {
        "id": crew.id,
        "name": crew.name,
        "station_id": crew.station_id,
        "station_name": row.station_name,
        "skills": crew.skills,
        "emergency_drive": crew.emergency_drive,
        "equipment": crew.equipment,
        "lapsed": lapses(crew.lapsed_skills),
        "retired_at": instant(crew.retired_at),
        "duty": Duty(crew.duty),
        "duty_changed_at": instant(crew.duty_changed_at),
        "state": crew_state(crew.duty, front.state if front else None),
        "lon": row.lon,
        "lat": row.lat,
        "fixed_at": instant(fix.fixed_at) if fix else None,
        "received_at": instant(fix.received_at) if fix else None,
        "fix_age_s": fix_age_s(now, fix.fixed_at) if fix else None,
        "heard_at": instant(fix.heard_at) if fix else None,
        "known_at": instant(fix.known_at) if fix else None,
        "parked_since": instant(fix.moved_at) if fix and fix.moved_at < fix.fixed_at else None,
        "accuracy_m": fix.accuracy_m if fix else None,
        "speed_mps": fix.speed_mps if fix else None,
        "heading_deg": fix.heading_deg if fix else None,
        "battery_pct": fix.battery_pct if fix else None,
        "workload": workload(len(orders), today),
        "incident_id": front.incident_id if front and front.incident_id in seen else None,
        "human": human,
        "reachable": reached,
        "unit_id": crew.unit_id,
        "lent": lent,
    }


def fix_age_s(now: datetime, fixed_at: datetime) -> float:
    """Return the age of a fix in seconds; a clock slightly ahead counts as fresh."""
    return round(max((now - fixed_at).total_seconds(), 0.0), 1)
