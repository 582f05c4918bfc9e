"""Tickets: added, changed, withdrawn; what the crews of their holders can do follows at once."""

from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.skills import skill_rows
from dispatch.skills import ticket_rows
from dispatch.skills.models import SkillTicket
from dispatch.skills.people_locks import HeldPeople
from dispatch.skills.people_locks import lock_people
from dispatch.skills.types import AddTicket
from dispatch.skills.types import ChangeTicket
from dispatch.skills.types import TicketAnswer
from dispatch.skills.types import WithdrawTicket
from dispatch.skills.upkeep import SkillUpkeep
from dispatch.writes.idempotency import Once


class TicketService:
    """What can be done with people's tickets."""

    def __init__(self, unit_of_work: UnitOfWork, upkeep: SkillUpkeep, clock: Clock) -> None:
        self._work = unit_of_work
        self._upkeep = upkeep
        self._clock = clock

    def add(self, actor: Actor, person_id: int, wanted: AddTicket) -> TicketAnswer:
        """Add a ticket to a person.

        Raises
        ------
        InvalidInput
            On ``skill``, if it is not in the list.
        """
        actor.require(Permission.SKILL_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, person_id=person_id)

        def work(session: Session) -> TicketAnswer:
            now = self._clock()
            answer, _ = once.run(
                session, now, lambda: self.add_in(session, actor, person_id, wanted)
            )
            return answer

        return self._work.run(work)

    def add_in(
        self, session: Session, actor: Actor, person_id: int, wanted: AddTicket
    ) -> TicketAnswer:
        """Add a ticket inside a transaction that does more."""
        held = lock_people(session, [person_id])
        skill_rows.refuse_unknown(session, [wanted.skill], "skill")
        ticket = SkillTicket(
            person_id=person_id,
            skill=wanted.skill,
            number=wanted.number,
            issued_by=wanted.issued_by,
            valid_from=wanted.valid_from,
            valid_until=wanted.valid_until,
            added_at=self._clock(),
            added_by=actor.display_name,
        )
        session.add(ticket)
        session.flush()
        return self._changed(session, actor, held, ticket, EventKind.TICKET_ADDED, {})

    def change(self, actor: Actor, ticket_id: int, wanted: ChangeTicket) -> TicketAnswer:
        """Change what a ticket says; a later end is a new warning before it."""
        actor.require(Permission.SKILL_WRITE)

        def work(session: Session) -> TicketAnswer:
            held, ticket = self._locked(session, ticket_id)
            old = {"valid_from": ticket.valid_from, "valid_until": ticket.valid_until}
            if ticket.valid_until != wanted.valid_until:
                ticket.warned_at = None
            for name, value in wanted.model_dump().items():
                setattr(ticket, name, value)
            session.flush()
            before = {f"{name}_before": day and day.isoformat() for name, day in old.items()}
            return self._changed(session, actor, held, ticket, EventKind.TICKET_CHANGED, before)

        return self._work.run(work)

    def withdraw(self, actor: Actor, ticket_id: int, wanted: WithdrawTicket) -> TicketAnswer:
        """Withdraw a ticket: from this moment on it counts no more, and orders go on.

        Raises
        ------
        Conflict
            ``ticket_withdrawn`` if it was before.
        """
        actor.require(Permission.SKILL_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, ticket_id=ticket_id)

        def act(session: Session) -> TicketAnswer:
            held, ticket = self._locked(session, ticket_id)
            now = self._clock()
            ticket.withdrawn_at, ticket.withdrawn_by = now, actor.display_name
            ticket.withdrawn_on, ticket.withdrawn_why = self._upkeep.today(now), wanted.reason
            session.flush()
            return self._changed(session, actor, held, ticket, EventKind.TICKET_WITHDRAWN, {})

        def work(session: Session) -> TicketAnswer:
            answer, _ = once.run(session, self._clock(), lambda: act(session))
            return answer

        return self._work.run(work)

    def _locked(self, session: Session, ticket_id: int) -> tuple[HeldPeople, SkillTicket]:
        """Return a ticket that still counts, locked with its holder and their crews."""
        found = session.get(SkillTicket, min(ticket_id, LARGEST_ID))
        if found is None:
            raise NotFound.thing("ticket", ticket_id)
        held = lock_people(session, [found.person_id])
        session.refresh(found, with_for_update=True)
        if found.withdrawn_at is not None:
            message = N_("This ticket was withdrawn; add a new one.")
            raise Conflict("ticket_withdrawn", message)
        return held, found

    def _changed(
        self,
        session: Session,
        actor: Actor,
        held: HeldPeople,
        ticket: SkillTicket,
        kind: EventKind,
        more: dict[str, Any],
    ) -> TicketAnswer:
        """Have what follows from a ticket follow, write the events, and return the ticket."""
        now = self._clock()
        told = self._upkeep.refresh(session, held.crews.values(), actor, now)
        day = self._upkeep.today(now)
        query = ticket_rows.tickets(day, SkillTicket.id == ticket.id)
        answer = ticket_rows.answer(session.execute(query).one(), day, self._upkeep.warning)
        data = {
            "ticket_id": ticket.id,
            "person_id": ticket.person_id,
            "skill": ticket.skill,
            "valid_from": answer["valid_from"],
            "valid_until": answer["valid_until"],
            **more,
        }
        events.append(session, kind, actor, at=now, crew_id=answer["crew_id"], data=data)
        for tell in told:
            tell()
        return answer
