"""Combined search for places, typed coordinates, crews and incidents."""

from threading import Lock
from typing import cast

import numpy as np

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.ground.service import GroundService
from dispatch.search import board_search
from dispatch.search.board_search import JobHit
from dispatch.search.types import NearestPlace
from dispatch.search.types import PlaceKind
from dispatch.search.types import ResultKind
from dispatch.search.types import SearchResultAnswer
from dispatch.search.types import SearchResultsAnswer
from geodata.crs.great_circle import LonLat
from geodata.crs.great_circle import distance_m
from geodata.crs.typed_coordinates import Typed
from geodata.crs.typed_coordinates import read_coordinates
from geodata.ground.service import GroundInfo
from geodata.names.name_index import far_cost
from geodata.names.pinyin import Readings
from geodata.places import nearest_place
from geodata.places import service as places
from geodata.places.hits import Hit
from geodata.places.place_book import PlaceBook

DEFAULT_LIMIT = 10
MOST_RESULTS = 50
_NO_READINGS = Readings("")


class SearchService:
    """Searches by text, and describes points (reverse geocoding)."""

    def __init__(self, unit_of_work: UnitOfWork, ground: GroundService) -> None:
        self._work = unit_of_work
        self._ground = ground
        self._book: PlaceBook | None = None
        self._reading = Lock()

    def find(
        self,
        actor: Actor,
        text: str,
        *,
        near: LonLat | None = None,
        limit: int = DEFAULT_LIMIT,
    ) -> SearchResultsAnswer:
        """Return what a text may mean, the best first; of equally good answers the nearest.

        Places are for everybody who is signed in; crews and incidents only for who may see them
        all. Nobody's callers are searched.

        Parameters
        ----------
        actor
            Who asks.
        text
            What was typed.
        near
            The middle of the map, longitude first.
        limit
            At most so many results.
        """
        ground = self._ground.active()
        typed = read_coordinates(text)
        if typed:
            return {"results": [_coordinate(each, near) for each in _likely(typed, ground, near)]}
        found: list[tuple[float, SearchResultAnswer]] = []
        with self._work.reading() as session:
            book = None if ground is None else self._book_of(ground)
            if book is not None:
                connection = session.connection()
                hits = places.search(connection, book, text, near=near, limit=limit)
                found += [(hit.worth, _place(hit, near)) for hit in hits]
            readings = _NO_READINGS if book is None else book.readings
            jobs: list[JobHit] = []
            if actor.may(Permission.CREW_READ):
                jobs += board_search.find_crews(session, text, readings)
            if actor.may(Permission.INCIDENT_READ):
                jobs += board_search.find_incidents(session, text, readings)
        found += [(_worth(job, near), _job(job, near)) for job in jobs]
        found.sort(key=lambda each: -each[0])
        return {"results": [result for _, result in found[:limit]]}

    def nearest(self, actor: Actor, lon: float, lat: float) -> NearestPlace:
        """Return how somebody would call a point: an address, a street and what is near, a place.

        Parameters
        ----------
        actor
            Anybody who is signed in.
        lon, lat
            WGS 84.
        """
        del actor  # signed in is enough: it is the map in words
        ground = self._ground.active()
        found = None
        if ground is not None:
            with self._work.reading() as session:
                found = nearest_place.nearest(session.connection(), ground.id, lon, lat)
        if found is None:
            return {"kind": None, "name": None, "beside": None, "distance_m": None}
        return {
            "kind": cast("PlaceKind", found.kind),
            "name": found.label,
            "beside": found.beside,
            "distance_m": round(found.away_m, 1),
        }

    def _book_of(self, ground: GroundInfo) -> PlaceBook:
        """Return the names of the ground in use, read once after each import."""
        book = self._book
        if book is not None and book.ground_id == ground.id:
            return book
        with self._reading:  # the first to ask reads, the others wait for it
            if self._book is None or self._book.ground_id != ground.id:
                with self._work.reading() as session:
                    self._book = PlaceBook.read(session.connection(), ground.id)
            return self._book


def _likely(typed: list[Typed], ground: GroundInfo | None, near: LonLat | None) -> list[Typed]:
    """Put the order of two numbers first that lies on the ground, or nearest to what is seen."""
    if ground is not None:
        west, south, east, north = ground.bounds
        inside = [
            each
            for each in typed
            if west <= each.lonlat[0] <= east and south <= each.lonlat[1] <= north
        ]
        if inside:
            return inside
        near = near or ((west + east) / 2, (south + north) / 2)
    if near is None:
        return typed
    middle = near
    return sorted(typed, key=lambda each: distance_m(each.lonlat, middle))


def _coordinate(typed: Typed, near: LonLat | None) -> SearchResultAnswer:
    lon, lat = typed.lonlat
    result = _found("coordinate", f"{lat:.6f}, {lon:.6f}", None, typed.lonlat, near)
    result["datum"] = typed.datum.value
    return result


def _place(hit: Hit, near: LonLat | None) -> SearchResultAnswer:
    kind = cast("ResultKind", hit.kind)
    result = _found(kind, hit.label, hit.where, hit.lonlat, near)
    result["category"] = hit.category
    result["called"] = hit.called
    if hit.kind == "address":
        result["precision"] = hit.precision
        if hit.house is not None:
            result["house"] = hit.house
        if hit.precision == "interpolated":
            result["between"] = list(hit.between)
    return result


def _job(hit: JobHit, near: LonLat | None) -> SearchResultAnswer:
    result = _found(hit.kind, hit.label, hit.detail, hit.lonlat, near)
    result["id"] = hit.id
    result["state"] = hit.state
    result["incident_kind"] = hit.incident_kind
    return result


def _worth(hit: JobHit, near: LonLat | None) -> float:
    if near is None or hit.lonlat is None:
        return hit.quality
    return hit.quality - float(far_cost(np.array([hit.lonlat]), near)[0])


def _found(
    kind: ResultKind, label: str, detail: str | None, lonlat: LonLat | None, near: LonLat | None
) -> SearchResultAnswer:
    away_m = None if near is None or lonlat is None else round(distance_m(lonlat, near), 1)
    lon, lat = (None, None) if lonlat is None else lonlat
    return {
        "kind": kind,
        "label": label,
        "detail": detail,
        "lon": lon,
        "lat": lat,
        "distance_m": away_m,
    }
