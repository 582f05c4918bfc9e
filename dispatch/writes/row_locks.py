"""What a write locks, in one order for everybody: incidents by id, then crews by id.

With one order two desks can wait for each other but never in a circle. Ending a crew's order moves
up the ones that wait behind it, so its *other* incidents change too and belong to the scope.
"""

from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.sql_expressions import any_of
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.crews.models import Crew
from dispatch.incidents.models import Incident

_INCIDENTS = (
    select(Incident)
    .where(any_of(Incident.id, "ids"))
    .order_by(Incident.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_CREWS = (
    select(Crew)
    .where(any_of(Crew.id, "ids"))
    .order_by(Crew.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_OF_CREWS = (any_of(Assignment.crew_id, "crew_ids"), live(Assignment.state))
_LIVE_ASSIGNMENTS = (
    select(Assignment)
    .where(*_OF_CREWS)
    .order_by(Assignment.crew_id, Assignment.rank)
    .execution_options(populate_existing=True)
)
# A crew that is lent may have orders of its own unit, whose incidents are not seen: nobody here
# changes them.
_LIVE_INCIDENTS = (
    select(Assignment.incident_id)
    .join(Incident, Incident.id == Assignment.incident_id)
    .where(*_OF_CREWS)
)
_SENT_CREWS = select(Assignment.crew_id).where(any_of(Assignment.crew_id, "crew_ids")).distinct()


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows locked until the transaction ends."""

    incidents: dict[int, Incident]
    crews: dict[int, Crew]


def lock(session: Session, incident_ids: Iterable[int], crew_ids: Iterable[int]) -> Scope:
    """Lock exactly these rows; ones that do not exist are simply missing from the answer."""
    incidents = session.scalars(_INCIDENTS, {"ids": sorted(set(incident_ids))}).all()
    crews = session.scalars(_CREWS, {"ids": sorted(set(crew_ids))}).all()
    return Scope({each.id: each for each in incidents}, {each.id: each for each in crews})


def lock_with_queues(
    session: Session, incident_id: int, crew_ids: Collection[int], also: Iterable[int] = ()
) -> Scope:
    """Lock an incident, crews, and every incident that these crews have live orders for.

    Parameters
    ----------
    also
        Other incidents to lock.

    Raises
    ------
    ScopeChangedError
        If a crew got an order for yet another incident before the locks were held; the unit of
        work starts again.
    Conflict
        ``other_unit`` if one of the crews is of a unit that is not seen: it came to an incident
        that is shared.
    """
    before = _live_incidents(session, crew_ids)
    scope = lock(session, before | {incident_id, *also}, crew_ids)
    unseen = [each for each in crew_ids if each not in scope.crews]
    if unseen and session.scalars(_SENT_CREWS, {"crew_ids": unseen}).all():
        raise _other_unit()
    if not _live_incidents(session, crew_ids) <= scope.incidents.keys():
        raise ScopeChangedError
    return scope


def lock_order(session: Session, order: Assignment) -> Scope:
    """Lock the incident and the crew of an order.

    Raises
    ------
    Conflict
        ``other_unit`` if its crew is of a unit that is not seen: it came to an incident that is
        shared; or the incident is of one, whose crew was lent.
    """
    scope = lock(session, [order.incident_id], [order.crew_id])
    if order.incident_id not in scope.incidents or order.crew_id not in scope.crews:
        raise _other_unit()
    return scope


def _other_unit() -> Conflict:
    message = N_("A crew of another unit is sent there: its own unit has to do this.")
    return Conflict("other_unit", message)


def lock_crews(session: Session, crew_ids: Collection[int]) -> Scope:
    """Lock crews, and every incident that they have live orders for.

    Raises
    ------
    ScopeChangedError
        If a crew got an order for yet another incident before the locks were held; the unit of
        work starts again.
    """
    scope = lock(session, _live_incidents(session, crew_ids), crew_ids)
    if not _live_incidents(session, crew_ids) <= scope.incidents.keys():
        raise ScopeChangedError
    return scope


def live_assignments(session: Session, crew_ids: Collection[int]) -> list[Assignment]:
    """Return live orders of crews, in each crew's order."""
    return list(session.scalars(_LIVE_ASSIGNMENTS, {"crew_ids": list(crew_ids)}))


def _live_incidents(session: Session, crew_ids: Collection[int]) -> set[int]:
    return set(session.scalars(_LIVE_INCIDENTS, {"crew_ids": list(crew_ids)}))
