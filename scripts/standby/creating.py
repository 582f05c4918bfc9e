"""Make a standby: a copy of the primary's data that goes on to follow it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from scripts.cluster import private_cluster
from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.cluster_layout import layout_if_there
from scripts.cluster.cluster_lock import ClusterLock
from scripts.cluster.replication import NODES
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.cluster.replication import cluster_name
from scripts.cluster.replication import forget_replication
from scripts.cluster.replication import read_replication
from scripts.cluster.replication import write_progress
from scripts.cluster.replication import write_replication
from scripts.cluster.replication_settings import STANDBY_SIGNAL
from scripts.cluster.replication_settings import write_replication_settings
from scripts.cluster.server_process import living_server
from scripts.cluster.server_start import let_roles_in
from scripts.cluster.server_start import start_detached
from scripts.cluster.urls import STANDBY_ROLE
from scripts.cluster.urls import ClusterUrls
from scripts.errors import ClusterError
from scripts.standby.stopping import held_stopped

_ROOM_TO_SPARE = 1.2
_SIZE = "SELECT sum(pg_database_size(oid)) FROM pg_database"
_DROP_SLOT = """
    SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s
"""
Connection = psycopg.Connection[tuple[object, ...]]


def create_standby(
    var_dir: Path, folder: Path | None, *, start: bool = True
) -> tuple[Replication, Path | None]:
    """Make a standby of the private cluster, or make the former primary one.

    Parameters
    ----------
    var_dir
        State folder of the installation.
    folder
        State folder of the standby; None: inside that of the installation, or, for a former
        primary, its own.
    start
        Whether to start it; a service that keeps both does that itself.

    Returns
    -------
    record, kept_as
        Who is who now, and where the former primary's data was put aside.

    Raises
    ------
    ClusterError
        If there is a standby already, the folder cannot be used, or copying fails.
    """
    var_dir = var_dir.resolve()
    former = read_replication(var_dir)
    record = _wanted(var_dir, folder, former)
    urls = private_cluster.ensure_running(var_dir)
    primary = find_layout(record.primary_folder)
    standby = _layout_beside(primary, record.other_folder)
    with urls.connect() as connection, _locked(standby):
        _refuse_foreign_data(standby, former)
        _check_room(connection, record.other_folder)
        _open_for_replication(connection, primary, urls)
        connection.execute(_DROP_SLOT, (cluster_name(record.other),))
        fresh = _copy(primary, urls, standby, cluster_name(record.other))
        kept_as = _put_aside(standby) if standby.exists else None
        fresh.rename(standby.data_dir)
        standby.write(STANDBY_SIGNAL, "")
        write_replication(record, primary.user)
        write_progress(record, Progress.noted_now(is_synchronous=False), primary.user)
        # Nobody may be there to watch; whoever watches makes commits wait.
        write_replication_settings(primary, unwatched=True)
        connection.execute("SELECT pg_reload_conf()")
        if start and living_server(standby) is None:
            start_detached(standby)
    return record, kept_as


def drop_standby(var_dir: Path) -> Replication:
    """Stop and remove the standby; a former primary's data is put aside, not removed.

    Raises
    ------
    ClusterError
        If there is none.
    """
    record = read_replication(var_dir)
    if record is None:
        message = "There is no standby."
        raise ClusterError(message, mend="nearcrew standby create")
    primary = find_layout(record.primary_folder)
    standby = layout_if_there(record.other_folder)
    if record.primary == NODES[0]:
        forget_replication(record)
    else:
        # The installation's own folder holds no data any more: its record leads to where that is.
        write_replication(record.alone(), primary.user)
    if living_server(primary) is not None:
        # No commit waits any more, before the one that it would wait for is gone.
        write_replication_settings(primary, unwatched=True)
        with private_cluster.ensure_running(record.primary_folder).connect() as connection:
            connection.execute("SELECT pg_reload_conf()")
    with contextlib.nullcontext() if standby is None else held_stopped(standby):
        if living_server(primary) is not None:
            with private_cluster.ensure_running(record.primary_folder).connect() as connection:
                connection.execute(_DROP_SLOT, (cluster_name(record.other),))
        if standby is None or not standby.exists:
            return record
        if record.is_fenced:
            _put_aside(standby)
        else:
            shutil.rmtree(standby.data_dir)
    return record


def _wanted(var_dir: Path, folder: Path | None, former: Replication | None) -> Replication:
    """Return the record that is to hold once the standby is made."""
    if former is not None:
        if not former.is_fenced:
            message = f"There is a standby already, in {former.other_folder}."
            raise ClusterError(message, mend="nearcrew standby drop removes it.")
        if folder is not None and folder.resolve() != former.other_folder:
            message = f"What becomes the standby is the former primary, in {former.other_folder}."
            raise ClusterError(message, mend="Mount the new disk there, and leave --at out.")
        return former.rejoined()
    other = (folder or var_dir / "standby").resolve()
    if other == var_dir:
        message = f"{other} is the primary's own folder."
        raise ClusterError(message, mend="Name another one, best on another disk.")
    return Replication(1, NODES[0], dict(zip(NODES, (var_dir, other), strict=True)))


def _layout_beside(primary: Layout, folder: Path) -> Layout:
    """Return the layout of a standby: of the primary's account and programs, in its own folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, primary.user.uid, primary.user.gid)
    except OSError as error:
        message = f"{folder} cannot be made: {error.strerror}."
        mend = f"As root: install -d -o {primary.user.name} {folder}"
        raise ClusterError(message, mend=mend) from error
    there = find_layout(folder)
    if there.exists:
        return there
    return replace(there, user=primary.user, binaries=primary.binaries, data_dir=folder / "pg")


