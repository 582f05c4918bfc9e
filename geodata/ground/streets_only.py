"""Map and search of a ground that has only streets, as imported from osmnx graphs."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.places.place_reader import Spellings
from geodata.places.place_reader import StreetWay
from geodata.roads.types import BRIDGE
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import TUNNEL
from geodata.roads.types import RoadData
from geodata.tiles.map_features import DrawnLine
from geodata.tiles.map_features import Names
from geodata.tiles.map_layers import line_meaning

# Points between junctions have no number of their own; theirs begin where nobody's are.
_BETWEEN = -(10**12)


def drawn_lines(roads: RoadData) -> Iterator[DrawnLine]:
    """Yield every street as a line of the base map."""
    for segment, lonlat in enumerate(_lines(roads)):
        flags = int(roads.segment_flags[segment])
        forward, backward = roads.segment_forward[segment], roads.segment_backward[segment]
        tags = {"highway": ROAD_CLASSES[roads.segment_class[segment]]}
        tags |= {"bridge": "yes"} if flags & BRIDGE else {}
        tags |= {"tunnel": "yes"} if flags & TUNNEL else {}
        tags["oneway"] = "yes" if forward != backward else "no"
        meaning = line_meaning(tags)
        if meaning is not None:
            name = roads.names[roads.segment_name[segment]] or None
            wkb = str(shapely.to_wkb(shapely.LineString(lonlat), hex=True))
            yield DrawnLine(meaning, bool(backward and not forward), Names(name, None, None), wkb)


def street_ways(roads: RoadData) -> Iterator[StreetWay]:
    """Yield every named street as a way for the search; junctions are shared nodes."""
    between = _BETWEEN
    ends = roads.node_osm_id
    for segment, lonlat in enumerate(_lines(roads)):
        name = roads.names[roads.segment_name[segment]]
        if not name:
            continue
        nodes = np.arange(between, between + len(lonlat), dtype=np.int64)
        between += len(lonlat)
        nodes[0] = ends[roads.segment_from[segment]]
        nodes[-1] = ends[roads.segment_to[segment]]
        yield StreetWay(Spellings(name, None, None, ()), nodes, lonlat)


def _lines(roads: RoadData) -> Iterator[NDArray[np.float64]]:
    for begin, end in zip(roads.geometry_start[:-1], roads.geometry_start[1:], strict=True):
        yield roads.geometry_lonlat[begin:end]
