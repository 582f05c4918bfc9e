"""Vehicles: added, changed, given to crews, retired."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.bulk import BulkAnswer
from dispatch.core.bulk import for_each
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.vehicles import vehicle_rows
from dispatch.vehicles.models import Vehicle
from dispatch.vehicles.register_types import ChangeVehicles
from dispatch.vehicles.types import AddVehicle
from dispatch.vehicles.types import ChangeVehicle
from dispatch.vehicles.types import VehicleAnswer
from dispatch.writes import row_locks
from dispatch.writes.crew_checks import refuse_lent
from dispatch.writes.crew_checks import refuse_retired
from dispatch.writes.idempotency import Once

_MAY_BE_NONE = frozenset({"height_m", "weight_t", "crew_id"})


class VehicleService:
    """What can be done with vehicles."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def get(self, actor: Actor, vehicle_id: int) -> VehicleAnswer:
        """Return one vehicle."""
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            return _one(session, min(vehicle_id, LARGEST_ID))

    def add(self, actor: Actor, wanted: AddVehicle) -> VehicleAnswer:
        """Add a vehicle; a crew that it is given to drives and brings what it says from now on.

        Raises
        ------
        Conflict
            ``plate_taken``, or ``crew_retired``.
        """
        actor.require(Permission.VEHICLE_WRITE)
        once = Once.of(actor, wanted.client_id, wanted)

        def work(session: Session) -> VehicleAnswer:
            now = self._clock()
            answer, _ = once.run(session, now, lambda: self.add_in(session, actor, wanted))
            return answer

        return self._named(wanted.plate, lambda: self._work.run(work))

    def add_in(self, session: Session, actor: Actor, wanted: AddVehicle) -> VehicleAnswer:
        """Add a vehicle inside a transaction that does more."""
        now = self._clock()
        crews = _lock_crews(session, {wanted.crew_id})
        vehicle_rows.refuse_unknown(session, wanted.equipment)
        fields = wanted.model_dump(exclude={"client_id", "occurred_at", "crew_id"})
        vehicle = Vehicle(**{**fields, "equipment": list(wanted.equipment)}, created_at=now)
        vehicle_rows.give(vehicle, wanted.crew_id, now)
        session.add(vehicle)
        session.flush()
        answer = _one(session, vehicle.id)
        _tell(session, EventKind.VEHICLE_ADDED, actor, now, vehicle, new={}, crews=crews)
        return answer

    def change(self, actor: Actor, vehicle_id: int, wanted: ChangeVehicle) -> VehicleAnswer:
        """Change what is named of a vehicle.

        Raises
        ------
        Conflict
            ``plate_taken``, ``vehicle_retired`` or ``crew_retired``.
        """
        actor.require(Permission.VEHICLE_WRITE)
        given = {
            name: value
            for name, value in wanted.given().items()
            if value is not None or name in _MAY_BE_NONE
        }

        def work(session: Session) -> VehicleAnswer:
            now = self._clock()
            vehicle, crews = _locked(session, vehicle_id, {given.get("crew_id")})
            vehicle_rows.refuse_unknown(session, given.get("equipment", ()))
            _apply(session, actor, vehicle, given, crews, now)
            return _one(session, vehicle.id)

        return self._named(wanted.plate or "", lambda: self._work.run(work))

    def change_many(self, actor: Actor, wanted: ChangeVehicles) -> BulkAnswer:
        """Change several vehicles, all or none.

        Raises
        ------
        BulkRefused
            Naming each that cannot be.
        """
        actor.require(Permission.VEHICLE_WRITE)

        def work(session: Session) -> BulkAnswer:
            now = self._clock()
            held, crews = _held(session, wanted.ids, set())
            vehicle_rows.refuse_unknown(session, wanted.add_equipment, "add_equipment")

            def change(vehicle_id: int) -> None:
                vehicle = _fit(held, vehicle_id)
                given: dict[str, Any] = {}
                if wanted.emergency is not None:
                    given["emergency"] = wanted.emergency
                if wanted.add_equipment:
                    given["equipment"] = [*vehicle.equipment, *wanted.add_equipment]
                if given:
                    _apply(session, actor, vehicle, given, crews, now)
                if wanted.retire:
                    _retire(session, actor, vehicle, crews, now)

            return for_each(session, wanted.ids, change)

        return self._work.run(work)

    def retire(self, actor: Actor, vehicle_id: int) -> VehicleAnswer:
        """Retire a vehicle: no crew has it any more, and its plate is free."""
        actor.require(Permission.VEHICLE_WRITE)

        def work(session: Session) -> VehicleAnswer:
            vehicle, crews = _locked(session, vehicle_id, set())
            _retire(session, actor, vehicle, crews, self._clock())
            return _one(session, vehicle.id)

        return self._work.run(work)

    @staticmethod
    def _named(plate: str, act: Callable[[], VehicleAnswer]) -> VehicleAnswer:
        try:
            return act()
        except IntegrityError as error:
            if "uq_vehicle_company_id_plate" not in str(error.orig):
                raise
            message = N_("There is already a vehicle with the plate %(plate)s.")
            raise Conflict("plate_taken", message, {"plate": plate}) from error


