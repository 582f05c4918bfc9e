"""Notices to crews: read until they are confirmed, and confirmed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.board.notice_view import notice_state
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.models import Incident
from dispatch.notices.models import OrderNotice
from dispatch.notices.states import PERSONAL
from dispatch.notices.types import NoticeAnswer
from dispatch.notices.types import NoticesAnswer
from dispatch.notices.types import Understand

_MOST = 100
_COLUMNS: tuple[Any, ...] = (
    OrderNotice,
    Assignment.rank,
    Assignment.ended_at,
    Incident.kind,
    Incident.priority,
    Incident.address,
)


class NoticeService:
    """What crews have to confirm."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def open_for_crew(self, actor: Actor, crew_id: int) -> NoticesAnswer:
        """Return what a crew has yet to confirm, oldest first."""
        if actor.crew_id != crew_id:
            actor.require(Permission.INCIDENT_READ)
        query = _notices(
            OrderNotice.crew_id == min(crew_id, LARGEST_ID),
            OrderNotice.understood_at.is_(None),
            OrderNotice.lapsed_at.is_(None),
        ).limit(_MOST)
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            rows = session.execute(query).all()
        return {"notices": [_answer(actor, row) for row in rows]}

    def understood(self, actor: Actor, notice_id: int, wanted: Understand) -> NoticeAnswer:
        """Note that a crew has understood a notice, and what it was told of the order before.

        Said again it changes nothing. The desk may say it for a crew that it told by radio.
        """

        def work(session: Session) -> NoticeAnswer:
            now = self._clock()
            notice = session.get(OrderNotice, min(notice_id, LARGEST_ID), with_for_update=True)
            if notice is None or not _may_read(actor, notice.crew_id):
                raise NotFound.thing("notice", notice_id)
            _require_may_confirm(actor, notice.crew_id)
            if notice.understood_at is None:
                at = min(max(wanted.occurred_at or now, notice.made_at), now)
                _confirm(session, notice, actor, at)
                events.append(
                    session,
                    EventKind.ASSIGNMENT_UNDERSTOOD,
                    actor,
                    at=now,
                    occurred_at=wanted.occurred_at,
                    incident_id=notice.incident_id,
                    assignment_id=notice.assignment_id,
                    crew_id=notice.crew_id,
                    data={"notice_id": notice.id, "notice": notice.kind},
                )
            row = session.execute(_notices(OrderNotice.id == notice.id)).one()
            return _answer(actor, row)

        return self._work.run(work)


def _confirm(session: Session, notice: OrderNotice, actor: Actor, at: datetime) -> None:
    """Confirm a notice with all older ones of its order: they were shown together."""
    query = (
        select(OrderNotice)
        .where(
            OrderNotice.assignment_id == notice.assignment_id,
            OrderNotice.id <= notice.id,
            OrderNotice.understood_at.is_(None),
        )
        .order_by(OrderNotice.id)
        .with_for_update()
    )
    for each in session.scalars(query):
        each.understood_at = max(at, each.made_at)
        each.understood_by = actor.display_name
    session.flush()


def _may_read(actor: Actor, crew_id: int) -> bool:
    return actor.crew_id == crew_id or actor.may(Permission.INCIDENT_READ)


def _require_may_confirm(actor: Actor, crew_id: int) -> None:
    own = actor.crew_id == crew_id and actor.may(Permission.ASSIGNMENT_ACT_OWN)
    if not own and not actor.may(Permission.ASSIGNMENT_ACT_ANY):
        message = N_("Your account may not do this with that order.")
        raise NotAllowed(message)


def _notices(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Assignment, Assignment.id == OrderNotice.assignment_id)
        .join(Incident, Incident.id == OrderNotice.incident_id)
        .where(*conditions)
        .order_by(OrderNotice.id)
    )


def _answer(actor: Actor, row: Any) -> NoticeAnswer:  # noqa: ANN401  (a result row)
    notice: OrderNotice = row.OrderNotice
    # As everywhere, a crew sees what may name the caller only while it has the order.
    hidden = row.ended_at is not None and not actor.may(Permission.INCIDENT_READ)
    return {
        **notice_state(notice),
        "assignment_id": notice.assignment_id,
        "incident_id": notice.incident_id,
        "crew_id": notice.crew_id,
        "incident_kind": row.kind,
        "priority": row.priority,
        "address": row.address,
        "rank": row.rank,
        "what": [
            {"field": each["field"], "old": each["old"], "new": each["new"]}
            for each in notice.what
            if not (hidden and each["field"] in PERSONAL)
        ],
        "reason": notice.reason,
        "made_by": notice.made_by,
    }
