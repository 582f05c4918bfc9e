"""A real server on this machine that takes posts, and answers as a test wants it to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any

from typing_extensions import override

HANG = "hang"
CUT = "cut"


@dataclass(frozen=True, slots=True)
class Got:
    """One post."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Keeps what it gets. ``does``: a status, `HANG`, `CUT`, or an address to redirect to."""

    url: str
    does: int | str = 200
    got: list[Got] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            receiver.got.append(Got(self.path, dict(self.headers.items()), body))
            self._answer(receiver.does)

        def _answer(self, does: int | str) -> None:
            if does == HANG:
                receiver.let_go.wait()
            elif isinstance(does, int):
                self.send_response(does)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif does != CUT:
                self.send_response(307)
                self.send_header("Location", does)
                self.end_headers()

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/send")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