def _lock_crews(session: Session, crew_ids: Collection[int | None]) -> dict[int, Crew]:
    """Lock crews that get or lose a vehicle."""
    wanted = {min(each, LARGEST_ID) for each in crew_ids if each is not None}
    crews = row_locks.lock(session, [], wanted).crews
    for missing in wanted - crews.keys():
        raise NotFound.thing("crew", missing)
    for crew in crews.values():
        refuse_lent(crew)
    return crews


def _locked(
    session: Session, vehicle_id: int, crew_ids: set[int | None]
) -> tuple[Vehicle, dict[int, Crew]]:
    """Return a vehicle in service, locked behind the crews that have it or are to have it."""
    held, crews = _held(session, [vehicle_id], crew_ids)
    return _fit(held, vehicle_id), crews


def _held(
    session: Session, vehicle_ids: Collection[int], crew_ids: set[int | None]
) -> tuple[dict[int, Vehicle], dict[int, Crew]]:
    """Lock vehicles behind the crews that have them or are to have them."""
    ids = {min(each, LARGEST_ID) for each in vehicle_ids}
    having = select(Vehicle.crew_id).where(Vehicle.id.in_(ids), Vehicle.crew_id.is_not(None))
    crews = _lock_crews(session, {*crew_ids, *session.scalars(having)})
    query = (
        select(Vehicle)
        .where(Vehicle.id.in_(ids))
        .order_by(Vehicle.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {each.id: each for each in session.scalars(query)}
    if any(each.crew_id is not None and each.crew_id not in crews for each in found.values()):
        raise ScopeChangedError
    return found, crews


def _fit(held: Mapping[int, Vehicle], vehicle_id: int) -> Vehicle:
    """Return a vehicle of those that are held, if it is in service."""
    vehicle = held.get(vehicle_id)
    if vehicle is None:
        raise NotFound.thing("vehicle", vehicle_id)
    if vehicle.retired_at is not None:
        message = N_("The vehicle %(plate)s is retired.")
        raise Conflict("vehicle_retired", message, {"plate": vehicle.plate})
    return vehicle


def _apply(
    session: Session,
    actor: Actor,
    vehicle: Vehicle,
    given: dict[str, Any],
    crews: dict[int, Crew],
    now: datetime,
) -> None:
    if "equipment" in given:
        given = {**given, "equipment": list(dict.fromkeys(given["equipment"]))}
    new = {name: value for name, value in given.items() if getattr(vehicle, name) != value}
    if not new:
        return
    concerned = {vehicle.crew_id, new.get("crew_id")}
    for name, value in new.items():
        if name == "crew_id":
            vehicle_rows.give(vehicle, value, now)
        else:
            setattr(vehicle, name, value)
    session.flush()
    mine = {crew_id: crew for crew_id, crew in crews.items() if crew_id in concerned}
    _tell(session, EventKind.VEHICLE_CHANGED, actor, now, vehicle, new=new, crews=mine)


def _retire(
    session: Session,
    actor: Actor,
    vehicle: Vehicle,
    crews: dict[int, Crew],
    now: datetime,
) -> None:
    mine = {crew_id: crew for crew_id, crew in crews.items() if crew_id == vehicle.crew_id}
    vehicle_rows.give(vehicle, None, now)
    vehicle.retired_at = now
    session.flush()
    _tell(session, EventKind.VEHICLE_RETIRED, actor, now, vehicle, new={}, crews=mine)


def _tell(
    session: Session,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    vehicle: Vehicle,
    *,
    new: dict[str, Any],
    crews: dict[int, Crew],
) -> None:
    """Have what follows for crews follow, and leave the events."""
    if vehicle.crew_id is not None:
        refuse_retired(crews[vehicle.crew_id])
    changed = vehicle_rows.refresh(session, crews.values())
    data = {"vehicle_id": vehicle.id, "plate": vehicle.plate, **new}
    events.append(session, kind, actor, at=now, crew_id=vehicle.crew_id, data=data)
    for crew_id, what in changed.items():
        events.append(session, EventKind.CREW_CHANGED, actor, at=now, crew_id=crew_id, data=what)


def _one(session: Session, vehicle_id: int) -> VehicleAnswer:
    row = session.execute(vehicle_rows.vehicles(Vehicle.id == vehicle_id)).one_or_none()
    if row is None:
        raise NotFound.thing("vehicle", vehicle_id)
    return vehicle_rows.answer(row)
