"""The list of skills, and the tickets of people."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.core.list_query import ListQuery
from dispatch.skills.ticket_list import TicketListQuery
from dispatch.skills.types import AddTicket
from dispatch.skills.types import ChangeTicket
from dispatch.skills.types import ListEntryAnswer
from dispatch.skills.types import SetListEntry
from dispatch.skills.types import SkillsAnswer
from dispatch.skills.types import TicketAnswer
from dispatch.skills.types import TicketsAnswer
from dispatch.skills.types import WithdrawTicket
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

skills = Area("skills", __name__, url_prefix="/api/v1", tag="Skills")
KEEPS = (Permission.SKILL_WRITE,)
TICKET = described(TicketAnswer)


@skills.get("/skills", needs=(Permission.CREW_READ,))
@skills.input(ListQuery, location="query", arg_name="query")
@skills.output(described(SkillsAnswer))
def list_skills(query: ListQuery) -> Response:
    """List what crews can do, and how many crews can."""
    return answer(services().skills.list(actor(), query))


@skills.get("/tickets", needs=(Permission.CREW_READ,))
@skills.input(TicketListQuery, location="query", arg_name="query")
@skills.output(described(TicketsAnswer))
def list_tickets(query: TicketListQuery) -> Response:
    """List tickets, the first to expire first."""
    return answer(services().ticket_list.list(actor(), query))


@skills.put("/skills/<code>", needs=KEEPS)
@skills.input(SetListEntry, arg_name="body")
@skills.output(described(ListEntryAnswer))
def set_skill(code: str, body: SetListEntry) -> Response:
    """Add a skill, change its words, or retire it."""
    return answer(services().skills.set(actor(), code, body))


@skills.post("/people/<int:person_id>/tickets", needs=KEEPS)
@skills.input(AddTicket, arg_name="body")
@skills.output(TICKET, 201)
@skills.doc(responses={409: "idempotency_mismatch"})
def add_ticket(person_id: int, body: AddTicket) -> Response:
    """Add a ticket to a person; the person's crew can do what it says while it is valid."""
    return answer(services().tickets.add(actor(), person_id, body), 201)


@skills.patch("/tickets/<int:ticket_id>", needs=KEEPS)
@skills.input(ChangeTicket, arg_name="body")
@skills.output(TICKET)
@skills.doc(responses={409: "ticket_withdrawn"})
def change_ticket(ticket_id: int, body: ChangeTicket) -> Response:
    """Change a ticket as a whole; its person and its skill stay."""
    return answer(services().tickets.change(actor(), ticket_id, body))


@skills.post("/tickets/<int:ticket_id>/withdraw", needs=KEEPS)
@skills.input(WithdrawTicket, arg_name="body")
@skills.output(TICKET)
@skills.doc(responses={409: "ticket_withdrawn; idempotency_mismatch"})
def withdraw_ticket(ticket_id: int, body: WithdrawTicket) -> Response:
    """Withdraw a ticket at once; orders under way go on, and desk and crew are told."""
    return answer(services().tickets.withdraw(actor(), ticket_id, body))
