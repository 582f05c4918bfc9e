"""What happened to an incident until its pledge was missed, read from its orders and crews."""

from datetime import datetime

from sqlalchemy import any_
from sqlalchemy import exists
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.models import live
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.pledge_clocks.causes import BreachFacts
from dispatch.pledge_clocks.causes import OrderTimes
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledges.states import StopEvent


def breach_facts(session: Session, clock: PledgeClock, missed_at: datetime) -> BreachFacts:
    """Return what the cause of a breach is computed from."""
    query = select(Assignment).where(Assignment.incident_id == clock.incident_id)
    orders = [
        OrderTimes(
            each.offered_at,
            each.accepted_at,
            each.departed_at,
            each.arrived_at,
            each.ended_at,
        )
        for each in session.scalars(query)
    ]
    changed = [each["at"] for each in clock.trace if each["why"] == "changed"]
    return BreachFacts(
        stop=StopEvent(clock.stop),
        started_at=clock.started_at,
        missed_at=missed_at,
        orders=orders,
        changed_at=datetime.fromisoformat(changed[-1]) if changed else None,
        somebody_free=_somebody_free(session, clock.incident_id),
    )


def _somebody_free(session: Session, incident_id: int) -> bool:
    skill = (
        select(IncidentKind.skill)
        .join(Incident, Incident.kind == IncidentKind.code)
        .where(Incident.id == incident_id)
        .scalar_subquery()
    )
    free = exists().where(
        Crew.duty == Duty.ON_DUTY.value,
        or_(skill.is_(None), skill == any_(Crew.skills)),
        ~exists().where(Assignment.crew_id == Crew.id, live(Assignment.state)),
    )
    return bool(session.scalar(select(free)))
