"""Crews from files: a line names a crew."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Annotated
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.instants import Clock
from dispatch.core.sql_expressions import among
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.crews.states import Duty
from dispatch.importing.cell_types import PARTS
from dispatch.importing.cell_types import YesNo
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.types import LineFate
from dispatch.skills import skill_rows
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.vehicles import vehicle_rows
from dispatch.writes import row_locks
from dispatch.writes.command import Command
from dispatch.writes.crew_checks import refuse_lent
from dispatch.writes.crew_checks import refuse_retired


class CrewLine(Command):
    """A crew, named by its name; what a line does not say stays."""

    name: RequiredName
    station: Annotated[RequiredName | None, Field(description="name of its station")] = None
    skills: Annotated[
        tuple[Skill, ...] | None, PARTS, Field(description="of the crew itself; codes or names")
    ] = None
    emergency_drive: YesNo | None = None


@dataclass(slots=True)
class _Known:
    crews: dict[str, Crew]
    stations: dict[str, int]
    skills: dict[str, str]
    changes: list[tuple[Crew | None, dict[str, Any]]] = field(default_factory=list)


class CrewImport:
    """Stores crews from a file, all at once behind their locks."""

    def __init__(self, upkeep: SkillUpkeep, clock: Clock) -> None:
        self._upkeep = upkeep
        self._clock = clock

    def subject(self) -> ImportSubject[CrewLine, _Known]:
        """Return what the room of imports needs to know."""
        return ImportSubject(
            name="crews",
            permission=Permission.CREW_WRITE,
            line=CrewLine,
            key=("name",),
            known=self._known,
            store=self._store,
            finish=self._finish,
            headings={
                "name": ("Name", "Crew", "班组", "名称"),
                "station": ("Station", "抢修站"),
                "skills": ("Skills", "own_skills", "技能"),
                "emergency_drive": ("Blue lights", "own_emergency_drive", "警灯"),
            },
            examples={
                "name": "Crew 12",
                "station": "East",
                "skills": "gas; heat",
                "emergency_drive": "no",
            },
        )

    @staticmethod
    def _known(session: Session, _actor: Actor, lines: Sequence[CrewLine]) -> _Known:
        names = {each.name for each in lines}
        crews = session.scalars(select(Crew).where(among(Crew.name, names)))
        stations = session.execute(select(Station.name, Station.id))
        skills: dict[str, str] = {}
        for each in skill_rows.entries(session):
            skills |= dict.fromkeys((each.name_en, each.name_zh, each.code), each.code)
        return _Known(
            {each.name: each for each in crews}, {row.name: row.id for row in stations}, skills
        )

    @staticmethod
    def _store(_session: Session, _actor: Actor, known: _Known, line: CrewLine) -> LineFate:
        """Look at a line; it is written at the end, so that a trial locks nobody."""
        given: dict[str, Any] = {}
        if line.station is not None:
            if line.station not in known.stations:
                message = N_("There is no station %(id)s.")
                raise InvalidInput.one("station", message, id=line.station)
            given["station_id"] = known.stations[line.station]
        if line.skills is not None:
            given["own_skills"] = [_skill(known, each) for each in line.skills]
        if line.emergency_drive is not None:
            given["own_emergency_drive"] = line.emergency_drive
        crew = known.crews.get(line.name)
        if crew is None:
            known.changes.append((None, {"name": line.name, **given}))
            return LineFate.NEW
        refuse_lent(crew)
        refuse_retired(crew)
        new = {name: value for name, value in given.items() if getattr(crew, name) != value}
        if not new:
            return LineFate.SAME
        known.changes.append((crew, new))
        return LineFate.CHANGED

    def _finish(self, session: Session, actor: Actor, known: _Known) -> None:
        now = self._clock()
        ids = [crew.id for crew, _ in known.changes if crew is not None]
        held = dict(row_locks.lock_crews(session, ids).crews) if ids else {}
        for crew, fields in known.changes:
            if crew is None:
                session.add(_made(fields, now))
                continue
            for name, value in fields.items():
                setattr(held[crew.id], name, value)
        session.flush()
        told = self._upkeep.refresh(session, held.values(), actor, now, many=True)
        vehicle_rows.refresh(session, held.values())
        for tell in told:
            tell()


def _skill(known: _Known, word: str) -> str:
    code = known.skills.get(word)
    if code is None:
        choices = ", ".join(dict.fromkeys(known.skills.values()))
        message = N_("there is no skill %(code)s; there are: %(choices)s")
        raise InvalidInput.one("skills", message, code=word, choices=choices)
    return code


def _made(fields: dict[str, Any], now: datetime) -> Crew:
    own, drives = fields.get("own_skills", []), fields.get("own_emergency_drive", False)
    return Crew(
        **{**fields, "own_skills": own, "own_emergency_drive": drives},
        skills=own,
        emergency_drive=drives,
        duty=Duty.OFF_DUTY.value,
        duty_changed_at=now,
        created_at=now,
    )
