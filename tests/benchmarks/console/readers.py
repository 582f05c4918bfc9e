"""Hundreds of open consoles in one process: each a stream that is read, unpacked and looked at.

They run apart from whoever sends: in one process, its Python would make readers wait for senders
and count that as the server's. A reader does what a browser has to do at least: take the bytes,
unpack them, find the changes. What a browser does besides is measured with a browser.
"""

import multiprocessing
import re
import selectors
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from multiprocessing.connection import Connection
from time import perf_counter

from tests.benchmarks.clients import UnexpectedAnswerError

_PATIENCE_S = 60.0
_CHUNK_BYTES = 1 << 18
_HEAD_END = b"\r\n\r\n"
_OFFERED = re.compile(rb'"kind":"assignment\.offered".{0,400}?"incident_id":(\d+)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heard:
    """What all readers heard.

    Attributes
    ----------
    seen_s
        For each incident, when its order was read from each stream; seconds of `perf_counter`.
    wire_bytes, plain_bytes
        What came over all the lines, and what that was unpacked.
    """

    seen_s: dict[int, list[float]]
    wire_bytes: int
    plain_bytes: int


class Readers:
    """The process of readers, as whoever measures sees it."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def heard(self) -> Heard:
        """Return what has been heard since the last question, and begin to count anew."""
        self._line.send("heard")
        answer = self._answer()
        if not isinstance(answer, Heard):
            message = f"the readers answer {answer!r}"
            raise UnexpectedAnswerError(message)
        return answer

    def wait_until_open(self) -> None:
        """Wait until every stream has said hello."""
        if self._answer() != "open":
            message = "the streams did not open"
            raise UnexpectedAnswerError(message)

    def _answer(self) -> object:
        if not self._line.poll(_PATIENCE_S):
            message = "the readers do not answer"
            raise UnexpectedAnswerError(message)
        answer: object = self._line.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


@contextmanager
def reading(
    host: str, port: int, token: str, count: int, *, gzip: bool = True
) -> Iterator[Readers]:
    """Open so many streams in a process of their own, and close them at the end."""
    # A fresh interpreter: a copy of this one would carry its connections and threads.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_read, args=(theirs, host, port, token, count, gzip), daemon=True
    )
    process.start()
    readers = Readers(ours)
    try:
        readers.wait_until_open()
        yield readers
    finally:
        ours.close()
        process.join(5)
        process.kill()


@dataclass(slots=True)
class _Stream:
    """One reader's side of a connection."""

    line: socket.socket
    unpack: "zlib._Decompress | None"
    head: bytes | None = b""
    chunk: bytearray = field(default_factory=bytearray)
    rest: bytes = b""

    def take(self, now_s: float, heard: Heard) -> tuple[int, int, bool]:
        """Read what has come; returns bytes on the wire, bytes unpacked, and whether hello came."""
        raw = self.line.recv(_CHUNK_BYTES)
        if not raw:
            message = "a stream was closed"
            raise UnexpectedAnswerError(message)
        body = raw
        if self.head is not None:
            self.head += raw
            head, found, body = self.head.partition(_HEAD_END)
            if not found:
                return len(raw), 0, False
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise UnexpectedAnswerError(head.decode("latin-1"))
            self.head = None
        plain = b"".join(self._unchunk(body))
        if self.unpack is not None:
            plain = self.unpack.decompress(plain)
        text = self.rest + plain
        for found_change in _OFFERED.finditer(text):
            heard.seen_s.setdefault(int(found_change[1]), []).append(now_s)
        # What may be the beginning of a change waits for the rest of its line.
        self.rest = text[text.rfind(b"\n\n") + 2 :]
        return len(raw), len(plain), b"event: hello" in text

    def _unchunk(self, raw: bytes) -> Iterator[bytes]:
        self.chunk += raw
        while (end := self.chunk.find(b"\r\n")) >= 0:
            size = int(self.chunk[:end], 16)
            if len(self.chunk) < end + 2 + size + 2:
                return
            yield bytes(self.chunk[end + 2 : end + 2 + size])
            del self.chunk[: end + 2 + size + 2]


def _read(line: Connection, host: str, port: int, token: str, count: int, gzip: bool) -> None:  # noqa: FBT001  (called by name of the process only)
    """Read until whoever measures hangs up."""
    try:
        _read_all(line, host, port, token, count, gzip=gzip)
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001  (told to whoever measures)
        line.send(error)


def _read_all(
    line: Connection, host: str, port: int, token: str, count: int, *, gzip: bool
) -> None:
    selector = selectors.DefaultSelector()
    selector.register(line, selectors.EVENT_READ)
    request = (
        f"GET /api/v1/stream HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Accept-Encoding: {'gzip' if gzip else 'identity'}\r\n\r\n"
    ).encode()
    for _ in range(count):
        connection = socket.create_connection((host, port), timeout=_PATIENCE_S)
        connection.sendall(request)
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if gzip else None
        selector.register(connection, selectors.EVENT_READ, _Stream(connection, unpack))
    heard = Heard({}, 0, 0)
    wire = plain = opened = 0
    while True:
        for key, _ in selector.select():
            if key.data is None:
                line.recv()
                line.send(Heard(heard.seen_s, wire, plain))
                heard, wire, plain = Heard({}, 0, 0), 0, 0
                continue
            came, unpacked, hello = key.data.take(perf_counter(), heard)
            wire, plain, opened = wire + came, plain + unpacked, opened + hello
            if hello and opened == count:
                line.send("open")
