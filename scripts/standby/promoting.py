"""Make the standby the primary. First the former one is prevented from starting, then stopped."""

import contextlib
import re
import time
from pathlib import Path

import psycopg

from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.cluster_layout import layout_if_there
from scripts.cluster.cluster_lock import ClusterLock
from scripts.cluster.replication import REJOIN
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.cluster.replication import read_progress
from scripts.cluster.replication import read_replication
from scripts.cluster.replication import write_progress
from scripts.cluster.replication import write_replication
from scripts.cluster.replication_settings import STANDBY_SIGNAL
from scripts.cluster.replication_settings import write_replication_settings
from scripts.cluster.server_process import running_server
from scripts.cluster.server_start import start_detached
from scripts.errors import ClusterError
from scripts.standby.standby_state import ask_primary
from scripts.standby.standby_state import connect
from scripts.standby.stopping import held_stopped

_RECEIVED_WITHIN_S = 20.0
_LOOK_EVERY_S = 0.05
_PROMOTE = "SELECT pg_promote(wait => true, wait_seconds => 60)"
_RECEIVED = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), %s::pg_lsn) >= 0"
_REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), %s::pg_lsn) >= 0"


def promote(var_dir: Path, *, accept_loss: bool) -> Replication:
    """Make the standby the primary and return who is who now.

    It works as well while the primary runs, to change over for maintenance: that one is stopped in
    order, and what it has committed is on the standby before that is promoted.

    Parameters
    ----------
    var_dir
        State folder of either of the two.
    accept_loss
        Whether to go on although the standby may lack what was acknowledged.

    Raises
    ------
    ClusterError
        If there is no standby, it cannot be started, or it may lack something.
    """
    record = read_replication(var_dir)
    if record is None:
        message = "There is no standby."
        raise ClusterError(message, mend="nearcrew standby create")
    if record.is_fenced:
        message = f"The database in {record.primary_folder} has taken over already."
        raise ClusterError(message, mend=REJOIN)
    standby = find_layout(record.other_folder)
    _ensure_follows(standby)
    primary = layout_if_there(record.primary_folder)
    lacks = what_may_be_lost(record, primary, standby)
    if lacks and not accept_loss:
        message = f"The standby may lack what was acknowledged: {lacks}."
        mend = (
            "If the primary can be started, start it and wait until `nearcrew standby status` says"
            " that the standby has everything. If not: nearcrew standby promote --accept-loss"
        )
        raise ClusterError(message, mend=mend)
    promoted = record.promoted()
    # From here on the former primary does not start, whoever tries, in this order and no other.
    write_replication(promoted, standby.user)
    with contextlib.nullcontext() if primary is None else held_stopped(primary):
        end = None if primary is None else _last_word(primary)
        if primary is not None:
            _keep_read_only(primary)
        _promote(standby, None if lacks else end)
        write_progress(promoted, Progress.noted_now(is_synchronous=False), standby.user)
        write_replication_settings(standby, unwatched=True)
        with connect(standby) as connection:
            connection.execute("SELECT pg_reload_conf()")
    return promoted


def what_may_be_lost(record: Replication, primary: Layout | None, standby: Layout) -> str:
    """Return why the standby may lack something; empty if it has all that was acknowledged."""
    follower = None if primary is None else ask_primary(record, primary)
    if follower is not None:
        # Stopped in order, the primary waits until a standby that follows has everything.
        return "" if follower.state == "streaming" else "it does not follow the running primary"
    progress = read_progress(record)
    if progress is not None and progress.is_synchronous:
        return ""
    end = None if primary is None else _last_word(primary)
    if end is not None:
        with connect(standby) as connection:
            row = connection.execute(_REPLAYED, (end,)).fetchone()
        if row == (True,):
            return ""
    since = "" if progress is None else f" since {progress.since}"
    return f"commits have not waited for it{since}"


def _ensure_follows(standby: Layout) -> None:
    """Start the standby if need be; raise an error if it is not one that can be promoted."""
    if not standby.exists:
        message = f"There is no database in {standby.data_dir}."
        raise ClusterError(message, mend="nearcrew standby status")
    with ClusterLock(standby.lock_file).held():
        if running_server(standby) is None:
            start_detached(standby)
    try:
        with connect(standby) as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
    except psycopg.Error as error:
        message = f"The standby does not answer: {str(error).strip()}"
        raise ClusterError(message, mend=f"See {standby.data_dir}/log.") from error
    if row != (True,):
        message = f"The database in {standby.data_dir} is no standby any more."
        raise ClusterError(message, mend="nearcrew standby drop, then nearcrew standby create")


def _keep_read_only(primary: Layout) -> None:
    """Have a former primary that somebody starts by hand take no writes."""
    if primary.exists:
        primary.write(STANDBY_SIGNAL, "")


def _last_word(primary: Layout) -> str | None:
    """Return the end of the log of a server that was stopped in order; None if it was not."""
    if not primary.exists:
        return None
    told = primary.user.run([str(primary.binaries / "pg_controldata"), str(primary.data_dir)])
    if not re.search(r"^Database cluster state: +shut down$", told.stdout, re.MULTILINE):
        return None
    found = re.search(r"^Latest checkpoint location: +(\S+)$", told.stdout, re.MULTILINE)
    return found.group(1) if found else None


def _promote(standby: Layout, end: str | None) -> None:
    """Promote a server once it has the log up to an end, if one is given.

    PostgreSQL replays all that it has received before it takes writes.
    """
    deadline_s = time.monotonic() + _RECEIVED_WITHIN_S
    with connect(standby) as connection:
        while end is not None and connection.execute(_RECEIVED, (end,)).fetchone() != (True,):
            if time.monotonic() > deadline_s:
                message = "The standby did not receive the last words of the primary."
                raise ClusterError(message, mend=f"See {standby.data_dir}/log; then promote again.")
            time.sleep(_LOOK_EVERY_S)
        connection.execute("SET statement_timeout = '90s'")
        if connection.execute(_PROMOTE).fetchone() != (True,):
            message = "The standby did not become the primary within a minute."
            raise ClusterError(message, mend=f"See {standby.data_dir}/log.")
