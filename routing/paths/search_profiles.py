"""One search for each profile and hour, over one topology."""

import threading
from datetime import datetime

from cachetools import LRUCache

from routing.closures.closed_stretches import ClosedRoads
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import EdgeWeights
from routing.engine.edge_weights import Profile
from routing.engine.edge_weights import compute_weights
from routing.engine.edge_weights import profile_named
from routing.engine.freed_memory import give_back_memory
from routing.engine.hierarchy import ContractionHierarchy
from routing.engine.hourly_speeds import SpeedTable
from routing.engine.hourly_speeds import edge_factors
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.search import CurrentClosures
from routing.paths.search import Search

# Two profiles, this hour and the next, and two that planners look at; free flow is always kept. A
# few megabytes each.
_KEPT = 6


class SearchProfiles:
    """Makes the search of a profile and hour when first needed, and keeps the latest few.

    The hours of a profile share one hierarchy: they permit the same turns.

    Hours in which all factors are the same share one search: with the default table all of them do.
    """

    def __init__(
        self,
        network: RoadNetwork,
        expansion: Expansion,
        lines: Lines,
        order: IntArray,
        speeds: SpeedTable,
        free_flow: EdgeWeights,
    ) -> None:
        """Build the hierarchy; its slow part, the contraction order, is given.

        Parameters
        ----------
        free_flow
            The normal profile's weights without factors.
        """
        self._network, self._expansion, self._lines = network, expansion, lines
        self._speeds = speeds
        everything_open = ClosedRoads.none(network.edge_driveable, lines.length_m)
        self._current = CurrentClosures(everything_open, everything_open, threading.Lock())
        self._order = order
        self._hierarchies: dict[str, ContractionHierarchy] = {}
        self._free_flow_key = (NORMAL.name, speeds.column(None))
        self._free_flow = self._make_search(NORMAL, free_flow)
        self._recent: LRUCache[tuple[str, tuple[float, ...]], Search] = LRUCache(_KEPT)

    @property
    def closed(self) -> ClosedRoads:
        """The closed roads in force."""
        return self._current.closed

    def set_closed(self, closed: ClosedRoads | None) -> None:
        """Close these roads from the next search on, and open all others.

        Each search updates its weights when it is used next, changing only the difference.

        Parameters
        ----------
        closed
            The whole snapshot; ``None``: everything is open.
        """
        with self._current.lock:
            self._current.closed = self._current.everything_open if closed is None else closed

    def search(self, profile: str, at: datetime | None) -> Search:
        """Return the search of a profile at an instant; a new one takes a fraction of a second.

        Raises
        ------
        NetworkError
            If there is no such profile.
        SpeedTableError
            If the instant has no time zone.
        """
        chosen = profile_named(profile)
        key = (chosen.name, self._speeds.column(at))
        if key == self._free_flow_key:
            return self._free_flow
        with self._current.lock:
            search = self._recent.get(key)
        if search is None:  # others may search meanwhile
            factors = edge_factors(self._network, key[1])
            weights = compute_weights(self._network, self._expansion, self._lines, chosen, factors)
            search = self._make_search(chosen, weights)
        with self._current.lock:
            return self._recent.setdefault(key, search)

    def _make_search(self, profile: Profile, weights: EdgeWeights) -> Search:
        return Search(
            self._expansion,
            self._lines.length_m,
            weights,
            self._hierarchy_with(profile, weights.arc_ms),
            self._current,
            turn_round_ms=profile.turns.back_ms,
        )

    def _hierarchy_with(self, profile: Profile, weights_ms: IntArray) -> ContractionHierarchy:
        """Return the hierarchy of what a profile may drive, made when it is first asked for."""
        known = self._hierarchies.get(profile.name)
        if known is not None:
            return known.with_weights(weights_ms)
        expansion = self._expansion
        made = ContractionHierarchy(
            len(expansion.state_edge), expansion.arc_from, expansion.arc_to, self._order, weights_ms
        )
        self._hierarchies.setdefault(profile.name, made)
        give_back_memory()
        return made
