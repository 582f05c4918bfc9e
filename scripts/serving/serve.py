"""Serve the product: web server, job worker and, if it is the private one, the database.

The console is started, never imported: gunicorn gets its name as a string and loads it inside each
worker, after the worker has made blocking calls cooperative.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

from dispatch.settings import Settings
from dispatch.settings import is_yes
from scripts.cluster import private_cluster as cluster
from scripts.cluster.replication import primary_folder
from scripts.cluster.replication import read_replication
from scripts.cluster.supervised_server import SupervisedServer
from scripts.environment import Surroundings
from scripts.errors import UsageError
from scripts.serving.child_process import ChildProcess
from scripts.serving.listening_socket import bind_socket
from scripts.serving.listening_socket import listen
from scripts.serving.serving_record import forget_killed
from scripts.serving.serving_record import read_records
from scripts.serving.supervisor import Supervisor
from scripts.serving.worker_command import worker_command

APPLICATION = "webconsole:create_app()"
CONFIG = Path(__file__).with_name("gunicorn_config.py")
WEB = "web server"
SECOND = "second database"
WATCH = "watch of the standby"
_TAKE_OVER_WITHIN_S = 25.0


def serve_command(settings: Settings, listening: int | None = None) -> list[str]:
    """Return the command line of the web server with these settings.

    Parameters
    ----------
    listening
        The socket that it inherits; without one, it binds its own.
    """
    own = address(settings.host, settings.port)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        f"--config={CONFIG}",
        f"--bind={own if listening is None else f'fd://{listening}'}",
        f"--workers={settings.workers}",
    ]
    if settings.tls_cert and settings.tls_key:
        command += [f"--certfile={settings.tls_cert}", f"--keyfile={settings.tls_key}"]
    return [*command, APPLICATION]


def keep_database(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Start the private cluster and keep it running, unless that is for others to do.

    Raises
    ------
    ClusterError
        If the private cluster is needed and cannot be started.
    """
    if not env.get("DATABASE_URL") and not is_yes(env.get(cluster.KEPT_ELSEWHERE)):
        keep_cluster(supervisor, env)


def keep_cluster(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Start the private cluster with its standby and keep both running.

    Raises
    ------
    ClusterError
        If it cannot be started.
    """
    var_dir = cluster.default_var_dir(env)
    killed = [record for record in read_records(var_dir) if not record.is_alive]
    left_behind = {
        child.pid for record in killed for child in record.children.values() if child.pid
    }
    replication = read_replication(var_dir)
    if replication is not None and replication.other_folder.is_dir():
        # Before the primary, to be stopped after it: the last words of that one reach it.
        second = SupervisedServer(replication.other_folder, left_behind, name=SECOND)
        second.expect()
        supervisor.keep(second)
    server = SupervisedServer(primary_folder(var_dir), left_behind)
    server.ensure_running()
    supervisor.keep(server, is_running=True)
    if replication is not None:
        command = [sys.executable, "-m", "scripts.cli", "standby", "watch"]
        supervisor.keep(ChildProcess(WATCH, command, {**env, "NEARCREW_VAR": str(var_dir)}))


@contextlib.contextmanager
def console_socket(settings: Settings) -> Iterator[socket.socket]:
    """Bind the address of the console, before anything else takes time; closed at the end.

    What a killed supervisor started is about to end by itself: for that is waited.

    Raises
    ------
    PortError
        If the port is taken or the address is not this machine's.
    UsageError
        If a certificate is named that cannot be read.
    """
    check_certificates(settings)
    was_killed = any(not record.is_alive for record in read_records(settings.var_dir))
    patience_s = _TAKE_OVER_WITHIN_S if was_killed else 0.0
    with bind_socket(settings.host, settings.port, patience_s=patience_s) as bound:
        forget_killed(settings.var_dir)
        yield bound


def keep_web_server(
    supervisor: Supervisor, surroundings: Surroundings, bound: socket.socket
) -> None:
    """Start the web server and keep it running.

    Raises
    ------
    PortError
        If somebody else listens at its address.
    """
    listen(bound)
    number = bound.fileno()
    supervisor.keep(
        ChildProcess(
            WEB,
            serve_command(surroundings.settings, number),
            surroundings.serving_variables(),
            sockets=(number,),
            leaves_workers=True,
        )
    )


def keep_job_worker(supervisor: Supervisor, surroundings: Surroundings) -> None:
    """Start a job worker and keep it running."""
    supervisor.keep(ChildProcess("job worker", worker_command(), surroundings.worker_variables()))


def check_certificates(settings: Settings) -> None:
    """Raise an error if the certificate or key cannot be read."""
    for name, path in (
        ("NEARCREW_TLS_CERT", settings.tls_cert),
        ("NEARCREW_TLS_KEY", settings.tls_key),
    ):
        if path and not os.access(path, os.R_OK):
            message = f"{name} names {path}, which this user cannot read."
            raise UsageError(message, mend="Check the path and its owner.")


def address(host: str, port: int) -> str:
    """Return ``host:port``, IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def console_url(settings: Settings) -> str:
    """Return the URL of the console for a browser on this machine."""
    scheme = "https" if settings.tls_cert else "http"
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
    return f"{scheme}://{address(everywhere.get(settings.host, settings.host), settings.port)}"
