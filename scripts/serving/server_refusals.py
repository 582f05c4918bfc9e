"""Refusals of the web server itself, as problem+json (RFC 9457).

Gunicorn answers what it cannot read, before there is a request, with a page of HTML of its own.
"""

import json
import socket
from collections.abc import Callable
from typing import Any
from typing import Protocol

from gunicorn import util


class Problem(Protocol):
    """A refusal as the console tells it."""

    def body(self) -> dict[str, Any]:
        """Return its members."""
        ...


Writer = Callable[[socket.socket, int, str, str], None]


def writer(problem_of: Callable[[int], Problem]) -> Writer:
    """Return what writes a refusal to a connection, in place of gunicorn's own.

    Parameters
    ----------
    problem_of
        The console's problem for a status.
    """

    def write(connection: socket.socket, status: int, reason: str, _message: str) -> None:
        # What gunicorn would say holds parts of the request, which is nobody's to repeat.
        body = json.dumps(problem_of(status).body()).encode()
        head = (
            f"HTTP/1.1 {status} {reason}\r\n"
            "Connection: close\r\n"
            "Content-Type: application/problem+json\r\n"
            "Cache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        util.write_nonblock(connection, head.encode() + body)

    return write
