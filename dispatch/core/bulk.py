"""One change to many rows at once: all of them or none, and then with what hindered each.

A room's bulk command names the rows and the change; its service does in one transaction what
`for_each` is given, so that a refusal of the last row undoes the first.
"""

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.errors import DispatchError
from dispatch.core.field_types import Id

MOST_AT_ONCE = 10_000
BulkIds = Annotated[
    tuple[Id, ...],
    Field(min_length=1, max_length=MOST_AT_ONCE, description="all are changed, or none"),
]


@with_config(ConfigDict(extra="forbid", title="BulkChange"))
class BulkAnswer(TypedDict):
    """How many rows were changed."""

    changed: int


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why one row cannot be changed."""

    row_id: int
    refusal: DispatchError


class BulkRefused(DispatchError):
    """Some of the rows cannot be changed, so none was."""

    code = "bulk_refused"

    def __init__(self, hindrances: Iterable[Hindrance]) -> None:
        self.hindrances = tuple(hindrances)
        super().__init__(
            N_("Nothing was changed, for %(n)s of the rows cannot be."),
            {"n": len(self.hindrances)},
        )


def for_each(session: Session, ids: Iterable[int], change: Callable[[int], object]) -> BulkAnswer:
    """Change rows one after the other, by id so that two such requests cannot block each other.

    Parameters
    ----------
    change
        Changes the row of an id, or raises a `DispatchError`.

    Raises
    ------
    BulkRefused
        If any row was refused, with all that were.
    """
    hindrances = []
    wanted = sorted(set(ids))
    for row_id in wanted:
        try:
            with session.begin_nested():
                change(row_id)
        except DispatchError as refusal:
            hindrances.append(Hindrance(row_id, refusal))
    if hindrances:
        raise BulkRefused(hindrances)
    return {"changed": len(wanted)}
