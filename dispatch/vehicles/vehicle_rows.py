"""What follows for crews from the vehicles that they have; vehicles as the API shows them."""

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.vehicles.models import EquipmentEntry
from dispatch.vehicles.models import Vehicle
from dispatch.vehicles.types import VehicleAnswer

_FACTS = text("SELECT * FROM crew_vehicle_facts(:crew_ids)")


def refresh(session: Session, crews: Iterable[Crew]) -> dict[int, dict[str, Any]]:
    """Write whether crews may drive with blue lights, and what they bring.

    A crew with several vehicles may if all of them may: it drives together. Without any its own
    flag says.

    Parameters
    ----------
    session
        Holds the locks of the crews.

    Returns
    -------
    changed
        What of which crew is another now, for the event.
    """
    found = list(crews)
    session.flush()
    by_crew: dict[int, list[Any]] = {}
    for row in session.execute(_FACTS, {"crew_ids": [each.id for each in found]}):
        by_crew.setdefault(row.crew_id, []).append(row)
    changed: dict[int, dict[str, Any]] = {}
    for crew in found:
        mine = by_crew.get(crew.id, [])
        now = {
            "emergency_drive": all(each.emergency for each in mine)
            if mine
            else crew.own_emergency_drive,
            "equipment": sorted({code for each in mine for code in each.equipment}),
        }
        new = {name: value for name, value in now.items() if getattr(crew, name) != value}
        for name, value in new.items():
            setattr(crew, name, value)
        if new:
            changed[crew.id] = new
    session.flush()
    return changed


def release(session: Session, crew_id: int) -> list[Vehicle]:
    """Take all vehicles away from a crew; return them."""
    mine = session.scalars(
        select(Vehicle).where(Vehicle.crew_id == crew_id).order_by(Vehicle.id).with_for_update()
    ).all()
    for each in mine:
        each.crew_id, each.crew_since = None, None
    session.flush()
    return list(mine)


def give(vehicle: Vehicle, crew_id: int | None, now: datetime) -> None:
    """Give a vehicle to a crew, or to none."""
    if vehicle.crew_id != crew_id:
        vehicle.crew_id, vehicle.crew_since = crew_id, None if crew_id is None else now


def vehicles(*conditions: ColumnElement[bool]) -> Select[Vehicle, str]:
    """Return the query of vehicles with their crews' names."""
    return (
        select(Vehicle, Crew.name.label("crew_name"))
        .outerjoin(Crew, Crew.id == Vehicle.crew_id)
        .where(*conditions)
    )


def of_crew(session: Session, crew_id: int) -> list[VehicleAnswer]:
    """Return the vehicles that a crew has now."""
    query = vehicles(Vehicle.crew_id == crew_id).order_by(Vehicle.plate)
    return [answer(row) for row in session.execute(query)]


def answer(row: Any) -> VehicleAnswer:  # noqa: ANN401  (a result row)
    """Return a row of `vehicles` as the API shows it."""
    vehicle: Vehicle = row.Vehicle
    return {
        "id": vehicle.id,
        "plate": vehicle.plate,
        "description": vehicle.description,
        "equipment": vehicle.equipment,
        "emergency": vehicle.emergency,
        "height_m": vehicle.height_m,
        "weight_t": vehicle.weight_t,
        "crew_id": vehicle.crew_id,
        "crew_name": row.crew_name,
        "crew_since": instant(vehicle.crew_since),
        "created_at": instant(vehicle.created_at),
        "retired_at": instant(vehicle.retired_at),
    }


def entries(session: Session) -> Sequence[EquipmentEntry]:
    """Return the list of equipment in its order, retired entries too."""
    query = select(EquipmentEntry).order_by(EquipmentEntry.sort, EquipmentEntry.code)
    return session.scalars(query).all()


def refuse_unknown(session: Session, codes: Iterable[str], field: str = "equipment") -> None:
    """Refuse equipment that is not in the list.

    Raises
    ------
    InvalidInput
        On the field, naming the first unknown one and those that there are.
    """
    wanted = list(codes)
    if not wanted:
        return
    listed = entries(session)
    known = {each.code for each in listed}
    for code in wanted:
        if code not in known:
            choices = ", ".join(each.code for each in listed if not each.retired)
            message = N_("there is no equipment %(code)s; there is: %(choices)s")
            raise InvalidInput.one(field, message, code=code, choices=choices)
