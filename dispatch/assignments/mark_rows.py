"""How far orders got to their crews: written once for each channel, whoever says it again."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.assignments.models import AssignmentMark
from dispatch.assignments.states import Mark


class Reached(NamedTuple):
    """How far an order got, and when."""

    mark: Mark
    at: datetime


def add(
    session: Session, assignment_id: int, channel: str, reached: Iterable[Reached]
) -> list[Reached]:
    """Write marks of an order on a channel; return those that were not known.

    The caller leaves the event of them, if it is not told by another one.
    """
    added = []
    for mark, at in reached:
        values = {"assignment_id": assignment_id, "mark": mark.value, "channel": channel, "at": at}
        statement = (
            insert(AssignmentMark)
            .values(values)
            .on_conflict_do_nothing()
            .returning(AssignmentMark.at)
        )
        if session.execute(statement).scalar() is not None:
            added.append(Reached(mark, at))
    return added
