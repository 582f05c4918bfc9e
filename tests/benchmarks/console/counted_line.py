"""A line between a browser and the server that counts what goes over it.

Chromium's own counts leave out what its workers ask for, and a proxy that understands HTTP would
change it. Here bytes are passed on as they come. A connection carries one request after the other,
so what the server sends after a request, heads and all, belongs to it.
"""

import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field

from tests.benchmarks.server import HOST

_CHUNK = 65_536
_METHODS = (b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"OPTIONS ")
TILE = ".mvt"


@dataclass
class Asked:
    """One request and how much came back for it."""

    path: str
    received_bytes: int = 0

    @property
    def is_tile(self) -> bool:
        """Whether it is a picture of the map, of which a larger window asks for more."""
        return TILE in self.path


@dataclass
class CountedLine:
    """Where a browser goes instead of to the server itself."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{HOST}:{self.port}"

    def sums(self, *, tiles: bool) -> tuple[int, int]:
        """Return the number of requests and of bytes that came, of the tiles or of all else."""
        these = [each for each in self.asked if each.is_tile == tiles]
        return len(these), sum(each.received_bytes for each in these)


@contextmanager
def counted_line(server_port: int) -> Iterator[CountedLine]:
    """Listen at a port of its own and pass everything on until the end of the block."""
    with socket.create_server((HOST, 0)) as listening:
        line = CountedLine(listening.getsockname()[1])
        ends: list[socket.socket] = [listening]

        def accept() -> None:
            with suppress(OSError):  # it is closed at the end
                while True:
                    browser, _ = listening.accept()
                    server = socket.create_connection((HOST, server_port))
                    ends.extend((browser, server))
                    _carry(line, browser, server)

        threading.Thread(target=accept, name="counted line", daemon=True).start()
        try:
            yield line
        finally:
            for end in ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()


def _carry(line: CountedLine, browser: socket.socket, server: socket.socket) -> None:
    """Pass on what both sides say, in a thread each."""
    latest: list[Asked] = []

    def there(chunk: bytes) -> None:
        if chunk.startswith(_METHODS):
            path = chunk.split(b" ", 2)[1].decode("ascii", "replace")
            latest[:] = [Asked(path)]
            line.asked.append(latest[0])

    def back(chunk: bytes) -> None:
        if latest:
            latest[0].received_bytes += len(chunk)

    for source, target, note in ((browser, server, there), (server, browser, back)):
        threading.Thread(target=_pass_on, args=(source, target, note), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, note: Callable[[bytes], None]) -> None:
    """Carry one direction until either side hangs up, and hang both up then."""
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            note(chunk)
            target.sendall(chunk)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
