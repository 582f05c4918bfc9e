"""The weights of the chordal graph for one profile, one hour and the closures in force."""

from typing import Self

import numpy as np

from routing.labels.customising import INFINITE_MS
from routing.labels.customising import UInt32Array
from routing.labels.customising import customise
from routing.labels.customising import recustomise
from routing.labels.topology import LabelTopology
from routing.network.arrays import IntArray

# Above this share of all arcs of the road network, customising anew is faster.
_CHANGED_IN_PART = 0.02


class LabelMetric:
    """Times along the arcs of a topology; whoever calls holds the lock of the search.

    Attributes
    ----------
    topology
        The chordal graph.
    upwards, downwards
        Milliseconds along each arc from its lower to its upper end, and back, shape ``(m,)``.
    """

    def __init__(
        self,
        topology: LabelTopology,
        arc_ms: IntArray,
        upwards: UInt32Array,
        downwards: UInt32Array,
    ) -> None:
        """Take customised times; they are changed in place under closures.

        Parameters
        ----------
        topology
            The chordal graph.
        arc_ms
            Weights of the expansion's arcs that they are made of.
        upwards, downwards
            See above.
        """
        self.topology = topology
        self.upwards, self.downwards = upwards, downwards
        self._arc_ms = arc_ms
        self._road_ms = _road_ms(topology, arc_ms)

    @classmethod
    def make(cls, topology: LabelTopology, arc_ms: IntArray) -> Self:
        """Return the metric of some weights, customised."""
        count = len(topology.up)
        made = cls(topology, arc_ms, _infinite(count), _infinite(count))
        made._customise()
        return made

    def apply(self, arc_ms: IntArray) -> int:
        """Bring the times up to date with other weights; cheap if few of them differ.

        Parameters
        ----------
        arc_ms
            Weights of the expansion's arcs, closures included; not to be changed afterwards.

        Returns
        -------
        changed
            How many arcs of the road network have another weight.
        """
        if arc_ms is self._arc_ms:
            return 0
        changed = self._take(arc_ms)
        if len(changed) > _CHANGED_IN_PART * len(self._road_ms):
            self._customise()
        elif len(changed):
            self._recustomise(changed)
        return len(changed)

    def _take(self, arc_ms: IntArray) -> IntArray:
        """Take other weights, and return which arcs of the road network have another one."""
        before_ms = self._road_ms
        self._arc_ms, self._road_ms = arc_ms, _road_ms(self.topology, arc_ms)
        return np.flatnonzero(self._road_ms != before_ms)

    def _recustomise(self, changed: IntArray) -> None:
        topology = self.topology
        arcs = np.unique(topology.road_slot[changed] // 2)
        recustomise(
            topology.up_start,
            topology.up,
            topology.parent,
            topology.down_start,
            topology.lower,
            topology.lower_arc,
            topology.road_slot,
            self._road_ms,
            self.upwards,
            self.downwards,
            (np.searchsorted(topology.up_start, arcs, side="right") - 1).astype(np.int32),
            arcs,
        )

    def _customise(self) -> None:
        topology = self.topology
        self.upwards[:], self.downwards[:] = INFINITE_MS, INFINITE_MS
        arc, down = topology.road_slot // 2, topology.road_slot % 2 == 1
        np.minimum.at(self.upwards, arc[~down], self._road_ms[~down])
        np.minimum.at(self.downwards, arc[down], self._road_ms[down])
        customise(
            topology.up_start,
            topology.up,
            topology.down_start,
            topology.lower,
            topology.lower_arc,
            self.upwards,
            self.downwards,
        )


def _road_ms(topology: LabelTopology, arc_ms: IntArray) -> UInt32Array:
    return arc_ms[topology.road_arc].astype(np.uint32)


def _infinite(count: int) -> UInt32Array:
    return np.full(count, INFINITE_MS, dtype=np.uint32)