@contextlib.contextmanager
def _locked(layout: Layout) -> Iterator[None]:
    with ClusterLock(layout.lock_file).held():
        if os.geteuid() == 0:
            os.chown(layout.lock_file, layout.user.uid, layout.user.gid)
        yield


def _refuse_foreign_data(standby: Layout, former: Replication | None) -> None:
    if not standby.exists:
        return
    if living_server(standby) is not None:
        message = f"A server runs in {standby.data_dir}."
        raise ClusterError(message, mend="Stop it first.")
    if former is None:
        message = f"{standby.data_dir} holds a database already."
        raise ClusterError(message, mend="Name another folder, or move it away.")


def _check_room(connection: Connection, folder: Path) -> None:
    row = connection.execute(_SIZE).fetchone()
    wanted_bytes = int(str(row[0])) * _ROOM_TO_SPARE if row else 0
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < wanted_bytes:
        message = (
            f"The copy takes {wanted_bytes / 1e9:.1f} GB and {folder}"
            f" has {free_bytes / 1e9:.1f} GB free."
        )
        raise ClusterError(message, mend="Name a folder on a larger disk.")


def _open_for_replication(connection: Connection, primary: Layout, urls: ClusterUrls) -> None:
    """Give the standby a role of its own; a server that an older release started lacks the rest."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (STANDBY_ROLE,))
    if known.fetchone() is None:
        rights = "LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
        role = sql.Identifier(STANDBY_ROLE)
        connection.execute(sql.SQL("CREATE ROLE {} {}").format(role, sql.SQL(rights)))
    let_roles_in(primary, urls)


def _copy(primary: Layout, urls: ClusterUrls, standby: Layout, slot: str) -> Path:
    """Copy the primary's data to a folder beside where it is to be; return that folder."""
    for half_done in standby.folder.glob("pg.new-*"):
        shutil.rmtree(half_done)
    fresh = standby.folder / f"pg.new-{os.getpid()}"
    done = primary.user.run(
        [
            str(primary.binaries / "pg_basebackup"),
            f"--host={urls.socket_dir}",
            f"--username={STANDBY_ROLE}",
            f"--pgdata={fresh}",
            "--create-slot",
            f"--slot={slot}",
            "--wal-method=stream",
            "--checkpoint=fast",
            "--no-password",
        ]
    )
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        message = f"The copy failed: {done.stdout.strip()}"
        mend = f"Is there space in {standby.folder}, and may {primary.user.name} write there?"
        raise ClusterError(message, mend=mend)
    return fresh


def _put_aside(layout: Layout) -> Path:
    kept_as = layout.data_dir.with_name(f"pg.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    layout.data_dir.rename(kept_as)
    return kept_as
