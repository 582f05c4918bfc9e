"""Rows of units as the API shows them, and what each unit still has."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Label
from sqlalchemy import any_
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from dispatch.accounts.models import Account
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.listing import Listing
from dispatch.crews.models import Crew
from dispatch.units.belonging import sees_rows_of
from dispatch.units.models import OrganisationUnit
from dispatch.units.states import Hindrance
from dispatch.units.states import UnitKind
from dispatch.units.types import HindranceAnswer
from dispatch.units.types import UnitAnswer
from dispatch.units.types import UnitListQuery

MOVED: Final = ("station", "crew", "account", "incident", "zone", "layer", "gateway", "pledge")
"""Tables with rows of units, which go to another when theirs is deleted."""
_ROWS = text("SELECT thing, many FROM rows_of_unit(:unit_id) WHERE many > 0")


def _of_its_own(table: type[Crew] | type[Account], name: str) -> Label[int]:
    return (
        select(func.count())
        .select_from(table)
        .where(table.unit_id == OrganisationUnit.id)
        .correlate(OrganisationUnit)
        .scalar_subquery()
        .label(name)
    )


_OVER = aliased(OrganisationUnit)
_PARENT = aliased(OrganisationUnit)
# The codes on the way from the root: by them each unit stands behind the one above it.
_PATH = func.array(
    select(_OVER.code)
    .where(
        (_OVER.id == OrganisationUnit.id) | (_OVER.id == any_(OrganisationUnit.above)),
    )
    .order_by(func.cardinality(_OVER.above))
    .correlate(OrganisationUnit)
    .scalar_subquery()
)
_SHOWN = select(
    OrganisationUnit,
    _PARENT.name.label("parent_name"),
    _of_its_own(Crew, "crews"),
    _of_its_own(Account, "accounts"),
).outerjoin(_PARENT, _PARENT.id == OrganisationUnit.parent_id)
_LISTING = Listing(
    searched=(OrganisationUnit.name, OrganisationUnit.code),
    sorted_by={
        "tree": _PATH,
        "name": OrganisationUnit.name,
        "code": OrganisationUnit.code,
        "kind": OrganisationUnit.kind,
    },
    order="tree",
    key=OrganisationUnit.id,
)


def shown(session: Session, unit_id: int) -> UnitAnswer:
    """Return one unit that is known to be seen."""
    return _view(session.execute(_SHOWN.where(OrganisationUnit.id == unit_id)).one())


def listed(session: Session, query: UnitListQuery) -> tuple[list[UnitAnswer], int]:
    """Return units that are seen, each behind the one above it unless asked otherwise."""
    rows = _SHOWN
    if query.kind is not None:
        rows = rows.where(OrganisationUnit.kind == query.kind.value)
    found = listing.find(session, rows, _LISTING, query)
    return [_view(row) for row in found.rows], found.total


def hindrances(session: Session, unit_id: int) -> list[HindranceAnswer]:
    """Return what a unit still has, what is most urgent first; counted whoever looks."""
    many = {row.thing: row.many for row in session.execute(_ROWS, {"unit_id": unit_id})}
    return [{"what": each, "count": many[each]} for each in Hindrance if each in many]


def in_use(unit: OrganisationUnit, found: Sequence[HindranceAnswer]) -> Conflict:
    """Return the refusal to delete a unit that still has something."""
    message = N_("%(unit)s cannot be deleted while something still belongs to it.")
    extra = {"hindrances": [dict(each) for each in found]}
    return Conflict("unit_in_use", message, {"unit": unit.name}, extra=extra)


def move_all(session: Session, unit_id: int, to_id: int) -> None:
    """Give everything of a unit that can go to another unit of the company."""
    for table in MOVED:
        session.execute(
            text(f"UPDATE {table} SET unit_id = :to WHERE unit_id = :unit"),  # noqa: S608  (names above)
            {"to": to_id, "unit": unit_id},
        )


def lift_accounts(session: Session, administrators: Sequence[int], to_id: int) -> None:
    """Give accounts to the group, so that whoever kept the whole tree still does."""
    session.execute(
        text("UPDATE account SET unit_id = :to WHERE id = ANY (:ids)"),
        {"to": to_id, "ids": list(administrators)},
    )


def _view(row: object) -> UnitAnswer:
    unit: OrganisationUnit = row.OrganisationUnit  # type: ignore[attr-defined]  # a result row
    return {
        "id": unit.id,
        "parent_id": unit.parent_id,
        "company_id": unit.company_id,
        "kind": UnitKind(unit.kind),
        "code": unit.code,
        "name": unit.name,
        "depth": len(unit.above),
        "parent_name": row.parent_name,  # type: ignore[attr-defined]
        "own": sees_rows_of(unit.id),
        "crews": row.crews,  # type: ignore[attr-defined]
        "accounts": row.accounts,  # type: ignore[attr-defined]
    }
