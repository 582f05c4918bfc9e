"""The program that decodes one picture: ``python -m dispatch.records.decoder``.

It is started anew for each file, limits itself before it has read a byte, and is handed no settings
and no database: what a file makes of it ends with it. The file comes on standard input, and an
answer goes to standard output: a line of JSON, then the picture and the small picture.
"""

import json
import os
import resource
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.records.states import PhotoRefusal

_LESS_URGENT = 10
_AFTER_WARNING_S = 1


@dataclass(frozen=True, slots=True)
class DecoderLimits:
    """How much one picture may take.

    ``memory_bytes`` is of addresses, the interpreter and its libraries included; ``cpu_s`` of
    processor time, in whole seconds; ``wall_s`` until whoever waits gives up.
    """

    memory_bytes: int = 800_000_000
    cpu_s: int = 10
    wall_s: float = 60.0


def limit_this_process(limits: DecoderLimits) -> None:
    """Let this process have no more than that, and go behind everything else on the machine."""
    os.nice(_LESS_URGENT)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + _AFTER_WARNING_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read, decode, answer."""
    asked = json.loads(sys.argv[1])
    limit_this_process(DecoderLimits(**asked["limits"]))
    # The libraries are loaded within the limits, too.
    from dispatch.records.picture_files import read_picture  # noqa: PLC0415

    try:
        data = sys.stdin.buffer.read()
        zone, now = ZoneInfo(asked["zone"]), datetime.fromisoformat(asked["now"])
        picture = read_picture(data, zone, now)
    except MemoryError:
        picture = PhotoRefusal.TOO_COSTLY
    if isinstance(picture, PhotoRefusal):
        _answer({"refusal": picture.value})
        return
    facts = {
        "width": picture.width,
        "height": picture.height,
        "taken_at": picture.taken_at and picture.taken_at.isoformat(),
        "lonlat": picture.lonlat,
        "image_bytes": len(picture.image),
    }
    _answer(facts, picture.image, picture.thumbnail)


def _answer(facts: dict[str, Any], *pictures: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(facts).encode() + b"\n")
    for picture in pictures:
        out.write(picture)
    out.flush()


if __name__ == "__main__":
    main()
