"""Crews: who they are, whether they are on duty, and where they have been."""

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.commands import row_locks
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.fields import MAX_ID
from dispatch.core.fields import FieldReader
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.states import Duty
from dispatch.events import log as events
from dispatch.positions.models import PositionReport

_LONGEST_TRACK = timedelta(days=7)
_TRACK_LIMIT = 200_000
_SKILL_LETTERS = 40


class CrewService:
    """What can be done with crews."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def add(
        self,
        actor: Actor,
        name: str,
        *,
        station: str | None = None,
        skills: Sequence[str] = (),
        duty: str = Duty.OFF_DUTY,
    ) -> int:
        """Add a crew and return its id.

        Raises
        ------
        Conflict
            ``name_taken``: names are what dispatchers say on the radio.
        InvalidInput
            If the station is unknown or the duty is none.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        reader = FieldReader({"name": name, "duty": duty})
        name = reader.text("name", required=True) or ""
        reader.choice("duty", list(Duty), required=True)
        if any(not skill or len(skill) > _SKILL_LETTERS for skill in skills):
            reader.refuse("skills", N_("must be short words"))
        reader.finish()
        now = self._clock()
        try:
            with self._work.writing() as session:
                station_id = None
                if station is not None:
                    station_id = session.scalar(select(Station.id).where(Station.name == station))
                    if station_id is None:
                        raise InvalidInput.one(
                            "station", N_("There is no station %(id)s."), id=station
                        )
                crew_id = session.execute(
                    insert(Crew)
                    .values(
                        name=name,
                        station_id=station_id,
                        skills=list(skills),
                        duty=duty,
                        duty_changed_at=now,
                        created_at=now,
                    )
                    .returning(Crew.id)
                ).scalar_one()
                events.append(session, "crew.added", actor, at=now, crew_id=crew_id)
                return crew_id
        except IntegrityError as error:
            message = N_("There is already a crew named %(name)s.")
            raise Conflict("name_taken", message, {"name": name}) from error

    def list(self, actor: Actor) -> dict[str, Any]:
        """Return all crews the actor may see: the desk all, a crew itself."""
        only = None
        if not actor.may(Permission.CREW_READ):
            only = [] if actor.crew_id is None else [actor.crew_id]
        with self._work.reading() as session:
            crews = self._read_model.crews(session, only)
        return {"server_time": instant(self._clock()), "crews": list(crews.values())}

    def get(self, actor: Actor, crew_id: int) -> dict[str, Any]:
        """Return one crew."""
        if actor.crew_id != crew_id:
            actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            found = self._read_model.crews(session, [min(crew_id, MAX_ID)])
        if crew_id not in found:
            raise NotFound.thing("crew", crew_id)
        return found[crew_id]

    def set_duty(
        self, actor: Actor, crew_id: int, duty: object, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Put a crew on duty, off duty or on a break; saying what already holds does nothing."""
        if actor.crew_id == crew_id:
            actor.require(Permission.CREW_DUTY_OWN)
        else:
            actor.require(Permission.CREW_DUTY_ANY)
        reader = FieldReader({**(body or {}), "duty": duty})
        wanted = reader.choice("duty", list(Duty), required=True)
        reason = reader.text("reason")
        occurred_at = reader.instant("occurred_at")
        reader.finish()
        now = self._clock()
        with self._work.writing() as session:
            crew = row_locks.lock(session, [], [min(crew_id, MAX_ID)]).crews.get(crew_id)
            if crew is None:
                raise NotFound.thing("crew", crew_id)
            if crew.duty != wanted:
                data = {"from": crew.duty, "to": wanted, "reason": reason}
                crew.duty = str(wanted)
                crew.duty_changed_at = now
                session.flush()
                events.append(
                    session,
                    "crew.duty_changed",
                    actor,
                    at=now,
                    occurred_at=occurred_at,
                    crew_id=crew_id,
                    data=data,
                )
            return self._read_model.crews(session, [crew_id])[crew_id]

    def track(
        self, actor: Actor, crew_id: int, from_: datetime | str | None, to: datetime | str | None
    ) -> dict[str, Any]:
        """Return where a crew was in a period, as a GeoJSON line with a time for each point.

        Unusable fixes are left out; the last hour is meant when no period is named.
        """
        self.get(actor, crew_id)
        reader = FieldReader({"from": from_, "to": to})
        until = reader.instant("to") or self._clock()
        since = reader.instant("from") or until - timedelta(hours=1)
        if not timedelta(0) < until - since <= _LONGEST_TRACK:
            reader.refuse("from", N_("must be before `to`, by at most 7 days"))
        reader.finish()
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
