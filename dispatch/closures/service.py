"""Road closures: created by the desk, in force for a period, and lifted."""

import json
import logging
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import cast

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.closures.closure_rows import goes_on
from dispatch.closures.closure_rows import shown_closures
from dispatch.closures.closure_rows import view
from dispatch.closures.marked_places import MarkedPlace
from dispatch.closures.marked_places import read_place
from dispatch.closures.models import Closure
from dispatch.closures.types import CloseRoads
from dispatch.closures.types import ClosureAnswer
from dispatch.closures.types import ClosureListQuery
from dispatch.closures.types import ClosuresAnswer
from dispatch.closures.types import LiftClosure
from dispatch.closures.types import LiftClosures
from dispatch.closures.types import StretchAnswer
from dispatch.core import bulk
from dispatch.core import listing
from dispatch.core.bulk import BulkAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import FieldError
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.events.listening import CLOSURE_CHANNEL
from dispatch.ground.service import GroundService
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadPort
from dispatch.writes.idempotency import Once

LOG = logging.getLogger(__name__)
_LISTED = 500
_ALL = ClosureListQuery()
_FURTHEST = timedelta(days=366)


class ClosureService:
    """Lists, creates and lifts closures."""

    def __init__(
        self, unit_of_work: UnitOfWork, ground: GroundService, roads: RoadPort, clock: Clock
    ) -> None:
        self._work = unit_of_work
        self._ground = ground
        self._roads = roads
        self._clock = clock

    def list(self, actor: Actor, query: ClosureListQuery = _ALL) -> ClosuresAnswer:
        """Return closures, those that hold or will first, then the latest that are over.

        Without a page at most 500 of them.
        """
        actor.require(Permission.CLOSURE_READ)
        now = self._clock()
        holds = goes_on(now) & (Closure.from_at <= now)
        states = {
            "active": holds,
            "planned": goes_on(now) & (Closure.from_at > now),
            "over": ~goes_on(now),
        }
        conditions = all_of(
            None if query.active is None else (holds if query.active else ~holds),
            states[query.state] if query.state else None,
            Closure.kind == query.kind if query.kind else None,
        )
        rows = shown_closures().where(conditions)
        if query.whole:
            rows = rows.limit(_LISTED)
        shown = Listing(
            searched=(Closure.reason, Closure.created_by),
            sorted_by={
                "id": Closure.id,
                "goes_on": goes_on(now),
                "from_at": Closure.from_at,
                "until_at": Closure.until_at,
                "reason": Closure.reason,
                "created_by": Closure.created_by,
            },
            order="-goes_on",
            key=Closure.id,
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, shown, query)
        return {
            "server_time": instant(now),
            "closures": [view(row, now) for row in found.rows],
            "total": found.total,
        }

    def get(self, actor: Actor, closure_id: int) -> ClosureAnswer:
        """Return one closure."""
        actor.require(Permission.CLOSURE_READ)
        with self._work.reading() as session:
            return self._one(session, closure_id)

    def stretch(self, actor: Actor, origin: LonLat, target: LonLat) -> StretchAnswer:
        """Return the road between two places as a GeoJSON feature, as closing it would.

        It goes the shortest way along the streets, one-way signs aside: what is closed lies
        there, whoever may drive it.

        Raises
        ------
        InvalidInput
            If a place is off road or no road joins them.
        Conflict
            ``no_road_time`` without a road network.
        """
        actor.require(Permission.CLOSURE_READ)
        line = {"type": "LineString", "coordinates": [list(origin), list(target)]}
        place = read_place("road", line, "both", self._ground.active())
        return {"type": "Feature", "geometry": self._shape(place), "properties": {}}

    def create(
        self, actor: Actor, closing: CloseRoads, idempotency_key: str | None = None
    ) -> tuple[ClosureAnswer, bool]:
        """Close an area or a stretch of road; it holds here when this returns.

        Parameters
        ----------
        actor
            Who closes it.
        closing
            What is closed, from when until when, and why.
        idempotency_key
            A repeated request with the same key gets the same answer.

        Returns
        -------
        closure, replayed
            The closure, and whether it was there already.

        Raises
        ------
        InvalidInput
            Naming each field that cannot be taken.
        Conflict
            ``no_road_time``: a stretch of road cannot be found without a road network.
        """
        actor.require(Permission.CLOSURE_WRITE)
        once = Once.of(actor, idempotency_key, closing)
        known = once.answered(self._work)
        if known is not None:
            return cast("ClosureAnswer", known), True
        now = self._clock()
        from_at = closing.from_at or now
        place = read_place(
            closing.kind,
            closing.geometry,
            closing.direction or "both",
            self._ground.active(),
            _wrong_period(from_at, closing.until_at, now),
        )
        # The road between the points is looked for before the transaction begins.
        shown = json.dumps(self._shape(place))

        def close(session: Session) -> ClosureAnswer:
            closure_id = session.execute(
                insert(Closure)
                .values(
                    kind=place.kind,
                    marked=_geometry(json.dumps(place.geometry)),
                    shown=_geometry(shown),
                    direction=place.direction,
                    from_at=from_at,
                    until_at=closing.until_at,
                    reason=closing.reason,
                    version=1,
                    created_at=now,
                    created_by=actor.display_name,
                )
                .returning(Closure.id)
            ).scalar_one()
            return self._told(session, EventKind.CLOSURE_CREATED, actor, closure_id, now)

        with self._work.writing() as session:
            answer, replayed = once.run(session, now, lambda: close(session))
        if not replayed:
            self._close_here()
        return answer, replayed

    def lift(self, actor: Actor, closure_id: int, lifting: LiftClosure) -> ClosureAnswer:
        """Open a closed place again, before its time or before it even began.

        Lifting what is lifted already changes nothing.

        Raises
        ------
        Conflict
            ``closure_over`` if its time had passed anyway.
        """
        actor.require(Permission.CLOSURE_WRITE)
        with self._work.writing() as session:
            answer = self._lift(session, actor, closure_id, lifting)
        self._close_here()
        return answer

    def lift_several(self, actor: Actor, lifting: LiftClosures) -> BulkAnswer:
        """Open several closed places again, all of them or none.

        Raises
        ------
        BulkRefused
            If the time of one had passed anyway.
        """
        actor.require(Permission.CLOSURE_WRITE)
        with self._work.writing() as session:
            answer = bulk.for_each(
                session, lifting.ids, lambda each: self._lift(session, actor, each, lifting)
            )
        self._close_here()
        return answer

    def _lift(
        self, session: Session, actor: Actor, closure_id: int, lifting: LiftClosure
    ) -> ClosureAnswer:
        now = self._clock()
        closure = session.get(Closure, min(closure_id, LARGEST_ID), with_for_update=True)
        if closure is None:
            raise NotFound.thing("closure", closure_id)
        if closure.lifted_at is not None:
            return self._one(session, closure_id)
        if closure.until_at is not None and closure.until_at <= now:
            raise Conflict("closure_over", N_("This closure is already over."))
        closure.lifted_at = now
        closure.lifted_by = actor.display_name
        closure.lift_reason = lifting.reason or None
        closure.version += 1
        session.flush()
        return self._told(session, EventKind.CLOSURE_LIFTED, actor, closure_id, now)

    def _close_here(self) -> None:
        """Let it hold here at once; what is stored stays stored, whatever goes wrong now."""
        try:
            self._roads.apply_closures()
        except Exception:  # every worker looks again by itself when it is told, and this one too
            LOG.exception("closures could not be applied at once")

    def _told(
        self, session: Session, kind: EventKind, actor: Actor, closure_id: int, now: datetime
    ) -> ClosureAnswer:
        """Write the event, wake the workers at commit, and return the closure."""
        answer = self._one(session, closure_id)
        session.execute(select(func.pg_notify(CLOSURE_CHANNEL, str(closure_id))))
        events.append(session, kind, actor, at=now, data={"closure": answer})
        return answer

    def _one(self, session: Session, closure_id: int) -> ClosureAnswer:
        row = session.execute(
            shown_closures().where(Closure.id == min(closure_id, LARGEST_ID))
        ).one_or_none()
        if row is None:
            raise NotFound.thing("closure", closure_id)
        return view(row, self._clock())

    def _shape(self, place: MarkedPlace) -> dict[str, Any]:
        """Return what maps show: an area as it is, of a road the line that it takes."""
        if place.kind == "area":
            return dict(place.geometry)
        line = self._roads.stretch(place.points)
        return {"type": "LineString", "coordinates": [list(each) for each in line]}


def _wrong_period(from_at: datetime, until_at: datetime | None, now: datetime) -> list[FieldError]:
    wrong = []
    if abs(from_at - now) > _FURTHEST:
        wrong.append(FieldError("from_at", N_("must be within a year from now")))
    if until_at is not None and until_at <= from_at:
        wrong.append(FieldError("until_at", N_("must be after the beginning")))
    elif until_at is not None and until_at <= now:
        wrong.append(FieldError("until_at", N_("has already passed")))
    return wrong


def _geometry(text: str) -> ColumnElement[Any]:
    return func.ST_GeomFromGeoJSON(text)
