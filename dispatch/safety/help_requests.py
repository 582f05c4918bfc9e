"""Help that a crew asks for with an order: a second crew, an excavator, the police."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.board.safety_view import help_view
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.safety.models import HelpRequest
from dispatch.safety.parties import existing_crew
from dispatch.safety.parties import require_may_speak_for
from dispatch.safety.types import AskHelp
from dispatch.safety.types import EndSafetyCall
from dispatch.safety.types import HelpAnswer
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once


class HelpService:
    """What crews ask for, until another crew is sent or the desk says that it comes."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def ask(self, actor: Actor, crew_id: int, wanted: AskHelp) -> HelpAnswer:
        """Ask for help with an order; asked again while it is open, the newer wish replaces it.

        Raises
        ------
        InvalidInput
            On ``assignment_id``, if it is no live order of the crew.
        Conflict
            ``no_order`` if the crew has none that it could need help with.
        """
        require_may_speak_for(actor, crew_id)
        once = Once.of(actor, wanted.client_id, wanted, crew_id=crew_id)

        def work(session: Session) -> HelpAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("HelpAnswer", before)
            existing_crew(session, crew_id)
            order = _order(session, crew_id, wanted.assignment_id)
            row_locks.lock(session, [order.incident_id], [crew_id])
            order = _order(session, crew_id, order.id)
            known = open_help(session, order.id)
            asked = known or HelpRequest(
                assignment_id=order.id, incident_id=order.incident_id, crew_id=crew_id
            )
            asked.what, asked.words = wanted.what.value, wanted.words or ""
            asked.asked_at, asked.received_at = min(wanted.occurred_at or now, now), now
            session.add(asked)
            session.flush()
            view = help_view(asked)
            once.finish(session, view)
            events.append(
                session,
                EventKind.HELP_ASKED,
                actor,
                at=now,
                occurred_at=asked.asked_at,
                incident_id=asked.incident_id,
                assignment_id=asked.assignment_id,
                crew_id=crew_id,
                data={"help_id": asked.id, "help": asked.what},
            )
            return view

        return self._work.run(work)

    def end(self, actor: Actor, help_id: int, wanted: EndSafetyCall) -> HelpAnswer:
        """Say that help comes, or is not needed any more. Said again it changes nothing."""
        once = Once.of(actor, wanted.client_id, wanted, help_id=help_id)

        def work(session: Session) -> HelpAnswer:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("HelpAnswer", before)
            asked = session.get(HelpRequest, min(help_id, LARGEST_ID))
            if asked is None or not _may_read(actor, asked.crew_id):
                raise NotFound.thing("help", help_id)
            require_may_speak_for(actor, asked.crew_id)
            row_locks.lock(session, [asked.incident_id], [asked.crew_id])
            session.refresh(asked)
            ends = asked.ended_at is None
            if ends:
                close(session, asked, actor, now)
            view = help_view(asked)
            once.finish(session, view)
            if ends:
                tell_ended(session, asked, actor, now, reason=wanted.reason)
            return view

        return self._work.run(work)


def open_help(session: Session, assignment_id: int) -> HelpRequest | None:
    """Return what is asked for with an order."""
    query = select(HelpRequest).where(
        HelpRequest.assignment_id == assignment_id, HelpRequest.ended_at.is_(None)
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def open_at(session: Session, incident_id: int) -> list[HelpRequest]:
    """Return what is asked for at an incident."""
    query = select(HelpRequest).where(
        HelpRequest.incident_id == incident_id, HelpRequest.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(HelpRequest.id)))


def close(session: Session, asked: HelpRequest, actor: Actor, now: datetime) -> None:
    """Write that somebody has seen to it."""
    asked.ended_at, asked.ended_by = now, actor.display_name
    session.flush()


def tell_ended(
    session: Session, asked: HelpRequest, actor: Actor, now: datetime, *, reason: str | None = None
) -> None:
    """Write the event of help that was seen to."""
    events.append(
        session,
        EventKind.HELP_ENDED,
        actor,
        at=now,
        incident_id=asked.incident_id,
        assignment_id=asked.assignment_id,
        crew_id=asked.crew_id,
        data={"help_id": asked.id, "help": asked.what, **({"reason": reason} if reason else {})},
    )


def _order(session: Session, crew_id: int, assignment_id: int | None) -> Assignment:
    query = select(Assignment).where(Assignment.crew_id == crew_id, live(Assignment.state))
    if assignment_id is not None:
        query = query.where(Assignment.id == assignment_id)
    order = session.scalars(query.order_by(Assignment.rank).limit(1)).one_or_none()
    if order is None and assignment_id is not None:
        raise InvalidInput.one("assignment_id", N_("is no order that this crew has"))
    if order is None:
        raise Conflict("no_order", N_("The crew has no order that it could need help with."))
    return order


def _may_read(actor: Actor, crew_id: int) -> bool:
    return actor.crew_id == crew_id or actor.may(Permission.INCIDENT_READ)
