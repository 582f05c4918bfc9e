"""Which crews are lent, as everybody who judges, shows or sends crews has to know."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.instants import instant
from dispatch.incidents.models import Incident
from dispatch.units.belonging import sees_rows_of
from dispatch.units.models import CrewLoan
from dispatch.units.models import OrganisationUnit
from dispatch.units.types import CrewLentAnswer

_IN_FORCE: Final = select(CrewLoan).where(
    CrewLoan.state == "lent", CrewLoan.from_at <= bindparam("now")
)
# The lender does not see the borrower's unit across companies: then it is not there either.
_THERE = exists().where(
    OrganisationUnit.id == CrewLoan.unit_id,
    Incident.id == bindparam("incident_id", type_=BigInteger),
    Incident.unit_id == (OrganisationUnit.below.concat(OrganisationUnit.above)).any_(),
)
_AWAY: Final = _IN_FORCE.where(~_THERE)


def away_from(session: Session, incident_id: int, now: datetime) -> dict[int, CrewLoan]:
    """Return the loans of crews that are lent to others than an incident's unit, by crew."""
    found = session.scalars(_AWAY, {"now": now, "incident_id": incident_id})
    return {each.crew_id: each for each in found if each.crew_id is not None}


def lent_out(session: Session, now: datetime) -> set[int]:
    """Return the crews that are lent to a unit whose rows are not seen."""
    return {
        each.crew_id
        for each in session.scalars(_IN_FORCE, {"now": now})
        if each.crew_id is not None and each.unit_id is not None and not sees_rows_of(each.unit_id)
    }


def refuse_lent(session: Session, incident_id: int, crew_id: int, now: datetime) -> None:
    """Refuse to send a crew that is lent to somebody else.

    Raises
    ------
    Conflict
        ``crew_lent``.
    """
    loan = away_from(session, incident_id, now).get(crew_id)
    if loan is not None:
        message = N_("%(crew)s is lent to %(unit)s.")
        params = {"crew": loan.crew_name, "unit": loan.unit_name}
        raise Conflict("crew_lent", message, params, extra={"until_at": instant(loan.until_at)})


def shown(
    session: Session, crew_ids: Collection[int] | None, now: datetime
) -> dict[int, CrewLentAnswer]:
    """Return what is said of crews that are lent, by crew."""
    query = _IN_FORCE
    if crew_ids is not None:
        query = query.where(CrewLoan.crew_id.in_(crew_ids))
    return {
        each.crew_id: {
            "loan_id": each.id,
            "to": each.unit_name,
            "by": each.lender_name,
            "until_at": instant(each.until_at),
            "here": each.unit_id is not None and sees_rows_of(each.unit_id),
        }
        for each in session.scalars(query, {"now": now})
        if each.crew_id is not None
    }
