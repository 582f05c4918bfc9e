"""Reverse geocoding: the nearest address, else the street and what is near it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from geodata.crs.flat_plane import Plane
from geodata.names.house_numbers import address_label

_ADDRESS_M = 60.0
"""A house this near is where people would say it is."""
_STREET_M = 300.0
_PLACE_M = 1_500.0
_BESIDE_M = 150.0

_BOX = """ST_MakeEnvelope(
    :lon - :east, :lat - :north, :lon + :east, :lat + :north, 4326)"""
_HERE = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography"
_ADDRESS = sql(f"""
    SELECT a.house, p.name AS street,
           ST_Distance(a.geom::geography, {_HERE}, false) AS away_m
    FROM address a JOIN place p ON p.ground_id = a.ground_id AND p.number = a.street
    WHERE a.ground_id = :ground_id AND a.geom && {_BOX}
    ORDER BY away_m LIMIT 1
""")  # noqa: S608  (our own constants)
_STREET = sql(f"""
    SELECT p.number, p.name, ST_Distance(l.geom::geography, {_HERE}, false) AS away_m
    FROM street_line l JOIN place p ON p.ground_id = l.ground_id AND p.number = l.street
    WHERE l.ground_id = :ground_id AND l.geom && {_BOX}
    ORDER BY away_m LIMIT 1
""")  # noqa: S608  (our own constants)
_BESIDE = sql(f"""
    SELECT name, away_m FROM (
        SELECT p.name, ST_Distance(c.geom::geography, {_HERE}, false) AS away_m
        FROM street_crossing c JOIN place p ON p.ground_id = c.ground_id
             AND p.number = CASE WHEN c.street = :street THEN c.other ELSE c.street END
        WHERE c.ground_id = :ground_id AND (c.street = :street OR c.other = :street)
          AND c.geom && {_BOX}
        UNION ALL
        SELECT name, ST_Distance(geom::geography, {_HERE}, false)
        FROM place
        WHERE ground_id = :ground_id AND kind = 'place' AND weight > 0 AND geom && {_BOX}
    ) beside
    ORDER BY away_m LIMIT 1
""")  # noqa: S608  (our own constants)
_PLACE = sql(f"""
    SELECT name, ST_Distance(geom::geography, {_HERE}, false) AS away_m
    FROM place
    WHERE ground_id = :ground_id AND kind = 'place' AND geom && {_BOX}
    ORDER BY away_m LIMIT 1
""")  # noqa: S608  (our own constants)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest named feature of a point.

    Attributes
    ----------
    kind
        ``address``, ``street`` or ``place``.
    label
        The address, the street's name, or that of a place beside no street.
    beside
        Of a street: what is near on it, a crossing street or a place; None if nothing is.
    away_m
        Metres from the point to what ``label`` names.
    """

    kind: str
    label: str
    beside: str | None
    away_m: float


def nearest(connection: Connection, ground_id: int, lon: float, lat: float) -> Nearest | None:
    """Return a description of a point, None where nothing named is within 1.5 km."""
    asked = {"ground_id": ground_id, "lon": lon, "lat": lat}
    house = _first(connection, _ADDRESS, asked, _ADDRESS_M)
    street = _first(connection, _STREET, asked, _STREET_M)
    if house is not None:
        return Nearest("address", address_label(house.street, house.house), None, house.away_m)
    if street is not None:
        beside = _first(connection, _BESIDE, {**asked, "street": street.number}, _BESIDE_M)
        name = beside.name if beside is not None and beside.name != street.name else None
        return Nearest("street", street.name, name, street.away_m)
    place = _first(connection, _PLACE, asked, _PLACE_M)
    return None if place is None else Nearest("place", place.name, None, place.away_m)


def nearest_street(connection: Connection, ground_id: int, lon: float, lat: float) -> str | None:
    """Return the name of the street nearest to a point; None where none is within 300 m."""
    asked = {"ground_id": ground_id, "lon": lon, "lat": lat}
    street = _first(connection, _STREET, asked, _STREET_M)
    return None if street is None else str(street.name)


def _first(connection: Connection, statement: Any, asked: dict[str, Any], reach_m: float) -> Any:  # noqa: ANN401  (statements and rows of any shape)
    """Return the nearest row of a statement within a radius, by box first, then true distance."""
    east, north = Plane(asked["lat"]).degrees(reach_m)
    row = connection.execute(statement, {**asked, "north": north, "east": east}).first()
    return row if row is not None and row.away_m <= reach_m else None
