"""A short name of everything that edge weights follow from besides the network itself.

Kept with each decision: two lists that carry the same network and metric were computed alike, and
where they do not, a closure, the speeds or the hour had changed.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dispatch.roads.types import RoadClosure

_DIGITS = 12


class MetricVersion:
    """Names the weights in use.

    Parameters
    ----------
    speeds_file
        Speed factors by hour; None: free flow at all hours, so the hour does not matter.
    """

    def __init__(self, speeds_file: Path | None) -> None:
        self._speeds = "" if speeds_file is None else _digest(speeds_file.read_bytes())
        self._closures: Sequence[tuple[datetime, datetime | None, str]] = ()

    def close(self, closures: Sequence[RoadClosure]) -> None:
        """Take the closures that hold or will."""
        self._closures = [
            (
                each.from_at,
                each.until_at,
                json.dumps([each.id, each.direction, each.geometry], sort_keys=True),
            )
            for each in closures
        ]

    def at(self, now: datetime) -> str:
        """Return the name of the weights at an instant."""
        in_force = sorted(
            what
            for from_at, until_at, what in self._closures
            if from_at <= now and (until_at is None or until_at > now)
        )
        hour = f"{now:%w-%H}" if self._speeds else ""
        return _digest("\n".join([self._speeds, hour, *in_force]).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]
