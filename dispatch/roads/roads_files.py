"""Files of the roads around places, for phones: each made once, beside the searches, and kept."""

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from cachetools import LRUCache

from dispatch.core.running import Runner
from dispatch.roads.closing import as_closure
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadClosure
from dispatch.roads.types import RoadsFile
from routing.errors import ClosureError
from routing.router import Router
from routing.ways.packing import PackNotes
from routing.ways.packing import PlacedClosure
from routing.ways.packing import pack_roads

_log = logging.getLogger(__name__)
AHEAD: Final = timedelta(hours=12)
"""Closures that begin within so long come along: as long as a shift without any signal."""
_KEPT_BYTES = 16_000_000
_DIGITS = 20


@dataclass(frozen=True, slots=True)
class FileOf:
    """What a file is of: a place, how far around it, who drives, and the speeds of the hour."""

    place: LonLat
    radius_m: float
    profile: DrivingProfile
    speeds: tuple[float, ...]


class RoadsFiles:
    """The latest files, by what they are made of."""

    def __init__(self, blocking: Runner | None) -> None:
        """Keep nothing yet.

        Parameters
        ----------
        blocking
            Runs what any thread may calculate; None: where it is asked for.
        """
        self._blocking: Runner = blocking or _here
        self._lock = threading.Lock()
        self._kept: LRUCache[str, bytes] = LRUCache(_KEPT_BYTES, getsizeof=len)

    def file(
        self,
        router: Router,
        what: FileOf,
        closures: Sequence[RoadClosure],
        now: datetime,
        known_tag: str | None,
    ) -> RoadsFile:
        """Return a file, without its content where the one who asks knows that already.

        Parameters
        ----------
        router
            That of the profile and hour.
        closures
            Those that hold or will.
        """
        coming = [each for each in closures if each.from_at < now + AHEAD]
        tag = _tag(router, what, coming)
        if tag == known_tag:
            return RoadsFile(tag, None)
        with self._lock:
            body = self._kept.get(tag)
        if body is None:
            body = self._blocking(_make, router, what, coming, tag)
            with self._lock:
                if len(body) < _KEPT_BYTES:
                    self._kept[tag] = body
        return RoadsFile(tag, body)


def _tag(router: Router, what: FileOf, closures: Sequence[RoadClosure]) -> str:
    closed = [
        (
            each.id,
            each.direction,
            each.geometry,
            each.from_at.isoformat(),
            each.until_at and each.until_at.isoformat(),
        )
        for each in closures
    ]
    made_of = [
        router.network.content_hash,
        *(what.place, what.radius_m, what.profile, what.speeds),
        closed,
    ]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def _make(router: Router, what: FileOf, closures: Sequence[RoadClosure], tag: str) -> bytes:
    cut = router.cut_around(what.place, what.radius_m)
    notes = PackNotes(
        (*what.place, what.radius_m), what.profile.value, router.turn_round_ms, version=tag
    )
    return pack_roads(cut, list(_placed(router, closures)), notes)


def _placed(router: Router, closures: Sequence[RoadClosure]) -> Iterator[PlacedClosure]:
    """Yield closures on the network; what this ground has no place for closes nothing."""
    for each in closures:
        try:
            intervals = router.place_closure(as_closure(each))
        except ClosureError as error:
            _log.warning("closure %s has no place on this ground: %s", each.id, error)
            continue
        yield PlacedClosure(each.id, each.from_at, each.until_at, intervals)


def _here(function: Runner, *arguments: object) -> Any:  # noqa: ANN401  (as the function)
    return function(*arguments)
