"""Move-ups: crews asked to stand at a place, answered by the crew, ended by the desk or a send."""

from datetime import datetime
from typing import Any

from geoalchemy2 import WKTElement
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.cover.models import MoveUp
from dispatch.cover.states import MoveUpEnd
from dispatch.cover.states import MoveUpState
from dispatch.cover.types import AnswerMoveUp
from dispatch.cover.types import AreaKind
from dispatch.cover.types import AskMoveUp
from dispatch.cover.types import MoveUpAnswer
from dispatch.cover.types import MoveUpsAnswer
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.addresses import AddressLookup
from dispatch.writes import row_locks
from dispatch.writes.idempotency import Once

_MOST = 500
_EVENTS = {
    MoveUpEnd.DECLINED: EventKind.MOVE_UP_DECLINED,
    MoveUpEnd.CANCELLED: EventKind.MOVE_UP_CANCELLED,
}


class MoveUpService:
    """Asks crews to stand elsewhere, and keeps what they answer."""

    def __init__(self, unit_of_work: UnitOfWork, addresses: AddressLookup, clock: Clock) -> None:
        self._work = unit_of_work
        self._addresses = addresses
        self._clock = clock

    def list(self, actor: Actor, crew_id: int | None = None) -> MoveUpsAnswer:
        """Return the move-ups that are alive: of all crews for the desk, of its own for a crew."""
        query = _move_ups().where(MoveUp.ended_at.is_(None)).limit(_MOST)
        if crew_id is not None:
            query = query.where(MoveUp.crew_id == min(crew_id, LARGEST_ID))
        if not actor.may(Permission.CREW_READ):
            query = query.where(MoveUp.crew_id == actor.crew_id)
        with self._work.reading() as session:
            rows = session.execute(query).all()
        return {"server_time": instant(self._clock()), "move_ups": [_answer(row) for row in rows]}

    def ask(self, actor: Actor, wanted: AskMoveUp) -> tuple[MoveUpAnswer, bool]:
        """Ask an idle crew to stand at a place until it is sent.

        Returns
        -------
        move_up, replayed
            The move-up, and whether it was asked before under this key.

        Raises
        ------
        NotFound
            If there is no such crew.
        Conflict
            ``crew_off_duty``, ``crew_taken`` if it has an order, ``crew_moving_up`` if it was asked
            already, or ``idempotency_mismatch``.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        once = Once.of(actor, wanted.client_id, wanted)
        place = wanted.place or self._addresses.address_at(wanted.lon, wanted.lat)

        def work(session: Session) -> tuple[MoveUpAnswer, bool]:
            now = self._clock()
            return once.run(session, now, lambda: _ask(session, actor, wanted, place, now))

        return self._work.run(work)

    def accept(self, actor: Actor, move_up_id: int, wanted: AnswerMoveUp) -> MoveUpAnswer:
        """Note that the crew goes there; said again it changes nothing.

        Raises
        ------
        NotFound
            If there is none, or it is another crew's.
        Conflict
            ``move_up_ended``, with how.
        """

        def act(session: Session, found: MoveUp, now: datetime) -> None:
            _refuse_ended(found)
            if found.accepted_at is None:
                found.accepted_at = now
                session.flush()
                _tell(session, EventKind.MOVE_UP_ACCEPTED, actor, found, now, wanted)

        return self._answered(actor, move_up_id, act)

    def decline(self, actor: Actor, move_up_id: int, wanted: AnswerMoveUp) -> MoveUpAnswer:
        """Note that the crew does not go there, or cannot any longer; raises as `accept`."""
        return self._answered(actor, move_up_id, _ender(actor, MoveUpEnd.DECLINED, wanted))

    def cancel(self, actor: Actor, move_up_id: int, wanted: AnswerMoveUp) -> MoveUpAnswer:
        """Call a move-up off; raises as `accept`."""
        actor.require(Permission.ASSIGNMENT_SEND)
        return self._answered(actor, move_up_id, _ender(actor, MoveUpEnd.CANCELLED, wanted))

    def _answered(self, actor: Actor, move_up_id: int, act: Any) -> MoveUpAnswer:  # noqa: ANN401  (a step)
        def work(session: Session) -> MoveUpAnswer:
            number = min(move_up_id, LARGEST_ID)
            crew_id = session.scalar(select(MoveUp.crew_id).where(MoveUp.id == number))
            own = crew_id is not None and actor.crew_id == crew_id
            if crew_id is None or not (own or actor.may(Permission.CREW_READ)):
                raise NotFound.thing("move_up", move_up_id)
            acts = Permission.ASSIGNMENT_ACT_OWN if own else Permission.ASSIGNMENT_ACT_ANY
            if not actor.may(acts):
                message = N_("Your account may not do this with that order.")
                raise NotAllowed(message)
            row_locks.lock(session, [], [crew_id])
            found = session.get_one(MoveUp, number, with_for_update=True, populate_existing=True)
            act(session, found, self._clock())
            return _answer(session.execute(_move_ups().where(MoveUp.id == number)).one())

        return self._work.run(work)


def _ask(
    session: Session, actor: Actor, wanted: AskMoveUp, place: str, now: datetime
) -> MoveUpAnswer:
    crew = row_locks.lock(session, [], [wanted.crew_id]).crews.get(wanted.crew_id)
    if crew is None:
        raise NotFound.thing("crew", wanted.crew_id)
    _refuse_engaged(session, crew)
    made = MoveUp(
        crew_id=crew.id,
        point=WKTElement(f"POINT({wanted.lon} {wanted.lat})", srid=4326),
        place=place,
        reason=wanted.reason or "",
        why=wanted.why.model_dump(mode="json") if wanted.why else {},
        asked_at=now,
        asked_by=actor.display_name,
    )
    session.add(made)
    session.flush()
    _tell(session, EventKind.MOVE_UP_ASKED, actor, made, now, wanted)
    return _answer(session.execute(_move_ups().where(MoveUp.id == made.id)).one())


def _refuse_engaged(session: Session, crew: Crew) -> None:
    if crew.duty != Duty.ON_DUTY:
        message = N_("%(crew)s is not on duty.")
        raise Conflict("crew_off_duty", message, {"crew": crew.name}, extra={"duty": crew.duty})
    orders = row_locks.live_assignments(session, [crew.id])
    if orders:
        message = N_("%(crew)s has an order meanwhile, for incident %(id)s.")
        params = {"crew": crew.name, "id": orders[0].incident_id}
        raise Conflict("crew_taken", message, params, extra={"incident_id": orders[0].incident_id})
    there = session.scalar(
        select(MoveUp.place).where(MoveUp.crew_id == crew.id, MoveUp.ended_at.is_(None))
    )
    if there is not None:
        message = N_("%(crew)s was already asked to move up to %(place)s.")
        raise Conflict("crew_moving_up", message, {"crew": crew.name, "place": there or "?"})


def _ender(actor: Actor, how: MoveUpEnd, wanted: AnswerMoveUp) -> Any:  # noqa: ANN401  (a step)
    def act(session: Session, found: MoveUp, now: datetime) -> None:
        if found.ended_how == how.value:
            return
        _refuse_ended(found)
        end(session, found, how, actor, now)
        _tell(session, _EVENTS[how], actor, found, now, wanted)

    return act


def end(session: Session, found: MoveUp, how: MoveUpEnd, actor: Actor, now: datetime) -> None:
    """Write that a crew no longer has to stand there."""
    found.ended_at = now
    found.ended_how = how.value
    found.ended_by = actor.display_name
    session.flush()


def _refuse_ended(found: MoveUp) -> None:
    if found.ended_at is not None:
        message = N_("This move-up has already ended.")
        raise Conflict("move_up_ended", message, extra={"how": found.ended_how})


def _tell(
    session: Session,
    kind: EventKind,
    actor: Actor,
    found: MoveUp,
    now: datetime,
    wanted: AskMoveUp | AnswerMoveUp,
) -> None:
    events.append(
        session,
        kind,
        actor,
        at=now,
        occurred_at=wanted.occurred_at,
        crew_id=found.crew_id,
        data={
            "move_up_id": found.id,
            "place": found.place,
            **({"reason": wanted.reason} if wanted.reason else {}),
            **({"why": found.why} if found.why and kind is EventKind.MOVE_UP_ASKED else {}),
        },
    )


def _move_ups() -> Select[Any]:
    return (
        select(
            MoveUp,
            Crew.name,
            longitude(MoveUp.point).label("lon"),
            latitude(MoveUp.point).label("lat"),
            func.coalesce(MoveUp.why["area"].astext, "").label("area"),
            func.coalesce(MoveUp.why["area_zh"].astext, "").label("area_zh"),
        )
        .join(Crew, Crew.id == MoveUp.crew_id)
        .order_by(MoveUp.id)
    )


def _answer(row: Any) -> MoveUpAnswer:  # noqa: ANN401  (a result row)
    found: MoveUp = row.MoveUp
    return {
        "id": found.id,
        "crew_id": found.crew_id,
        "crew_name": row.name,
        "state": _state(found),
        "lon": row.lon,
        "lat": row.lat,
        "place": found.place,
        "reason": found.reason,
        "area": row.area,
        "area_zh": row.area_zh,
        "area_kind": AreaKind(found.why["area_kind"]) if found.why.get("area_kind") else None,
        "asked_at": instant(found.asked_at),
        "asked_by": found.asked_by,
        "accepted_at": instant(found.accepted_at),
        "ended_at": instant(found.ended_at),
        "ended_how": MoveUpEnd(found.ended_how) if found.ended_how else None,
    }


def _state(found: MoveUp) -> MoveUpState:
    if found.ended_at is not None:
        return MoveUpState.ENDED
    return MoveUpState.ASKED if found.accepted_at is None else MoveUpState.ACCEPTED
