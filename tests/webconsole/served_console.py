"""A real server: gunicorn with two gevent workers, and boards that follow its stream."""

import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from time import monotonic
from typing import Any
from typing import Self

import httpx
import pytest

from dispatch.settings import Settings
from scripts.serving.serve import serve_command
from tests.workers import all_ready

START_S = 180.0  # a busy machine takes its time
ANSWER_S = 60.0
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Message:
    """One server-sent event."""

    kind: str
    id: int | None
    body: dict[str, Any]


@dataclass
class Board:
    """Somebody who follows the stream; messages wait here until a test takes them."""

    url: str
    headers: dict[str, str]
    params: dict[str, int] = field(default_factory=dict)
    answer_headers: httpx.Headers = field(default_factory=httpx.Headers)
    failure: str = "by the server"

    def __enter__(self) -> Self:
        """Connect."""
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._client = httpx.Client(timeout=ANSWER_S)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Go away without a word, as browsers do."""
        with suppress(AttributeError, OSError):  # it may never have begun, or be over
            self._answer.extensions["network_stream"].get_extra_info("socket").shutdown(2)
        self._thread.join(ANSWER_S)
        self._client.close()

    def take(self) -> Message:
        """Take the next message, of whatever kind."""
        message = self._messages.get(timeout=ANSWER_S)
        assert message is not None, f"the stream ended: {self.failure}"
        return message

    def next(self, kind: str) -> Message:
        """Take messages until one of this kind; ticks alone do not keep a test waiting for ever."""
        deadline_s = monotonic() + ANSWER_S
        while True:
            assert monotonic() < deadline_s, f"no {kind} came in {ANSWER_S} s"
            message = self.take()
            if message.kind == kind:
                return message

    def waiting(self, kind: str) -> int:
        """Return how many messages of this kind have come and were not taken yet."""
        return sum(each is not None and each.kind == kind for each in tuple(self._messages.queue))

    def ended(self) -> bool:
        """Wait until the stream has ended."""
        while self._messages.get(timeout=ANSWER_S) is not None:
            pass
        return True

    def _read(self) -> None:
        stream = self._client.stream(
            "GET", f"{self.url}/api/v1/stream", headers=self.headers, params=self.params
        )
        try:
            self._follow(stream)
        except httpx.HTTPError as error:
            self.failure = repr(error)
        self._messages.put(None)

    def _follow(self, stream: AbstractContextManager[httpx.Response]) -> None:
        with stream as self._answer:
            self.answer_headers = self._answer.headers
            self._answer.raise_for_status()
            said: dict[str, str] = {}
            for line in self._answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    said[name] = value
                elif said:
                    number = int(said["id"]) if "id" in said else None
                    self._messages.put(Message(said["event"], number, json.loads(said["data"])))
                    said = {}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def board(self, token: str, last_id: int | None = None, *, by_query: bool = False) -> Board:
        """Return a board, to be entered, that resumes behind an event."""
        headers = {"Authorization": f"Bearer {token}"}
        if last_id is not None and not by_query:
            headers["Last-Event-ID"] = str(last_id)
        params = {"last_event_id": last_id} if last_id is not None and by_query else {}
        return Board(self.url, headers, params)

    def stop(self) -> int:
        """Ask it to stop, and return how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def report_position(
    url: str, token: str, crew_id: int, lonlat: tuple[float, float], **more: float
) -> None:
    """Tell a server, with a tracker's token and by the real clock, where a crew is now."""
    lon, lat = lonlat
    fixed_at = datetime.now(UTC).isoformat()
    fix = {"crew_id": crew_id, "lon": lon, "lat": lat, "fixed_at": fixed_at, **more}
    httpx.post(
        f"{url}/api/v1/positions",
        json={"positions": [fix]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=ANSWER_S,
    ).raise_for_status()


@contextmanager
def serving(
    settings: Settings,
    variables: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    port: int | None = None,
) -> Iterator[Server]:
    """Serve as `nearcrew serve` does, on a free port or that one, until the block ends.

    The server is told what these settings say of database, files and secret, and the variables.
    """
    told = {
        "DATABASE_URL": settings.database_url,
        "NEARCREW_VAR": str(settings.var_dir),
        "NEARCREW_ROADS_WAIT_S": str(settings.roads_wait_s),
        "NEARCREW_SECRET_KEY": settings.session_key(),
        **(variables or {}),
    }
    with ExitStack() as running:
        # Somebody else may take a free port before gunicorn does: then another one.
        for number in [port] if port is not None else (_free_port() for _ in range(_TRIES)):
            chosen = settings.model_copy(
                update={"host": "127.0.0.1", "port": number, "workers": workers}
            )
            process = subprocess.Popen(  # noqa: S603
                serve_command(chosen), env={**os.environ, **told}
            )
            running.callback(_end, process)
            server = Server(f"http://127.0.0.1:{number}", process)
            if _became_ready(server, workers):
                break
        else:
            pytest.fail("the server did not start")
        yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGQUIT)  # nobody is left whom it should take leave of
        process.wait(30)


def _became_ready(server: Server, workers: int) -> bool:
    """Wait until all workers are ready; False once the server has ended instead."""
    deadline_s = time.monotonic() + START_S
    with httpx.Client(verify=False, timeout=5, headers={"Connection": "close"}) as client:  # noqa: S501  (plain http)

        def is_ready() -> bool:
            try:
                return client.get(f"{server.url}/readyz").status_code == 200
            except httpx.TransportError:
                return False

        while not all_ready(server.process.pid, workers, is_ready):
            if server.process.poll() is not None:
                return False
            assert time.monotonic() < deadline_s, "the server did not become ready"
            threading.Event().wait(0.05)
    return True
