"""OD matrices: by labels where these pay, else by the searches of `routing.paths`.

Both give the same numbers. A search of the engine takes its time for each row (or column) anew;
labels take a moment for each place and next to nothing for a pair, but have to be made ready: for a
city of a million one second, half of it loading numba. So a process begins with the engine, and
once labels would have saved about as much, they are made.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.freed_memory import give_back_memory
from routing.engine.native_thread import NativeThread
from routing.locate.nearby_streets import NearbyStreets
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.paths.search import Search
from routing.paths.time_matrix import compute_matrix

if TYPE_CHECKING:
    from routing.labels.label_engine import LabelEngine
    from routing.labels.label_files import LabelFiles
    from routing.labels.topology import LabelTopology

# What labels may save before they are made: about what making them takes.
SAVED_TO_PREPARE_S = 1.0


def by_engine_s(few: int, many: int) -> float:
    """Return about how long the engine takes for a matrix, seconds of a core in a city.

    One search for each place of the shorter side, and a little for each pair.
    """
    return few * (450e-6 + 1.5e-6 * many)


def by_labels_s(few: int, many: int) -> float:
    """Return about how long labels take, once they are made; as `by_engine_s`."""
    return (few + many) * 40e-6 + few * many * 0.15e-6


class Matrices:
    """Computes the matrices of one network; any thread may call."""

    def __init__(
        self,
        network_hash: str,
        expansion: Expansion,
        order: IntArray,
        cache_dir: Path | None,
        run: NativeThread,
        *,
        on_their_own: bool,
    ) -> None:
        """Know what labels are made of; none is made yet.

        Parameters
        ----------
        network_hash
            Content hash of the network.
        expansion
            States and arcs.
        order
            The contraction order of the states.
        cache_dir
            Where topologies and metrics are shared with other processes; None: nowhere.
        run
            Runs searches.
        on_their_own
            Whether labels are made without being asked for, which holds up one matrix for seconds,
            and whether several threads share their loops. A server wants neither: there, labels are
            made only when `prepare` is called.
        """
        self._network_hash, self._cache_dir = network_hash, cache_dir
        self._expansion, self._order, self._run = expansion, order, run
        self._on_their_own = on_their_own
        self._files: LabelFiles | None = None
        self._topologies: dict[str, LabelTopology] = {}
        self._engines: WeakKeyDictionary[Search, LabelEngine] = WeakKeyDictionary()
        self._saved_s: WeakKeyDictionary[Search, float] = WeakKeyDictionary()
        self._making = threading.Lock()

    def compute(self, search: Search, origins: NearbyStreets, targets: NearbyStreets) -> FloatArray:
        """Return seconds, shape ``(origins, targets)``; ``inf`` where no road leads."""
        few, many = sorted((len(origins), len(targets)))
        saved_s = by_engine_s(few, many) - by_labels_s(few, many)
        if saved_s > 0.0:
            self._saved_s[search] = saved_s = saved_s + self._saved_s.get(search, 0.0)
            if self._on_their_own and saved_s >= SAVED_TO_PREPARE_S:
                self.prepare(search)
            if (engine := self._engines.get(search)) is not None:
                return engine.matrix(search, self._run, origins, targets) / 1000.0
        return compute_matrix(search, self._run, origins, targets)

    def prepare(self, search: Search) -> None:
        """Make the labels of a search ready, in the calling thread; the engine answers meanwhile.

        Takes seconds without a cached topology, and tens of seconds once per machine, when the
        loops are compiled. Repeating it costs nothing.
        """
        if search in self._engines:
            return
        with self._making:
            if search not in self._engines:
                self._engines[search] = self._make(search)
                give_back_memory()

    def _make(self, search: Search) -> "LabelEngine":
        from routing.labels.label_engine import LabelEngine  # noqa: PLC0415 - numba: 100 MB
        from routing.labels.label_engine import usable_cores  # noqa: PLC0415
        from routing.labels.label_files import LabelFiles  # noqa: PLC0415
        from routing.labels.topology import LabelTopology  # noqa: PLC0415

        self._files = files = self._files or LabelFiles(
            self._network_hash, self._order, self._cache_dir
        )
        arc_ms = search.weights.arc_ms
        usable = np.asarray(arc_ms < UNREACHABLE_MS)
        key = files.topology_key(usable)
        topology = self._topologies.get(key)
        if topology is None:
            topology = self._topologies[key] = files.topology(
                key, lambda: LabelTopology.build(self._expansion, self._order, usable)
            )
        metric = files.metric(key, topology, arc_ms)
        threads = usable_cores() if self._on_their_own else 1
        return LabelEngine(self._expansion, metric, threads=threads)
