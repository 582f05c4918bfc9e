"""Assign houses to streets: the one they name, or the nearest with a name."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat
from geodata.names.house_numbers import house_key
from geodata.places.named_streets import NamedStreet
from geodata.places.named_streets import name_key
from geodata.places.place_reader import House
from geodata.places.place_reader import Spellings

_OWN_STREET_M = 1_500.0  # a house may be far from a long street's nearest mapped stretch
_NEAREST_STREET_M = 150.0


@dataclass(frozen=True, slots=True)
class StreetHouse:
    """A house and the number of its street."""

    street: int
    house: str
    key: str
    lonlat: LonLat


def settle(houses: Sequence[House], streets: list[NamedStreet]) -> list[StreetHouse]:
    """Return every house number once, with its street; streets known only by houses are appended.

    Parameters
    ----------
    houses
        As mapped; many may have one number (a shop in a building with a door of its own).
    streets
        Those with ways; grows by streets that only addresses name.
    """
    if not houses:
        return []
    plane = Plane(houses[0].lonlat[1])
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, street in enumerate(streets):
        for key in {name_key(name) for name in street.names.all()}:
            by_name[key].append(number)
    best: dict[tuple[int, str], tuple[House, StreetHouse]] = {}
    nameless = []
    for house in houses:
        if house.street is None or not name_key(house.street):
            nameless.append(house)
            continue
        street_number = _own_street(house, streets, by_name, plane)
        _keep(best, house, street_number)
    for house, number in _nearest_streets(nameless, streets, plane):
        _keep(best, house, number)
    return [settled for _, settled in best.values()]


def _keep(
    best: dict[tuple[int, str], tuple[House, StreetHouse]], house: House, street: int
) -> None:
    key = house_key(house.number)
    if not key:
        return
    known = best.get((street, key))
    if known is None or (house.of_building and not known[0].of_building):
        best[street, key] = (house, StreetHouse(street, house.number, key, house.lonlat))


def _own_street(
    house: House, streets: list[NamedStreet], by_name: dict[str, list[int]], plane: Plane
) -> int:
    name = house.street or ""
    key = name_key(name)
    at = np.array(house.lonlat)
    nearest, least_m = None, _OWN_STREET_M
    for number in by_name[key]:
        away_m = min(
            (plane.distances_m(way.lonlat, at).min() for way in streets[number].ways),
            default=plane.distances_m(np.array([streets[number].lonlat]), at).min(),
        )
        if away_m < least_m:
            nearest, least_m = number, away_m
    if nearest is None:
        nearest = len(streets)
        streets.append(NamedStreet(Spellings(name, None, None, ()), [], house.lonlat))
        by_name[key].append(nearest)
    return nearest


def _nearest_streets(
    houses: Sequence[House], streets: Sequence[NamedStreet], plane: Plane
) -> list[tuple[House, int]]:
    shapes, owners = _lines(streets, plane)
    if not houses or not shapes.size:
        return []
    at = shapely.points(plane.project(np.array([house.lonlat for house in houses])))
    pairs = shapely.STRtree(shapes).query_nearest(
        at, max_distance=_NEAREST_STREET_M, all_matches=False
    )
    return [
        (houses[house], int(owners[line]))
        for house, line in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)
    ]


def _lines(
    streets: Iterable[NamedStreet], plane: Plane
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the lines of streets in metres, and the street of each."""
    shapes, owners = [], []
    for number, street in enumerate(streets):
        for way in street.ways:
            shapes.append(shapely.linestrings(plane.project(way.lonlat)))
            owners.append(number)
    return np.array(shapes, dtype=np.object_), np.array(owners, dtype=np.int64)
