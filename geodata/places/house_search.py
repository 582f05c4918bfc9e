"""Find house numbers: those on the map, those between them, and those that nobody knows."""

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import shapely
from sqlalchemy import Connection
from sqlalchemy import text as sql

from geodata.crs.great_circle import LonLat
from geodata.names.house_numbers import address_label
from geodata.names.house_numbers import leading_number
from geodata.names.house_numbers import split_address
from geodata.names.name_text import words
from geodata.places.hits import Hit
from geodata.places.hits import hit_of
from geodata.places.hits import streets_named
from geodata.places.house_estimates import KnownHouse
from geodata.places.house_estimates import estimate
from geodata.places.place_book import Named
from geodata.places.place_book import PlaceBook

_SURE_STREET = 0.85
_BEGINNING = 0.95  # the number with a letter behind it, or a range that holds it
_ESTIMATED = 0.9  # the number is not mapped, but others on both sides are
_NUMBER_UNKNOWN = 0.8  # only its street is known
_CONTINUED = 0.78  # a longer number, while it is being typed
_MOST_UNKNOWN = 3
_HOUSES = sql("""
    SELECT street, house, house_key, ST_X(geom) AS lon, ST_Y(geom) AS lat
    FROM address
    WHERE ground_id = :ground_id AND street = ANY(:streets)
""")
_LINES = sql("""
    SELECT ST_AsBinary(geom) FROM street_line WHERE ground_id = :ground_id AND street = :street
""")


def houses_named(
    connection: Connection, book: PlaceBook, text: str, near: LonLat | None
) -> tuple[list[Hit], set[int]]:
    """Return the houses of a text, and the streets of those whose number is not known."""
    hits: list[Hit] = []
    longer: list[Hit] = []
    unknown: list[tuple[Named, str]] = []
    for street, house, rows in _readings(connection, book, text, near):
        known = [
            (share, _house_hit(street, row, share, near)) for row, share in _matching(rows, house)
        ]
        longer += [hit for share, hit in known if share == _CONTINUED]
        these = [hit for share, hit in known if share > _CONTINUED]
        # The year of "Rue du 8 Mai 1945" is no number of a house on it.
        if not these and street.quality >= _SURE_STREET and house not in words(street.name):
            these = _estimated(connection, book, street, house, rows, near)
            if not these and leading_number(house) is not None:
                unknown.append((street, house))
        hits += these
    unknown = unknown[:_MOST_UNKNOWN]
    streets = [_only_street(street, house, near) for street, house in unknown]
    return [*hits, *streets, *longer], {street.number for street, _ in unknown}


def _readings(
    connection: Connection, book: PlaceBook, text: str, near: LonLat | None
) -> Iterator[tuple[Named, str, list[Any]]]:
    """Yield each street and number that a text may mean, with the known houses of the street."""
    for street_text, house in split_address(text):
        streets = streets_named(connection, book, street_text, near)
        if not streets:
            continue
        numbers = [street.number for street in streets]
        rows = connection.execute(_HOUSES, {"ground_id": book.ground_id, "streets": numbers}).all()
        for street in streets:
            yield street, house, [row for row in rows if row.street == street.number]


def _house_hit(street: Named, row: Any, share: float, near: LonLat | None) -> Hit:  # noqa: ANN401  (a row of the statement above)
    label = address_label(street.name, row.house)
    worth = street.quality * share
    return hit_of(street, "address", label, near=near, at=(row.lon, row.lat), quality=worth)


def _matching(rows: Iterable[Any], house: str) -> Iterable[tuple[Any, float]]:
    """Yield the known houses of a number, and those whose number begins with it."""
    for row in rows:
        key = row.house_key
        if key == house:
            yield row, 1.0
        elif key.endswith(f"-{house}") or _holds(key, house):
            yield row, _BEGINNING
        elif key.startswith(house):
            longer = key[len(house) :][:1].isdigit()
            yield row, _CONTINUED if longer else _BEGINNING


def _holds(key: str, house: str) -> bool:
    """Return whether a range such as "10-14" holds a number of its own side."""
    first, dash, last = key.partition("-")
    if not (dash and first.isdigit() and last.isdigit() and house.isdigit()):
        return False
    low, wanted, high = int(first), int(house), int(last)
    return low <= wanted <= high and (wanted - low) % 2 == 0


def _estimated(
    connection: Connection,
    book: PlaceBook,
    street: Named,
    house: str,
    rows: Iterable[Any],
    near: LonLat | None,
) -> list[Hit]:
    """Return a house that is not mapped, between those of its side of the street that are."""
    wanted = leading_number(house)
    known = [
        KnownHouse(number, row.house, (row.lon, row.lat))
        for row in rows
        if (number := leading_number(row.house_key)) is not None
    ]
    if wanted is None or not known:
        return []
    asked = {"ground_id": book.ground_id, "street": street.number}
    lines = shapely.from_wkb([bytes(row[0]) for row in connection.execute(_LINES, asked)])
    guess = estimate(wanted, known, list(lines))
    if guess is None:
        return []
    worth = street.quality * _ESTIMATED
    label = address_label(street.name, house)
    hit = hit_of(street, "address", label, near=near, at=guess.lonlat, quality=worth)
    between = tuple(each.house for each in guess.between)
    return [replace(hit, precision="interpolated", house=house, between=between)]


def _only_street(street: Named, house: str, near: LonLat | None) -> Hit:
    """Return the street in place of a house on it that nobody knows, with the number kept."""
    label = address_label(street.name, house)
    worth = street.quality * _NUMBER_UNKNOWN
    hit = hit_of(street, "address", label, near=near, at=street.lonlat, quality=worth)
    return replace(hit, precision="street", house=house)
