"""Tracks of drives over drawn towns and routes, and the rules of the road for what is matched."""

from itertools import pairwise

import numpy as np

from routing.matching.matched_track import MatchedTrack
from routing.network.arrays import FloatArray
from routing.network.line_geometry import piece_lengths_m
from routing.paths.route import Route
from tests.routing.drawing import Point
from tests.routing.drawing import Town
from tests.routing.oracle import Oracle

START_S = 1_700_000_000.0


def drive(
    town: Town, corners: list[Point], *, every_m: float = 50.0, speed_mps: float = 10.0
) -> tuple[FloatArray, FloatArray]:
    """Return fixes along straight lines between corners, in metres of the drawing, and times."""
    line = np.array(corners, dtype=float)
    at_m = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    fix_m = np.append(np.arange(0.0, at_m[-1], every_m), at_m[-1])
    x, y = np.interp(fix_m, at_m, line[:, 0]), np.interp(fix_m, at_m, line[:, 1])
    lonlat = np.array([town.lonlat(*place) for place in zip(x.tolist(), y.tolist(), strict=True)])
    return lonlat, START_S + fix_m / speed_mps


def drive_route(route: Route, every_s: float) -> tuple[FloatArray, FloatArray]:
    """Return fixes on a route, driven as it says."""
    along_m = np.concatenate(([0.0], np.cumsum(piece_lengths_m(route.line))))
    edge_m = np.concatenate(([0.0], along_m[route.edge_last_point]))
    edge_s = np.concatenate(([0.0], np.cumsum(route.edge_travel_time_s)))
    at_s = np.append(np.arange(0.0, edge_s[-1], every_s), edge_s[-1])
    at_m = np.interp(at_s, edge_s, edge_m)
    lonlat = [np.interp(at_m, along_m, route.line[:, axis]) for axis in (0, 1)]
    return np.stack(lonlat, axis=1), START_S + at_s


def edges_of(track: MatchedTrack) -> list[int]:
    """Return the directed edges driven, those of no length at the ends left out."""
    driven = track.path.length_m > 0.5
    return [int(edge) for edge in track.path.edges[driven]]


def broken_rules(track: MatchedTrack, oracle: Oracle) -> list[tuple[int, int]]:
    """Return pairs of edges in a row that may not be driven after each other.

    Turning round in a street is permitted: the other direction of the street one is on.
    """
    broken = []
    path = track.path
    history: tuple[int, ...] = ()
    for part, edge in enumerate(path.edges.tolist()):
        if part == 0 or path.chain[part] != path.chain[part - 1]:
            history = (edge,)
            continue
        before = history[-1]
        whole_m = oracle.length_m[before]
        turned = (
            edge == before ^ 1 and abs(path.to_m[part - 1] + path.from_m[part] - whole_m) < 0.01
        )
        if oracle.permitted(history, edge) and path.to_m[part - 1] > whole_m - 0.01:
            history = (*history, edge)[-oracle.memory :]
        elif turned:
            history = (edge,)
        else:
            broken.append((before, edge))
            history = (edge,)
    return broken


def is_in_order(track: MatchedTrack) -> bool:
    """Tell whether times and parts of the path never go back."""
    times_s = np.stack((track.path.enter_s, track.path.leave_s), axis=1).ravel()
    return bool(np.all(np.diff(times_s) >= -1e-6)) and all(
        one <= other for one, other in pairwise(track.path.chain.tolist())
    )
