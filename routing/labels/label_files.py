"""Topologies and metrics of labels on disk, mapped into memory: all workers share their pages.

Files are named by all that their content depends on, so none is ever out of date: the network, the
contraction order and what may be driven for a topology, the weights as well for a metric. Closures
are not in them; they change a worker's own copy of the few pages that they touch. Several processes
may make the same file at once: the last to finish wins, and all of them wrote the same.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from routing.errors import NetworkFileError
from routing.labels.metric import LabelMetric
from routing.labels.topology import TOPOLOGY_VERSION
from routing.labels.topology import LabelTopology
from routing.network.array_file import map_arrays
from routing.network.array_file import write_arrays
from routing.network.arrays import BoolArray
from routing.network.arrays import IntArray

_TOPOLOGY, _METRIC = "label topology", "label metric"
# The present hour and the next of two profiles, and two more; 15 MB each for a city of a million.
_METRICS_KEPT = 6
_DIGITS = 16


class LabelFiles:
    """The files of one network in a folder."""

    def __init__(self, network_hash: str, order: IntArray, cache_dir: Path | None) -> None:
        """Know where they are.

        Parameters
        ----------
        network_hash
            Content hash of the network.
        order
            Its contraction order.
        cache_dir
            The folder; None: nothing is kept.
        """
        self._network_hash, self._cache_dir = network_hash, cache_dir
        self._order = order.astype(np.int32)

    def topology_key(self, usable: BoolArray) -> str:
        """Return what a topology depends on, shortened."""
        return _digest(
            self._network_hash.encode(), self._order.tobytes(), np.packbits(usable).tobytes()
        )

    def topology(self, key: str, make: Callable[[], LabelTopology]) -> LabelTopology:
        """Return the topology of a key, made and written if it is not there intact."""
        path = self._path(f"{key}-{TOPOLOGY_VERSION}.labels")
        if path is not None:
            with suppress(NetworkFileError, TypeError):  # TypeError: other arrays than ours
                return LabelTopology(
                    **map_arrays(path, kind=_TOPOLOGY, version=TOPOLOGY_VERSION)[0]
                )
        made = make()
        if path is None:
            return made
        with suppress(OSError):  # a full disk or a folder to be read only: it is ours alone, then
            write_arrays(path, kind=_TOPOLOGY, version=TOPOLOGY_VERSION, arrays=vars(made))
            return self.topology(key, lambda: made)
        return made

    def metric(self, key: str, topology: LabelTopology, arc_ms: IntArray) -> LabelMetric:
        """Return the metric of weights without closures, made and written if it is not there.

        Parameters
        ----------
        key
            Of the topology.
        topology
            The chordal graph.
        arc_ms
            Weights of the expansion's arcs.
        """
        digest = _digest(arc_ms.astype(np.int32).tobytes())
        path = self._path(f"{key}-{digest}-{TOPOLOGY_VERSION}.metric")
        if path is not None and (found := _read_metric(path, topology, arc_ms)) is not None:
            with suppress(OSError):
                path.touch()  # it is in use: others are older
            return found
        made = LabelMetric.make(topology, arc_ms)
        if path is None:
            return made
        with suppress(OSError):
            write_arrays(
                path,
                kind=_METRIC,
                version=TOPOLOGY_VERSION,
                arrays={"upwards": made.upwards, "downwards": made.downwards},
            )
            self._drop_old_metrics()
            return _read_metric(path, topology, arc_ms) or made
        return made

    def _drop_old_metrics(self) -> None:
        """Remove all but the latest; whoever has one of the others mapped keeps its pages."""
        if self._cache_dir is None:
            return
        found = []
        for path in self._cache_dir.glob(f"{self._network_hash}-*.metric"):
            with suppress(OSError):
                found.append((path.stat().st_mtime, path))
        for _, path in sorted(found, reverse=True)[_METRICS_KEPT:]:
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path | None:
        return None if self._cache_dir is None else self._cache_dir / f"{self._network_hash}-{name}"


def _read_metric(path: Path, topology: LabelTopology, arc_ms: IntArray) -> LabelMetric | None:
    try:
        arrays, _ = map_arrays(path, kind=_METRIC, version=TOPOLOGY_VERSION, writable=True)
        return LabelMetric(topology, arc_ms, arrays["upwards"], arrays["downwards"])
    except (NetworkFileError, KeyError):
        return None


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:_DIGITS]
