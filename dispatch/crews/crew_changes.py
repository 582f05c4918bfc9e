"""Crews changed by administrators: renamed, moved to another station, retired, put back."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.core.bulk import BulkAnswer
from dispatch.core.bulk import for_each
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Station
from dispatch.crews.register_types import ChangeCrews
from dispatch.crews.states import Duty
from dispatch.crews.types import ChangeCrew
from dispatch.crews.types import CrewAnswer
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.notices import notice_rows
from dispatch.skills import skill_rows
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.units.belonging import refuse_lent_here
from dispatch.units.belonging import unit_of_company
from dispatch.vehicles import vehicle_rows
from dispatch.writes import row_locks
from dispatch.writes.crew_checks import refuse_lent
from dispatch.writes.crew_checks import refuse_retired
from dispatch.writes.crew_checks import refuse_unfinished

_OWN = {"skills": "own_skills", "emergency_drive": "own_emergency_drive"}
"""What a crew has of its own; what it has now follows from that, its members and vehicles."""


class CrewChanges:
    """What administrators can do with crews that there are."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        upkeep: SkillUpkeep,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._upkeep = upkeep
        self._clock = clock

    def change(self, actor: Actor, crew_id: int, wanted: ChangeCrew) -> CrewAnswer:
        """Change what is named of a crew; what holds already is no change.

        Raises
        ------
        Conflict
            ``name_taken`` or ``crew_retired``.
        InvalidInput
            On ``station_id`` or ``skills``, if there is no such thing.
        """
        actor.require(Permission.CREW_WRITE)
        given = {
            _OWN.get(name, name): list(value) if name == "skills" else value
            for name, value in wanted.given().items()
            if (value is not None and name != "unit_id") or name == "station_id"
        }

        def work(session: Session) -> CrewAnswer:
            crew = _locked(session, crew_id)
            refuse_lent_here(crew.name, crew.unit_id)
            skill_rows.refuse_unknown(session, wanted.skills or (), "skills")
            self._move(session, actor, crew, wanted.unit_id or crew.unit_id)
            self._apply(session, actor, crew, given)
            return self._read_model.crews(session, [crew.id])[crew.id]

        try:
            return self._work.run(work)
        except IntegrityError as error:
            if wanted.name is None or "name" not in str(error.orig):
                raise
            message = N_("There is already a crew named %(name)s.")
            raise Conflict("name_taken", message, {"name": wanted.name}) from error

    def change_many(self, actor: Actor, wanted: ChangeCrews) -> BulkAnswer:
        """Change several crews, all or none of them.

        Raises
        ------
        BulkRefused
            Naming each that cannot be: ``crew_has_orders`` if it has something to do.
        """
        actor.require(Permission.CREW_WRITE)

        def work(session: Session) -> BulkAnswer:
            held = row_locks.lock_crews(session, wanted.ids).crews

            def change(crew_id: int) -> None:
                crew = _fit(held, crew_id)
                if "station_id" in wanted.model_fields_set:
                    self._apply(session, actor, crew, {"station_id": wanted.station_id})
                if wanted.retire:
                    refuse_unfinished(session, crew)
                    self._retire(session, actor, [crew])

            return for_each(session, wanted.ids, change)

        return self._work.run(work)

    def retire(self, actor: Actor, crew_id: int) -> CrewAnswer:
        """Take a crew out of service: desks no longer see it, and its history stays.

        Its vehicles are free, and its members' time in it ends today.

        Raises
        ------
        Conflict
            ``crew_has_orders`` or ``crew_retired``.
        """
        actor.require(Permission.CREW_WRITE)

        def work(session: Session) -> CrewAnswer:
            crew = _locked(session, crew_id)
            refuse_unfinished(session, crew)
            self._retire(session, actor, [crew])
            return self._read_model.crews(session, [crew_id])[crew_id]

        return self._work.run(work)

    def restore(self, actor: Actor, crew_id: int) -> CrewAnswer:
        """Put a retired crew into service again, off duty and without members."""
        actor.require(Permission.CREW_WRITE)

        def work(session: Session) -> CrewAnswer:
            crew = _locked(session, crew_id, retired_too=True)
            if crew.retired_at is not None:
                crew.retired_at = None
                now = self._clock()
                session.flush()
                events.append(session, EventKind.CREW_RESTORED, actor, at=now, crew_id=crew_id)
            return self._read_model.crews(session, [crew_id])[crew_id]

        return self._work.run(work)

    def _move(self, session: Session, actor: Actor, crew: Crew, unit_id: int) -> None:
        """Give a crew to another unit of its company, with its accounts."""
        was = crew.unit_id
        if unit_id == was:
            return
        crew.unit_id = unit_of_company(session, unit_id, crew.company_id).id
        session.flush()
        events.append(
            session,
            EventKind.CREW_MOVED,
            actor,
            at=self._clock(),
            crew_id=crew.id,
            unit_id=crew.unit_id,
            also_unit_id=was,
            data={"from": was, "to": crew.unit_id},
        )

    def _apply(self, session: Session, actor: Actor, crew: Crew, given: dict[str, Any]) -> None:
        """Write what is another, and what follows from it."""
        if given.get("station_id") is not None:
            _refuse_unknown_station(session, given["station_id"])
        new = {name: value for name, value in given.items() if getattr(crew, name) != value}
        if not new:
            return
        now = self._clock()
        for name, value in new.items():
            setattr(crew, name, value)
        told = self._upkeep.refresh(session, [crew], actor, now)
        follows = vehicle_rows.refresh(session, [crew]).get(crew.id, {})
        # The own flag is told apart only where vehicles keep it from having an effect.
        data = {**new, **follows}
        if "emergency_drive" in follows:
            data.pop("own_emergency_drive", None)
        events.append(session, EventKind.CREW_CHANGED, actor, at=now, crew_id=crew.id, data=data)
        _tell(told)

    def _retire(self, session: Session, actor: Actor, crews: Sequence[Crew]) -> None:
        now = self._clock()
        told: list[Callable[[], object]] = []
        was_on: dict[int, str] = {}
        for crew in crews:
            if crew.duty != Duty.OFF_DUTY:
                was_on[crew.id] = crew.duty
                crew.duty, crew.duty_changed_at = Duty.OFF_DUTY.value, now
            notice_rows.lapse_of_crew(session, crew.id, now)
            vehicle_rows.release(session, crew.id)
            self._end_memberships(session, crew.id, now)
            crew.retired_at = now
        told += self._upkeep.refresh(session, crews, actor, now)
        vehicle_rows.refresh(session, crews)
        for crew in crews:
            if crew.id in was_on:
                data = {"from": was_on[crew.id], "to": Duty.OFF_DUTY.value}
                kind = EventKind.CREW_DUTY_CHANGED
                events.append(session, kind, actor, at=now, crew_id=crew.id, data=data)
            events.append(session, EventKind.CREW_RETIRED, actor, at=now, crew_id=crew.id)
        _tell(told)

    def _end_memberships(self, session: Session, crew_id: int, now: datetime) -> None:
        today = self._upkeep.today(now)
        mine = CrewMember.crew_id == crew_id
        session.execute(delete(CrewMember).where(mine, CrewMember.from_on > today))
        for each in session.scalars(select(CrewMember).where(mine).with_for_update()):
            if each.until_on is None or each.until_on > today:
                each.until_on = today
        session.flush()


def _locked(session: Session, crew_id: int, *, retired_too: bool = False) -> Crew:
    """Return a crew, locked together with the incidents in its queue."""
    held = row_locks.lock_crews(session, [min(crew_id, LARGEST_ID)]).crews
    return _fit(held, crew_id, retired_too=retired_too)


def _fit(held: Mapping[int, Crew], crew_id: int, *, retired_too: bool = False) -> Crew:
    """Return a crew of those that are held, if it may be changed."""
    crew = held.get(crew_id)
    if crew is None:
        raise NotFound.thing("crew", crew_id)
    refuse_lent(crew)
    if not retired_too:
        refuse_retired(crew)
    return crew


def _refuse_unknown_station(session: Session, station_id: int) -> None:
    if session.get(Station, min(station_id, LARGEST_ID)) is None:
        raise InvalidInput.one("station_id", N_("There is no station %(id)s."), id=station_id)


def _tell(told: Iterable[Callable[[], object]]) -> None:
    for tell in told:
        tell()
