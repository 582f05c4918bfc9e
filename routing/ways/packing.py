"""Write the roads around a place as bytes: columns of small numbers, which gzip then halves.

The file is a line of JSON (version, tables, closures, where each column ends), a zero byte, and the
columns. A column is whole numbers of seven bits a byte, the lowest first, the eighth bit says that
more follow; where numbers may be below zero, 0, -1, 1, -2 are written 0, 1, 2, 3. Positions are in
millionths of a degree, each as the difference from the one before, so that most take two bytes.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from routing.engine.edge_weights import UNREACHABLE_MS
from routing.locate.road_stretches import EdgeIntervals
from routing.network.arrays import IntArray
from routing.ways.road_cut import RoadCut

PACK_VERSION = 1
_PER_DEGREE = 1_000_000
_TICK_MS = 10
_SHARES = 10_000
_SIGNED_FORWARD, _SIGNED_BACKWARD, _ROUNDABOUT, _BUILT, _MAIN, _ALIKE = 1, 2, 4, 8, 16, 32
_LOW, _MORE, _BITS = 0x7F, 0x80, 7
_LONGEST = 5


@dataclass(frozen=True)
class PlacedClosure:
    """A closure on the network: its number, its times, and what it closes there."""

    id: int
    from_at: datetime
    until_at: datetime | None
    intervals: EdgeIntervals


@dataclass(frozen=True)
class PackNotes:
    """What is told of the roads besides: all of it ends up in the file as it is.

    Attributes
    ----------
    place
        The centre, WGS 84, longitude first, and the radius in metres.
    profile
        Whose weights these are.
    turn_round_ms
        What setting out against a known heading costs.
    version
        What the file was made of; another one means other roads, speeds or closures.
    """

    place: tuple[float, float, float]
    profile: str
    turn_round_ms: int
    version: str


def pack_roads(cut: RoadCut, closures: Sequence[PlacedClosure], notes: PackNotes) -> bytes:
    """Return roads and closures as a file, packed by gzip."""
    columns = _columns(cut)
    ends = np.cumsum([len(content) for _, content in columns]).tolist()
    head = {
        "format": PACK_VERSION,
        "version": notes.version,
        "profile": notes.profile,
        "place": notes.place,
        "turn_round_ms": notes.turn_round_ms,
        "top_mps": round(cut.top_mps + 0.005, 2),
        "counts": {
            "nodes": len(cut.node_lonlat),
            "streets": len(cut.street_from),
            "doubles": len(cut.double_edge),
        },
        "contraflow": bool((cut.edge_ms[~cut.signed] < UNREACHABLE_MS).any()),
        "costs_ms": cut.costs_ms.tolist(),
        "names": cut.names,
        "columns": [[name, end] for (name, _), end in zip(columns, ends, strict=True)],
        "closures": [one for one in (_closure(cut, each) for each in closures) if one],
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    whole = b"\0".join((text, b"".join(content for _, content in columns)))
    return gzip.compress(whole, 9, mtime=0)


def _columns(cut: RoadCut) -> list[tuple[str, bytes]]:
    nodes = np.rint(cut.node_lonlat * _PER_DEGREE).astype(np.int64)
    signed, edge_ms = cut.signed, cut.edge_ms
    ticks = np.where(edge_ms < UNREACHABLE_MS, np.maximum(1, np.rint(edge_ms / _TICK_MS)), 0)
    forward, backward = ticks.astype(np.int64).reshape(-1, 2).T
    usable = np.stack((forward > 0, backward > 0))
    alike = (forward == backward) & usable.all(axis=0)
    flags = np.zeros(len(forward), dtype=np.int64)
    for holds, flag in (
        (signed[0::2], _SIGNED_FORWARD),
        (signed[1::2], _SIGNED_BACKWARD),
        (cut.roundabout, _ROUNDABOUT),
        (cut.built, _BUILT),
        (cut.main, _MAIN),
        (alike, _ALIKE),
    ):
        flags[holds] |= flag
    both = np.stack((forward, backward), axis=1)
    written = np.stack((usable[0], usable[1] & ~alike), axis=1)
    doubled = np.flatnonzero(cut.turn_double >= 0)
    return [
        ("node_lon", _signed(_steps(nodes[:, 0]))),
        ("node_lat", _signed(_steps(nodes[:, 1]))),
        ("from", _unsigned(_steps(cut.street_from))),
        ("to", _signed(cut.street_to - cut.street_from)),
        ("flags", _unsigned(flags)),
        ("class", _unsigned(cut.street_class)),
        ("name", _unsigned(cut.name)),
        ("ticks", _unsigned(both[written])),
        ("double_edge", _unsigned(cut.double_edge)),
        ("turn_cost", _unsigned(cut.turn_cost)),
        ("doubled_turn", _unsigned(_steps(doubled))),
        ("doubled_to", _unsigned(cut.turn_double[doubled])),
        ("points", _unsigned(np.diff(cut.inner_start))),
        *_inner_columns(cut, nodes),
    ]


def _inner_columns(cut: RoadCut, nodes: IntArray) -> list[tuple[str, bytes]]:
    """Return the points of the lines, each from the one before it, the first from the node."""
    points = np.rint(cut.inner_lonlat * _PER_DEGREE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=points[:1])
    has = np.flatnonzero(np.diff(cut.inner_start))
    first = cut.inner_start[has]
    steps[first] = points[first] - nodes[cut.street_from[has]]
    return [("lon", _signed(steps[:, 0])), ("lat", _signed(steps[:, 1]))]


def _closure(cut: RoadCut, closure: PlacedClosure) -> dict[str, object] | None:
    """Return a closure as the file tells it; None if it closes nothing here.

    Where an interval begins and ends is told in shares of its edge, rounded outwards.
    """
    intervals = closure.intervals
    own = cut.own_edges(intervals.edge)
    here = np.flatnonzero(own >= 0)
    if not len(here):
        return None
    length_m = np.maximum(cut.length_m[own[here] // 2], 1e-3)
    begin = np.floor(_SHARES * intervals.from_m[here] / length_m).clip(0, _SHARES)
    end = np.ceil(_SHARES * intervals.to_m[here] / length_m).clip(0, _SHARES)
    until = closure.until_at
    return {
        "id": closure.id,
        "from_ms": int(closure.from_at.timestamp() * 1000),
        "until_ms": None if until is None else int(until.timestamp() * 1000),
        "edges": own[here].tolist(),
        "begin": begin.astype(int).tolist(),
        "end": end.astype(int).tolist(),
    }


def _steps(values: IntArray) -> IntArray:
    return np.diff(values, prepend=0)


def _signed(values: IntArray) -> bytes:
    return _unsigned(np.where(values < 0, -2 * values - 1, 2 * values))


def _unsigned(values: IntArray) -> bytes:
    """Return numbers from 0 on, seven bits a byte, the lowest first."""
    rest = np.asarray(values, dtype=np.int64)
    places = np.zeros((len(rest), _LONGEST), dtype=np.uint8)
    used = np.ones((len(rest), _LONGEST), dtype=np.bool_)
    for place in range(_LONGEST):
        used[:, place] = rest > 0 if place else True
        low = rest & _LOW
        rest = rest >> _BITS
        places[:, place] = low | np.where(rest > 0, _MORE, 0)
    return places[used].tobytes()
