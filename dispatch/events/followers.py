"""What follows from an event at once, in the transaction that writes it.

A room that reacts to what happens in another (a chain begins when an order is offered, a clock
stops when a crew is on scene) follows the log instead of being called by every room that may cause
it. Whatever is written so commits or vanishes with its cause, and no way of causing it is
forgotten.

A follower holds the locks that its cause holds, and may take no others of incidents and crews: it
writes rows of its own room and may append events.
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind

_FOLLOWERS: Final = "followers"


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, just written."""

    event_id: int
    kind: EventKind
    actor: Actor
    at: datetime
    occurred_at: datetime
    incident_id: int | None
    assignment_id: int | None
    crew_id: int | None
    data: Mapping[str, Any]


class Follower(Protocol):
    """Does what follows from events of some kinds."""

    kinds: frozenset[EventKind]

    def follow(self, session: Session, happened: Happened) -> None:
        """Do what follows from one event."""


def follow_with(work: UnitOfWork, followers: Iterable[Follower]) -> None:
    """Have followers called from now on, in this order, by every transaction of a unit of work."""
    by_kind: dict[EventKind, list[Follower]] = defaultdict(list)
    for follower in followers:
        for kind in follower.kinds:
            by_kind[kind].append(follower)
    work.session_info[_FOLLOWERS] = dict(by_kind)


def of_kind(session: Session, kind: EventKind) -> Sequence[Follower]:
    """Return who follows events of a kind."""
    by_kind: Mapping[EventKind, Sequence[Follower]] = session.info.get(_FOLLOWERS, {})
    return by_kind.get(kind, ())
