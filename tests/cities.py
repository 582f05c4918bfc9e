"""Small cities made for tests, as OpenStreetMap files whose every distance is known."""

from dataclasses import dataclass
from math import cos
from math import radians
from pathlib import Path

METRES_PER_DEGREE = 6_371_008.8 * 3.141592653589793 / 180


@dataclass(frozen=True, slots=True)
class GridCity:
    """A square grid of two-way streets, every block equally long.

    `at(column, row)` gives a crossing; columns run east, rows run north. Streets are called
    "Row 3" and "Column 5" and may be driven at 36 km/h, 10 m/s: one block of 200 m takes 20 s
    plus what turning costs.
    """

    west: float = 7.40
    south: float = 43.70
    block_m: float = 200.0
    blocks: int = 12
    one_way_rows: tuple[int, ...] = ()
    """Rows that may be driven eastwards only."""

    def at(self, column: float, row: float) -> tuple[float, float]:
        """Return longitude and latitude of a place on the grid, fractions between crossings."""
        lat = self.south + row * self.block_m / METRES_PER_DEGREE
        width = METRES_PER_DEGREE * cos(radians(self.south))
        return round(self.west + column * self.block_m / width, 7), round(lat, 7)

    def write(self, path: Path) -> Path:
        """Write the city as an .osm file and return its path."""
        side = self.blocks + 1
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for row in range(side):
            for column in range(side):
                lon, lat = self.at(column, row)
                number = 1 + row * side + column
                lines.append(f'<node id="{number}" version="1" lon="{lon}" lat="{lat}"/>')
        for index in range(side):
            across = [1 + index * side + column for column in range(side)]
            one_way = index in self.one_way_rows
            lines.append(_way(1000 + index, f"Row {index}", across, one_way=one_way))
        for index in range(side):
            upward = [1 + row * side + index for row in range(side)]
            lines.append(_way(2000 + index, f"Column {index}", upward))
        lines.append("</osm>")
        path.write_text("\n".join(lines), encoding="utf-8")
        return path


def _way(number: int, name: str, nodes: list[int], *, one_way: bool = False) -> str:
    refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
    tags = f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/><tag k="maxspeed" v="36"/>'
    if one_way:
        tags += '<tag k="oneway" v="yes"/>'
    return f'<way id="{number}" version="1">{refs}{tags}</way>'
