"""An n-gram index of names in a few arrays, for finding names similar to a query.

PostgreSQL's trigram index finds misspelt names too, but it has to fetch and compare every row that
shares a piece with the question: with 100 000 names and "rue" in a third of them that is far more
than 50 ms, and it knows neither pairs of Chinese characters nor pinyin. Here every n-gram
has the list of the names it occurs in, and a query sums up a dozen such lists.

The index is made once, by the import, and is stored with the ground; every worker reads the same.
"""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat

_NOISE = 0.2  # names that share less than this of what was typed are chance
_COMPLETE = 0.2  # how much it counts that nothing of the name is left untyped
_PER_DOUBLING = 0.03  # what each doubling of the distance beyond half a kilometre costs
_NEAR_M = 500.0


@dataclass(slots=True)
class IndexBuilder:
    """Builds the index; a place may have many names (languages, pinyin), each matched alone."""

    lonlat: list[LonLat] = field(default_factory=list)
    street: list[bool] = field(default_factory=list)
    _lists: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _owners: list[int] = field(default_factory=list)

    def add(self, lonlat: LonLat, *, street: bool, names: Iterable[set[str]]) -> int:
        """Add a place and return its number, from 0; each name is given by its n-grams."""
        number = len(self.lonlat)
        self.lonlat.append(lonlat)
        self.street.append(street)
        for found in names:
            name = len(self._owners)
            self._owners.append(number)
            for piece in found:
                self._lists[piece].append(name)
        return number

    def build(self, readings: str = "") -> "NameIndex":
        """Return the index; ``readings`` holds the pinyin of characters and is stored with it."""
        pieces = sorted(self._lists, key=_number_of)
        counts = np.array([len(self._lists[piece]) for piece in pieces], dtype=np.int64)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        members = np.empty(int(start[-1]), dtype=np.int32)
        for at, piece in enumerate(pieces):
            members[start[at] : start[at + 1]] = self._lists[piece]
        names = len(self._owners)
        weight = _weight(counts, names)
        total = np.bincount(members, np.repeat(weight, counts), minlength=names)
        return NameIndex(
            piece=np.array([_number_of(piece) for piece in pieces], dtype=np.uint64),
            start=start,
            member=members,
            total=total.astype(np.float32),
            owner=np.array(self._owners, dtype=np.int32),
            lonlat=np.array(self.lonlat, dtype=np.float32).reshape(-1, 2),
            street=np.array(self.street, dtype=np.bool_),
            readings=np.frombuffer(readings.encode(), dtype=np.uint8),
        )


@dataclass(frozen=True, slots=True, eq=False)
class NameIndex:
    """The names of ``p`` places by their n-grams.

    Attributes
    ----------
    piece
        Number of each piece, rising, uint64, shape ``(g,)``.
    start
        Where its list begins in ``member``, int64, shape ``(g + 1,)``.
    member
        Names that a piece is in, int32; each name once in a list.
    total
        Weights of all pieces of a name together, float32, shape ``(n,)``.
    owner
        Place of each name, int32, shape ``(n,)``, rising.
    lonlat
        Of each place, WGS 84, longitude first, float32 (to a metre or two), shape ``(p, 2)``.
    street
        Whether a place is a street, bool, shape ``(p,)``.
    readings
        What ``geodata.names.pinyin.Readings`` reads, UTF-8.
    """

    piece: NDArray[np.uint64]
    start: NDArray[np.int64]
    member: NDArray[np.int32]
    total: NDArray[np.float32]
    owner: NDArray[np.int32]
    lonlat: NDArray[np.float32]
    street: NDArray[np.bool_]
    readings: NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """Return the index in its stored form."""
        stream = io.BytesIO()
        arrays: Mapping[str, NDArray[np.generic]] = {
            name: getattr(self, name) for name in self.__slots__
        }
        np.savez(stream, allow_pickle=False, **arrays)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the index stored by ``to_bytes``."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in cls.__slots__})

    @classmethod
    def empty(cls) -> "NameIndex":
        """Return an index without names."""
        return IndexBuilder().build()

    def candidates(
        self,
        pieces: Sequence[set[str]],
        *,
        near: LonLat | None = None,
        limit: int = 60,
        streets_only: bool = False,
    ) -> NDArray[np.int32]:
        """Return the places whose names share most n-grams with the query, best first.

        A coarse ranking, to be refined by the caller: rare pieces count more than
        frequent ones, a name with nothing left over more than one with, and of equals the nearer
        one comes first.

        Parameters
        ----------
        pieces
            Of what was typed, once for each way to read it (letters, sounds); the best counts.
        near
            WGS 84, longitude first.
        limit
            How many places at most.
        streets_only
            Leave out all else.

        Returns
        -------
        places
            Their numbers, int32, at most ``limit``.
        """
        score = np.zeros(len(self.lonlat), dtype=np.float32)
        if not score.size:
            return np.empty(0, dtype=np.int32)
        for way in pieces:
            np.maximum.at(score, self.owner, self._scores(way))
        if streets_only:
            score[~self.street] = 0
        found = np.flatnonzero(score > 0).astype(np.int32)
        worth = score[found]
        if near is not None:
            worth = worth - far_cost(self.lonlat[found], near)
        if len(found) > limit:
            best = np.argpartition(-worth, limit)[:limit]
            found, worth = found[best], worth[best]
        return found[np.argsort(-worth, kind="stable")]

    def _scores(self, pieces: set[str]) -> NDArray[np.float32]:
        """Return the share of n-grams that each name has; 0 where it may be by chance."""
        names = len(self.owner)
        score: NDArray[np.float32] = np.zeros(names, dtype=np.float32)
        wanted = 0.0
        for number in map(_number_of, pieces):
            at = int(np.searchsorted(self.piece, np.uint64(number)))
            known = at < len(self.piece) and int(self.piece[at]) == number
            if not known:
                # A piece that no name has is a slip of the finger, or something else is meant.
                wanted += 0.5 * float(np.log1p(names))
                continue
            members = self.member[self.start[at] : self.start[at + 1]]
            weight = np.float32(_weight(np.array(len(members)), names))
            score[members] += weight
            wanted += float(weight)
        if not wanted:
            return score
        share = score / np.float32(wanted)
        complete = score / np.maximum(self.total, np.float32(1e-6))
        judged = np.where(share < _NOISE, 0, (1 - _COMPLETE) * share + _COMPLETE * complete)
        return judged.astype(np.float32)


def far_cost(lonlat: NDArray[np.floating], near: LonLat) -> NDArray[np.float32]:
    """Return the penalty of distance on a score between 0 and 1.

    The logarithm of the distance: seen from one quarter, the next quarter and the next
    but one differ; two far places do not. Shape ``(n, 2)`` gives ``(n,)``.
    """
    away_m = Plane(near[1]).distances_m(lonlat, np.array(near))
    cost: NDArray[np.float32] = (_PER_DOUBLING * np.log2(1 + away_m / _NEAR_M)).astype(np.float32)
    return cost


def _weight(counts: NDArray[np.int64], names: int) -> NDArray[np.float64]:
    weight: NDArray[np.float64] = np.log1p(names / np.maximum(counts, 1))
    return weight


def _number_of(piece: str) -> int:
    """Return the number of an n-gram: 64 bits of a hash, practically free of collisions."""
    return int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=8).digest())
