"""Join ways into streets, one for each name and quarter, and find their crossings."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat
from geodata.names.name_text import words
from geodata.places.place_reader import Spellings
from geodata.places.place_reader import StreetWay

_SAME_STREET_M = 300.0
"""Ways of one name further apart than this are streets of two villages."""
_SAME_CROSSING_M = 60.0
"""A dual carriageway meets a street twice, and that is one crossing."""
_CROSSINGS_OF_PAIR = 6
_TOO_MANY_AT_ONCE = 2_000

Nodes = NDArray[np.int64]


@dataclass(slots=True)
class NamedStreet:
    """A named street: its ways, its names, and one representative point."""

    names: Spellings
    ways: list[StreetWay] = field(default_factory=list)
    lonlat: LonLat = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A crossing of two streets, by their numbers, the lesser first."""

    street: int
    other: int
    lonlat: LonLat


def name_key(name: str) -> str:
    """Return the comparison key of a street name, independent of case."""
    return " ".join(words(name))


def join_streets(ways: Sequence[StreetWay]) -> list[NamedStreet]:
    """Return the streets that the ways belong to.

    Ways of one name whose boxes come within 300 m of each other, or of one in between, are one
    street; the same name further off is another's.
    """
    by_name: dict[str, list[StreetWay]] = defaultdict(list)
    for way in ways:
        by_name[name_key(way.names.local)].append(way)
    streets = []
    for key, alike in by_name.items():
        if not key:
            continue
        for group in _groups(alike):
            points = np.vstack([way.lonlat for way in group])
            # The point of the street that is nearest to its middle is on it, as the middle is not.
            middle = (points.min(axis=0) + points.max(axis=0)) / 2
            lon, lat = points[np.argmin(Plane(middle[1]).distances_m(points, middle))].tolist()
            streets.append(NamedStreet(_merged([way.names for way in group]), group, (lon, lat)))
    return streets


def crossings(streets: Sequence[NamedStreet]) -> list[Crossing]:
    """Return the crossings of streets with different names, once for each position."""
    pairs = [
        (way.nodes, np.full(len(way.nodes), number), way.lonlat)
        for number, street in enumerate(streets)
        for way in street.ways
    ]
    if not pairs:
        return []
    nodes = np.concatenate([pair[0] for pair in pairs])
    owners = np.concatenate([pair[1] for pair in pairs])
    lonlat = np.vstack([pair[2] for pair in pairs])
    # Sorted by node and street; a street of two ways that join has the node twice.
    _, first = np.unique(np.column_stack([nodes, owners]), axis=0, return_index=True)
    nodes, owners, lonlat = nodes[first], owners[first], lonlat[first]
    cut = np.flatnonzero(np.diff(nodes)) + 1
    found: dict[tuple[int, int], list[LonLat]] = defaultdict(list)
    for here, at in zip(np.split(owners, cut), np.concatenate([[0], cut]), strict=True):
        if len(here) > 1:
            lon, lat = lonlat[at].tolist()
            _note_pairs(found, here.tolist(), (lon, lat))
    return [
        Crossing(street, other, at)
        for (street, other), places in sorted(found.items())
        for at in places
    ]


def _note_pairs(
    found: dict[tuple[int, int], list[LonLat]], streets: Sequence[int], at: LonLat
) -> None:
    plane = Plane(at[1])
    for index, street in enumerate(streets):
        for other in streets[index + 1 :]:
            places = found[min(street, other), max(street, other)]
            away_m = plane.distances_m(np.array(places).reshape(-1, 2), np.array(at))
            if not (away_m < _SAME_CROSSING_M).any() and len(places) < _CROSSINGS_OF_PAIR:
                places.append(at)


def _groups(ways: list[StreetWay]) -> list[list[StreetWay]]:
    """Return the connected groups of ways."""
    if len(ways) == 1 or len(ways) > _TOO_MANY_AT_ONCE:
        return [ways]
    boxes = np.array([[*way.lonlat.min(axis=0), *way.lonlat.max(axis=0)] for way in ways])
    plane = Plane(float(boxes[:, 1].mean()))
    boxes = plane.project(boxes.reshape(-1, 2)).reshape(-1, 4)
    left = np.ones(len(ways), dtype=np.bool_)
    groups = []
    while left.any():
        reached = [int(np.argmax(left))]
        left[reached[0]] = False
        for one in reached:  # grows while it is walked through
            gap = np.maximum(boxes[:, :2] - boxes[one, 2:], boxes[one, :2] - boxes[:, 2:])
            near = left & (np.hypot(*np.maximum(gap, 0).T) <= _SAME_STREET_M)
            reached += np.flatnonzero(near).tolist()
            left[near] = False
        groups.append([ways[one] for one in reached])
    return groups


def _merged(spellings: Sequence[Spellings]) -> Spellings:
    """Return the names of a street from those of its ways."""
    local = spellings[0].local
    others = [name for each in spellings for name in (each.local, *each.others) if name != local]
    en = next((each.en for each in spellings if each.en), None)
    zh = next((each.zh for each in spellings if each.zh), None)
    return Spellings(local, en, zh, tuple(dict.fromkeys(others)))
