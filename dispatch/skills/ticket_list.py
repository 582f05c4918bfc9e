"""The register of tickets, as administrators search and page through it."""

from datetime import date
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core import listing
from dispatch.core.field_types import Id
from dispatch.core.field_types import Skill
from dispatch.core.instants import Clock
from dispatch.core.list_query import ListQuery
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Person
from dispatch.skills import ticket_rows
from dispatch.skills.models import SkillTicket
from dispatch.skills.states import TicketState
from dispatch.skills.types import TicketsAnswer
from dispatch.skills.upkeep import SkillUpkeep

_LISTING = Listing(
    searched=(
        Person.name,
        func.coalesce(Person.personnel_number, ""),
        func.coalesce(Crew.name, ""),
        SkillTicket.number,
    ),
    sorted_by={
        "person_name": Person.name,
        "crew_name": Crew.name,
        "skill": SkillTicket.skill,
        "valid_from": SkillTicket.valid_from,
        "valid_until": SkillTicket.valid_until,
    },
    order="valid_until",
    key=SkillTicket.id,
)


class TicketListQuery(ListQuery):
    """Which tickets."""

    skill: Skill | None = None
    state: TicketState | None = None
    person_id: Id | None = None
    crew_id: Annotated[Id | None, Field(description="of those who are in it today")] = None


class TicketList:
    """Lists tickets for those who keep them."""

    def __init__(self, unit_of_work: UnitOfWork, upkeep: SkillUpkeep, clock: Clock) -> None:
        self._work = unit_of_work
        self._upkeep = upkeep
        self._clock = clock

    def list(self, actor: Actor, query: TicketListQuery) -> TicketsAnswer:
        """Return tickets, the first to expire first if nothing else is asked."""
        actor.require(Permission.CREW_READ)
        today, warning = self._upkeep.today(self._clock()), self._upkeep.warning
        rows = ticket_rows.tickets(
            today,
            Person.removed_at.is_(None),
            all_of(
                SkillTicket.skill == query.skill if query.skill else None,
                SkillTicket.person_id == query.person_id if query.person_id else None,
                Crew.id == query.crew_id if query.crew_id else None,
                _stands(query.state, today, warning) if query.state else None,
            ),
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {
            "tickets": [ticket_rows.answer(row, today, warning) for row in found.rows],
            "total": found.total,
        }


def _stands(state: TicketState, today: date, warning: timedelta) -> ColumnElement[bool]:
    """Return the condition that a ticket stands so, as `ticket_rows.state_of` says it."""
    until = SkillTicket.valid_until
    counts = and_(SkillTicket.withdrawn_at.is_(None), SkillTicket.valid_from <= today)
    conditions = {
        TicketState.WITHDRAWN: SkillTicket.withdrawn_at.is_not(None),
        TicketState.NOT_YET: and_(
            SkillTicket.withdrawn_at.is_(None), SkillTicket.valid_from > today
        ),
        TicketState.EXPIRED: and_(counts, until < today),
        TicketState.EXPIRES_SOON: and_(counts, until.between(today, today + warning)),
        TicketState.VALID: and_(counts, or_(until.is_(None), until > today + warning)),
    }
    return conditions[state]
