"""Request bodies as they come from the network: how slowly one may come, and what a broken one is.

Gunicorn waits for a body without a limit, so a client that stops in the middle of one, or sends a
byte now and then, would hold a connection for as long as it likes. There is no limit to how long a
large photo may take on a bad line, only to how slowly its bytes come.
"""

from collections.abc import Callable
from collections.abc import Iterable
from time import monotonic
from typing import Any
from typing import Protocol

import gevent
from apiflask import APIFlask
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import RequestTimeout

LEAST_BYTES_PER_S = 4_000.0
"""A line of the second generation of mobile networks, and not a good one."""
_GRACE = 2.0
"""Of how many silences the time consists that a body may take however short it is."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Patient(Protocol):
    def settimeout(self, seconds: float | None, /) -> None: ...


class TimedBody:
    """The body of a request that is given up when its bytes come too slowly.

    Parameters
    ----------
    stream
        Gunicorn's, which blocks until it has what it is asked for.
    connection
        The socket behind it, cooperative.
    idle_s
        The longest silence, seconds.
    time_s
        A clock that only goes forward, seconds.
    """

    def __init__(
        self,
        stream: _Readable,
        connection: _Patient,
        idle_s: float,
        time_s: Callable[[], float] = monotonic,
    ) -> None:
        self._stream = stream
        self._connection = connection
        self._idle_s = idle_s
        self._time_s = time_s
        self._began_s = time_s()
        self._received = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes of the body, as many as asked for unless it ends before.

        Raises
        ------
        RequestTimeout
            When they come too slowly.
        BadRequest
            When they are not in the form that the request says.
        """
        allowed_s = _GRACE * self._idle_s + self._received / LEAST_BYTES_PER_S
        left_s = self._began_s + allowed_s - self._time_s()
        if left_s <= 0:
            raise RequestTimeout
        # The silence is watched on the socket, the pace around it: one read waits for many bytes.
        self._connection.settimeout(self._idle_s)
        try:
            with gevent.Timeout(left_s, RequestTimeout()):
                found = self._stream.read(size)
        except TimeoutError:
            raise RequestTimeout from None
        except ParseException:
            raise BadRequest from None
        finally:
            self._connection.settimeout(None)
        self._received += len(found)
        return found


def install(app: APIFlask, *, idle_s: float) -> None:
    """Read bodies from gunicorn in this way; elsewhere, as in tests without a server, as they are.

    Gunicorn itself closes a connection on which reading a body failed.
    """
    inner = app.wsgi_app

    def timed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  (WSGI's)
        connection = environ.get("gunicorn.socket")
        if connection is not None:
            environ["wsgi.input"] = TimedBody(environ["wsgi.input"], connection, idle_s)
        return inner(environ, start_response)

    app.wsgi_app = timed  # type: ignore[method-assign]  # as Flask's manual has it
