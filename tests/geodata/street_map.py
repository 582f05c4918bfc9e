"""Hand-drawn streets for tests: a picture in characters becomes an .osm file.

Every letter or digit of the picture is a node; everything else is there to be looked at. One
character is 10 m wide, one line 20 m high, near the equator, so lengths can be read off.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from geodata.roads.types import RoadData

METRES_PER_DEGREE_EAST = 111_319.4908  # WGS 84 at the equator
METRES_PER_DEGREE_NORTH = 110_574.2758

Tags = Mapping[str, str]
Member = tuple[str, str | int]  # role; a node's letter or a way's number


@dataclass
class StreetMap:
    """Ways are spelled by their nodes: ``{"ABC": {"highway": "residential"}}``.

    Ways are numbered 1, 2, 3, … in the order given. Nodes of a way that are not in the picture are
    missing from the file.
    """

    picture: str
    ways: Mapping[str, Tags]
    node_tags: Mapping[str, Tags] = field(default_factory=dict)
    relations: Sequence[tuple[Tags, Sequence[Member]]] = ()
    bounds: tuple[float, float, float, float] | None = None  # declared: west, south, east, north

    def write(self, path: Path) -> Path:
        """Write the map as an .osm file and return its path."""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        if self.bounds is not None:
            sides = zip(("minlon", "minlat", "maxlon", "maxlat"), self.bounds, strict=True)
            lines.append("<bounds " + " ".join(f'{k}="{v}"' for k, v in sides) + "/>")
        for row, line in enumerate(self.picture.splitlines()):
            for column, letter in enumerate(line):
                if letter.isalnum():
                    lon = column * 10 / METRES_PER_DEGREE_EAST
                    lat = -row * 20 / METRES_PER_DEGREE_NORTH
                    tags = _tags(self.node_tags.get(letter, {}))
                    where = f'lon="{lon:.9f}" lat="{lat:.9f}"'
                    lines.append(f'<node id="{ord(letter)}" version="1" {where}>{tags}</node>')
        for number, (nodes, way_tags) in enumerate(self.ways.items(), 1):
            refs = "".join(f'<nd ref="{ord(letter)}"/>' for letter in nodes)
            lines.append(f'<way id="{number}" version="1">{refs}{_tags(way_tags)}</way>')
        for number, (relation_tags, members) in enumerate(self.relations, 1):
            xml = "".join(_member(role, ref) for role, ref in members)
            lines.append(
                f'<relation id="{number}" version="1">{xml}{_tags(relation_tags)}</relation>'
            )
        lines.append("</osm>")
        path.write_text("\n".join(lines), encoding="utf-8")
        return path


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def _member(role: str, ref: str | int) -> str:
    if isinstance(ref, str):
        return f'<member type="node" ref="{ord(ref)}" role="{role}"/>'
    return f'<member type="way" ref="{ref}" role="{role}"/>'


def edges(roads: RoadData) -> dict[str, int]:
    """Return the directed edges that may be driven, by the letters of their ends: ``{"AB": 0}``."""
    letter = [chr(number) for number in roads.node_osm_id]
    found = {}
    for segment, (start, end) in enumerate(zip(roads.segment_from, roads.segment_to, strict=True)):
        if roads.segment_forward[segment]:
            found[letter[start] + letter[end]] = 2 * segment
        if roads.segment_backward[segment]:
            found[letter[end] + letter[start]] = 2 * segment + 1
    return found


def segment(roads: RoadData, ends: str) -> int:
    """Return the segment between two letters, whichever way it was drawn."""
    found = edges(roads)
    return found.get(ends, found.get(ends[::-1], -2)) >> 1


def restrictions(roads: RoadData) -> dict[str, bool]:
    """Return the turn restrictions by the letters along them: ``{"ABC": False}`` forbids A-B-C."""
    by_edge = {edge: name for name, edge in edges(roads).items()}
    spelled = {}
    starts = roads.restriction_start
    for number, only in enumerate(roads.restriction_only):
        names = [
            by_edge[int(e)] for e in roads.restriction_path[starts[number] : starts[number + 1]]
        ]
        spelled[names[0][0] + "".join(name[1] for name in names)] = bool(only)
    return spelled


def lengths_m(roads: RoadData) -> dict[str, float]:
    """Return segment lengths by their letters in drawing order, to 0.1 m.

    OpenStreetMap keeps positions to a centimetre, so more digits would be noise.
    """
    letter = [chr(number) for number in roads.node_osm_id]
    return {
        letter[start] + letter[end]: round(float(length), 1)
        for start, end, length in zip(
            roads.segment_from, roads.segment_to, roads.segment_length_m, strict=True
        )
    }


def coordinates(roads: RoadData, number: int) -> list[tuple[float, float]]:
    """Return the points of a segment."""
    first, last = roads.geometry_start[number : number + 2]
    return [(float(x), float(y)) for x, y in np.asarray(roads.geometry_lonlat[first:last])]
