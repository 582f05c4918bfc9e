"""The name index of a ground in memory, and the matching rows of the table of places."""

from dataclasses import dataclass
from typing import Any
from typing import Self

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Integer

from geodata.crs.great_circle import LonLat
from geodata.names.name_index import NameIndex
from geodata.names.name_matching import NameQuery
from geodata.names.name_matching import quality
from geodata.names.name_matching import spoken
from geodata.names.pinyin import Readings
from geodata.places.models import Place
from geodata.places.models import PlaceIndex

_LEAST_QUALITY = 0.45
_LONGEST_QUESTION = 120
_ROWS = select(
    Place.number,
    Place.kind,
    Place.category,
    Place.name,
    Place.name_en,
    Place.name_zh,
    Place.other_names,
    Place.syllables,
    Place.address,
    Place.locality,
    Place.weight,
    func.ST_X(Place.geom).label("lon"),
    func.ST_Y(Place.geom).label("lat"),
).where(
    Place.ground_id == bindparam("ground_id"),
    Place.number == func.any(bindparam("numbers", type_=ARRAY(Integer))),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A place that matches a query; ``called`` is the matching name, if not the local one."""

    number: int
    kind: str
    category: str
    name: str
    called: str | None
    address: str | None
    locality: str | None
    weight: int
    lonlat: LonLat
    quality: float


@dataclass(frozen=True, slots=True, eq=False)
class PlaceBook:
    """The name index of one ground, held in memory by every worker that searches."""

    ground_id: int
    index: NameIndex
    readings: Readings

    @classmethod
    def read(cls, connection: Connection, ground_id: int) -> Self:
        """Return the index of a ground; empty for a ground imported by an older version."""
        stored = connection.scalar(
            select(PlaceIndex.content).where(PlaceIndex.ground_id == ground_id)
        )
        index = NameIndex.empty() if stored is None else NameIndex.from_bytes(stored)
        return cls(ground_id, index, Readings(index.readings.tobytes().decode()))

    def named(
        self,
        connection: Connection,
        text: str,
        *,
        near: LonLat | None,
        limit: int,
        streets_only: bool = False,
    ) -> list[Named]:
        """Return the places whose names match a text, best matches first.

        Parameters
        ----------
        near
            Of places that match about as well, those near this position are examined.
        limit
            Number of candidates to compare.
        """
        query = NameQuery.read(text[:_LONGEST_QUESTION], self.readings)
        numbers = self.index.candidates(
            query.ways(), near=near, limit=limit, streets_only=streets_only
        )
        if not len(numbers):
            return []
        rows = connection.execute(
            _ROWS, {"ground_id": self.ground_id, "numbers": numbers.tolist()}
        ).all()
        found = (_judged(query, row) for row in rows)
        return sorted(
            (each for each in found if each.quality >= _LEAST_QUALITY),
            key=lambda each: -each.quality,
        )


def _judged(query: NameQuery, row: Any) -> Named:  # noqa: ANN401  (a row of the statement above)
    names = (row.name, row.name_en, row.name_zh, *row.other_names)
    best, called = 0.0, row.name
    for name in dict.fromkeys(name for name in names if name):
        worth = max((quality(query, each) for each in spoken([name], row.syllables)), default=0.0)
        if worth > best:
            best, called = worth, name
    return Named(
        number=row.number,
        kind=row.kind,
        category=row.category,
        name=row.name,
        called=None if called == row.name else called,
        address=row.address,
        locality=row.locality,
        weight=row.weight,
        lonlat=(row.lon, row.lat),
        quality=best,
    )
