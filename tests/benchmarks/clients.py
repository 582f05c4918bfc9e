"""Clients that cost little themselves: keep-alive connections and one reader of the live stream.

They are plain `http.client`: what a richer client adds to each request (half a millisecond and more
on the cores that the server needs) would be counted as the server's.
"""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection
from http.client import HTTPException
from time import perf_counter
from typing import Any

_TIMEOUT_S = 60.0


class UnexpectedAnswerError(Exception):
    """The server refused what a benchmark asked: its numbers would mean nothing."""


class RefusedError(UnexpectedAnswerError):
    """The server answered with an error, of this status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Client:
    """One keep-alive connection of one program."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._connection = HTTPConnection(host, port, timeout=_TIMEOUT_S)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._line: socket.socket | None = None

    def get(self, path: str) -> bytes:
        """Ask for something and return the body."""
        return self._call("GET", path, None, {})

    def post(self, path: str, body: bytes, **headers: str) -> bytes:
        """Post JSON and return the body of the answer."""
        return self._call("POST", path, body, {"Content-Type": "application/json", **headers})

    def post_json(self, path: str, body: object, **headers: str) -> Any:  # noqa: ANN401  (JSON)
        """Post a JSON value and return the answer's."""
        return json.loads(self.post(path, json.dumps(body).encode(), **headers))

    def stream(self, last_id: int | None = None) -> Iterator[tuple[str, bytes]]:
        """Follow the live stream: kind and data of each event, until the connection is closed.

        Parameters
        ----------
        last_id
            The newest event already known; None to begin with now.
        """
        resumed = {} if last_id is None else {"Last-Event-ID": str(last_id)}
        self._connection.request("GET", "/api/v1/stream", headers=self._headers | resumed)
        self._line = self._connection.sock  # the connection lets go of it; the answer reads on
        answer = self._connection.getresponse()
        kind = ""
        with answer:
            while line := answer.readline():
                name, _, value = line.rstrip(b"\n").partition(b": ")
                if name == b"event":
                    kind = value.decode()
                elif name == b"data":
                    yield kind, value

    def hang_up(self) -> None:
        """End a stream that another thread is reading."""
        if self._line is not None:
            with suppress(OSError):  # the server may have hung up before us
                self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, self._headers | named)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            message = f"{method} {path}: {answer.status} {content[:500]!r}"
            raise RefusedError(message, answer.status)
        return content


@dataclass(slots=True)
class Sightings:
    """When orders were seen on the live stream, by incident; seconds of `perf_counter`."""

    seen_s: dict[int, float] = field(default_factory=dict)
    connected: threading.Event = field(default_factory=threading.Event)

    def follow(self, client: Client) -> None:
        """Read the stream until it ends."""
        for kind, data in client.stream():
            now_s = perf_counter()
            if kind == "hello":
                self.connected.set()
            elif kind == "change":
                event = json.loads(data)
                if event["kind"] == "assignment.offered":
                    self.seen_s[event["incident_id"]] = now_s


@contextmanager
def watching(client: Client) -> Iterator[Sightings]:
    """Follow the live stream beside the measurement."""
    sightings = Sightings()
    thread = threading.Thread(target=_quietly, args=(sightings, client), daemon=True)
    thread.start()
    if not sightings.connected.wait(_TIMEOUT_S):
        message = "the live stream did not open"
        raise UnexpectedAnswerError(message)
    try:
        yield sightings
    finally:
        client.hang_up()
        thread.join(_TIMEOUT_S)


def _quietly(sightings: Sightings, client: Client) -> None:
    """Read until the connection is taken away from under the reading."""
    with suppress(OSError, HTTPException):
        sightings.follow(client)
