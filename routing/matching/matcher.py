"""Match tracks to the streets of one network, for one profile."""

from typing import Self

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import EdgeWeights
from routing.engine.edge_weights import compute_weights
from routing.matching.attempt import FIRST_SIGMA_M
from routing.matching.attempt import Attempt
from routing.matching.attempt import NoiseGuess
from routing.matching.attempt import find_shreds
from routing.matching.bounded_search import Workspace
from routing.matching.bounded_search import make_workspace
from routing.matching.candidates import find_candidates
from routing.matching.fixes import Fixes
from routing.matching.grouping import find_jumps
from routing.matching.grouping import group
from routing.matching.matched_track import Fate
from routing.matching.matched_track import MatchedPath
from routing.matching.matched_track import MatchedTrack
from routing.matching.network_arrays import FURTHEST_M
from routing.matching.network_arrays import StreetLines
from routing.matching.network_arrays import grid_of_streets
from routing.matching.network_arrays import permitted_turns
from routing.matching.observations import as_metres
from routing.matching.observations import as_nodes
from routing.matching.path_tracing import trace
from routing.matching.placing import lonlat_of
from routing.matching.placing import place_fixes
from routing.matching.results import SILENCE_S
from routing.matching.results import as_track
from routing.matching.viterbi import Costs
from routing.matching.viterbi import most_likely
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork

STOP_S = 60.0
_SPAN_S = 5.0
_SPAN_OF_SIGMA, _NEAREST_SPAN_M, _FURTHEST_SPAN_M = 2.5, 10.0, 60.0
_SIGMA_OF_ONE_MORE_FIX_M = 5.0
_MOST_IN_GROUP = 4
_RADIUS_OF_SIGMA, _LEAST_RADIUS_M = 4.5, 40.0
_SILENCE_M = 300.0
_MOST_SKIPPED = 4
_OUTSIDE_M = 300.0
_AWAY_FIXES, _AWAY_S = 2, 60.0
_PASSES = 3


