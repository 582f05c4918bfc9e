"""What a write locks, in one order for everybody: incidents by id, then crews by id.

With one order two desks can wait for each other but never in a circle. Ending a crew's order moves
up the ones that wait behind it, so its *other* incidents change too and belong to the scope.
"""

from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.tables import Assignment
from dispatch.tables import Crew
from dispatch.tables import Incident
from dispatch.unit_of_work import ScopeChangedError
from dispatch.views import live


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows locked until the transaction ends."""

    incidents: dict[int, Incident]
    crews: dict[int, Crew]


def lock(session: Session, incident_ids: Iterable[int], crew_ids: Iterable[int]) -> Scope:
    """Lock exactly these rows; ones that do not exist are simply missing from the answer."""
    incidents = session.scalars(
        select(Incident)
        .where(Incident.id.in_(sorted(set(incident_ids))))
        .order_by(Incident.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    crews = session.scalars(
        select(Crew)
        .where(Crew.id.in_(sorted(set(crew_ids))))
        .order_by(Crew.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return Scope({each.id: each for each in incidents}, {each.id: each for each in crews})


def lock_with_queues(session: Session, incident_id: int, crew_ids: Collection[int]) -> Scope:
    """Lock an incident, crews, and every incident that these crews have live orders for.

    Raises
    ------
    ScopeChangedError
        If a crew got an order for yet another incident before the locks were held; the unit of
        work starts again.
    """
    before = _live_incidents(session, crew_ids)
    scope = lock(session, before | {incident_id}, crew_ids)
    if not _live_incidents(session, crew_ids) <= scope.incidents.keys():
        raise ScopeChangedError
    return scope


def live_assignments(session: Session, crew_ids: Collection[int]) -> list[Assignment]:
    """Return live orders of crews, in each crew's order."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.crew_id.in_(crew_ids), live(Assignment.state))
            .order_by(Assignment.crew_id, Assignment.rank)
            .execution_options(populate_existing=True)
        )
    )


def _live_incidents(session: Session, crew_ids: Collection[int]) -> set[int]:
    query = select(Assignment.incident_id).where(
        Assignment.crew_id.in_(crew_ids), live(Assignment.state)
    )
    return set(session.scalars(query))
