"""Check the database: reachable, PostGIS, migrations, ground and accounts."""

from collections.abc import Iterator

import psycopg
from sqlalchemy.engine import make_url

from dispatch import migrate
from geodata.db import make_engine
from geodata.ground.service import active_ground
from geodata.ground.service import is_searchable
from scripts.cluster.backup import conninfo
from scripts.cluster.databases import EXTENSIONS
from scripts.doctor import account_checks
from scripts.doctor import job_checks
from scripts.doctor import kept_checks
from scripts.doctor.findings import Finding
from scripts.doctor.findings import bad
from scripts.doctor.findings import good
from scripts.doctor.findings import odd
from scripts.environment import Surroundings

OLDEST_POSTGRESQL = 130_000
OWN_DATABASE = "As a superuser of it: CREATE EXTENSION {}"
_EVERYTHING = "-c nearcrew.all=1"
"""It looks at the rows of all units (`dispatch.core.scope`)."""
Connection = psycopg.Connection[tuple[object, ...]]


def examine(surroundings: Surroundings) -> Iterator[Finding]:
    """Yield the findings about the database, as seen by the serving role."""
    try:
        connection = psycopg.connect(
            conninfo(make_url(surroundings.settings.database_url)), options=_EVERYTHING
        )
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        yield bad(f"The database cannot be reached: {said}", "Is DATABASE_URL right?")
        return
    with connection:
        yield _server(connection)
        yield from _extensions(connection)
        migrated = _migrations(connection)
        yield migrated
        if migrated.mend:
            return
        yield from account_checks.examine(connection)
        yield from _emergency_kinds(connection, surroundings.settings.emergency_kinds)
        yield from job_checks.examine(connection)
        yield from kept_checks.examine(connection, surroundings.settings)
    yield _ground(surroundings.settings.database_url)


def _server(connection: Connection) -> Finding:
    version = connection.info.server_version
    encoding = _value(connection, "SHOW server_encoding")
    if version < OLDEST_POSTGRESQL:
        return bad(f"PostgreSQL {version // 10_000} is too old.", "Use PostgreSQL 13 or newer.")
    if encoding != "UTF8":
        mend = "Make the database anew with ENCODING 'UTF8'."
        return bad(f"The database stores {encoding}, which cannot hold Chinese.", mend)
    return good(f"PostgreSQL {version // 10_000} answers.")


def _extensions(connection: Connection) -> Iterator[Finding]:
    rows = connection.execute("SELECT extname FROM pg_extension").fetchall()
    present = {str(row[0]) for row in rows}
    for name in EXTENSIONS:
        if name in present:
            yield good(f"The extension {name} is there.")
        else:
            yield bad(f"The extension {name} is missing.", OWN_DATABASE.format(name))


def _migrations(connection: Connection) -> Finding:
    if _value(connection, "SELECT to_regclass('alembic_version')") is None:
        return bad("The tables have not been made yet.", "nearcrew db migrate")
    revision = str(_value(connection, "SELECT version_num FROM alembic_version"))
    if migrate.is_newer(revision):
        return bad(migrate.newer_sentence(revision), migrate.NEWER_MEND)
    if revision != migrate.head():
        sentence = f"The tables are at {revision}, this program needs {migrate.head()}."
        return bad(sentence, "nearcrew db migrate")
    return good(f"The tables are up to date ({revision}).")


def _ground(database_url: str) -> Finding:
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            ground = active_ground(connection)
            named = ground is not None and is_searchable(connection, ground.id)
    finally:
        engine.dispose()
    if ground is None:
        return bad("No city is loaded.", "nearcrew import-osm FILE.osm.pbf")
    if not named:
        sentence = f"The ground is {ground.name}, imported before places could be searched."
        return odd(sentence, "nearcrew import-osm FILE.osm.pbf (the same file again)")
    return good(f"The ground is {ground.name}.")


def _emergency_kinds(connection: Connection, named: frozenset[str]) -> Iterator[Finding]:
    rows = connection.execute("SELECT code FROM incident_kind ORDER BY sort").fetchall()
    known = [str(row[0]) for row in rows]
    unknown = sorted(named.difference(known))
    if unknown:
        sentence = f"NEARCREW_EMERGENCY_KINDS names no kind of incident: {', '.join(unknown)}."
        yield odd(sentence, f"There are: {', '.join(known)}.")


def _value(connection: Connection, asked: str) -> object:
    row = connection.execute(asked).fetchone()
    return row[0] if row else None
