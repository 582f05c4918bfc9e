"""Search a ground by text: places, streets, house numbers, crossings."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat
from geodata.names.address_parts import street_parts
from geodata.names.street_pairs import is_certain
from geodata.names.street_pairs import street_pairs
from geodata.places.hits import Hit
from geodata.places.hits import hit_of
from geodata.places.hits import streets_named
from geodata.places.house_search import houses_named
from geodata.places.place_book import Named
from geodata.places.place_book import PlaceBook

_CLOSELY = 60  # names looked at for a plain question
_WORSE = 0.33
_WELL_ANSWERED = 0.7
_MEETING_M = 40.0
"""Streets that meet over an unnamed link or a roundabout come this close."""
_MEETING_BOX_M = 45.0
"""A box in degrees, on a sphere and at one latitude, that is sure to hold them."""

_MEETINGS = sql("""
    SELECT street, other, ST_X(geom) AS lon, ST_Y(geom) AS lat
    FROM street_crossing
    WHERE ground_id = :ground_id
      AND (street = ANY(:ones) AND other = ANY(:others)
           OR street = ANY(:others) AND other = ANY(:ones))
    LIMIT 200
""")
_NEAR_MEETINGS = sql("""
    SELECT street, other, ST_X(at) AS lon, ST_Y(at) AS lat
    FROM (
        SELECT a.street, b.street AS other, ST_ClosestPoint(a.geom, b.geom) AS at,
               ST_Distance(a.geom::geography, b.geom::geography) AS apart_m
        FROM street_line a JOIN street_line b ON a.ground_id = b.ground_id
        WHERE a.ground_id = :ground_id AND a.street = ANY(:ones) AND b.street = ANY(:others)
          AND a.street <> b.street AND a.geom && ST_Expand(b.geom, :east, :north)
        ORDER BY apart_m LIMIT 20
    ) meeting
    WHERE apart_m <= :near_m
    ORDER BY apart_m
""")
_ALL_MEETINGS = sql("""
    SELECT c.street, c.other, p.name, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
    FROM street_crossing c
    JOIN place p ON p.ground_id = c.ground_id
      AND p.number = CASE WHEN c.street = :street THEN c.other ELSE c.street END
    WHERE c.ground_id = :ground_id AND (c.street = :street OR c.other = :street)
    LIMIT 300
""")


def search(
    connection: Connection, book: PlaceBook, text: str, *, near: LonLat | None, limit: int
) -> list[Hit]:
    """Return the search results of a text, the best first, equal ones by distance.

    Parameters
    ----------
    connection
        To the ground's database.
    book
        The names of the ground in use.
    text
        As typed: part of a name, misspelt, Latin letters, Chinese or pinyin; with a house number;
        or two streets ("A / B", "A & B", "A与B路口").
    near
        Centre of the map view, WGS 84, longitude first.
    limit
        How many answers at most.
    """
    hits = _answers(connection, book, text, near)
    if max((hit.worth for hit in hits), default=0.0) < _WELL_ANSWERED:
        for part in street_parts(text):
            hits += _plain(connection, book, part, near)
    hits.sort(key=lambda hit: -hit.worth)
    # When something is right, what is merely like it would only be in the way.
    least = hits[0].worth - _WORSE if hits else 0.0
    return list(_distinct(hit for hit in hits if hit.worth >= least))[:limit]


def _answers(connection: Connection, book: PlaceBook, text: str, near: LonLat | None) -> list[Hit]:
    met = _crossings(connection, book, text, near)
    if met and is_certain(text):
        return met  # nothing is called "A / B" but the crossing
    return [*met, *_plain(connection, book, text, near)]


def _plain(connection: Connection, book: PlaceBook, text: str, near: LonLat | None) -> list[Hit]:
    """Return matching houses and names, without crossings."""
    named = book.named(connection, text, near=near, limit=_CLOSELY)
    houses, numberless = houses_named(connection, book, text, near)
    return [
        *houses,
        *(
            hit_of(each, each.kind, each.name, near=near, at=each.lonlat)
            for each in named
            if each.number not in numberless  # it is there already, with the number
        ),
    ]


def _crossings(
    connection: Connection, book: PlaceBook, text: str, near: LonLat | None
) -> list[Hit]:
    hits = []
    for left, right in street_pairs(text):
        ones = streets_named(connection, book, left, near)
        if not ones:
            continue
        if not right:
            hits += _along(connection, book, ones[0], near)
            continue
        others = streets_named(connection, book, right, near)
        if not others:
            continue
        asked = {
            "ground_id": book.ground_id,
            "ones": [street.number for street in ones],
            "others": [street.number for street in others],
        }
        rows = connection.execute(_MEETINGS, asked).all()
        if not rows:
            farthest = max(abs(street.lonlat[1]) for street in others)
            east, north = Plane(farthest).degrees(_MEETING_BOX_M)
            box = {"east": east, "north": north, "near_m": _MEETING_M}
            rows = connection.execute(_NEAR_MEETINGS, {**asked, **box}).all()
        hits += [_crossing(row, ones, others, near) for row in rows]
    return hits


def _crossing(row: Any, ones: Sequence[Named], others: Sequence[Named], near: LonLat | None) -> Hit:  # noqa: ANN401  (a row of the statements above)
    numbers = {row.street, row.other}
    first = next(street for street in ones if street.number in numbers)
    # Both streets may answer both halves; the other is the one that is left.
    left = numbers - {first.number}
    second = next((street for street in others if street.number in left), first)
    both = _streets_worth(first, second)
    label = f"{first.name} / {second.name}"
    return hit_of(first, "crossing", label, near=near, at=(row.lon, row.lat), quality=both)


def _streets_worth(first: Named, second: Named) -> float:
    return (first.quality + second.quality) / 2


def _along(
    connection: Connection, book: PlaceBook, street: Named, near: LonLat | None
) -> list[Hit]:
    """Return all crossings of a street, while the second street is not yet typed."""
    rows = connection.execute(
        _ALL_MEETINGS, {"ground_id": book.ground_id, "street": street.number}
    ).all()
    return [
        hit_of(street, "crossing", f"{street.name} / {row.name}", near=near, at=(row.lon, row.lat))
        for row in rows
    ]


def _distinct(hits: Iterable[Hit]) -> Iterable[Hit]:
    """Return results without those of equal text at nearly the same position."""
    seen = set()
    for hit in hits:
        spot = (hit.kind, hit.label, hit.where, round(hit.lonlat[0], 3), round(hit.lonlat[1], 3))
        if spot not in seen:
            seen.add(spot)
            yield hit
