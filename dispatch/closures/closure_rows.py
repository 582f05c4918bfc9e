"""Stored closures as they are read: for the road network, and as the desk is shown them."""

import json
from datetime import datetime
from typing import Any
from typing import cast

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from dispatch.closures.models import Closure
from dispatch.closures.types import ClosureAnswer
from dispatch.closures.types import Direction
from dispatch.closures.types import Kind
from dispatch.closures.types import State
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.roads.types import RoadClosure

_DIGITS = 7


def not_over(unit_of_work: UnitOfWork, clock: Clock) -> list[RoadClosure]:
    """Return present and future closures in the form the road network takes."""
    query = select(
        Closure.id,
        func.ST_AsGeoJSON(Closure.marked, _DIGITS).label("geometry"),
        Closure.direction,
        Closure.from_at,
        Closure.until_at,
    ).where(goes_on(clock()))
    with unit_of_work.reading() as session:
        rows = session.execute(query.order_by(Closure.id)).all()
    return [
        RoadClosure(row.id, json.loads(row.geometry), row.direction, row.from_at, row.until_at)
        for row in rows
    ]


def goes_on(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a closure holds or will hold."""
    return Closure.lifted_at.is_(None) & or_(Closure.until_at.is_(None), Closure.until_at > now)


def shown_closures() -> Any:  # noqa: ANN401  (a select of a row and a text)
    """Return the query of all closures, each with the shape that maps show."""
    return select(Closure, func.ST_AsGeoJSON(Closure.shown, _DIGITS).label("geometry"))


def state(closure: Closure, now: datetime) -> State:
    """Return planned, active or over."""
    if closure.lifted_at is not None or (closure.until_at is not None and closure.until_at <= now):
        return "over"
    return "active" if closure.from_at <= now else "planned"


def view(row: Any, now: datetime) -> ClosureAnswer:  # noqa: ANN401  (a result row)
    """Return a closure of that query as people are told of it."""
    closure: Closure = row.Closure
    return {
        "id": closure.id,
        "kind": cast("Kind", closure.kind),
        "geometry": json.loads(row.geometry),
        "direction": cast("Direction", closure.direction),
        "from_at": instant(closure.from_at),
        "until_at": instant(closure.until_at),
        "reason": closure.reason,
        "state": state(closure, now),
        "version": closure.version,
        "created_at": instant(closure.created_at),
        "created_by": closure.created_by,
        "lifted_at": instant(closure.lifted_at),
        "lifted_by": closure.lifted_by,
        "lift_reason": closure.lift_reason,
    }
