"""A group of six companies with fifty units each, and a city's crews spread over them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.core.scope import Scope
from geodata.db import make_engine
from tests.benchmarks.city import City

COMPANIES = 6
_ADD = text(
    "INSERT INTO organisation_unit (parent_id, kind, code, name)"
    " VALUES (:parent, :kind, :name, :name) RETURNING id"
)
_MOVE = text("UPDATE organisation_unit SET parent_id = :parent WHERE id = :unit")
_SPREAD = text("""
    UPDATE crew SET unit_id = unit.id, company_id = unit.company_id
    FROM organisation_unit AS unit
    WHERE crew.id = ANY (:crews) AND unit.id = (CAST(:units AS bigint[]))[1 + crew.id % :count]
""")
_PROTECTED = text("""
    SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND EXISTS (
        SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname <> 'worker')
""")


@dataclass(frozen=True, slots=True)
class UnitTree:
    """The units of the company whose incident is looked at, and of the whole group."""

    company: Scope
    group: Scope
    units: int


def grow(city: City, units_each: int) -> UnitTree:
    """Make the tree; the crews near the incident are of its own company, the others of all."""
    engine = make_engine(city.owner_url)
    try:
        with engine.begin() as connection:
            first = connection.execute(
                text("SELECT id FROM organisation_unit WHERE parent_id IS NULL")
            ).scalar_one()
            group = connection.execute(
                _ADD, {"parent": first, "kind": "group", "name": "group"}
            ).scalar_one()
            connection.execute(_MOVE, {"parent": group, "unit": first})
            connection.execute(_MOVE, {"parent": None, "unit": group})
            companies = [[first]]
            for number in range(1, COMPANIES):
                asked = {"parent": group, "kind": "company", "name": f"c{number}"}
                companies.append([connection.execute(_ADD, asked).scalar_one()])
            for company in companies:
                for number in range(units_each - 1):
                    asked = {
                        "parent": company[number // 7] if number else company[0],
                        "kind": "station",
                        "name": f"u{company[0]}.{number}",
                    }
                    company.append(connection.execute(_ADD, asked).scalar_one())
            near, far = city.crew_ids[: city.scale.near], city.crew_ids[city.scale.near :]
            everywhere = [unit for company in companies for unit in company]
            # A crew never goes to another company; these were never anywhere else.
            connection.execute(text("ALTER TABLE crew DISABLE TRIGGER USER"))
            for units, crews in ((companies[0], near), (everywhere, far)):
                connection.execute(_SPREAD, {"units": units, "count": len(units), "crews": crews})
            connection.execute(text("ALTER TABLE crew ENABLE TRIGGER USER"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        return UnitTree(
            Scope(units=tuple(companies[0]), above=(group,), home=first),
            Scope(units=(*everywhere, group), home=group),
            len(everywhere) + 1,
        )
    finally:
        engine.dispose()


@contextmanager
def without_policies(owner: Engine) -> Iterator[None]:
    """Let everybody see all rows meanwhile, as before there were policies."""
    with owner.connect() as connection:
        tables = connection.scalars(_PROTECTED).all()
    _switch(owner, tables, "DISABLE")
    try:
        yield
    finally:
        _switch(owner, tables, "ENABLE")


def _switch(owner: Engine, tables: object, how: str) -> None:
    with owner.begin() as connection:
        for table in list(tables):  # type: ignore[call-overload]
            connection.execute(text(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY"))
