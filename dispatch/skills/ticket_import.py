"""Tickets from files: a line names a person, a skill and a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from typing import Annotated
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import Day
from dispatch.core.field_types import Name
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.instants import Clock
from dispatch.core.sql_expressions import among
from dispatch.crews.models import Person
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.types import LineFate
from dispatch.skills import skill_rows
from dispatch.skills.models import SkillTicket
from dispatch.skills.people_locks import lock_people
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.writes.command import Command

_UNKNOWN = N_("nobody has the personnel number %(number)s")
_BACKWARDS = N_("must not end before it begins")


class TicketLine(Command):
    """A ticket, named by its holder's personnel number, its skill and its own number."""

    personnel_number: RequiredName
    skill: Annotated[Skill, Field(description="code of the list of skills")]
    number: Name = ""
    issued_by: Name | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None


@dataclass(slots=True)
class _Known:
    people: dict[str, int]
    skills: dict[str, str]
    tickets: dict[tuple[int, str, str], SkillTicket]
    changes: list[tuple[SkillTicket | None, dict[str, Any]]] = field(default_factory=list)


class TicketImport:
    """Stores tickets from a file, all at once behind their people's locks."""

    def __init__(self, upkeep: SkillUpkeep, clock: Clock) -> None:
        self._upkeep = upkeep
        self._clock = clock

    def subject(self) -> ImportSubject[TicketLine, _Known]:
        """Return what the room of imports needs to know."""
        return ImportSubject(
            name="tickets",
            permission=Permission.SKILL_WRITE,
            line=TicketLine,
            key=("personnel_number", "skill", "number"),
            known=self._known,
            store=self._store,
            finish=self._finish,
            headings={
                "personnel_number": ("Personnel number", "工号"),
                "skill": ("Skill", "技能"),
                "number": ("Number", "证号"),
                "issued_by": ("Issued by", "发证单位"),
                "valid_from": ("From", "First valid day", "起始日期"),
                "valid_until": ("Until", "Last valid day", "截止日期"),
            },
            examples={
                "personnel_number": "1001",
                "skill": "gas",
                "number": "G-17",
                "valid_from": "2026-01-01",
                "valid_until": "2028-12-31",
            },
        )

    @staticmethod
    def _known(session: Session, _actor: Actor, lines: Sequence[TicketLine]) -> _Known:
        numbers = {each.personnel_number for each in lines}
        people = {
            number: person_id
            for person_id, number in session.execute(
                select(Person.id, Person.personnel_number).where(
                    among(Person.personnel_number, numbers), Person.removed_at.is_(None)
                )
            )
            if number is not None
        }
        skills: dict[str, str] = {}
        for each in skill_rows.entries(session):
            skills |= dict.fromkeys((each.name_en, each.name_zh, each.code), each.code)
        stored = session.scalars(
            select(SkillTicket).where(
                among(SkillTicket.person_id, people.values()), SkillTicket.withdrawn_at.is_(None)
            )
        )
        return _Known(
            people, skills, {(each.person_id, each.skill, each.number): each for each in stored}
        )

    @staticmethod
    def _store(_session: Session, _actor: Actor, known: _Known, line: TicketLine) -> LineFate:
        """Look at a line; it is written at the end, so that a trial locks nobody."""
        person_id = known.people.get(line.personnel_number)
        if person_id is None:
            raise InvalidInput.one("personnel_number", _UNKNOWN, number=line.personnel_number)
        skill = known.skills.get(line.skill)
        if skill is None:
            choices = ", ".join(dict.fromkeys(known.skills.values()))
            message = N_("there is no skill %(code)s; there are: %(choices)s")
            raise InvalidInput.one("skill", message, code=line.skill, choices=choices)
        before = known.tickets.get((person_id, skill, line.number))
        given = {
            name: value
            for name in ("issued_by", "valid_from", "valid_until")
            if (value := getattr(line, name)) is not None
        }
        first = given.get("valid_from") or (before.valid_from if before else None)
        if first is None:
            raise InvalidInput.one("valid_from", N_("is required"))
        last = before.valid_until if before else None
        _refuse_backwards(first, given.get("valid_until") or last)
        if before is None:
            named = {"person_id": person_id, "skill": skill, "number": line.number}
            known.changes.append((None, {**named, **given}))
            return LineFate.NEW
        new = {name: value for name, value in given.items() if getattr(before, name) != value}
        if not new:
            return LineFate.SAME
        known.changes.append((before, new))
        return LineFate.CHANGED

    def _finish(self, session: Session, actor: Actor, known: _Known) -> None:
        if not known.changes:
            return
        now = self._clock()
        people = {
            ticket.person_id if ticket else fields["person_id"] for ticket, fields in known.changes
        }
        held = lock_people(session, people)
        for ticket, fields in known.changes:
            if ticket is None:
                row = {"issued_by": "", **fields, "added_at": now, "added_by": actor.display_name}
                session.add(SkillTicket(**row))
                continue
            if "valid_until" in fields:
                ticket.warned_at = None
            for name, value in fields.items():
                setattr(ticket, name, value)
        session.flush()
        for tell in self._upkeep.refresh(session, held.crews.values(), actor, now, many=True):
            tell()


def _refuse_backwards(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise InvalidInput.one("valid_until", _BACKWARDS)
