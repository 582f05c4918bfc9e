"""How the two servers stand: read without changing anything."""

from dataclasses import dataclass
from pathlib import Path

import psycopg

from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import layout_if_there
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.cluster.replication import cluster_name
from scripts.cluster.replication import read_progress
from scripts.cluster.replication import read_replication
from scripts.cluster.server_process import is_ready
from scripts.cluster.server_process import living_server
from scripts.cluster.urls import SUPERUSER

ANSWER_WITHIN_S = 2
# The setting tells whether commits wait; a slot that is lost can never be caught up from.
_FOLLOWER = """
    SELECT current_setting('synchronous_standby_names') <> '',
        (SELECT state FROM pg_stat_replication WHERE application_name = %(name)s),
        (SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint
            FROM pg_stat_replication WHERE application_name = %(name)s),
        (SELECT extract(epoch FROM coalesce(replay_lag, '0'))::float8
            FROM pg_stat_replication WHERE application_name = %(name)s),
        (SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = %(name)s)
"""
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Follower:
    """What the primary says of its standby.

    Attributes
    ----------
    is_synchronous
        Whether commits wait for it.
    state
        PostgreSQL's word, ``"streaming"`` if it follows; None if it is not connected.
    behind_bytes, behind_s
        What it has not replayed yet.
    is_too_far_behind
        Whether the primary has thrown away what it would need: it has to be made anew.
    """

    is_synchronous: bool
    state: str | None
    behind_bytes: int
    behind_s: float
    is_too_far_behind: bool


@dataclass(frozen=True, slots=True)
class StandbyState:
    """Who is who, who runs, and what the primary says of its standby (None: it cannot be asked)."""

    record: Replication
    primary_runs: bool
    other_runs: bool
    progress: Progress | None
    follower: Follower | None


def read_state(var_dir: Path) -> StandbyState | None:
    """Return the state of an installation with a standby; None without one."""
    record = read_replication(var_dir)
    if record is None:
        return None
    primary = layout_if_there(record.primary_folder)
    other = layout_if_there(record.other_folder)
    return StandbyState(
        record,
        primary_runs=primary is not None and _runs(primary),
        other_runs=other is not None and _runs(other),
        progress=read_progress(record),
        follower=None if primary is None else ask_primary(record, primary),
    )


def ask_primary(record: Replication, primary: Layout) -> Follower | None:
    """Return what the primary says of its standby; None if it does not answer soon."""
    try:
        with connect(primary) as connection:
            row = connection.execute(_FOLLOWER, {"name": cluster_name(record.other)}).fetchone()
    except psycopg.Error:
        return None
    assert row is not None  # noqa: S101  (a query without FROM has one row)
    return Follower(
        is_synchronous=bool(row[0]),
        state=None if row[1] is None else str(row[1]),
        behind_bytes=int(str(row[2] or 0)),
        behind_s=float(str(row[3] or 0)),
        is_too_far_behind=bool(row[4]),
    )


def connect(layout: Layout) -> Connection:
    """Return a superuser's connection to exactly this server, primary or standby.

    Raises
    ------
    psycopg.OperationalError
        If it does not run or does not answer soon.
    """
    server = living_server(layout) if layout.exists else None
    if server is None:
        message = f"no server runs in {layout.data_dir}"
        raise psycopg.OperationalError(message)
    return psycopg.connect(
        host=str(server.socket_dir),
        user=SUPERUSER,
        dbname="postgres",
        autocommit=True,
        connect_timeout=ANSWER_WITHIN_S,
        options=f"-c statement_timeout={ANSWER_WITHIN_S}s",
    )


def _runs(layout: Layout) -> bool:
    return layout.exists and living_server(layout) is not None and is_ready(layout)
