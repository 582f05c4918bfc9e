"""Takes in the signs of crews' pages, and tells how each crew can be reached."""

from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.positions.models import CrewPosition
from dispatch.reach.models import SIGNS
from dispatch.reach.models import CrewReach
from dispatch.reach.states import Reachable
from dispatch.reach.states import Sign
from dispatch.reach.states import Signs
from dispatch.reach.states import after
from dispatch.reach.states import reachable
from dispatch.reach.types import ReachableAnswer
from dispatch.reach.types import ReportReach
from dispatch.reach.types import reachable_answer

_BEGIN = insert(CrewReach).values(devices={}).on_conflict_do_nothing()
_KEPT: Executable = (
    select(CrewReach)
    .where(CrewReach.crew_id == bindparam("crew_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_ALL = (
    select(Crew.id, CrewPosition.heard_at, *SIGNS)
    .outerjoin(CrewReach, CrewReach.crew_id == Crew.id)
    .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
)


class ReachService:
    """Knows which crews can be reached.

    Parameters
    ----------
    unit_of_work
        Where signs are kept.
    clock
        What time it is.
    fresh
        For how long a position shows that a tracker is still there.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, fresh: timedelta) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._fresh = fresh

    def report(self, actor: Actor, crew_id: int, wanted: ReportReach) -> ReachableAnswer:
        """Take a sign of one of a crew's own pages.

        It leaves no event: pages give one every 15 seconds. What changes by it is told on the live
        stream.
        """
        actor.require(Permission.ASSIGNMENT_ACT_OWN)
        if actor.crew_id != crew_id:
            message = N_("Only a crew's own page can say this.")
            raise NotAllowed(message)
        now = self._clock()
        sign = Sign(wanted.device, wanted.page == "open", wanted.sound, now)
        with self._work.writing() as session:
            session.execute(_BEGIN, {"crew_id": crew_id})
            kept: CrewReach = session.scalars(_KEPT, {"crew_id": crew_id}).one()
            before = Signs(
                *(kept.page_until, kept.sound_until, kept.since, kept.seen_at),
                *(kept.push, kept.gateway),
            )
            kept.devices, signs = after(kept.devices, before, sign)
            kept.page_until, kept.sound_until, kept.since, kept.seen_at = signs[:4]
        return reachable_answer(reachable(signs, None, now, self._fresh))

    def everybody(self) -> dict[int, Reachable]:
        """Return how every crew can be reached now."""
        now = self._clock()
        with self._work.reading() as session:
            rows: Any = session.execute(_ALL).all()
        return {row[0]: self._judged(row[2:], row[1], now) for row in rows}

    def _judged(self, signs: Any, received_at: datetime | None, now: datetime) -> Reachable:  # noqa: ANN401  (columns of a row)
        return reachable(Signs(*signs), received_at, now, self._fresh)
