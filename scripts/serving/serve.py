"""Start the web workers.

The console is started, never imported: gunicorn gets its name as a string and loads it inside each
worker, after the worker has made blocking calls cooperative.
"""

import errno
import os
import socket
import sys
from pathlib import Path

from dispatch.settings import Settings
from scripts.environment import Surroundings
from scripts.errors import ScriptError
from scripts.errors import UsageError

APPLICATION = "webconsole:create_app()"
CONFIG = Path(__file__).with_name("gunicorn_config.py")


class PortError(ScriptError):
    """The address to serve on is not available."""


def serve_command(settings: Settings) -> list[str]:
    """Return the command line that serves with these settings."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        f"--config={CONFIG}",
        f"--bind={address(settings.host, settings.port)}",
        f"--workers={settings.workers}",
    ]
    if settings.tls_cert and settings.tls_key:
        command += [f"--certfile={settings.tls_cert}", f"--keyfile={settings.tls_key}"]
    return [*command, APPLICATION]


def serve(surroundings: Surroundings) -> None:
    """Replace this process by the web server; does not return.

    Raises
    ------
    PortError
        If the port is taken or the address is not this machine's.
    UsageError
        If a certificate is named that cannot be read.
    """
    check_certificates(surroundings.settings)
    check_port(surroundings.settings.host, surroundings.settings.port)
    command = serve_command(surroundings.settings)
    os.execve(command[0], command, surroundings.serving_variables())  # noqa: S606


def check_certificates(settings: Settings) -> None:
    """Raise an error if the certificate or key cannot be read."""
    for name, path in (
        ("NEARCREW_TLS_CERT", settings.tls_cert),
        ("NEARCREW_TLS_KEY", settings.tls_key),
    ):
        if path and not os.access(path, os.R_OK):
            message = f"{name} names {path}, which this user cannot read."
            raise UsageError(message, mend="Check the path and its owner.")


def check_port(host: str, port: int) -> None:
    """Raise an error if the address cannot be listened on, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_error(host, port, error) from error


def address(host: str, port: int) -> str:
    """Return ``host:port``, IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def console_url(settings: Settings) -> str:
    """Return the URL of the console for a browser on this machine."""
    scheme = "https" if settings.tls_cert else "http"
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
    return f"{scheme}://{address(everywhere.get(settings.host, settings.host), settings.port)}"


def _port_error(host: str, port: int, error: OSError) -> PortError:
    if error.errno == errno.EADDRINUSE:
        message = f"Port {port} on {host} is in use; is Nearcrew already running?"
        return PortError(message, mend=f"Stop that, or choose another: NEARCREW_PORT={port + 1}")
    if error.errno in {errno.EACCES, errno.EPERM}:
        message = f"Port {port} may only be opened by root."
        return PortError(message, mend="Choose one above 1023: NEARCREW_PORT=8000")
    message = f"{host} is not an address of this machine ({error.strerror or error})."
    return PortError(message, mend="NEARCREW_HOST=127.0.0.1 serves this machine only.")
