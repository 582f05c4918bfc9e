"""Who is silent now, who sees to it, and how long crews may be."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.positions.models import CrewPosition
from dispatch.silence.models import CrewSilence
from dispatch.silence.models import SilenceLimit
from dispatch.silence.states import Limits
from dispatch.silence.types import SetSilenceLimit
from dispatch.silence.types import SilenceLimitAnswer
from dispatch.silence.types import SilenceLimitsAnswer
from dispatch.silence.types import SilentCrewAnswer
from dispatch.silence.types import SilentCrewsAnswer
from dispatch.units.belonging import own_unit
from dispatch.units.models import OrganisationUnit
from dispatch.writes import row_locks


class SilenceService:
    """What can be asked of silent crews.

    Parameters
    ----------
    unit_of_work
        Where they are kept.
    clock
        What time it is.
    otherwise
        The limits of crews for whom no others are set.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, otherwise: Limits) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._otherwise = otherwise

    def silent(self, actor: Actor) -> SilentCrewsAnswer:
        """Return the crews that are silent now, those longest so first."""
        actor.require(Permission.CREW_READ)
        query = _silent().order_by(CrewSilence.alarmed_at, CrewSilence.crew_id)
        with self._work.reading() as session:
            return {"silent": [_view(row) for row in session.execute(query)]}

    def see(self, actor: Actor, crew_id: int) -> SilentCrewAnswer:
        """See to a silent crew: no supervisor is told; the first who says so is named.

        Raises
        ------
        NotFound
            If the crew is not silent, or no longer.
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        now = self._clock()

        def work(session: Session) -> SilentCrewAnswer:
            crew_in_range = min(crew_id, LARGEST_ID)
            row_locks.lock(session, [], [crew_in_range])
            silence = session.get(CrewSilence, crew_in_range, with_for_update=True)
            if silence is None:
                raise NotFound.thing("silence", crew_id)
            fresh = silence.seen_at is None
            if fresh:
                silence.seen_at, silence.seen_by = now, actor.display_name
                session.flush()
            view = _view(session.execute(_silent().where(CrewSilence.crew_id == crew_id)).one())
            if fresh:
                events.append(session, EventKind.CREW_SILENCE_SEEN, actor, at=now, crew_id=crew_id)
            return view

        return self._work.run(work)

    def limits(self, actor: Actor) -> SilenceLimitsAnswer:
        """Return the limits that are set, those of units first."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            found = [_limit(row) for row in session.execute(_limits())]
        return {
            "limits": found,
            "otherwise": {
                "driving_s": self._otherwise.driving_s,
                "parked_s": self._otherwise.parked_s,
                "break_s": self._otherwise.break_s,
                "supervisor_s": self._otherwise.supervisor_s,
            },
        }

    def set_limit(self, actor: Actor, wanted: SetSilenceLimit) -> SilenceLimitAnswer:
        """Set how long crews of a unit, or one crew, may be unheard; from their next look on.

        Raises
        ------
        InvalidInput
            On ``crew_id`` or ``unit_id``.
        """
        actor.require(Permission.RULES_WRITE)
        now = self._clock()
        with self._work.writing() as session:
            if wanted.crew_id is not None:
                crew = session.get(Crew, wanted.crew_id)
                if crew is None:
                    raise InvalidInput.one("crew_id", N_("is no crew of yours"))
                unit_id, mine = crew.unit_id, SilenceLimit.crew_id == crew.id
            else:
                unit_id = own_unit(session, wanted.unit_id or actor.unit_id or 0).id
                mine = (SilenceLimit.unit_id == unit_id) & SilenceLimit.crew_id.is_(None)
            limit = session.scalars(
                select(SilenceLimit).where(mine).with_for_update()
            ).one_or_none()
            if limit is None:
                limit = SilenceLimit(unit_id=unit_id, crew_id=wanted.crew_id)
                session.add(limit)
            limit.driving_s, limit.parked_s = wanted.driving_s, wanted.parked_s
            limit.break_s, limit.supervisor_s = wanted.break_s, wanted.supervisor_s
            limit.changed_at, limit.changed_by = now, actor.display_name
            session.flush()
            view = _limit(session.execute(_limits().where(SilenceLimit.id == limit.id)).one())
            self._tell(session, actor, limit, {**view})
            return view

    def remove_limit(self, actor: Actor, limit_id: int) -> None:
        """Have what holds above hold again.

        Raises
        ------
        NotFound
            If there is no such limit.
        """
        actor.require(Permission.RULES_WRITE)
        with self._work.writing() as session:
            limit = session.get(SilenceLimit, min(limit_id, LARGEST_ID), with_for_update=True)
            if limit is None:
                raise NotFound.thing("rule", limit_id)
            session.delete(limit)
            session.flush()
            self._tell(session, actor, limit, {"removed": limit.id})

    def _tell(
        self, session: Session, actor: Actor, limit: SilenceLimit, data: dict[str, Any]
    ) -> None:
        events.append(
            session,
            EventKind.SILENCE_LIMIT_CHANGED,
            actor,
            at=self._clock(),
            data=data,
            unit_id=limit.unit_id,
        )


def _silent() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CrewSilence,
            Crew.name,
            Crew.duty,
            longitude(CrewPosition.point).label("lon"),
            latitude(CrewPosition.point).label("lat"),
            CrewPosition.fixed_at,
        )
        .join(Crew, Crew.id == CrewSilence.crew_id)
        .outerjoin(CrewPosition, CrewPosition.crew_id == Crew.id)
    )


def _view(row: Row[Any]) -> SilentCrewAnswer:
    silence: CrewSilence = row.CrewSilence
    return {
        "crew_id": silence.crew_id,
        "crew_name": row.name,
        "duty": Duty(row.duty),
        "heard_at": instant(silence.heard_at),
        "limit_s": silence.limit_s,
        "alarmed_at": instant(silence.alarmed_at),
        "escalate_at": instant(silence.escalate_at),
        "escalated_at": instant(silence.escalated_at),
        "seen_at": instant(silence.seen_at),
        "seen_by": silence.seen_by,
        "last_lonlat": None if row.lon is None else [row.lon, row.lat],
        "fixed_at": instant(row.fixed_at),
    }


def _limits() -> Select[*tuple[Any, ...]]:
    return (
        select(SilenceLimit, func.coalesce(Crew.name, OrganisationUnit.name).label("name"))
        .join(OrganisationUnit, OrganisationUnit.id == SilenceLimit.unit_id)
        .outerjoin(Crew, Crew.id == SilenceLimit.crew_id)
        .order_by(SilenceLimit.crew_id.is_not(None), OrganisationUnit.name, Crew.name)
    )


def _limit(row: Row[Any]) -> SilenceLimitAnswer:
    limit: SilenceLimit = row.SilenceLimit
    return {
        "id": limit.id,
        "unit_id": limit.unit_id,
        "crew_id": limit.crew_id,
        "name": row.name,
        "driving_s": limit.driving_s,
        "parked_s": limit.parked_s,
        "break_s": limit.break_s,
        "supervisor_s": limit.supervisor_s,
        "changed_at": instant(limit.changed_at),
        "changed_by": limit.changed_by,
    }
