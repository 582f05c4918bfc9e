"""Which unit a row is given to: one of those whose rows the actor sees, and no other.

The database refuses a foreign one too; here it gets a name, the same for a unit that there is not.
"""

from typing import Any
from typing import cast

from sqlalchemy import BigInteger
from sqlalchemy import ColumnElement
from sqlalchemy import any_
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import current
from dispatch.units.models import OrganisationUnit

NOT_YOURS = N_("is no unit that you may give this to")
OTHER_COMPANY = N_("is a unit of another company")


def sees_rows_of(unit_id: int) -> bool:
    """Return whether rows of a unit are seen in the present scope."""
    scope = current() or EVERYTHING
    return scope.everything or unit_id in scope.units


def refuse_lent_here(crew_name: str, unit_id: int) -> None:
    """Refuse what only a crew's own unit may do with it, though it is lent here.

    Raises
    ------
    Conflict
        ``other_unit``.
    """
    if not sees_rows_of(unit_id):
        message = N_("%(crew)s is of another unit: only that one can do this.")
        raise Conflict("other_unit", message, {"crew": crew_name})


def over_incident(unit_id: Any, incident_id: Any) -> ColumnElement[bool]:  # noqa: ANN401  (columns, or numbers)
    """Return the condition that a unit is an incident's, or one above that."""
    over = func.units_over(incident_id, type_=ARRAY(BigInteger))
    return cast("ColumnElement[bool]", unit_id == any_(over))


def own_unit(session: Session, unit_id: int, *, field: str = "unit_id") -> OrganisationUnit:
    """Return a unit whose rows are seen.

    Raises
    ------
    InvalidInput
        On the field, if it is not one of them, or there is none.
    """
    # Locked against being deleted until what is given to it is stored.
    query = select(OrganisationUnit).where(OrganisationUnit.id == unit_id)
    query = query.with_for_update(read=True, key_share=True)
    found = session.scalar(query) if sees_rows_of(unit_id) else None
    if found is None:
        raise InvalidInput.one(field, NOT_YOURS)
    return found


def unit_of_company(
    session: Session, unit_id: int, company_id: int, *, field: str = "unit_id"
) -> OrganisationUnit:
    """Return a unit whose rows are seen and that is part of a company.

    Raises
    ------
    InvalidInput
        On the field, if it is not.
    """
    found = own_unit(session, unit_id, field=field)
    if found.company_id != company_id:
        raise InvalidInput.one(field, OTHER_COMPANY)
    return found


def given_unit(session: Session, unit_id: int | None) -> dict[str, int]:
    """Return the column of a new row that says its unit; nothing if it is one's own.

    Raises
    ------
    InvalidInput
        On ``unit_id``.
    """
    return {} if unit_id is None else {"unit_id": own_unit(session, unit_id).id}
