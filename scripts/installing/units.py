"""The texts of everything that is installed. Pure: an installation in, files out.

Three services instead of one: a new release restarts web and worker while the database goes on,
each is bounded by itself, and the journal tells them apart. They share one supervisor's code:
`nearcrew db keep` and `nearcrew serve` know what systemd does not, such as backends that outlive a
killed server (docs/adr/0008-own-supervisor.md).
"""

from pathlib import Path

from scripts.cluster.private_cluster import KEPT_ELSEWHERE
from scripts.installing.installation import ACCOUNT
from scripts.installing.installation import COMMAND
from scripts.installing.installation import SETTINGS
from scripts.installing.installation import UNITS
from scripts.installing.installation import Installation

TARGET = "nearcrew.target"
CLUSTER, WEB, WORKER = "nearcrew-cluster.service", "nearcrew-web.service", "nearcrew-worker.service"
BACKUP, DRILL = "nearcrew-backup.timer", "nearcrew-drill.timer"
STANDBY = "X-Standby"
"""What systemd leaves alone: the standby's folder, for the next installation."""
MARK = "# Written by `nearcrew service install`; changes belong in {name}.d/own.conf."

# What none of them needs. Of `@system-service` PostgreSQL, Python and the decoder of photos need
# no more; the supervisor sees its own processes only.
_BOUNDS = """
NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=no
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0077
"""
_LOCAL = "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"
_NO_RIGHTS = "CapabilityBoundingSet="
_LOW_PORTS = "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE"
_SETTINGS_TEXT = """\
# Settings of Nearcrew, for its services and for the command `nearcrew` alike. One NAME=value a
# line; README lists them all. After a change: systemctl restart nearcrew.target
#
# NEARCREW_HOST=0.0.0.0
# NEARCREW_TLS_CERT=/etc/nearcrew/cert.pem
# NEARCREW_TLS_KEY=/etc/nearcrew/key.pem
# NEARCREW_BACKUPS=/mnt/backups/nearcrew   (then once more: nearcrew service install)
# NEARCREW_BACKUP_DAYS=14
# NEARCREW_BACKUP_WEEKS=8
NEARCREW_VAR={var_dir}
"""


def unit_files(installation: Installation) -> dict[Path, str]:
    """Return the units, by where they belong."""
    units = {
        TARGET: _target(installation),
        WEB: _web(installation),
        WORKER: _worker(installation),
        "nearcrew-backup.service": _once(installation, "nightly backup", "backup nightly"),
        BACKUP: _timer("Nightly backup of Nearcrew", "*-*-* 02:40:00"),
    }
    if installation.keeps_cluster:
        units[CLUSTER] = _cluster(installation)
        units["nearcrew-drill.service"] = _once(installation, "restore drill", "backup drill")
        units[DRILL] = _timer("Monthly restore drill of Nearcrew", "Sun *-*-01..07 04:10:00")
    return {
        UNITS / name: f"{MARK.format(name=name)}\n{text.strip()}\n"
        for name, text in sorted(units.items())
    }


def other_files(installation: Installation) -> dict[Path, str]:
    """Return what is installed besides the units: the account and the command."""
    home = installation.var_dir
    command = (
        "#!/bin/sh\n"
        "# Written by `nearcrew service install`: with the service's settings, as its account.\n"
        f"exec {installation.python} -m scripts.installing.installed_command"
        f' {SETTINGS} {installation.user} "$@"\n'
    )
    account = f'u {installation.user} - "Nearcrew" {home} /usr/sbin/nologin\n'
    return {ACCOUNT: account, COMMAND: command}


def settings_text(installation: Installation) -> str:
    """Return what the settings file holds at first; it is never written again."""
    return _SETTINGS_TEXT.format(var_dir=installation.var_dir)


def services(installation: Installation) -> list[str]:
    """Return the units that have to run, in the order in which they start."""
    return [*([CLUSTER] if installation.keeps_cluster else []), WEB, WORKER]


