"""The registers of crews and of people, as administrators search and page through them.

What stands beside a row (members, plates, tickets) is read for the rows of one page alone.
"""

from collections.abc import Collection
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Subquery
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.core import listing
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Person
from dispatch.crews.models import Station
from dispatch.crews.register_types import CrewListQuery
from dispatch.crews.register_types import CrewRowAnswer
from dispatch.crews.register_types import CrewRowsAnswer
from dispatch.crews.register_types import InService
from dispatch.crews.register_types import PersonListQuery
from dispatch.crews.register_types import PersonRowAnswer
from dispatch.crews.register_types import PersonRowsAnswer
from dispatch.crews.states import Duty
from dispatch.skills.models import SkillTicket
from dispatch.skills.ticket_rows import is_member_on
from dispatch.skills.types import lapses
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.units.models import OrganisationUnit
from dispatch.vehicles.models import Vehicle


class CrewRegister:
    """Lists crews and people for those who keep them."""

    def __init__(self, unit_of_work: UnitOfWork, upkeep: SkillUpkeep, clock: Clock) -> None:
        self._work = unit_of_work
        self._upkeep = upkeep
        self._clock = clock

    def crews(self, actor: Actor, query: CrewListQuery) -> CrewRowsAnswer:
        """Return crews with their members, plates and the next ticket to expire."""
        actor.require(Permission.CREW_READ)
        today = self._upkeep.today(self._clock())
        rows = (
            select(Crew, Station.name.label("station"), OrganisationUnit.name.label("unit_name"))
            .outerjoin(Station, Station.id == Crew.station_id)
            .outerjoin(OrganisationUnit, OrganisationUnit.id == Crew.unit_id)
            .where(*_crew_filters(query))
        )
        searched: list[Any] = [Crew.name, func.coalesce(Station.name, "")]
        if query.search:
            for words in _words_of_crews(today):
                rows = rows.outerjoin(words, words.c.crew_id == Crew.id)
                searched.append(func.coalesce(words.c.words, ""))
        shown = Listing(
            searched=searched,
            sorted_by={
                "name": Crew.name,
                "station": Station.name,
                "unit_name": OrganisationUnit.name,
                "duty": Crew.duty,
                "retired_at": Crew.retired_at,
            },
            order="name",
            key=Crew.id,
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, shown, query)
            beside = _Beside(session, [row.Crew.id for row in found.rows], today)
        return {"crews": [beside.row(row) for row in found.rows], "total": found.total}

    def people(self, actor: Actor, query: PersonListQuery) -> PersonRowsAnswer:
        """Return people with the crew and the valid tickets of today."""
        actor.require(Permission.CREW_READ)
        today = self._upkeep.today(self._clock())
        rows = (
            select(Person, CrewMember, Crew.name.label("crew"), Account.username)
            .outerjoin(CrewMember, and_(CrewMember.person_id == Person.id, is_member_on(today)))
            .outerjoin(Crew, Crew.id == CrewMember.crew_id)
            .outerjoin(Account, Account.id == Person.account_id)
            .where(
                Person.removed_at.is_(None),
                all_of(
                    CrewMember.crew_id == query.crew_id if query.crew_id else None,
                    CrewMember.id.is_not(None) if query.in_crew is True else None,
                    CrewMember.id.is_(None) if query.in_crew is False else None,
                ),
            )
        )
        shown = Listing(
            searched=(
                Person.name,
                func.coalesce(Person.personnel_number, ""),
                func.coalesce(Crew.name, ""),
            ),
            sorted_by={
                "name": Person.name,
                "personnel_number": Person.personnel_number,
                "crew": Crew.name,
            },
            order="name",
            key=Person.id,
        )
        may_call = actor.may(Permission.ASSIGNMENT_SEND) or actor.may(Permission.CREW_WRITE)
        with self._work.reading() as session:
            found = listing.find(session, rows, shown, query)
            tickets = _valid_tickets(session, [row.Person.id for row in found.rows], today)
        return {
            "people": [
                _person(row, tickets.get(row.Person.id, []), may_call=may_call)
                for row in found.rows
            ],
            "total": found.total,
        }


