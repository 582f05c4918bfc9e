"""People and their crews from files: a line names a person by the personnel number."""

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
from dispatch.core.field_types import Phone
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import Clock
from dispatch.core.sql_expressions import among
from dispatch.crews import membership
from dispatch.crews.models import Crew
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Person
from dispatch.importing.cell_types import YesNo
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.types import LineFate
from dispatch.skills.people_locks import HeldPeople
from dispatch.skills.people_locks import lock_people
from dispatch.skills.ticket_rows import is_member_on
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.writes.command import Command
from dispatch.writes.crew_checks import refuse_lent
from dispatch.writes.crew_checks import refuse_retired


class MemberLine(Command):
    """A person, named by the personnel number; what a line does not say stays."""

    personnel_number: RequiredName
    name: RequiredName | None = None
    phone: Phone | None = None
    crew: Annotated[RequiredName | None, Field(description="name of the person's crew")] = None
    leads: YesNo | None = None
    from_on: Annotated[Day | None, Field(description="first day there; today if blank")] = None


@dataclass(slots=True)
class _Change:
    person: Person | None
    fields: dict[str, Any]
    crew_id: int | None = None
    from_on: date | None = None
    leads: bool | None = None
    is_new: bool = False


@dataclass(slots=True)
class _Known:
    people: dict[str, Person]
    crews: dict[str, Crew]
    members: dict[int, CrewMember]
    """Of today, by person."""
    changes: list[_Change] = field(default_factory=list)


class MemberImport:
    """Stores people and their crews from a file, all at once behind their locks."""

    def __init__(self, upkeep: SkillUpkeep, clock: Clock) -> None:
        self._upkeep = upkeep
        self._clock = clock

    def subject(self) -> ImportSubject[MemberLine, _Known]:
        """Return what the room of imports needs to know."""
        return ImportSubject(
            name="members",
            permission=Permission.CREW_WRITE,
            line=MemberLine,
            key=("personnel_number",),
            known=self._known,
            store=self._store,
            finish=self._finish,
            headings={
                "personnel_number": ("Personnel number", "工号"),
                "name": ("Name", "姓名"),
                "phone": ("Telephone", "电话"),
                "crew": ("Crew", "班组"),
                "leads": ("Leads", "组长"),
                "from_on": ("From", "First day", "起始日期"),
            },
            examples={
                "personnel_number": "1001",
                "name": "Person A",
                "phone": "+86 000 0000 0000",
                "crew": "Crew 12",
                "leads": "no",
            },
        )

    def _known(self, session: Session, _actor: Actor, lines: Sequence[MemberLine]) -> _Known:
        numbers = {each.personnel_number for each in lines}
        names = {each.crew for each in lines if each.crew is not None}
        people = session.scalars(
            select(Person).where(among(Person.personnel_number, numbers))
        ).all()
        crews = session.scalars(select(Crew).where(among(Crew.name, names)))
        today = self._upkeep.today(self._clock())
        members = session.scalars(
            select(CrewMember).where(
                among(CrewMember.person_id, [each.id for each in people]), is_member_on(today)
            )
        )
        return _Known(
            {each.personnel_number or "": each for each in people},
            {each.name: each for each in crews},
            {each.person_id: each for each in members},
        )

    @staticmethod
    def _store(_session: Session, _actor: Actor, known: _Known, line: MemberLine) -> LineFate:
        """Look at a line; it is written at the end, so that a trial locks nobody."""
        person = known.people.get(line.personnel_number)
        if person is None and line.name is None:
            raise InvalidInput.one("name", N_("is required"))
        given = {
            name: value for name in ("name", "phone") if (value := getattr(line, name)) is not None
        }
        new = {
            name: value
            for name, value in given.items()
            if person is None or getattr(person, name) != value
        }
        change = _Change(person, new, is_new=person is None)
        if person is None:
            change.fields["personnel_number"] = line.personnel_number
        _place(known, change, line)
        if not change.fields and change.crew_id is None and change.leads is None:
            return LineFate.SAME
        known.changes.append(change)
        return LineFate.NEW if person is None else LineFate.CHANGED

    def _finish(self, session: Session, actor: Actor, known: _Known) -> None:
        if not known.changes:
            return
        now = self._clock()
        today = self._upkeep.today(now)
        for change in known.changes:
            if change.person is None:
                change.person = Person(**{"phone": "", **change.fields}, created_at=now)
                session.add(change.person)
        session.flush()
        people = {each.person.id for each in known.changes if each.person is not None}
        crews = {each.crew_id for each in known.changes if each.crew_id is not None}
        held = lock_people(session, people, crews)
        _write(session, held, known.changes, today)
        for tell in self._upkeep.refresh(session, held.crews.values(), actor, now, many=True):
            tell()


def _place(known: _Known, change: _Change, line: MemberLine) -> None:
    """Say in a change which crew a line puts its person into, and whether the person leads it."""
    member = known.members.get(change.person.id) if change.person else None
    if line.crew is not None:
        crew = known.crews.get(line.crew)
        if crew is None:
            raise InvalidInput.one("crew", N_("There is no crew %(id)s."), id=line.crew)
        refuse_lent(crew)
        refuse_retired(crew)
        if member is None or member.crew_id != crew.id:
            change.crew_id, change.from_on = crew.id, line.from_on
            change.leads = bool(line.leads)
            return
    if member is not None and line.leads is not None and member.leads != line.leads:
        change.leads = line.leads


def _write(session: Session, held: HeldPeople, changes: Sequence[_Change], today: date) -> None:
    """Write what people are to be, and into which crews they go; of two leaders the last leads."""
    leaders = {each.crew_id: each for each in changes if each.crew_id and each.leads}
    membership.end_leading(session, [each for each in leaders if each], today)
    staying = []
    for change in changes:
        person = held.people[change.person.id] if change.person else None
        if person is None:
            continue
        for name, value in change.fields.items():
            setattr(person, name, value)
        if change.crew_id is None:
            staying.append((person.id, change.leads))
            continue
        first = change.from_on or today
        if not change.is_new:
            membership.leave_others(session, person.id, first)
        session.add(
            CrewMember(
                crew_id=change.crew_id,
                person_id=person.id,
                leads=leaders.get(change.crew_id) is change,
                from_on=first,
            )
        )
    session.flush()
    for person_id, leads in staying:
        if leads is not None:
            _lead(session, person_id, today, leads=leads)


def _lead(session: Session, person_id: int, today: date, *, leads: bool) -> None:
    query = select(CrewMember).where(CrewMember.person_id == person_id, is_member_on(today))
    member = session.scalar(query)
    if member is None:
        return
    if leads:
        membership.appoint(session, member)
    else:
        member.leads = False
        session.flush()
