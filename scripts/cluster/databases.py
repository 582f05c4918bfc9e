"""Create roles, a PostGIS template and databases in the private cluster."""

import contextlib

import psycopg
from psycopg import sql

from scripts.cluster.urls import APP_ROLE
from scripts.cluster.urls import DATABASE
from scripts.cluster.urls import OWNER_ROLE
from scripts.cluster.urls import WORKER_ROLE
from scripts.cluster.urls import ClusterUrls

TEMPLATE = "nearcrew_template"
EXTENSIONS = ("postgis",)


def provision(urls: ClusterUrls) -> bool:
    """Create the missing roles, template and database; return whether a role was missing."""
    with urls.connect() as connection:
        added = [_ensure_role(connection, role) for role in (OWNER_ROLE, APP_ROLE)]
        # May do what the application may; whose rows it sees is said by policies for it.
        added.append(_ensure_role(connection, WORKER_ROLE, member_of=APP_ROLE))
        if not _has_database(connection, TEMPLATE, ready=True):
            _make_template(urls, connection)
    ensure_database(urls, DATABASE)
    return any(added)


def ensure_database(urls: ClusterUrls, name: str) -> None:
    """Create a database unless it exists; safe to call concurrently."""
    with urls.connect() as connection:
        if not _has_database(connection, name):
            with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                connection.execute(create_statement(name, TEMPLATE))


def _ensure_role(
    connection: psycopg.Connection[tuple[object, ...]], role: str, *, member_of: str | None = None
) -> bool:
    """Create a role unless it exists; return whether it was missing."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if known is None:
        rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION"
        connection.execute(
            sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(rights))
        )
        if member_of is not None:
            connection.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(member_of), sql.Identifier(role))
            )
    return known is None


def _has_database(
    connection: psycopg.Connection[tuple[object, ...]], name: str, *, ready: bool = False
) -> bool:
    """Return whether a database exists; with `ready`, whether it is a finished template."""
    row = connection.execute(
        "SELECT datistemplate FROM pg_database WHERE datname = %s", (name,)
    ).fetchone()
    return row is not None and (bool(row[0]) or not ready)


def _make_template(urls: ClusterUrls, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Create the template database: PostGIS takes seconds to create, an instant to copy."""
    connection.execute(drop_statement(TEMPLATE))
    connection.execute(create_statement(TEMPLATE, "template0"))
    with urls.connect(TEMPLATE) as inside:
        for extension in EXTENSIONS:
            inside.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
        # Before PostgreSQL 15 everybody could create tables in `public`.
        inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        inside.execute(
            sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER_ROLE))
        )
    # Marked last: an interrupted template has no mark and is made again. Closed to connections,
    # for a template somebody is connected to cannot be copied.
    connection.execute(
        sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false").format(
            sql.Identifier(TEMPLATE)
        )
    )


def create_statement(name: str, template: str) -> sql.Composed:
    """Return the statement that creates a database from the template, for the owner role."""
    return sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template)
    )


def drop_statement(name: str) -> sql.Composed:
    """Return the statement that drops a database, if it exists, with its connections."""
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
