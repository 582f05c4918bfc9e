"""Draws the pictures of docs/routing.md from real answers.

``python -m tests.benchmarks.routing.pictures porto.osm.pbf`` writes ``docs/images/*.svg``: a route
with its manoeuvres, a reach, and the same route before and under a closure.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import numpy as np
import shapely

from geodata.roads.types import ROAD_CLASSES
from routing.closures.types import Closure
from routing.network.arrays import FloatArray
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from tests.benchmarks.routing.measures import NOW
from tests.benchmarks.routing.measures import area_of

_FOLDER = cluster.CHECKOUT / "docs" / "images"
_WIDE = 880
_MARGIN = 0.12
_PAPER, _ROAD, _MAJOR, _INK = "#f4f1ea", "#ffffff", "#fbe3a5", "#1d2733"
_BLUE, _GREY, _RED, _GREEN = "#1f6feb", "#7c8794", "#d1242f", "#1a7f37"
_SECONDARY = ROAD_CLASSES.index("secondary_link")
_RESIDENTIAL = ROAD_CLASSES.index("living_street")
# A crew in the Bonfim district of Porto and a burst pipe near the Boavista roundabout.
_CREW, _INCIDENT = (-8.5975, 41.1525), (-8.6300, 41.1585)


@dataclass
class Picture:
    """Lines and areas in a window of the city, as SVG.

    Attributes
    ----------
    west, south, east, north
        The window, degrees.
    """

    west: float
    south: float
    east: float
    north: float
    parts: list[str] = field(default_factory=list)

    @classmethod
    def around(cls, lonlat: FloatArray) -> "Picture":
        """Return a window around some positions, a margin wider."""
        low, high = lonlat.min(axis=0), lonlat.max(axis=0)
        room = _MARGIN * (high - low).max()
        return cls(*(low - room).tolist(), *(high + room).tolist())

    @property
    def _scale(self) -> FloatArray:
        """Pixels to a degree of longitude and of latitude."""
        metres = np.stack(metres_per_degree(np.array((self.south + self.north) / 2)))
        return np.asarray(_WIDE / ((self.east - self.west) * metres[0]) * metres)

    def streets(self, network: RoadNetwork, *, down_to: int = _RESIDENTIAL) -> None:
        """Draw the streets of the window, those of the main classes broader."""
        roads, start = network.roads, network.roads.geometry_start
        lonlat = roads.geometry_lonlat
        low = np.minimum.reduceat(lonlat, start[:-1])
        high = np.maximum.reduceat(lonlat, start[:-1])
        seen = (low <= (self.east, self.north)).all(axis=1)
        seen &= (high >= (self.west, self.south)).all(axis=1)
        for classes, colour, width in (
            ((_SECONDARY + 1, down_to), _ROAD, 2),
            ((0, _SECONDARY), _MAJOR, 4),
        ):
            chosen = np.flatnonzero(
                seen & (roads.segment_class >= classes[0]) & (roads.segment_class <= classes[1])
            )
            lines = [lonlat[start[street] : start[street + 1]] for street in chosen.tolist()]
            self.lines(lines, colour, width)

    def lines(self, lines: Iterable[FloatArray], colour: str, width: float, more: str = "") -> None:
        """Draw lines in one colour; ``more`` are attributes."""
        self.parts.append(
            f'<path d="{"".join(map(self._path, lines))}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"{more}/>'
        )

    def area(self, area: shapely.Geometry, colour: str, opacity: float) -> None:
        """Fill an area, holes left open."""
        rings = [
            np.asarray(ring.coords)
            for polygon in shapely.get_parts(area)
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        self.parts.append(
            f'<path d="{"".join(self._path(ring) + "Z" for ring in rings)}" fill="{colour}" '
            f'fill-opacity="{opacity}" fill-rule="evenodd" stroke="{colour}" stroke-width="1.5"/>'
        )

    def dot(self, lonlat: tuple[float, float], colour: str, label: str = "") -> None:
        """Mark a place."""
        (x, y) = self._pixels(np.array([lonlat]))[0].tolist()
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour}" stroke="#fff" '
            'stroke-width="2"/>'
        )
        if label:
            self.parts.append(
                f'<text x="{x + 10:.1f}" y="{y - 8:.1f}" stroke="{_PAPER}" stroke-width="4" '
                f'paint-order="stroke">{label}</text>'
            )

    def save(self, path: Path) -> None:
        """Write the picture."""
        tall = (self.north - self.south) * float(self._scale[1])
        source = (
            f'<text x="{_WIDE - 8}" y="{tall - 8:.0f}" text-anchor="end" font-size="11" '
            f'fill="{_GREY}">Roads © OpenStreetMap contributors</text>'
        )
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{tall:.0f}" '
            f'viewBox="0 0 {_WIDE} {tall:.0f}" font-family="sans-serif" font-size="14" '
            f'font-weight="600" fill="{_INK}">'
        )
        text = "\n".join(
            (
                head,
                f'<rect width="{_WIDE}" height="{tall:.0f}" fill="{_PAPER}"/>',
                *self.parts,
                source,
                "</svg>\n",
            )
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _pixels(self, lonlat: FloatArray) -> FloatArray:
        away = lonlat - (self.west, self.north)
        return np.asarray(away * self._scale * (1.0, -1.0))

    def _path(self, lonlat: FloatArray) -> str:
        """Return a line in whole pixels, each once."""
        pixels = np.rint(self._pixels(lonlat)).astype(int)
        moved = np.ones(len(pixels), dtype=np.bool_)
        moved[1:] = (np.diff(pixels, axis=0) != 0).any(axis=1)
        return "M" + "L".join(f"{x} {y}" for x, y in pixels[moved].tolist())


def main() -> None:
    """Draw all three."""
    router = Router(RoadNetwork.from_osm(sys.argv[1]))
    route(router).save(_FOLDER / "route.svg")
    reach(router).save(_FOLDER / "reach.svg")
    closure(router).save(_FOLDER / "closure.svg")


def route(router: Router) -> Picture:
    """Draw a route and where its driver is told something."""
    found = router.route([_CREW], [_INCIDENT])
    picture = Picture.around(found.line)
    picture.streets(router.network)
    picture.lines([found.line], _BLUE, 5)
    for step in router.guide(found, "en").steps[1:-1]:
        picture.dot(step.lonlat, _INK)
    minutes = f"{found.length_m / 1000:.1f} km, {found.travel_time_s / 60:.1f} min"
    picture.dot(_CREW, _GREEN, "crew")
    picture.dot(_INCIDENT, _RED, f"incident: {minutes}")
    return picture


def reach(router: Router) -> Picture:
    """Draw how far a crew gets in three and in six minutes."""
    found = router.reach([_CREW], [180.0, 360.0])
    picture = Picture.around(shapely.get_coordinates(found.areas[1]))
    picture.streets(router.network, down_to=_SECONDARY + 2)
    for area, opacity in zip(reversed(found.areas), (0.18, 0.28), strict=True):
        picture.area(area, _BLUE, opacity)
    picture.dot(_CREW, _GREEN, "3 and 6 minutes from here")
    return picture


def closure(router: Router) -> Picture:
    """Draw a route, a polygon closed on its way, and the route that is taken then."""
    before = router.route([_CREW], [_INCIDENT])
    middle = before.line[len(before.line) // 2]
    area = area_of(router, (float(middle[0]), float(middle[1])), 60)
    closed = router.set_closures([Closure("works", area, NOW)], NOW).closed
    after = router.route([_CREW], [_INCIDENT])
    router.set_closures([], NOW)
    shut = [] if closed is None else np.unique(closed.edge // 2).tolist()
    start, lonlat = router.network.roads.geometry_start, router.network.roads.geometry_lonlat
    drawn = [shapely.LineString(lonlat[start[street] : start[street + 1]]) for street in shut]
    inside = shapely.get_parts(shapely.intersection(drawn, area.polygon))
    picture = Picture.around(np.vstack((before.line, after.line)))
    picture.streets(router.network)
    picture.area(area.polygon, _RED, 0.12)
    pieces = [shapely.get_coordinates(piece) for piece in inside if piece.length > 0]
    picture.lines(pieces, _RED, 2)
    picture.lines([before.line], _GREY, 4, ' stroke-dasharray="2 8"')
    picture.lines([after.line], _BLUE, 5)
    picture.dot(_CREW, _GREEN, "crew")
    longer_s = after.travel_time_s - before.travel_time_s
    picture.dot(_INCIDENT, _RED, f"incident: {longer_s:.0f} s later than through the closure")
    return picture


if __name__ == "__main__":
    main()
