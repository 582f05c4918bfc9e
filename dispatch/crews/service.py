"""Crews: who they are, whether they are on duty, and where they have been."""

from datetime import datetime
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.states import Duty
from dispatch.crews.states import duty_time
from dispatch.crews.types import AddCrew
from dispatch.crews.types import CrewAnswer
from dispatch.crews.types import CrewsAnswer
from dispatch.crews.types import CrewTrackAnswer
from dispatch.crews.types import SetDuty
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.notices import notice_rows
from dispatch.positions.models import PositionReport
from dispatch.skills import skill_rows
from dispatch.units.belonging import given_unit
from dispatch.units.belonging import refuse_lent_here
from dispatch.writes import row_locks
from dispatch.writes.crew_checks import refuse_retired
from dispatch.writes.crew_checks import refuse_unfinished
from dispatch.writes.idempotency import Once

_LONGEST_TRACK = timedelta(days=7)
_TRACK_LIMIT = 200_000


class CrewService:
    """What can be done with crews."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def add(self, actor: Actor, crew: AddCrew) -> int:
        """Add a crew and return its id.

        Raises
        ------
        Conflict
            ``name_taken``: names are what dispatchers say on the radio.
        InvalidInput
            If the station is unknown, or a skill.
        """
        actor.require(Permission.CREW_WRITE)
        now = self._clock()
        try:
            with self._work.writing() as session:
                skill_rows.refuse_unknown(session, crew.skills, "skills")
                station_id = None
                if crew.station is not None:
                    query = select(Station.id).where(Station.name == crew.station)
                    station_id = session.scalar(query)
                    if station_id is None:
                        message = N_("There is no station %(id)s.")
                        raise InvalidInput.one("station", message, id=crew.station)
                crew_id = session.execute(
                    insert(Crew)
                    .values(
                        name=crew.name,
                        station_id=station_id,
                        skills=list(crew.skills),
                        own_skills=list(crew.skills),
                        emergency_drive=crew.emergency_drive,
                        own_emergency_drive=crew.emergency_drive,
                        duty=crew.duty,
                        duty_changed_at=now,
                        created_at=now,
                        **given_unit(session, crew.unit_id),
                    )
                    .returning(Crew.id)
                ).scalar_one()
                events.append(session, EventKind.CREW_ADDED, actor, at=now, crew_id=crew_id)
                return crew_id
        except IntegrityError as error:
            message = N_("There is already a crew named %(name)s.")
            raise Conflict("name_taken", message, {"name": crew.name}) from error

    def list(self, actor: Actor) -> CrewsAnswer:
        """Return all crews the actor may see: the desk all, a crew itself."""
        only = None
        if not actor.may(Permission.CREW_READ):
            only = [] if actor.crew_id is None else [actor.crew_id]
        with self._work.reading() as session:
            crews = self._read_model.crews(session, only)
        return {"server_time": instant(self._clock()), "crews": list(crews.values())}

    def get(self, actor: Actor, crew_id: int) -> CrewAnswer:
        """Return one crew."""
        if actor.crew_id != crew_id:
            actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            found = self._read_model.crews(session, [min(crew_id, LARGEST_ID)])
        if crew_id not in found:
            raise NotFound.thing("crew", crew_id)
        return found[crew_id]

    def set_duty(self, actor: Actor, crew_id: int, wanted: SetDuty) -> CrewAnswer:
        """Put a crew on duty, off duty or on a break; saying what already holds does nothing.

        It counts from when it was said: a phone without signal tells it later. A crew goes home
        with nothing left to do. Sending locks the same row, so of a send and an end of duty at the
        same moment one is refused.

        Raises
        ------
        Conflict
            ``crew_has_orders`` if it would be off duty with a live order, ``duty_overtaken`` if
            something else was said after it, ``crew_retired``, or ``idempotency_mismatch``.
        """
        if actor.crew_id == crew_id:
            actor.require(Permission.CREW_DUTY_OWN)
        else:
            actor.require(Permission.CREW_DUTY_ANY)
        now = self._clock()
        once = Once.of(actor, wanted.client_id, wanted, crew_id=crew_id)

        def act(session: Session) -> CrewAnswer:
            crew = row_locks.lock(session, [], [min(crew_id, LARGEST_ID)]).crews.get(crew_id)
            if crew is None:
                raise NotFound.thing("crew", crew_id)
            refuse_retired(crew)
            if actor.crew_id != crew_id:
                refuse_lent_here(crew.name, crew.unit_id)
            if crew.duty != wanted.duty:
                said_at = duty_time(wanted.occurred_at, crew.duty_changed_at, now)
                if wanted.duty is Duty.OFF_DUTY:
                    refuse_unfinished(session, crew)
                    notice_rows.lapse_of_crew(session, crew_id, now)
                data = {"from": crew.duty, "to": wanted.duty, "reason": wanted.reason}
                crew.duty = wanted.duty
                crew.duty_changed_at = said_at
                session.flush()
                events.append(
                    session,
                    EventKind.CREW_DUTY_CHANGED,
                    actor,
                    at=now,
                    occurred_at=said_at,
                    crew_id=crew_id,
                    data=data,
                )
            return self._read_model.crews(session, [crew_id])[crew_id]

        with self._work.writing() as session:
            answer, _ = once.run(session, now, lambda: act(session))
            return answer

    def track(
        self, actor: Actor, crew_id: int, from_: datetime | None, to: datetime | None
    ) -> CrewTrackAnswer:
        """Return where a crew was in a period, as a GeoJSON line with a time for each point.

        Unusable fixes are left out; the last hour is meant when no period is named.

        Raises
        ------
        InvalidInput
            If the period is longer than a week, or ends before it begins.
        """
        self.get(actor, crew_id)
        until = to or self._clock()
        since = from_ or until - timedelta(hours=1)
        if not timedelta(0) < until - since <= _LONGEST_TRACK:
            raise InvalidInput.one("from", N_("must be before `to`, by at most 7 days"))
        query = (
            select(
                longitude(PositionReport.point),
                latitude(PositionReport.point),
                PositionReport.fixed_at,
                PositionReport.speed_mps,
                PositionReport.heading_deg,
            )
            .where(
                PositionReport.crew_id == crew_id,
                PositionReport.fixed_at.between(since, until),
                PositionReport.refusal.is_(None),
            )
            .order_by(PositionReport.fixed_at)
            .limit(_TRACK_LIMIT)
        )
        with self._work.reading() as session:
            rows = session.execute(query).all()
        line = [[row[0], row[1]] for row in rows]
        return {
            "type": "Feature",
            # A line needs two ends: a crew that has not moved yet has points but no line.
            "geometry": {"type": "LineString", "coordinates": line} if len(line) > 1 else None,
            "properties": {
                "crew_id": crew_id,
                "from": instant(since),
                "to": instant(until),
                "points": line,
                "fixed_at": [instant(row[2]) for row in rows],
                "speed_mps": [row[3] for row in rows],
                "heading_deg": [row[4] for row in rows],
            },
        }
