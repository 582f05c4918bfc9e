"""Server-sent events as bytes: written once, compressed once, however many read them."""

import zlib
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from dispatch.board.types import StreamedEventAnswer
from dispatch.core.instants import instant
from dispatch.positions.types import CrewPositionAnswer
from dispatch.reach.states import Reachable

GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Begins a gzip stream; it never ends, so its checksum never comes."""
_LEVEL = 5
"""Positions shrink to a quarter; level 9 saves 2 % more and takes three times as long."""


class Message:
    """One server-sent event, plain and compressed.

    Each compressed message is a run of complete DEFLATE blocks that refer to nothing before
    them (it begins with an empty window and ends on a byte). So the same bytes fit into the gzip
    stream of every reader, wherever it stands: 300 readers cost one compression, not 300.
    """

    __slots__ = ("_packed", "plain")

    def __init__(self, plain: bytes) -> None:
        self.plain = plain
        self._packed: bytes | None = None

    @property
    def packed(self) -> bytes:
        """The message within any gzip stream."""
        if self._packed is None:
            # Raw DEFLATE (negative window bits) without an end: the stream goes on.
            pack = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
            self._packed = pack.compress(self.plain) + pack.flush(zlib.Z_SYNC_FLUSH)
        return self._packed


def message(kind: str, body: Mapping[str, Any]) -> Message:
    """Return one server-sent event; JSON has no line breaks of its own."""
    return Message(_text(kind, body))


def change(event: StreamedEventAnswer) -> Message:
    """Return one event of the log as it goes over the line, with its number to resume behind."""
    return Message(b"id: %d\n" % event["id"] + _text("change", event))


def reset(head_id: int) -> Message:
    """Return the word to load all lists again; numbers go on behind this one."""
    return message("reset", {"head_id": head_id})


def positions(rows: list[list[Any]]) -> Message:
    """Return where crews are now."""
    return message("positions", {"at": server_time(), "positions": rows})


def position_row(fix: CrewPositionAnswer) -> list[Any]:
    """Return one crew's fix as it goes over the line: without names, thousands of them do."""
    return [
        fix["crew_id"],
        fix["lon"],
        fix["lat"],
        fix["heading_deg"],
        fix["speed_mps"],
        fix["fixed_at"],
        fix["known_at"],
        fix["parked_since"],
    ]


def reach(rows: list[list[Any]]) -> Message:
    """Return how some crews can be reached now."""
    return message("reach", {"reach": rows})


def reach_row(crew_id: int, found: Reachable) -> list[Any]:
    """Return how one crew can be reached, as it goes over the line."""
    return [crew_id, list(found.channels), instant(found.since)]


def server_time() -> str:
    """Return the present instant, for boards to measure ages against."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(kind: str, body: Mapping[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), to_json(body, inf_nan_mode="null"))
