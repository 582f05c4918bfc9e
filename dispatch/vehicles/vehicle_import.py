"""Vehicles from files: a line names a vehicle by its plate."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Annotated
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.instants import Clock
from dispatch.core.sql_expressions import among
from dispatch.crews.models import Crew
from dispatch.importing.cell_types import PARTS
from dispatch.importing.cell_types import YesNo
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.types import LineFate
from dispatch.vehicles import vehicle_rows
from dispatch.vehicles.models import Vehicle
from dispatch.vehicles.types import HeightM
from dispatch.vehicles.types import Plate
from dispatch.vehicles.types import WeightT
from dispatch.writes import row_locks
from dispatch.writes.command import Command
from dispatch.writes.crew_checks import refuse_lent
from dispatch.writes.crew_checks import refuse_retired


class VehicleLine(Command):
    """A vehicle, named by its plate; what a line does not say stays."""

    plate: Plate
    description: Name | None = None
    equipment: Annotated[
        tuple[Skill, ...] | None, PARTS, Field(description="codes or names of the list")
    ] = None
    emergency: YesNo | None = None
    height_m: HeightM | None = None
    weight_t: WeightT | None = None
    crew: Annotated[RequiredName | None, Field(description="name of the crew that has it")] = None


@dataclass(slots=True)
class _Known:
    vehicles: dict[str, Vehicle]
    crews: dict[str, Crew]
    equipment: dict[str, str]
    changes: list[tuple[Vehicle | None, dict[str, Any]]] = field(default_factory=list)


class VehicleImport:
    """Stores vehicles from a file, all at once behind their crews' locks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def subject(self) -> ImportSubject[VehicleLine, _Known]:
        """Return what the room of imports needs to know."""
        return ImportSubject(
            name="vehicles",
            permission=Permission.VEHICLE_WRITE,
            line=VehicleLine,
            key=("plate",),
            known=self._known,
            store=self._store,
            finish=self._finish,
            headings={
                "plate": ("Plate", "车牌号"),
                "description": ("Description", "说明"),
                "equipment": ("Carries", "Equipment", "车载设备"),
                "emergency": ("Blue lights", "Emergency vehicle", "应急车辆"),
                "height_m": ("Height", "高度"),
                "weight_t": ("Weight", "总重"),
                "crew": ("Crew", "crew_name", "班组"),
            },
            examples={
                "plate": "T 1001",
                "equipment": "gas_detector; pump",
                "emergency": "yes",
                "height_m": "2.9",
                "weight_t": "5.5",
                "crew": "Crew 12",
            },
        )

    @staticmethod
    def _known(session: Session, _actor: Actor, lines: Sequence[VehicleLine]) -> _Known:
        plates = {each.plate for each in lines}
        names = {each.crew for each in lines if each.crew is not None}
        vehicles = session.scalars(
            select(Vehicle).where(among(Vehicle.plate, plates), Vehicle.retired_at.is_(None))
        )
        crews = session.scalars(select(Crew).where(among(Crew.name, names)))
        listed: dict[str, str] = {}
        for each in vehicle_rows.entries(session):
            listed |= dict.fromkeys((each.name_en, each.name_zh, each.code), each.code)
        return _Known(
            {each.plate: each for each in vehicles}, {each.name: each for each in crews}, listed
        )

    @staticmethod
    def _store(_session: Session, _actor: Actor, known: _Known, line: VehicleLine) -> LineFate:
        """Look at a line; it is written at the end, so that a trial locks nobody."""
        given = {
            name: value
            for name in ("description", "emergency", "height_m", "weight_t")
            if (value := getattr(line, name)) is not None
        }
        if line.equipment is not None:
            given["equipment"] = [_listed(known, each) for each in line.equipment]
        if line.crew is not None:
            given["crew_id"] = _crew_id(known, line.crew)
        vehicle = known.vehicles.get(line.plate)
        if vehicle is None:
            known.changes.append((None, {"plate": line.plate, **given}))
            return LineFate.NEW
        new = {name: value for name, value in given.items() if getattr(vehicle, name) != value}
        if not new:
            return LineFate.SAME
        known.changes.append((vehicle, new))
        return LineFate.CHANGED

    def _finish(self, session: Session, _actor: Actor, known: _Known) -> None:
        now = self._clock()
        before = {each.crew_id for each, _ in known.changes if each is not None}
        after = {fields.get("crew_id") for _, fields in known.changes}
        wanted = [crew_id for crew_id in before | after if crew_id is not None]
        crews = row_locks.lock(session, [], wanted).crews
        for vehicle, fields in known.changes:
            crew_id = fields.pop("crew_id", None)
            if vehicle is None:
                made = Vehicle(**{"equipment": [], "emergency": False, **fields}, created_at=now)
                vehicle_rows.give(made, crew_id, now)
                session.add(made)
                continue
            for name, value in fields.items():
                setattr(vehicle, name, value)
            if crew_id is not None:
                vehicle_rows.give(vehicle, crew_id, now)
        vehicle_rows.refresh(session, crews.values())


def _listed(known: _Known, word: str) -> str:
    code = known.equipment.get(word)
    if code is None:
        choices = ", ".join(dict.fromkeys(known.equipment.values()))
        message = N_("there is no equipment %(code)s; there is: %(choices)s")
        raise InvalidInput.one("equipment", message, code=word, choices=choices)
    return code


def _crew_id(known: _Known, name: str) -> int:
    crew = known.crews.get(name)
    if crew is None:
        raise InvalidInput.one("crew", N_("There is no crew %(id)s."), id=name)
    refuse_lent(crew)
    refuse_retired(crew)
    return crew.id
