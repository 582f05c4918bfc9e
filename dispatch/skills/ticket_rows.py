"""Tickets with their holders and the crews that these are in today, as the API shows them."""

from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.crews.models import CrewMember
from dispatch.crews.models import Person
from dispatch.skills.models import SkillTicket
from dispatch.skills.states import TicketState
from dispatch.skills.types import TicketAnswer


def is_member_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a membership covers a day."""
    ends = or_(CrewMember.until_on.is_(None), CrewMember.until_on >= day)
    return and_(CrewMember.from_on <= day, ends)


def tickets(
    day: date, *conditions: ColumnElement[bool]
) -> Select[SkillTicket, str, str | None, int, str]:
    """Return the query of tickets with their holders and crews of a day."""
    return (
        select(
            SkillTicket,
            Person.name,
            Person.personnel_number,
            Crew.id.label("crew_id"),
            Crew.name.label("crew_name"),
        )
        .join(Person, Person.id == SkillTicket.person_id)
        .outerjoin(CrewMember, and_(CrewMember.person_id == Person.id, is_member_on(day)))
        .outerjoin(Crew, Crew.id == CrewMember.crew_id)
        .where(*conditions)
    )


def of_people(
    session: Session, person_ids: Sequence[int], day: date, warning: timedelta
) -> list[TicketAnswer]:
    """Return the tickets of people, by person, skill and end."""
    query = tickets(day, SkillTicket.person_id.in_(person_ids)).order_by(
        SkillTicket.person_id, SkillTicket.skill, SkillTicket.valid_until.desc().nulls_first()
    )
    return [answer(row, day, warning) for row in session.execute(query)]


def answer(row: Any, day: date, warning: timedelta) -> TicketAnswer:  # noqa: ANN401  (a result row)
    """Return a row of `tickets` as the API shows it."""
    ticket: SkillTicket = row.SkillTicket
    until = ticket.valid_until
    return {
        "id": ticket.id,
        "person_id": ticket.person_id,
        "person_name": row.name,
        "personnel_number": row.personnel_number,
        "crew_id": row.crew_id,
        "crew_name": row.crew_name,
        "skill": ticket.skill,
        "number": ticket.number,
        "issued_by": ticket.issued_by,
        "valid_from": ticket.valid_from.isoformat(),
        "valid_until": None if until is None else until.isoformat(),
        "state": state_of(ticket, day, warning),
        "days_left": None if until is None else (until - day).days,
        "added_at": instant(ticket.added_at),
        "added_by": ticket.added_by,
        "withdrawn_at": instant(ticket.withdrawn_at),
        "withdrawn_by": ticket.withdrawn_by,
        "withdrawn_why": ticket.withdrawn_why,
    }


def state_of(ticket: SkillTicket, day: date, warning: timedelta) -> TicketState:
    """Return how a ticket stands on a day."""
    if ticket.withdrawn_at is not None:
        return TicketState.WITHDRAWN
    if day < ticket.valid_from:
        return TicketState.NOT_YET
    if ticket.valid_until is None or ticket.valid_until - warning > day:
        return TicketState.VALID
    return TicketState.EXPIRED if ticket.valid_until < day else TicketState.EXPIRES_SOON
