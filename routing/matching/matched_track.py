"""A matched track: where each fix is on a street, the path driven, gaps and stops."""

from dataclasses import dataclass
from enum import IntEnum
from enum import StrEnum
from functools import cached_property

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


class Fate(IntEnum):
    """What became of a fix.

    Attributes
    ----------
    MATCHED
        It is on a street.
    DUPLICATE
        Another fix has the same time.
    OUTSIDE
        It is outside the ground.
    OFF_ROAD
        No street is near.
    JUMP
        Nobody can have driven there and back.
    NO_WAY
        It is near a street, but no permitted way leads there from the fixes around it in the time.
    """

    MATCHED = 0
    DUPLICATE = 1
    OUTSIDE = 2
    OFF_ROAD = 3
    JUMP = 4
    NO_WAY = 5


class GapReason(StrEnum):
    """Why a path was broken."""

    OFF_ROAD = "off_road"
    SILENCE = "silence"
    JUMP = "jump"
    NO_WAY = "no_way"


@dataclass(frozen=True, slots=True)
class Gap:
    """A break in the path: nothing is known of how one came across.

    Attributes
    ----------
    from_s, until_s
        Times of the last fix before and the first after it.
    before_fix, after_fix
        Their rows.
    straight_m
        Between their places.
    reason
        ``off_road``: the fixes between are off every street; ``silence``: there are none for a
        long time; ``jump``: the track goes on where nobody can have driven to; ``no_way``: no
        permitted way in the time.
    """

    from_s: float
    until_s: float
    before_fix: int
    after_fix: int
    straight_m: float
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where the track stood still.

    Attributes
    ----------
    lonlat
        On the street, WGS 84.
    from_s, until_s
        When.
    edge, offset_m, way_id
        The street, as of a fix.
    """

    lonlat: tuple[float, float]
    from_s: float
    until_s: float
    edge: int
    offset_m: float
    way_id: int


@dataclass(frozen=True, eq=False)
class MatchedPath:
    """The directed edges driven, in order; where the chain changes, there is a gap before.

    Attributes
    ----------
    edges, way_ids
        Directed edge (``2 * street + direction``) and OpenStreetMap way, shape ``(k,)``. Each
        follows from the one before by a permitted turn, or is the other direction of the same
        street where one turned round.
    from_m, to_m
        Which stretch of it, offsets in driving direction.
    enter_s, leave_s
        When, interpolated between the fixes.
    chain
        Number of its chain, rising from 0.
    """

    edges: IntArray
    way_ids: IntArray
    from_m: FloatArray
    to_m: FloatArray
    enter_s: FloatArray
    leave_s: FloatArray
    chain: IntArray

    def __len__(self) -> int:
        """Return the number of parts."""
        return len(self.edges)

    @property
    def length_m(self) -> FloatArray:
        """The length of each part, shape ``(k,)``."""
        return self.to_m - self.from_m


@dataclass(frozen=True, eq=False)
class MatchedTrack:
    """What matching found out about a track. Rows are those of the fixes as they were given.

    Attributes
    ----------
    fate
        What became of each fix, a `Fate`, shape ``(n,)``.
    edge, offset_m, way_id
        Directed edge, metres from its beginning, and OpenStreetMap way of each fix; -1, NaN and 0
        of those left out.
    lonlat, distance_m
        The place on the street, WGS 84, shape ``(n, 2)``, and how far the fix is from it; NaN of
        those left out.
    path
        What was driven.
    lines
        Its geometry, one line for each chain, WGS 84, shape ``(k, 2)``; a chain that did not move
        has one of two equal points.
    gaps, stops
        In order of time.
    sigma_m
        How much the fixes are off each way, as found; NaN where nothing matched.
    network_hash
        Content hash of the network that the edges belong to.
    """

    fate: IntArray
    edge: IntArray
    offset_m: FloatArray
    way_id: IntArray
    lonlat: FloatArray
    distance_m: FloatArray
    path: MatchedPath
    lines: tuple[FloatArray, ...]
    gaps: tuple[Gap, ...]
    stops: tuple[Stop, ...]
    sigma_m: float
    network_hash: str

    def __len__(self) -> int:
        """Return the number of fixes."""
        return len(self.fate)

    @cached_property
    def driven_m(self) -> float:
        """Metres driven along streets; gaps are not part of it."""
        return float(self.path.length_m.sum())

    @cached_property
    def matched_share(self) -> float:
        """Share of the fixes that are on a street; 0 for an empty track."""
        return float((self.fate == Fate.MATCHED).mean()) if len(self.fate) else 0.0

    def left_out(self) -> dict[Fate, int]:
        """Return how many fixes were left out, by reason; only reasons that occur."""
        counts = np.bincount(self.fate, minlength=len(Fate))
        return {fate: int(counts[fate]) for fate in Fate if fate and counts[fate]}
