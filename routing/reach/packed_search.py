"""One bounded search for each of many origins, as plain arrays that any process can map.

A study of many sites needs no hierarchy: "whom does this site reach in ten minutes" is Dijkstra
with a limit, and needs turns, weights, and what arrives on each street. Put into files these are
read by every process of a machine from the same pages: the network is in memory once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import Self

import numpy as np

from routing.closures.endpoint_distances import EndpointDistances
from routing.closures.endpoint_distances import join_seeds
from routing.engine.edge_expansion import Expansion
from routing.errors import EngineError
from routing.locate.endpoints import Endpoints
from routing.network.arrays import FloatArray
from routing.network.arrays import Int32Array
from routing.network.arrays import IntArray
from routing.network.arrays import ranges

if TYPE_CHECKING:
    from routing.reach.target_search import Beginnings
    from routing.reach.target_search import TurnArrays
    from routing.reach.target_search import Workspace

# Closed targets are searched backwards, for so many origins at a time.
_STARTS_PER_BATCH = 4096


class Reached(NamedTuple):
    """Targets within the limit, ascending, and the time to each in whole milliseconds."""

    target: Int32Array
    time_ms: Int32Array


class FirstReached(NamedTuple):
    """The same, with the origin that is first at each."""

    target: Int32Array
    time_ms: Int32Array
    origin: Int32Array


@dataclass(frozen=True, eq=False)
class PackedSearch:
    """Searches from some origins to some targets under one set of weights and closures.

    Attributes
    ----------
    leaving_start, arc_to, arc_ms, state_edge
        States, arcs and weights as in `routing.engine.edge_expansion.Expansion`, closures included.
    arrival_start, arrival_target, arrival_ms
        On edge ``e`` arrive the targets ``arrival_target[arrival_start[e]:arrival_start[e + 1]]``,
        so long after the beginning of the edge.
    seed_start, seed, seed_ms
        Origin ``i`` begins at the states ``seed[seed_start[i]:seed_start[i + 1]]``.
    known_start, known, known_ms
        Targets whose time is known beforehand, in the same fashion: ahead on the origin's own
        street, or inside a closure.
    limits
        The number of targets and the time limit, milliseconds.
    """

    leaving_start: Int32Array
    arc_to: Int32Array
    arc_ms: Int32Array
    state_edge: Int32Array
    arrival_start: Int32Array
    arrival_target: Int32Array
    arrival_ms: Int32Array
    seed_start: Int32Array
    seed: Int32Array
    seed_ms: Int32Array
    known_start: IntArray
    known: Int32Array
    known_ms: Int32Array
    limits: IntArray

    @property
    def origin_count(self) -> int:
        """The number of origins."""
        return len(self.seed_start) - 1

    @property
    def target_count(self) -> int:
        """The number of targets."""
        return int(self.limits[0])

    @property
    def limit_ms(self) -> int:
        """The time limit, milliseconds."""
        return int(self.limits[1])

    def search(self, origin: int) -> Reached:
        """Return the targets that one origin reaches; one thread at a time may search."""
        target, time_ms, _ = self.first(origin, origin + 1)
        return Reached(target, time_ms)

    def first(self, begin: int, end: int) -> FirstReached:
        """Return the targets that any of the origins ``begin`` to ``end - 1`` reaches, and which.

        One search from all together, at the cost of one. Of equally fast origins the first.
        """
        from routing.reach.target_search import search_targets  # noqa: PLC0415 - numba: for few

        count = search_targets(self._turns, self._work, self._beginnings, begin, end, self.limit_ms)
        if count < 0:
            message = "more labels than a search can have"
            raise EngineError(message)
        target = np.sort(self._work.found[:count])
        return FirstReached(target, self._work.target_ms[target], self._work.target_origin[target])

    def save(self, folder: Path) -> None:
        """Write each array into a folder, made if missing, as ``NAME.npy``."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the searches of a folder, mapped: processes of one machine share the pages.

        Raises
        ------
        OSError, ValueError
            If a file is missing or none of ours.
        """
        return cls(
            **{
                # Compiled code knows plain arrays only; the view keeps the map open.
                field.name: np.asarray(np.load(folder / f"{field.name}.npy", mmap_mode="r"))
                for field in fields(cls)
            }
        )

    @cached_property
    def _turns(self) -> "TurnArrays":
        from routing.reach.target_search import TurnArrays  # noqa: PLC0415 - numba: for few

        return TurnArrays(
            self.leaving_start,
            self.arc_to,
            self.arc_ms,
            self.state_edge,
            self.arrival_start,
            self.arrival_target,
            self.arrival_ms,
        )

    @cached_property
    def _beginnings(self) -> "Beginnings":
        from routing.reach.target_search import Beginnings  # noqa: PLC0415 - numba: for few

        return Beginnings(
            self.seed_start, self.seed, self.seed_ms, self.known_start, self.known, self.known_ms
        )

    @cached_property
    def _work(self) -> "Workspace":
        from routing.reach.target_search import make_workspace  # noqa: PLC0415 - numba: for few

        return make_workspace(self._turns, self.target_count, len(self.seed))


def pack_search(
    expansion: Expansion,
    distances: EndpointDistances,
    endpoints: tuple[Endpoints, Endpoints],
    times_to_each: Callable[[Endpoints, Endpoints], FloatArray],
    limit_ms: int,
) -> PackedSearch:
    """Return the searches from some origins to some targets.

    Parameters
    ----------
    expansion, distances
        The network, and its weights under the closures in force.
    endpoints
        Origins and targets.
    times_to_each
        Searches backwards from each target, shape ``(targets, origins)``: targets inside a closure
        have to be, since arriving there depends on the single target.
    limit_ms
        The time limit.
    """
    starts, goals = endpoints
    closed = distances.on_closed(goals)
    arrival_start, arrival_target, arrival_ms = _arrivals(goals, closed, len(distances.closed.shut))
    seeds = []
    known = _Known()
    for row, start in enumerate(starts.one_by_one()):
        seeds.append(join_seeds([tree.seeds for tree in distances.trees_out(start)]))
        own = start.edge[start.edge >= 0]
        nearby = np.unique(arrival_target[ranges(arrival_start[own], arrival_start[own + 1])])
        if len(nearby):
            times_ms = distances.straight_ms(start, goals.some(nearby))
            known.add(np.full(len(nearby), row), nearby, times_ms, limit_ms)
    for first in range(0, len(starts) if len(closed) else 0, _STARTS_PER_BATCH):
        batch = starts.some(slice(first, first + _STARTS_PER_BATCH))
        times_ms = times_to_each(batch, goals.some(closed)).T
        rows = np.repeat(np.arange(first, first + len(batch)), len(closed))
        known.add(rows, np.tile(closed, len(batch)), times_ms.ravel(), limit_ms)
    known_start, known_target, known_ms = known.sorted(len(starts))
    packed = PackedSearch(
        leaving_start=expansion.leaving_start.astype(np.int32),
        arc_to=expansion.arc_to.astype(np.int32),
        arc_ms=distances.weights.arc_ms.astype(np.int32),
        state_edge=expansion.state_edge.astype(np.int32),
        arrival_start=arrival_start.astype(np.int32),
        arrival_target=arrival_target.astype(np.int32),
        arrival_ms=arrival_ms.astype(np.int32),
        seed_start=_starts_of([len(some.nodes) for some in seeds]).astype(np.int32),
        seed=join_seeds(seeds).nodes.astype(np.int32),
        seed_ms=join_seeds(seeds).costs_ms.astype(np.int32),
        known_start=known_start,
        known=known_target.astype(np.int32),
        known_ms=known_ms.astype(np.int32),
        limits=np.array([len(goals), limit_ms]),
    )
    for field in fields(packed):
        getattr(packed, field.name).setflags(write=False)  # compiled once for both, as when mapped
    return packed


def _arrivals(
    goals: Endpoints, closed: IntArray, edges: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Return what arrives on each edge: first places by edge, targets, times."""
    row, side = goals.used
    is_open = ~np.isin(row, closed)
    row, side = row[is_open], side[is_open]
    edge = goals.edge[row, side]
    by_edge = np.argsort(edge, kind="stable")
    start = np.searchsorted(edge[by_edge], np.arange(edges + 1))
    return start, row[by_edge], goals.arriving_ms[row, side][by_edge]


def _starts_of(counts: list[int]) -> IntArray:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


class _Known:
    """Times that are known beforehand, gathered pair by pair."""

    def __init__(self) -> None:
        self._rows: list[IntArray] = []
        self._targets: list[IntArray] = []
        self._times_ms: list[FloatArray] = []

    def add(self, rows: IntArray, targets: IntArray, times_ms: FloatArray, limit_ms: int) -> None:
        """Keep those within the limit."""
        kept = times_ms <= limit_ms
        self._rows.append(rows[kept])
        self._targets.append(targets[kept])
        self._times_ms.append(times_ms[kept])

    def sorted(self, origins: int) -> tuple[IntArray, IntArray, FloatArray]:
        """Return where each origin begins, targets and times."""
        if not self._rows:
            return np.zeros(origins + 1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
        row = np.concatenate(self._rows)
        order = np.argsort(row, kind="stable")
        start = np.searchsorted(row[order], np.arange(origins + 1))
        return (
            start,
            np.concatenate(self._targets)[order],
            np.concatenate(self._times_ms)[order],
        )