def timers(installation: Installation) -> list[str]:
    """Return the units that start others at their time."""
    return [BACKUP, *([DRILL] if installation.keeps_cluster else [])]


def _target(installation: Installation) -> str:
    wanted = " ".join([*services(installation), *timers(installation)])
    return f"""
[Unit]
Description=Nearcrew
Documentation=file://{installation.checkout}/docs/deployment.md
Wants={wanted}

[Install]
WantedBy=multi-user.target
"""


def _cluster(installation: Installation) -> str:
    folders = " ".join(installation.socket_folders)
    standby = f"\n{STANDBY}={installation.standby}" if installation.standby else ""
    return f"""
[Unit]
Description=Nearcrew: database and its standby
PartOf={TARGET}
After=local-fs.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={installation.python} -m scripts.cli db keep
Restart=always
RestartSec=1
TimeoutStartSec=15min
TimeoutStopSec=3min
KillMode=mixed
OOMScoreAdjust=-900
LimitNOFILE=65536
RuntimeDirectory={folders}
RuntimeDirectoryMode=0700{standby}
{_manner(installation)}
{_LOCAL}
{_NO_RIGHTS}
"""


def _web(installation: Installation) -> str:
    return f"""
[Unit]
Description=Nearcrew: console, crew page and API
PartOf={TARGET}
{_after_cluster(installation)}
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={installation.python} -m scripts.cli serve --no-worker
Restart=always
RestartSec=1
TimeoutStartSec=15min
TimeoutStopSec=60
KillMode=mixed
LimitNOFILE=65536
ReadWritePaths=-{installation.generated}
{_manner(installation)}
{_LOCAL}
{_LOW_PORTS}
"""


def _worker(installation: Installation) -> str:
    return f"""
[Unit]
Description=Nearcrew: job worker
PartOf={TARGET}
{_after_cluster(installation)}
StartLimitIntervalSec=0

[Service]
ExecStart={installation.python} -m scripts.cli worker
Restart=always
RestartSec=1
TimeoutStopSec=20
KillMode=mixed
{_manner(installation)}
{_LOCAL}
{_NO_RIGHTS}
"""


def _once(installation: Installation, what: str, command: str) -> str:
    return f"""
[Unit]
Description=Nearcrew: {what}
{_after_cluster(installation)}

[Service]
Type=oneshot
ExecStart={installation.python} -m scripts.cli {command}
TimeoutStartSec=6h
Nice=10
IOSchedulingClass=idle
{_manner(installation)}
{_LOCAL}
{_NO_RIGHTS}
"""


def _timer(what: str, when: str) -> str:
    return f"""
[Unit]
Description={what}
PartOf={TARGET}

[Timer]
OnCalendar={when}
RandomizedDelaySec=10min
Persistent=yes
"""


def _after_cluster(installation: Installation) -> str:
    database = CLUSTER if installation.keeps_cluster else "postgresql.service"
    return f"After=network-online.target {database}"


def _manner(installation: Installation) -> str:
    """Return under whose account, with which settings and within which bounds all of them run."""
    lines = [
        f"User={installation.user}",
        f"WorkingDirectory={installation.checkout}",
        "Environment=PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1",
    ]
    if installation.keeps_cluster:
        lines.append(f"Environment={KEPT_ELSEWHERE}=1")
    lines += [f"EnvironmentFile=-{SETTINGS}", f"Environment=NEARCREW_VAR={installation.var_dir}"]
    lines += ["StandardOutput=journal", "StandardError=journal"]
    if installation.state_directory:
        lines += [f"StateDirectory={installation.state_directory}", "StateDirectoryMode=0750"]
    lines += [f"ReadWritePaths=-{each}" for each in installation.written_folders]
    lines.append("ProtectHome=read-only" if installation.is_in_a_home else "ProtectHome=yes")
    return "\n".join(lines) + _BOUNDS.rstrip()
