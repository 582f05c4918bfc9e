"""Bodies as a real server gets them: broken, standing still, or coming in drops."""

import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine
from werkzeug.exceptions import RequestTimeout

from dispatch.settings import Settings
from tests.conftest import put_grid_in_use
from tests.webconsole.served_console import ANSWER_S
from tests.webconsole.served_console import Server
from tests.webconsole.served_console import serving
from webconsole.serving.request_bodies import LEAST_BYTES_PER_S
from webconsole.serving.request_bodies import TimedBody

HEAD = b"POST /api/v1/login HTTP/1.1\r\nHost: nearcrew\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
IDLE_S = 15.0


@pytest.fixture(scope="module")
def impatient(settings: Settings, owner_engine: Engine, grid_extract: Path) -> Iterator[Server]:
    """Return a server that gives a body up after one second of silence."""
    put_grid_in_use(owner_engine, grid_extract)
    with serving(settings, {"NEARCREW_BODY_IDLE_S": "1"}) as running:
        yield running


def connect(server: Server) -> socket.socket:
    """Return a plain connection to a server."""
    port = int(server.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)


def read_to_the_end(connection: socket.socket) -> bytes:
    """Return all that comes until the server hangs up, which is part of what is tested."""
    found = b""
    while piece := connection.recv(65_536):
        found += piece
    return found


@pytest.mark.real_time
@pytest.mark.parametrize(
    "body", [b"garbage\r\n", b"5\r\nhelloXX", b"2\r\n{}\r\n-1\r\n", b"2;a b\r\n{}\r\n0\r\n\r\n"]
)
def test_a_broken_chunk_is_the_senders_mistake(impatient: Server, body: bytes) -> None:
    """No size, no end, a negative size, a bad extension; afterwards nothing more can be read."""
    with connect(impatient) as connection:
        connection.sendall(CHUNKED + body)
        answer = read_to_the_end(connection)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"application/problem+json" in answer
    assert b'"code":"bad_request"' in answer


@pytest.mark.real_time
@pytest.mark.parametrize("head", [HEAD + b"Content-Length: 100\r\n\r\n", CHUNKED + b"64\r\n"])
def test_a_body_that_stands_still_is_given_up(impatient: Server, head: bytes) -> None:
    """Ten bytes of a hundred, then silence."""
    with connect(impatient) as connection:
        connection.sendall(head + b'{"username')
        answer = read_to_the_end(connection)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_timeout"' in answer


@pytest.mark.real_time
def test_a_body_that_comes_in_drops_is_given_up_too(impatient: Server) -> None:
    """A byte now and then is never silence, and would never be an end."""
    deadline_s = monotonic() + ANSWER_S
    with connect(impatient) as connection:
        connection.sendall(CHUNKED)
        connection.settimeout(0.1)
        while True:
            assert monotonic() < deadline_s, "it is still waited for"
            try:
                connection.sendall(b"1\r\n \r\n")
                answer = connection.recv(65_536)
                break
            except TimeoutError:
                continue

    assert answer.startswith(b"HTTP/1.1 408 ")


class Line:
    """A connection that brings as many bytes as it is asked for, and takes a set time for it."""

    def __init__(self, bytes_per_s: float) -> None:
        self.now_s = 0.0
        self.waits_s: float | None = None
        self._bytes_per_s = bytes_per_s

    def settimeout(self, seconds: float | None) -> None:
        """Note how long a silence may last."""
        self.waits_s = seconds

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, after as long as they take."""
        assert self.waits_s == IDLE_S
        self.now_s += size / self._bytes_per_s
        return bytes(size)


@pytest.mark.parametrize(
    ("bytes_per_s", "finished"), [(LEAST_BYTES_PER_S * 1.1, True), (LEAST_BYTES_PER_S * 0.5, False)]
)
def test_a_large_photo_may_take_as_long_as_a_bad_line_needs(
    bytes_per_s: float,
    finished: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    """10 MB at 4.4 kB/s take 38 minutes; at 2 kB/s they would never come to an end in time.

    Half the pace: after t seconds 30 + t / 2 are allowed, so after one minute it is over.
    """
    line = Line(bytes_per_s)
    body = TimedBody(line, line, IDLE_S, lambda: line.now_s)

    def read_all() -> int:
        return sum(len(body.read(1_000)) for _ in range(10_000))

    if finished:
        assert read_all() == 10_000_000
    else:
        with pytest.raises(RequestTimeout):
            read_all()
        assert line.now_s == pytest.approx(60, abs=1)
    assert line.waits_s is None
