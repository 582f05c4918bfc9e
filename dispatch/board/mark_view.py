"""How far orders got to their crews, as the API shows it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import AssignmentMark
from dispatch.assignments.states import Mark
from dispatch.assignments.types import OrderMarkAnswer
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import any_of

_OF_ORDERS = select(
    AssignmentMark.assignment_id, AssignmentMark.mark, AssignmentMark.channel, AssignmentMark.at
).where(any_of(AssignmentMark.assignment_id, "ids"))
_ORDER = {mark.value: number for number, mark in enumerate(Mark)}


def of_orders(
    session: Session, assignment_ids: Collection[int]
) -> dict[int, list[OrderMarkAnswer]]:
    """Return the marks of orders by their ids, each in time; orders without any are missing."""
    if not assignment_ids:
        return {}
    rows = session.execute(_OF_ORDERS, {"ids": list(assignment_ids)}).all()
    found: dict[int, list[OrderMarkAnswer]] = {}
    for row in sorted(rows, key=lambda each: (each.at, _ORDER[each.mark], each.channel)):
        of_order = found.setdefault(row.assignment_id, [])
        of_order.append({"mark": Mark(row.mark), "channel": row.channel, "at": instant(row.at)})
    return found
