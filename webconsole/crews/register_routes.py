"""Crews as administrators keep them: added, changed, retired; their members, and who these are."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.core.bulk import BulkAnswer
from dispatch.crews.register_types import ChangeCrews
from dispatch.crews.register_types import CrewListQuery
from dispatch.crews.register_types import CrewRowsAnswer
from dispatch.crews.register_types import PersonListQuery
from dispatch.crews.register_types import PersonRowsAnswer
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddMember
from dispatch.crews.types import ChangeCrew
from dispatch.crews.types import ChangeMember
from dispatch.crews.types import ChangePerson
from dispatch.crews.types import CrewAnswer
from dispatch.crews.types import CrewCardAnswer
from dispatch.crews.types import MemberAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

crew_register = Area("crew_register", __name__, url_prefix="/api/v1", tag="Crew register")
KEEPS = (Permission.CREW_WRITE,)
SEES = (Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN)
CREW = described(CrewAnswer)
MEMBER = described(MemberAnswer)
UNFINISHED = "crew_has_orders: end or withdraw them first; crew_retired"


@crew_register.get("/crews/register", needs=(Permission.CREW_READ,))
@crew_register.input(CrewListQuery, location="query", arg_name="query")
@crew_register.output(described(CrewRowsAnswer))
def list_register(query: CrewListQuery) -> Response:
    """List crews as their keepers see them: members, plates, the next ticket to expire."""
    return answer(services().crew_register.crews(actor(), query))


@crew_register.post("/crews/changes", needs=KEEPS)
@crew_register.input(ChangeCrews, arg_name="body")
@crew_register.output(described(BulkAnswer))
@crew_register.doc(responses={409: "bulk_refused"})
def change_crews(body: ChangeCrews) -> Response:
    """Change several crews, all or none: their station, or retire them."""
    return answer(services().crew_changes.change_many(actor(), body))


@crew_register.get("/people", needs=(Permission.CREW_READ,))
@crew_register.input(PersonListQuery, location="query", arg_name="query")
@crew_register.output(described(PersonRowsAnswer))
def list_people(query: PersonListQuery) -> Response:
    """List people with the crew and the valid tickets of today."""
    return answer(services().crew_register.people(actor(), query))


@crew_register.post("/crews", needs=KEEPS)
@crew_register.input(AddCrew, arg_name="body")
@crew_register.output(CREW, 201)
@crew_register.doc(responses={409: "name_taken"})
def add_crew(body: AddCrew) -> Response:
    """Add a crew."""
    crew_id = services().crews.add(actor(), body)
    return answer(services().crews.get(actor(), crew_id), 201)


@crew_register.patch("/crews/<int:crew_id>", needs=KEEPS)
@crew_register.input(ChangeCrew, arg_name="body")
@crew_register.output(CREW)
@crew_register.doc(responses={409: "name_taken; crew_retired"})
def change_crew(crew_id: int, body: ChangeCrew) -> Response:
    """Change what is named of a crew: its name, station, own skills, blue lights."""
    return answer(services().crew_changes.change(actor(), crew_id, body))


@crew_register.post("/crews/<int:crew_id>/retire", needs=KEEPS)
@crew_register.output(CREW)
@crew_register.doc(responses={409: UNFINISHED})
def retire_crew(crew_id: int) -> Response:
    """Take a crew out of service; its history stays."""
    return answer(services().crew_changes.retire(actor(), crew_id))


@crew_register.post("/crews/<int:crew_id>/restore", needs=KEEPS)
@crew_register.output(CREW)
def restore_crew(crew_id: int) -> Response:
    """Put a retired crew into service again."""
    return answer(services().crew_changes.restore(actor(), crew_id))


@crew_register.get("/crews/<int:crew_id>/card", needs=SEES)
@crew_register.output(described(CrewCardAnswer))
def crew_card(crew_id: int) -> Response:
    """Show a crew with its members, their tickets, and its vehicles."""
    return answer(services().members.card(actor(), crew_id))


@crew_register.post("/crews/<int:crew_id>/members", needs=KEEPS)
@crew_register.input(AddMember, arg_name="body")
@crew_register.output(MEMBER, 201)
@crew_register.doc(responses={409: "crew_retired; member_elsewhere; idempotency_mismatch"})
def add_member(crew_id: int, body: AddMember) -> Response:
    """Put somebody into a crew; who is in another crew leaves it the day before."""
    return answer(services().members.add(actor(), crew_id, body), 201)


@crew_register.patch("/crews/<int:crew_id>/members/<int:member_id>", needs=KEEPS)
@crew_register.input(ChangeMember, arg_name="body")
@crew_register.output(MEMBER)
@crew_register.doc(responses={409: "member_elsewhere"})
def change_member(crew_id: int, member_id: int, body: ChangeMember) -> Response:
    """Change the days of a membership, or who leads."""
    return answer(services().members.change(actor(), crew_id, member_id, body))


@crew_register.delete("/crews/<int:crew_id>/members/<int:member_id>", needs=KEEPS)
@crew_register.output({}, 204)
def end_member(crew_id: int, member_id: int) -> Response:
    """Take somebody out of a crew from now on; the time before stays known."""
    services().members.end(actor(), crew_id, member_id)
    return Response(status=204)


@crew_register.patch("/people/<int:person_id>", needs=KEEPS)
@crew_register.input(ChangePerson, arg_name="body")
@crew_register.output({}, 204)
def change_person(person_id: int, body: ChangePerson) -> Response:
    """Change what is named of a person: name, number, telephone, account."""
    services().members.change_person(actor(), person_id, body)
    return Response(status=204)
