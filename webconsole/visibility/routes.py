"""What a person can see, and who can see a thing."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.visibility.types import PeopleQuery
from dispatch.visibility.types import SightAnswer
from dispatch.visibility.types import ViewersAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

visibility = Area("visibility", __name__, url_prefix="/api/v1/sight", tag="Who sees what")
READ = (Permission.ACCOUNT_READ,)


@visibility.get("/people", needs=READ)
@visibility.input(PeopleQuery, location="query", arg_name="query")
@visibility.output(described(ViewersAnswer))
def people(query: PeopleQuery) -> Response:
    """List people and from where they look; with thing and number, those who can read it."""
    return answer(services().who_sees.people(actor(), query))


@visibility.get("/people/<int:account_id>", needs=READ)
@visibility.output(described(SightAnswer))
def of_person(account_id: int) -> Response:
    """Show what a person sees, counted by the database in that person's own scope."""
    return answer(services().who_sees.of_person(actor(), account_id))
