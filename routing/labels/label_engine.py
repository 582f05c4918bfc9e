"""OD matrices by labels: the numbers of `routing.paths.search`, sooner for many pairs."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from routing.closures.endpoint_distances import EndpointDistances
from routing.engine.edge_expansion import Expansion
from routing.engine.native_thread import NativeThread
from routing.labels.endpoint_seeds import seeds_after_first_turn
from routing.labels.endpoint_seeds import seeds_at_edge_start
from routing.labels.endpoint_seeds import write_straight_on
from routing.labels.joining import join
from routing.labels.metric import LabelMetric
from routing.labels.place_labels import PlaceLabels
from routing.labels.place_labels import fill_labels
from routing.labels.place_labels import find_rows
from routing.locate.endpoints import Endpoints
from routing.locate.nearby_streets import NearbyStreets
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.paths.question import Question
from routing.paths.search import Search

# A large matrix releases the lock and the native thread between batches: 0.1 s or so.
_CELLS_PER_BATCH = 500_000
_LEAST_BATCH, _GREATEST_BATCH = 64, 2048
_PARTS_PER_THREAD = 4


@dataclass(frozen=True, eq=False)
class _Labelled:
    """Places with their labels under some closures."""

    under: EndpointDistances
    labels: PlaceLabels
    base_ms: IntArray


class LabelEngine:
    """Matrices with the weights of one search, by labels.

    Threads of its own share the loops of a matrix, since numba's own would end the process if two
    threads of it came at once. Under a server's native thread there is only that one.
    """

    def __init__(self, expansion: Expansion, metric: LabelMetric, *, threads: int) -> None:
        self._expansion, self._metric, self._threads = expansion, metric, threads

    def matrix(
        self, search: Search, run: NativeThread, origins: NearbyStreets, targets: NearbyStreets
    ) -> FloatArray:
        """Return milliseconds, shape ``(origins, targets)``; ``inf`` where no road leads.

        If closures change meanwhile, later batches see the new ones, each row (or column, if there
        are more targets than origins) whole.
        """
        times_ms = np.full((len(origins), len(targets)), np.inf)
        by_row = len(origins) >= len(targets)
        many, few = times_ms.shape if by_row else times_ms.shape[::-1]
        step = min(max(_CELLS_PER_BATCH // max(1, few), _LEAST_BATCH), _GREATEST_BATCH)
        kept: _Labelled | None = None
        for first in range(0, many, step):
            batch = slice(first, first + step)
            rows, columns = (batch, slice(None)) if by_row else (slice(None), batch)
            work = partial(self._compute, kept=kept, by_row=by_row)
            kept, times_ms[rows, columns] = run(
                search.with_endpoints, origins[rows], targets[columns], work
            )
        return times_ms

    def _compute(
        self, question: Question, *, kept: "_Labelled | None", by_row: bool
    ) -> tuple["_Labelled", FloatArray]:
        """Return the times of a batch, and the labels of the side that all batches share.

        Parameters
        ----------
        question
            The endpoints; the lock of the search is held.
        kept
            Labels of that side, if a batch before this one has made them.
        by_row
            Whether it is the targets that all batches share.
        """
        distances, starts, goals = question.distances, question.starts, question.goals
        self._metric.apply(distances.weights.arc_ms)
        if kept is None or kept.under is not distances:
            kept = self._label(distances, goals if by_row else starts, setting_out=not by_row)
        rest = self._label(distances, starts if by_row else goals, setting_out=by_row)
        times_ms = np.full((len(starts), len(goals)), np.inf)
        self._join(*((rest, kept) if by_row else (kept, rest)), times_ms)
        write_straight_on(starts, goals, times_ms)
        # From and to closed streets, times depend on both ends: searched.
        rows, columns = distances.on_closed(starts), distances.on_closed(goals)
        if len(columns):
            times_ms[:, columns] = question.times_to_each(starts, goals.some(columns)).T
        in_the_open = np.setdiff1d(np.arange(len(goals)), columns)
        if len(rows) and len(in_the_open):
            times_ms[np.ix_(rows, in_the_open)] = question.times_from_each(
                starts.some(rows), goals.some(in_the_open)
            )
        return kept, times_ms

    def _label(
        self, distances: EndpointDistances, places: Endpoints, *, setting_out: bool
    ) -> _Labelled:
        metric, topology = self._metric, self._metric.topology
        if setting_out:
            seeds = seeds_after_first_turn(places, self._expansion, distances.weights)
        else:
            seeds = seeds_at_edge_start(places, self._expansion)
        weight_ms = metric.upwards if setting_out else metric.downwards
        vertices = topology.vertex[seeds.state]
        labels = find_rows(topology.parent, topology.depth, seeds.start, vertices)

        def fill(first: int, last: int) -> None:
            fill_labels(
                topology.parent,
                topology.up_start,
                topology.up,
                weight_ms,
                seeds.start,
                vertices,
                seeds.ms,
                labels,
                first,
                last,
            )

        self._in_parts(len(places), fill)
        return _Labelled(distances, labels, seeds.base_ms)

    def _join(self, out: _Labelled, into: _Labelled, times_ms: FloatArray) -> None:
        topology = self._metric.topology
        begin = into.labels.row_start
        somewhere = np.flatnonzero(begin[1:] > begin[:-1])
        order = somewhere[np.argsort(into.labels.bottom[begin[somewhere]], kind="stable")]

        def join_some(first: int, last: int) -> None:
            join(
                topology.parent,
                topology.depth,
                topology.lowest,
                out.labels,
                into.labels,
                order,
                out.base_ms,
                into.base_ms,
                times_ms,
                first,
                last,
            )

        self._in_parts(len(out.base_ms), join_some)

    def _in_parts(self, count: int, work: Callable[[int, int], None]) -> None:
        """Do some work on ranges of places, in several threads if there may be any."""
        if self._threads < 2:  # noqa: PLR2004 - one does not share
            work(0, count)
            return
        bounds = np.linspace(0, count, _PARTS_PER_THREAD * self._threads + 1).astype(int).tolist()
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(work, bounds[:-1], bounds[1:]))


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