class Matcher:
    """Matches tracks; any thread may call, each call has its own memory."""

    def __init__(
        self, network: RoadNetwork, expansion: Expansion, lines: Lines, weights: EdgeWeights
    ) -> None:
        """Prepare the arrays.

        Parameters
        ----------
        weights
            Free-flow weights of the profile.
        """
        self._network, self._lines = network, lines
        self._graph = permitted_turns(network, expansion, weights)
        self._grid = grid_of_streets(network, lines)
        self._street_lines = StreetLines(lines.lonlat, lines.start, lines.at_m)
        self._costs = Costs()
        self._spare: list[Workspace] = []  # as many as calls ran at one time

    @classmethod
    def of(cls, network: RoadNetwork) -> Self:
        """Return what matches over a network without a router, which needs far more memory."""
        expansion, lines = expand(network), Lines(network.roads)
        return cls(network, expansion, lines, compute_weights(network, expansion, lines, NORMAL))

    def match(self, fixes: Fixes, given: int) -> MatchedTrack:
        """Return the matched track of checked fixes; see `routing.router.Router.match`."""
        fate = np.full(given, Fate.DUPLICATE, dtype=np.int64)
        inside = self._inside(fixes.lonlat)
        fate[fixes.row[~inside]] = Fate.OUTSIDE
        fate[fixes.row[inside]] = Fate.JUMP
        breaks = _were_away(inside, fixes.at_s)
        fixes = fixes.only(inside)
        guess = NoiseGuess.first(fixes)
        attempt = self._attempt(fixes, breaks, guess)
        for _ in range(_PASSES - 1):
            better = guess.corrected(attempt)
            if better is None:
                break
            guess = better
            attempt = self._attempt(fixes, breaks, guess)
        shreds = find_shreds(attempt)
        if shreds.any():
            rows = attempt.fixes.row[shreds]
            fate[rows] = Fate.NO_WAY
            whole = ~np.isin(fixes.row, rows)
            attempt = self._attempt(fixes.only(whole), breaks[whole], guess)
        return as_track(attempt, fate, self._network, self._lines)

    def turn_times_s(self, path: MatchedPath) -> FloatArray:
        """Return what turning at the end of each part costs; 0 at the end of a chain."""
        graph = self._graph
        turn_s = np.zeros(len(path))
        for part in range(len(path) - 1):
            here, there = path.edges[part], path.edges[part + 1]
            arcs = slice(graph.leaving_start[here], graph.leaving_start[here + 1])
            taken = np.flatnonzero(graph.state_edge[graph.arc_to[arcs]] == there)
            if path.chain[part] == path.chain[part + 1] and len(taken):
                turn_s[part] = graph.arc_turn_s[arcs][taken[0]]
        return turn_s

    def free_flow_s(self, path: MatchedPath) -> FloatArray:
        """Return how long each part takes at free flow."""
        whole_m = self._graph.edge_m[path.edges]
        share = np.divide(path.length_m, whole_m, out=np.zeros(len(path)), where=whole_m > 0)
        return np.asarray(self._graph.edge_s[path.edges] * share)

    def _inside(self, lonlat: FloatArray) -> BoolArray:
        west, south, east, north = self._network.bounds
        by_east, by_north = metres_per_degree(np.array((south + north) / 2.0))
        margin = np.array([_OUTSIDE_M / float(by_east), _OUTSIDE_M / float(by_north)])
        low, high = np.array([west, south]) - margin, np.array([east, north]) + margin
        return np.asarray(((lonlat >= low) & (lonlat <= high)).all(axis=1))

    def _attempt(self, fixes: Fixes, breaks: BoolArray, guess: NoiseGuess) -> Attempt:
        noise_m = guess.noise_m(fixes)
        xy_m = as_metres(fixes.lonlat)
        jumps = find_jumps(xy_m, fixes.at_s, noise_m)
        kept = jumps != 1
        breaks = breaks | (jumps == 2)  # noqa: PLR2004 - the track goes on elsewhere
        fixes, xy_m, noise_m, breaks = fixes.only(kept), xy_m[kept], noise_m[kept], breaks[kept]
        breaks[1:] |= (np.diff(fixes.at_s) > SILENCE_S) & (
            np.hypot(*np.diff(xy_m, axis=0).T) > _SILENCE_M
        )
        typical_m = float(np.median(noise_m)) if len(noise_m) else FIRST_SIGMA_M
        groups = group(
            xy_m,
            fixes.at_s,
            noise_m,
            breaks,
            float(np.clip(_SPAN_OF_SIGMA * typical_m, _NEAREST_SPAN_M, _FURTHEST_SPAN_M)),
            _SPAN_S,
            int(np.clip(np.ceil((typical_m / _SIGMA_OF_ONE_MORE_FIX_M) ** 2), 1, _MOST_IN_GROUP)),
            STOP_S,
        )
        nodes, node = as_nodes(fixes, groups, noise_m, breaks, guess.lasts_s)
        metres = np.stack(metres_per_degree(nodes.lonlat[:, 1]), axis=1)
        radius_m = np.clip(_RADIUS_OF_SIGMA * nodes.sigma_m, _LEAST_RADIUS_M, FURTHEST_M)
        candidates = find_candidates(nodes.lonlat, metres, radius_m, self._grid, self._graph)
        work = self._spare.pop() if self._spare else make_workspace(self._graph)
        matched = most_likely(
            nodes, metres, candidates, self._graph, work, self._costs, _MOST_SKIPPED
        )
        path = trace(nodes, metres, candidates, matched, self._graph, work, self._costs)
        self._spare.append(work)
        fix_metres = np.stack(metres_per_degree(fixes.lonlat[:, 1]), axis=1)
        placed = place_fixes(
            fixes.lonlat,
            fix_metres,
            node,
            groups.stands,
            path,
            self._street_lines,
            self._graph.edge_m,
        )
        lonlat = lonlat_of(self._lines, path.edge, placed)
        distance_m = np.hypot(*((lonlat - fixes.lonlat) * fix_metres).T)
        return Attempt(fixes, node, groups.stands, nodes, matched, path, placed, lonlat, distance_m)


def _were_away(inside: BoolArray, at_s: FloatArray) -> BoolArray:
    """Return which of the fixes inside the ground come back from a stretch outside of it."""
    at = np.flatnonzero(inside)
    breaks = np.zeros(len(at), dtype=np.bool_)
    breaks[1:] = (np.diff(at) > _AWAY_FIXES) & (np.diff(at_s[at]) > _AWAY_S)
    return breaks
