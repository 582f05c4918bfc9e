"""What somebody can see, and who can see something: the database is asked in that scope.

There is no second opinion here of what the policies say: whoever is asked about is looked up as at
sign-in, and their rows are counted under their own scope.
"""

from collections.abc import Iterable
from typing import Any
from typing import Final

from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.account_rows import actor_of
from dispatch.accounts.models import Account
from dispatch.core import listing
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.gateways.models import Gateway
from dispatch.incidents.models import Incident
from dispatch.pledges.models import Pledge
from dispatch.units.models import OrganisationUnit
from dispatch.visibility.types import PeopleQuery
from dispatch.visibility.types import SightAnswer
from dispatch.visibility.types import Thing
from dispatch.visibility.types import ViewerAnswer
from dispatch.visibility.types import ViewersAnswer
from dispatch.zones.models import Zone
from geodata.layers.models import Layer

_TABLES: Final[dict[Thing, Any]] = {
    Thing.INCIDENT: Incident,
    Thing.CREW: Crew,
    Thing.ACCOUNT: Account,
    Thing.STATION: Station,
    Thing.ZONE: Zone,
    Thing.LAYER: Layer,
    Thing.GATEWAY: Gateway,
    Thing.PLEDGE: Pledge,
}
_READ_BY: Final = {
    Thing.INCIDENT: Permission.INCIDENT_READ,
    Thing.CREW: Permission.CREW_READ,
    Thing.ACCOUNT: Permission.ACCOUNT_READ,
    Thing.STATION: Permission.CREW_READ,
    Thing.ZONE: Permission.ZONE_READ,
    Thing.LAYER: Permission.LAYER_READ,
    Thing.GATEWAY: Permission.CREW_READ,
    Thing.PLEDGE: Permission.INCIDENT_READ,
}
# As at sign-in: roles, what they permit, and what is seen from its unit.
_AS_SIGNED_IN = text("SELECT * FROM account_named(:username, ARRAY[]::text[], :now)")
_LISTING = Listing(
    searched=(Account.username, Account.display_name),
    sorted_by={"username": Account.username, "display_name": Account.display_name},
    order="username",
    key=Account.id,
)


class WhoSees:
    """Answers what a person sees, and who sees a thing."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def people(self, actor: Actor, query: PeopleQuery) -> ViewersAnswer:
        """Return people; with a thing, those of them who can read it.

        People of units above one's own are not known here; they see what is below them, too.

        Raises
        ------
        NotFound
            If the actor does not see the thing.
        """
        actor.require(Permission.ACCOUNT_READ)
        rows = select(Account).where(Account.disabled_at.is_(None))
        thing, number = query.thing, query.number
        with self._work.reading() as session:
            if thing is None or number is None:
                found = listing.find(session, rows, _LISTING, query)
                people = [self._as_signed_in(session, each) for each in found.rows]
                return {"viewers": _views(session, people), "total": found.total}
            if not _is_there(session, thing, number):
                raise NotFound.thing(thing.value, number)
            found = listing.find(session, rows, _LISTING, query.of_all_pages())
            people = [self._as_signed_in(session, each) for each in found.rows]
        able = [each for each in people if _may_read(each, thing, number)]
        seen_from = {
            scope: self._sees(scope, thing, number)
            for scope in {each.scope.sight() for each in able}
        }
        shown = [each for each in able if seen_from[each.scope.sight()]]
        page = shown[query.offset :][: query.limit or len(shown)]
        with self._work.reading() as session:
            return {"viewers": _views(session, page), "total": len(shown)}

    def of_person(self, actor: Actor, account_id: int) -> SightAnswer:
        """Return what one person sees, table by table."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            account = session.get(Account, min(account_id, LARGEST_ID))
            if account is None:
                raise NotFound.thing("account", account_id)
            person = self._as_signed_in(session, account)
            (viewer,) = _views(session, [person])
        with within(person.scope), self._work.reading() as session:
            counts = {
                thing: session.scalar(select(func.count()).select_from(table)) or 0
                for thing, table in _TABLES.items()
            }
        return {
            "viewer": viewer,
            "seen": [
                {"thing": thing, "count": counts[thing], "may_read": person.may(_READ_BY[thing])}
                for thing in Thing
            ],
        }

    def _as_signed_in(self, session: Session, account: Account) -> Actor:
        asked = {"username": account.username, "now": self._clock()}
        return actor_of(session.execute(_AS_SIGNED_IN, asked).one())

    def _sees(self, scope: Scope, thing: Thing, number: int) -> bool:
        with within(scope), self._work.reading() as session:
            return _is_there(session, thing, number)


def _is_there(session: Session, thing: Thing, number: int) -> bool:
    row = exists().where(_TABLES[thing].id == min(number, LARGEST_ID))
    return bool(session.scalar(select(row)))


def _may_read(person: Actor, thing: Thing, number: int) -> bool:
    """Return whether somebody may read a thing that is seen; a crew reads what is its own."""
    if person.may(_READ_BY[thing]):
        return True
    if person.crew_id is None:
        return False
    return thing is Thing.INCIDENT or (thing is Thing.CREW and person.crew_id == number)


def _views(session: Session, people: Iterable[Actor]) -> list[ViewerAnswer]:
    names: dict[int, str] = {
        row.id: row.name
        for row in session.execute(select(OrganisationUnit.id, OrganisationUnit.name))
    }
    return [
        {
            "id": each.account_id or 0,
            "username": each.username,
            "display_name": each.display_name,
            "roles": sorted(each.roles),
            "unit_id": each.unit_id or 0,
            "unit_name": names.get(each.unit_id or 0),
            "crew_id": each.crew_id,
            "everything": each.scope.everything,
            "units": [names[unit] for unit in each.scope.units if unit in names],
            "lent_crews": [crew for crew in each.scope.crews if crew != each.crew_id],
        }
        for each in people
    ]
