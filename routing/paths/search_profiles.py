"""The metrics of a network: one topology, one search for each profile and hour asked for."""

import threading
from collections import OrderedDict
from datetime import datetime

from routing.closures.closed_stretches import ClosedRoads
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import EdgeWeights
from routing.engine.edge_weights import Profile
from routing.engine.edge_weights import compute_weights
from routing.engine.edge_weights import profile_named
from routing.engine.hierarchy import ContractionHierarchy
from routing.engine.hourly_speeds import SpeedTable
from routing.engine.hourly_speeds import edge_factors
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.search import ClosureBoard
from routing.paths.search import Search

# Two profiles, this hour and the next; free flow is always there. A few megabytes each.
_KEPT = 4


class Metrics:
    """Makes searches when they are first asked for and keeps the latest few.

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
        """Build the hierarchy; the order is the slow part and done.

        Parameters
        ----------
        free_flow
            The normal profile's weights without factors.
        """
        self._network, self._expansion, self._lines = network, expansion, lines
        self._speeds = speeds
        everything_open = ClosedRoads.none(network.edge_driveable, lines.length_m)
        self._board = ClosureBoard(everything_open, everything_open, threading.Lock())
        self._engine = ContractionHierarchy(
            len(expansion.state_edge), expansion.arc_from, expansion.arc_to, order, free_flow.arc_ms
        )
        self._plain_key = (NORMAL.name, speeds.column(None))
        self._plain = self._search_of(NORMAL, free_flow, self._engine)
        self._kept: OrderedDict[tuple[str, tuple[float, ...]], Search] = OrderedDict()

    @property
    def closed(self) -> ClosedRoads:
        """The closed roads of the moment."""
        return self._board.closed

    def close(self, closed: ClosedRoads | None) -> None:
        """Take these roads to be closed from the next search on, all others to be open.

        Each metric catches up when it is searched next, changing no more than the difference.

        Parameters
        ----------
        closed
            The whole snapshot; ``None``: everything is open.
        """
        with self._board.lock:
            self._board.closed = self._board.everything_open if closed is None else closed

    def search(self, profile: str, at: datetime | None) -> Search:
        """Return the search of a profile at an instant; made in a fraction of a second.

        Raises
        ------
        NetworkError
            If there is no such profile.
        SpeedTableError
            If the instant does not say its time zone.
        """
        chosen = profile_named(profile)
        key = (chosen.name, self._speeds.column(at))
        if key == self._plain_key:
            return self._plain
        with self._board.lock:
            search = self._kept.get(key)
        if search is None:  # others may search meanwhile
            factors = edge_factors(self._network, key[1])
            weights = compute_weights(self._network, self._expansion, self._lines, chosen, factors)
            search = self._search_of(chosen, weights, self._engine.with_weights(weights.arc_ms))
        with self._board.lock:
            search = self._kept.setdefault(key, search)
            self._kept.move_to_end(key)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return search

    def _search_of(
        self, profile: Profile, weights: EdgeWeights, engine: ContractionHierarchy
    ) -> Search:
        return Search(
            self._expansion,
            self._lines.length_m,
            weights,
            engine,
            self._board,
            turn_round_ms=profile.turns.back_ms,
        )
