"""A small picture of the map, as SVG: for people without an account and for old phones.

Streets with their names, water, green and buildings around a place, cut and scaled by PostGIS. What
shows it must say where the data come from, as for the map itself.
"""

from dataclasses import dataclass
from html import escape
from typing import Any
from typing import Final

import numpy as np
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import text

from geodata.tiles.web_mercator import ground_scale
from geodata.tiles.web_mercator import project
from geodata.tiles.zoom_bands import band_of

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 480
NARROWEST_M: Final = 200.0
WIDEST_M: Final = 12_000.0
_BUILDINGS_UP_TO_M = 1_600.0
_NAMES_UP_TO_M = 2_500.0
_MOST_NAMES = 60
_CLOSE, _FAR = 16, 13  # zooms of tiles, whose shapes are drawn
_WIDTHS = {
    "motorway": 9,
    "trunk": 9,
    "primary": 8,
    "secondary": 7,
    "tertiary": 6,
    "residential": 4,
    "service": 2,
    "track": 1,
    "path": 1,
}
# Shapes come with y downwards, in pixels from the upper left corner.
_SHAPES = text("""
WITH frame AS (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 3857) AS box),
shape AS (
    SELECT layer, kind, NULL::text AS name, area_m2 AS size, geom FROM map_area, frame
    WHERE ground_id = :ground AND band = :band AND min_zoom <= :zoom
        AND layer IN ('green', 'water') AND geom && box
    UNION ALL
    SELECT 'building', kind, NULL, area_m2, geom FROM map_building, frame
    WHERE :buildings AND ground_id = :ground AND band = :band AND min_zoom <= :zoom AND geom && box
    UNION ALL
    SELECT layer, kind, coalesce(CASE WHEN :chinese THEN name_zh END, name), z_order, geom
    FROM map_line, frame
    WHERE ground_id = :ground AND band = :band AND min_zoom <= :zoom
        AND layer IN ('roads', 'road_names', 'waterways') AND geom && box
)
SELECT layer, kind, name, ST_AsSVG(seen, 0, 0) AS path, ST_Length(seen) AS length_px,
    ST_X(ST_StartPoint(longest)) AS from_x, -ST_Y(ST_StartPoint(longest)) AS from_y,
    ST_X(ST_EndPoint(longest)) AS to_x, -ST_Y(ST_EndPoint(longest)) AS to_y,
    ST_X(ST_LineInterpolatePoint(longest, 0.5)) AS x,
    -ST_Y(ST_LineInterpolatePoint(longest, 0.5)) AS y
FROM (
    SELECT layer, kind, name, size,
        ST_Affine(
            ST_ClipByBox2D(geom, box), :scale, 0, 0, :scale, -:west * :scale, -:north * :scale
        ) AS seen
    FROM shape, frame
) AS cut
LEFT JOIN LATERAL (
    SELECT part.geom AS longest FROM ST_Dump(seen) AS part
    WHERE layer = 'road_names' AND ST_GeometryType(part.geom) = 'ST_LineString'
    ORDER BY ST_Length(part.geom) DESC LIMIT 1
) AS named ON true
WHERE NOT ST_IsEmpty(seen)
ORDER BY array_position(ARRAY['green', 'water', 'waterways', 'building', 'roads', 'road_names'],
    layer), CASE WHEN layer IN ('green', 'water') THEN -size ELSE size END
""")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture shows: its centre, WGS 84 longitude first, and how many metres across."""

    lon: float
    lat: float
    width_m: float

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north in web Mercator."""
        ((x, y),) = project(np.array([[self.lon, self.lat]]))
        half = self.width_m / 2 / float(ground_scale(np.array([y]))[0])
        return x - half, y - half * HEIGHT_PX / WIDTH_PX, x + half, y + half * HEIGHT_PX / WIDTH_PX


def picture(connection: Connection, ground_id: int, frame: Frame, *, chinese: bool) -> str:
    """Return a picture of the map of a ground as SVG, 640 × 480; empty land where there is nothing.

    Its parts have classes, and the picture has the colours of the map by day.
    """
    west, south, east, north = frame.bounds()
    zoom = _CLOSE if frame.width_m <= _NAMES_UP_TO_M else _FAR
    rows = connection.execute(
        _SHAPES,
        {
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "ground": ground_id,
            "scale": WIDTH_PX / (east - west),
            "zoom": zoom,
            "band": band_of(zoom).number,
            "buildings": frame.width_m <= _BUILDINGS_UP_TO_M,
            "chinese": chinese,
        },
    ).all()
    drawn = [_shape(row.layer, row.kind, row.path) for row in rows if row.layer != "road_names"]
    named = sorted(
        (row for row in rows if row.layer == "road_names" and row.name and row.x is not None),
        key=lambda row: -row.length_px,
    )
    names: dict[str, str] = {}
    for row in named[: _MOST_NAMES * 2] if frame.width_m <= _NAMES_UP_TO_M else ():
        if row.length_px >= _room_px(row.name) and len(names) < _MOST_NAMES:
            names.setdefault(row.name, _name(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}"'
        f' width="{WIDTH_PX}" height="{HEIGHT_PX}" font-family="sans-serif" font-size="13">'
        f'<rect width="{WIDTH_PX}" height="{HEIGHT_PX}" fill="#f3f1ec"/>'
        f"{''.join(drawn)}{''.join(names.values())}</svg>"
    )


def _shape(layer: str, kind: str, path: str) -> str:
    if layer == "roads":
        width = _WIDTHS.get(kind, 3)
        return (
            f'<path d="{path}" fill="none" stroke="#8b929a" stroke-width="{width + 1}"/>'
            f'<path d="{path}" fill="none" stroke="#fff" stroke-width="{width - 0.5}"/>'
        )
    if layer == "waterways":
        return f'<path d="{path}" fill="none" stroke="#9fc4dc" stroke-width="2"/>'
    fill = {"green": "#d5e5cd", "water": "#b8d6e8", "building": "#dcd6cc"}[layer]
    return f'<path d="{path}" fill="{fill}"/>'


def _room_px(name: str) -> float:
    """Return about how long a name is: a Chinese letter is as wide as it is high."""
    return sum(13 if ord(letter) > 0x2E7F else 7 for letter in name)  # noqa: PLR2004  (CJK)


def _name(row: Row[Any]) -> str:
    turned = np.degrees(np.arctan2(row.to_y - row.from_y, row.to_x - row.from_x))
    upright = turned - 180 * np.round(turned / 180)
    return (
        f'<text x="{row.x:.0f}" y="{row.y:.0f}" dy="4" text-anchor="middle" fill="#2b333b"'
        f' stroke="#fff" stroke-width="3" paint-order="stroke"'
        f' transform="rotate({upright:.0f} {row.x:.0f} {row.y:.0f})">{escape(row.name)}</text>'
    )
