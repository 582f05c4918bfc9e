"""The socket that the console is served on, held by the supervisor.

A web server that is killed refuses nobody: who connects meanwhile waits in the socket's queue until
the next one takes over.
"""

import errno
import socket
import time

from scripts.errors import ScriptError

BACKLOG = 2_048
_TRY_AGAIN_S = 0.1


class PortError(ScriptError):
    """The address to serve on is not available."""


def bind_socket(host: str, port: int, *, patience_s: float = 0.0) -> socket.socket:
    """Return a socket bound to an address; it does not listen yet.

    Parameters
    ----------
    patience_s
        How long to wait for an address that is in use.

    Raises
    ------
    PortError
        If the port is taken or the address is not this machine's.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline_s:
                raise _port_error(host, port, error) from error
            time.sleep(_TRY_AGAIN_S)


def listen(bound: socket.socket) -> None:
    """Let clients connect; they wait until somebody serves them.

    Raises
    ------
    PortError
        If somebody else has begun to listen at the same address meanwhile.
    """
    try:
        bound.listen(BACKLOG)
    except OSError as error:
        host, port = bound.getsockname()[:2]
        raise _port_error(host, port, error) from error


def check_port(host: str, port: int) -> None:
    """Raise an error if the address cannot be listened on."""
    bind_socket(host, port).close()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except BaseException:
        made.close()
        raise
    return made


def _port_error(host: str, port: int, error: OSError) -> PortError:
    if error.errno == errno.EADDRINUSE:
        message = f"Port {port} on {host} is in use; is Nearcrew already running?"
        return PortError(message, mend=f"Stop that, or choose another: NEARCREW_PORT={port + 1}")
    if error.errno in {errno.EACCES, errno.EPERM}:
        message = f"Port {port} may only be opened by root."
        return PortError(message, mend="Choose one above 1023: NEARCREW_PORT=8000")
    message = f"{host} is not an address of this machine ({error.strerror or error})."
    return PortError(message, mend="NEARCREW_HOST=127.0.0.1 serves this machine only.")
