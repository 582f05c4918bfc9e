"""Write what a server is told of replication: whom it follows, and for whom its commits wait."""

from scripts.cluster.cluster_config import include_settings
from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.cluster.replication import cluster_name
from scripts.cluster.replication import read_progress
from scripts.cluster.replication import read_replication
from scripts.cluster.server_process import living_server
from scripts.cluster.urls import STANDBY_ROLE

SETTINGS_FILE = "nearcrew-replication.conf"
STANDBY_SIGNAL = "standby.signal"
STATE_SETTING = "nearcrew.standby"
SYNCHRONOUS = "synchronous"
LET_GO = "let go"


def write_replication_settings(layout: Layout, *, unwatched: bool) -> None:
    """Write the settings at a start of the server, under the cluster's lock.

    Parameters
    ----------
    unwatched
        Whether nobody is going to watch the standby: commits then wait for none.
    """
    record = read_replication(layout.folder)
    if record is None:
        include_settings(layout, SETTINGS_FILE, {})
    elif record.primary_folder == layout.folder:
        progress = read_progress(record)
        waits = progress is not None and progress.is_synchronous and not unwatched
        write_primary_settings(layout, record, waits_since=progress if waits else None)
    else:
        _write_standby_settings(layout, record)


def write_primary_settings(
    layout: Layout, record: Replication, *, waits_since: Progress | None
) -> None:
    """Write for whom commits wait, and what anybody connected may read of it.

    Parameters
    ----------
    waits_since
        What is noted of a standby that commits wait for; None: they wait for none.
    """
    let_go = Progress.noted_now(is_synchronous=False)
    settings = {
        "cluster_name": cluster_name(record.primary),
        "synchronous_standby_names": "" if waits_since is None else cluster_name(record.other),
        STATE_SETTING: f"{LET_GO} {let_go.since}" if waits_since is None else SYNCHRONOUS,
    }
    include_settings(layout, SETTINGS_FILE, settings)


def _write_standby_settings(layout: Layout, record: Replication) -> None:
    """Write whom a standby follows.

    The signal that makes it a standby is written here too, and removed only by PostgreSQL itself
    when it is promoted: a server without it would begin a history of its own.
    """
    primary = find_layout(record.primary_folder)
    running = living_server(primary)
    socket_dir = running.socket_dir if running is not None else primary.fresh_socket_dir()
    name = cluster_name(record.other)
    settings = {
        "cluster_name": name,
        "primary_conninfo": f"host={socket_dir} user={STANDBY_ROLE} application_name={name}",
        "primary_slot_name": name,
        "synchronous_standby_names": "",
    }
    include_settings(layout, SETTINGS_FILE, settings)
    layout.write(STANDBY_SIGNAL, "")
