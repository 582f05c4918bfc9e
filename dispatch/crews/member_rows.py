"""Members of crews as the API shows them: telephones only to those who may call."""

from collections.abc import Collection
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Person
from dispatch.crews.types import MemberAnswer
from dispatch.skills import ticket_rows
from dispatch.skills.types import TicketAnswer


def may_call(actor: Actor, crew_id: int) -> bool:
    """Return whether an actor sees the telephones of a crew's members."""
    own = actor.crew_id == crew_id
    return own or actor.may(Permission.ASSIGNMENT_SEND) or actor.may(Permission.CREW_WRITE)


def members(
    session: Session,
    actor: Actor,
    day: date,
    warning: timedelta,
    *conditions: ColumnElement[bool],
) -> list[MemberAnswer]:
    """Return memberships with their people and these people's tickets, leaders first."""
    query = (
        select(CrewMember, Person, Account.username)
        .join(Person, Person.id == CrewMember.person_id)
        .outerjoin(Account, Account.id == Person.account_id)
        .where(*conditions)
        .order_by(CrewMember.leads.desc(), Person.name, CrewMember.id)
    )
    rows = session.execute(query).all()
    tickets = _by_person(session, {row.Person.id for row in rows}, day, warning)
    return [_answer(actor, row, day, tickets.get(row.Person.id, [])) for row in rows]


def _by_person(
    session: Session, person_ids: Collection[int], day: date, warning: timedelta
) -> dict[int, list[TicketAnswer]]:
    found: dict[int, list[TicketAnswer]] = {}
    for each in ticket_rows.of_people(session, sorted(person_ids), day, warning):
        found.setdefault(each["person_id"], []).append(each)
    return found


def _answer(
    actor: Actor,
    row: Any,  # noqa: ANN401  (a result row)
    day: date,
    tickets: Sequence[TicketAnswer],
) -> MemberAnswer:
    member: CrewMember = row.CrewMember
    person: Person = row.Person
    until = member.until_on
    return {
        "id": member.id,
        "person_id": person.id,
        "name": person.name,
        "personnel_number": person.personnel_number,
        "phone": person.phone if may_call(actor, member.crew_id) else "",
        "username": row.username if actor.may(Permission.CREW_WRITE) else None,
        "leads": member.leads,
        "from_on": member.from_on.isoformat(),
        "until_on": None if until is None else until.isoformat(),
        "present": member.from_on <= day and (until is None or day <= until),
        "tickets": list(tickets),
    }
