"""Put the results of matching in the order in which the fixes were given."""

from itertools import pairwise

import numpy as np

from routing.matching.attempt import Attempt
from routing.matching.matched_track import Fate
from routing.matching.matched_track import Gap
from routing.matching.matched_track import GapReason
from routing.matching.matched_track import MatchedPath
from routing.matching.matched_track import MatchedTrack
from routing.matching.matched_track import Stop
from routing.matching.viterbi import LEFT_OUT
from routing.matching.viterbi import NO_STREET
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork

SILENCE_S = 1200.0
_JUMP_MPS = 70.0
_SAME_DEG = 1e-9
_SAME_STOP_M, _SAME_STOP_S = 60.0, 60.0


def as_track(attempt: Attempt, fate: IntArray, network: RoadNetwork, lines: Lines) -> MatchedTrack:
    """Return the matched track.

    Parameters
    ----------
    fate
        Of every given fix; those that took part in the attempt are filled in here.
    """
    fixes, placed = attempt.fixes, attempt.placed
    on = placed.part >= 0
    row = fixes.row[on]
    given = len(fate)
    fate[fixes.row] = np.choose(
        attempt.matched.fate[attempt.node], [Fate.NO_WAY, Fate.MATCHED, Fate.OFF_ROAD]
    )
    edge = np.full(given, -1, dtype=np.int64)
    offset_m, distance_m = np.full(given, np.nan), np.full(given, np.nan)
    way_id = np.zeros(given, dtype=np.int64)
    lonlat = np.full((given, 2), np.nan)
    edge[row], offset_m[row] = attempt.path.edge[placed.part[on]], placed.at_m[on]
    lonlat[row], distance_m[row] = attempt.lonlat[on], attempt.distance_m[on]
    way_id[row] = network.roads.segment_way_id[edge[row] // 2]
    path = _path(attempt, network)
    return MatchedTrack(
        fate=fate,
        edge=edge,
        offset_m=offset_m,
        way_id=way_id,
        lonlat=lonlat,
        distance_m=distance_m,
        path=path,
        lines=_draw(path, lines),
        gaps=_gaps(attempt),
        stops=_stops(attempt, edge, offset_m, way_id),
        sigma_m=attempt.sigma_m,
        network_hash=network.content_hash,
    )


def _chains(path: MatchedPath) -> int:
    return int(path.chain[-1]) + 1 if len(path) else 0


def _path(attempt: Attempt, network: RoadNetwork) -> MatchedPath:
    traced = attempt.path
    enter_s, leave_s = np.empty(len(traced.edge)), np.empty(len(traced.edge))
    length_m = traced.to_m - traced.from_m
    chain_of_fix = np.where(
        attempt.placed.part >= 0, traced.chain[attempt.placed.part] if len(traced.chain) else -1, -1
    )
    for chain in range(int(traced.chain.max(initial=-1)) + 1):
        parts = np.flatnonzero(traced.chain == chain)
        fixes = np.flatnonzero(chain_of_fix == chain)
        at_m = np.concatenate(([0.0], np.cumsum(length_m[parts])))
        part = attempt.placed.part[fixes]
        fix_m = at_m[part - parts[0]] + attempt.placed.at_m[fixes] - traced.from_m[part]
        times_s = _times_at(at_m, fix_m, attempt.fixes.at_s[fixes])
        enter_s[parts], leave_s[parts] = times_s[:-1], times_s[1:]
    return MatchedPath(
        edges=traced.edge,
        way_ids=network.roads.segment_way_id[traced.edge // 2],
        from_m=traced.from_m,
        to_m=traced.to_m,
        enter_s=enter_s,
        leave_s=leave_s,
        chain=traced.chain,
    )


def _times_at(at_m: FloatArray, fix_m: FloatArray, fix_s: FloatArray) -> FloatArray:
    """Return when places along a chain were passed; if one stood there, when they were left."""
    fix_m = np.maximum.accumulate(fix_m)
    before = np.clip(np.searchsorted(fix_m, at_m, side="right") - 1, 0, len(fix_m) - 1)
    after = np.minimum(before + 1, len(fix_m) - 1)
    span_m = fix_m[after] - fix_m[before]
    share = np.divide(at_m - fix_m[before], span_m, out=np.zeros(len(at_m)), where=span_m > 0)
    times_s = fix_s[before] + np.clip(share, 0.0, 1.0) * (fix_s[after] - fix_s[before])
    times_s[0], times_s[-1] = fix_s[0], fix_s[-1]
    return np.asarray(times_s)


def _draw(path: MatchedPath, lines: Lines) -> tuple[FloatArray, ...]:
    """Return the geometry of each chain; points that are the same twice are kept once."""
    if not len(path):
        return ()
    street, against = path.edges // 2, path.edges % 2 == 1
    first, last = lines.start[street], lines.start[street + 1]
    part = np.repeat(np.arange(len(path)), last - first)
    point = ranges(first, last)
    whole_m = lines.length_m[street]
    at_m = np.where(against[part], whole_m[part] - lines.at_m[point], lines.at_m[point])
    inner = (at_m > path.from_m[part]) & (at_m < path.to_m[part])
    ends_m = np.concatenate((path.from_m, path.to_m))
    drawn_m = np.where(np.tile(against, 2), np.tile(whole_m, 2) - ends_m, ends_m)
    ends = lines.places(np.tile(street, 2), drawn_m)
    every_part = np.concatenate((part[inner], np.tile(np.arange(len(path)), 2)))
    rank = np.concatenate((np.ones(inner.sum()), np.zeros(len(path)), np.full(len(path), 2.0)))
    order = np.lexsort((np.concatenate((at_m[inner], ends_m)), rank, every_part))
    lonlat = np.concatenate((lines.lonlat[point[inner]], ends))[order]
    chain = path.chain[every_part[order]]
    moved = np.ones(len(lonlat), dtype=np.bool_)
    moved[1:] = (np.abs(np.diff(lonlat, axis=0)) > _SAME_DEG).any(axis=1) | (np.diff(chain) != 0)
    starts = np.searchsorted(chain, np.arange(_chains(path) + 1))
    drawn = []
    for begin, end in pairwise(starts.tolist()):
        kept = lonlat[begin:end][moved[begin:end]]
        drawn.append(kept if len(kept) > 1 else np.vstack((kept, kept)))
    return tuple(drawn)


def _gaps(attempt: Attempt) -> tuple[Gap, ...]:
    fixes, chain = attempt.fixes, attempt.path.chain
    on = np.flatnonzero(attempt.placed.part >= 0)
    if not len(on):
        return ()
    of_fix = chain[attempt.placed.part[on]]
    gaps = []
    for last in np.flatnonzero(np.diff(of_fix)).tolist():
        here, there = int(on[last]), int(on[last + 1])
        from_s, until_s = float(fixes.at_s[here]), float(fixes.at_s[there])
        straight_m = _apart_m(attempt.lonlat[here], attempt.lonlat[there])
        between = attempt.matched.fate[attempt.node[here + 1 : there]]
        away = attempt.nodes.breaks[attempt.node[there]]
        gaps.append(
            Gap(
                from_s,
                until_s,
                int(fixes.row[here]),
                int(fixes.row[there]),
                straight_m,
                _reason(until_s - from_s, straight_m, between, breaks=bool(away)),
            )
        )
    return tuple(gaps)


def _reason(wait_s: float, straight_m: float, between: IntArray, *, breaks: bool) -> GapReason:
    if (between == NO_STREET).any():
        return GapReason.OFF_ROAD
    if wait_s > SILENCE_S:
        return GapReason.SILENCE
    if straight_m > _JUMP_MPS * wait_s:
        return GapReason.JUMP
    if breaks and not (between == LEFT_OUT).any():
        return GapReason.OFF_ROAD  # it was outside the ground
    return GapReason.NO_WAY


def _stops(
    attempt: Attempt, edge: IntArray, offset_m: FloatArray, way_id: IntArray
) -> tuple[Stop, ...]:
    """Return the stops; two at one place with little between them are one."""
    stops: list[Stop] = []
    for node in np.flatnonzero(attempt.stands).tolist():
        fixes = np.flatnonzero((attempt.node == node) & (attempt.placed.part >= 0))
        if not len(fixes):
            continue
        fix = int(fixes[0])
        row = int(attempt.fixes.row[fix])
        from_s, until_s = float(attempt.nodes.from_s[node]), float(attempt.nodes.until_s[node])
        place = attempt.lonlat[fix]
        if stops and from_s - stops[-1].until_s <= _SAME_STOP_S:
            latest = stops[-1]
            if _apart_m(np.array(latest.lonlat), place) <= _SAME_STOP_M:
                stops[-1] = Stop(
                    latest.lonlat,
                    latest.from_s,
                    until_s,
                    latest.edge,
                    latest.offset_m,
                    latest.way_id,
                )
                continue
        stops.append(
            Stop(
                (float(place[0]), float(place[1])),
                from_s,
                until_s,
                int(edge[row]),
                float(offset_m[row]),
                int(way_id[row]),
            )
        )
    return tuple(stops)


def _apart_m(here: FloatArray, there: FloatArray) -> float:
    east, north = metres_per_degree(np.array((here[1] + there[1]) / 2.0))
    return float(np.hypot((there[0] - here[0]) * east, (there[1] - here[1]) * north))
