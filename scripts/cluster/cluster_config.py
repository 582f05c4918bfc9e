"""Write the configuration of the private cluster: settings and access rules."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from scripts.cluster.cluster_layout import Layout

MEBIBYTE = 1024 * 1024
SETTINGS_FILE = "nearcrew.conf"
IDENT_MAP = "nearcrew"
FIRST_WITH_SYNCFS = 14


def memory_mb() -> int:
    """Return the memory of this machine in MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE


def server_settings(socket_dir: Path, machine_mb: int, version: int) -> dict[str, str]:
    """Return settings for a machine shared by the database and the web workers.

    Parameters
    ----------
    socket_dir
        Folder of the unix socket.
    machine_mb
        Memory of the machine in MiB.
    version
        Major version of the server.

    Notes
    -----
    A killed server is back the sooner, the less there is to write and to replay: checkpoints are
    frequent, and the files of the cluster are synchronised all at once instead of one by one.

    `fsync` and `synchronous_commit` stay on: an order or a position that was acknowledged must
    survive a power cut.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{min(max(machine_mb // 5, 128), 2048)}MB",
        "effective_cache_size": f"{max(machine_mb // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(max(machine_mb // 32, 64), 512)}MB",
        "checkpoint_timeout": "1min",
        "max_wal_size": "512MB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        # Spatial functions carry high costs, so compilation triggers on queries of a millisecond.
        "jit": "off",
        # Position history has a partition a day, and a query may lock every one of them.
        "max_locks_per_transaction": "256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_min_duration_statement": "2s",
        # Values are about people: of a slow or failed statement there is no parameter, no row that
        # was refused (DETAIL) and no text, in which one may have been written.
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
    }
    if version >= FIRST_WITH_SYNCFS:
        settings["recovery_init_sync_method"] = "syncfs"
    return settings


def replication_limits() -> dict[str, str]:
    """Return settings of standby and primary alike, since either may become the other."""
    return {
        # A standby asks this often for more; it is promoted only between two questions.
        "wal_retrieve_retry_interval": "200ms",
        # What a standby that is away still needs must not fill the primary's disk.
        "max_slot_wal_keep_size": "4GB",
    }


def write_server_settings(layout: Layout, socket_dir: Path) -> None:
    """Write the settings, at each start, so that those of a newer checkout take effect."""
    settings = server_settings(socket_dir, memory_mb(), layout.version)
    include_settings(layout, SETTINGS_FILE, {**settings, **replication_limits()})


def include_settings(layout: Layout, name: str, settings: Mapping[str, str]) -> None:
    """Write settings to a file of their own and have the server's main file include it."""
    lines = [f"{setting} = {_quoted(value)}" for setting, value in settings.items()]
    layout.write(name, "\n".join(lines) + "\n")
    include = f"include_if_exists = '{name}'"
    main = layout.data_dir / "postgresql.conf"
    text = main.read_text(encoding="utf-8")
    if include not in text:
        layout.write("postgresql.conf", f"{text}\n{include}\n")


def write_access_rules(layout: Layout, roles: tuple[str, ...]) -> None:
    """Write access rules that let only the cluster's owner and root connect, as any role."""
    people = sorted({layout.user.name, pwd.getpwuid(0).pw_name})
    ident = [f'{IDENT_MAP} "{person}" "{role}"' for person in people for role in roles]
    layout.write("pg_ident.conf", "\n".join(ident) + "\n")
    # `all` does not cover replication.
    rules = [f"local {what} all peer map={IDENT_MAP}" for what in ("all", "replication")]
    layout.write("pg_hba.conf", "\n".join(rules) + "\n")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