class _Beside:
    """What stands beside the crews of one page."""

    def __init__(self, session: Session, crew_ids: Sequence[int], today: date) -> None:
        members = (
            select(CrewMember.crew_id, CrewMember.person_id, CrewMember.leads, Person.name)
            .join(Person, Person.id == CrewMember.person_id)
            .where(CrewMember.crew_id.in_(crew_ids), is_member_on(today))
        )
        self._members: dict[int, list[Any]] = {}
        for row in session.execute(members):
            self._members.setdefault(row.crew_id, []).append(row)
        plates = select(Vehicle.crew_id, Vehicle.plate).where(Vehicle.crew_id.in_(crew_ids))
        self._plates: dict[int, list[str]] = {}
        for crew_id, plate in session.execute(plates.order_by(Vehicle.plate)):
            self._plates.setdefault(crew_id or 0, []).append(plate)
        people = {row.person_id for mine in self._members.values() for row in mine}
        self._tickets = _valid_tickets(session, people, today)

    def row(self, row: Any) -> CrewRowAnswer:  # noqa: ANN401  (a result row)
        """Return a crew as a row of the register."""
        crew: Crew = row.Crew
        mine = self._members.get(crew.id, [])
        ends = [
            until
            for each in mine
            for _, until in self._tickets.get(each.person_id, [])
            if until is not None
        ]
        return {
            "id": crew.id,
            "name": crew.name,
            "station_id": crew.station_id,
            "station": row.station,
            "unit_id": crew.unit_id,
            "unit_name": row.unit_name,
            "skills": crew.skills,
            "own_skills": crew.own_skills,
            "lapsed": lapses(crew.lapsed_skills),
            "emergency_drive": crew.emergency_drive,
            "own_emergency_drive": crew.own_emergency_drive,
            "duty": Duty(crew.duty),
            "members": len(mine),
            "leader": next((each.name for each in mine if each.leads), None),
            "plates": self._plates.get(crew.id, []),
            "expires_on": min(ends).isoformat() if ends else None,
            "retired_at": instant(crew.retired_at),
        }


def _crew_filters(query: CrewListQuery) -> list[ColumnElement[bool]]:
    in_service = Crew.retired_at.is_(None)
    service = {
        InService.IN_SERVICE: in_service,
        InService.RETIRED: ~in_service,
        InService.ALL: None,
    }
    return [
        all_of(
            service[query.service],
            Crew.station_id == query.station_id if query.station_id else None,
            Crew.skills.contains([query.skill]) if query.skill else None,
            Crew.duty == query.duty.value if query.duty else None,
            Crew.lapsed_skills.is_not(None) if query.lapsed is True else None,
            Crew.lapsed_skills.is_(None) if query.lapsed is False else None,
        )
    ]


def _words_of_crews(today: date) -> tuple[Subquery, Subquery]:
    """Return what else crews are found by: the names of their members, and their plates.

    Gathered for all crews at once: a question for each of ten thousand takes ten times as long.
    """
    names = (
        select(CrewMember.crew_id, func.string_agg(Person.name, " ").label("words"))
        .join(Person, Person.id == CrewMember.person_id)
        .where(is_member_on(today))
        .group_by(CrewMember.crew_id)
    )
    plates = (
        select(Vehicle.crew_id, func.string_agg(Vehicle.plate, " ").label("words"))
        .where(Vehicle.crew_id.is_not(None))
        .group_by(Vehicle.crew_id)
    )
    return names.subquery("member_names"), plates.subquery("plates")


def _valid_tickets(
    session: Session, person_ids: Collection[int], today: date
) -> dict[int, list[tuple[str, date | None]]]:
    """Return skills and ends of the tickets of people that are valid on a day, by person."""
    ends = or_(SkillTicket.valid_until.is_(None), SkillTicket.valid_until >= today)
    query = (
        select(SkillTicket.person_id, SkillTicket.skill, SkillTicket.valid_until)
        .where(SkillTicket.person_id.in_(person_ids), SkillTicket.withdrawn_at.is_(None))
        .where(SkillTicket.valid_from <= today, ends)
        .order_by(SkillTicket.person_id, SkillTicket.skill)
    )
    found: dict[int, list[tuple[str, date | None]]] = {}
    for person_id, skill, until in session.execute(query):
        found.setdefault(person_id, []).append((skill, until))
    return found


def _person(
    row: Any,  # noqa: ANN401  (a result row)
    tickets: Sequence[tuple[str, date | None]],
    *,
    may_call: bool,
) -> PersonRowAnswer:
    person: Person = row.Person
    member: CrewMember | None = row.CrewMember
    until = member.until_on if member else None
    ends = [end for _, end in tickets if end is not None]
    return {
        "id": person.id,
        "name": person.name,
        "personnel_number": person.personnel_number,
        "phone": person.phone if may_call else "",
        "username": row.username,
        "member_id": member.id if member else None,
        "crew_id": member.crew_id if member else None,
        "crew": row.crew,
        "leads": bool(member and member.leads),
        "from_on": member.from_on.isoformat() if member else None,
        "until_on": until.isoformat() if until else None,
        "skills": list(dict.fromkeys(skill for skill, _ in tickets)),
        "expires_on": min(ends).isoformat() if ends else None,
    }
