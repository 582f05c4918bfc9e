"""A search result, and how much it is worth."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from sqlalchemy import Connection

from geodata.crs.great_circle import LonLat
from geodata.names.name_index import far_cost
from geodata.places.place_book import Named
from geodata.places.place_book import PlaceBook

_STREETS = 16  # streets looked at for a house number or a crossing
_GOOD_STREET = 0.55
_PER_WEIGHT = 0.012

Precision = Literal["exact", "interpolated", "street"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result.

    Attributes
    ----------
    kind
        ``address``, ``street``, ``crossing`` or ``place``.
    label
        Its local name.
    category
        Of a place; see ``geodata.places.place_kinds``.
    called
        The name it was found by, if that is not the label.
    where
        Address or settlement.
    lonlat
        WGS 84, longitude first.
    worth
        Rank: quality of the match, less a penalty of distance.
    precision
        Of an address: ``exact``; ``interpolated`` between known houses of its street; ``street``
        if the number is not known and the position is merely the street's.
    house
        The number that was asked for, where it is not on the map.
    between
        The houses it was interpolated between; one alone if it has the same number.
    """

    kind: str
    label: str
    category: str
    called: str | None
    where: str | None
    lonlat: LonLat
    worth: float
    precision: Precision = "exact"
    house: str | None = None
    between: tuple[str, ...] = ()


def streets_named(
    connection: Connection, book: PlaceBook, text: str, near: LonLat | None
) -> list[Named]:
    """Return the streets that a text may name, the best first."""
    found = book.named(connection, text, near=near, limit=_STREETS, streets_only=True)
    return [street for street in found if street.quality >= _GOOD_STREET]


def hit_of(
    named: Named,
    kind: str,
    label: str,
    *,
    near: LonLat | None,
    at: LonLat,
    quality: float | None = None,
) -> Hit:
    """Return a named thing as a search result, its worth less by how far it is from the view."""
    worth = (named.quality if quality is None else quality) + _PER_WEIGHT * named.weight
    if near is not None:
        worth -= float(far_cost(np.array([at]), near)[0])
    called = named.called if kind == named.kind else None
    where = named.address or named.locality if kind == named.kind else named.locality
    return Hit(kind, label, named.category, called, where, at, worth)
