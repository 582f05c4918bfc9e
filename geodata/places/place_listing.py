"""All names of a ground near a point, for a search without a server."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import text

from geodata.crs.great_circle import LonLat

_NAMES = text("""
    SELECT number, kind, category, name, name_en, name_zh, other_names, syllables, address,
           locality, ST_X(geom) AS lon, ST_Y(geom) AS lat
    FROM place
    WHERE ground_id = :ground_id
    ORDER BY geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), number
    LIMIT :most
""")
_HOUSES = text("""
    SELECT street, house, ST_X(geom) AS lon, ST_Y(geom) AS lat
    FROM address
    WHERE ground_id = :ground_id AND street = ANY(:streets)
    ORDER BY street, number
    LIMIT :most
""")


def names_near(
    connection: Connection, ground_id: int, near: LonLat, most: int
) -> Sequence[Row[Any]]:
    """Return the streets and places nearest to a point, the nearest first."""
    lon, lat = near
    asked = {"ground_id": ground_id, "lon": lon, "lat": lat, "most": most}
    return connection.execute(_NAMES, asked).all()


def houses_of(
    connection: Connection, ground_id: int, streets: Sequence[int], most: int
) -> Sequence[Row[Any]]:
    """Return the house numbers of streets, by street."""
    asked = {"ground_id": ground_id, "streets": list(streets), "most": most}
    return connection.execute(_HOUSES, asked).all()
