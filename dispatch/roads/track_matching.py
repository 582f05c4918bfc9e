"""Match tracks to the streets of the ground in use: for the process that runs jobs.

The network is loaded for each batch and let go afterwards: tracks are matched a few times an hour,
and a worker should not hold a city in between. Nothing of a router is needed.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.ground.service import GroundService
from dispatch.roads.network_loading import load_network
from dispatch.roads.network_loading import load_speeds
from dispatch.roads.types import ClassDrive
from dispatch.roads.types import DrivenGap
from dispatch.roads.types import DrivenStop
from dispatch.roads.types import DrivenWay
from dispatch.roads.types import TrackFixes
from geodata.roads.types import ROAD_CLASSES
from routing.matching.fixes import check_fixes
from routing.matching.matched_track import MatchedTrack
from routing.network.road_network import RoadNetwork


class TrackMatching:
    """Matches batches of tracks; nothing while the network's file is not there."""

    def __init__(
        self, ground: GroundService, cache_dir: Path, zone: ZoneInfo, speeds_file: Path | None
    ) -> None:
        """Know where networks are kept, and in which zone hours are counted.

        Raises
        ------
        InvalidInput
            If there are no speed factors in that file.
        """
        self._ground, self._cache_dir, self._zone = ground, cache_dir, zone
        self._speeds = load_speeds(speeds_file)

    def match_all(self, tracks: Sequence[TrackFixes]) -> list[DrivenWay] | None:
        """Return what was driven on each track; None if no network is prepared yet."""
        active = self._ground.active()
        network = None if active is None else load_network(self._cache_dir, active.network_hash)
        if network is None:
            return None
        from routing.matching.matcher import Matcher  # noqa: PLC0415 - numba, for this only

        matcher = Matcher.of(network)
        found = []
        for track in tracks:
            fixes, given = check_fixes(
                track.lonlat, track.at_s, track.accuracy_m, track.heading_deg, track.speed_mps
            )
            matched = matcher.match(fixes, given)
            speeds = _speeds(
                matched,
                network,
                self._zone,
                matcher.free_flow_s(matched.path),
                matcher.turn_times_s(matched.path),
            )
            found.append(_as_way(matched, network, speeds))
        return found

    def present_factor(self, road_class: str, hour_of_week: int) -> float:
        """Return the factor that travel times are computed with."""
        return float(self._speeds.factors[ROAD_CLASSES.index(road_class), hour_of_week])


def _as_way(matched: MatchedTrack, network: RoadNetwork, speeds: Sequence[ClassDrive]) -> DrivenWay:
    names, of_street = network.roads.names, network.roads.segment_name
    return DrivenWay(
        lines=[[(lon, lat) for lon, lat in line.tolist()] for line in matched.lines],
        fixes=len(matched),
        matched_share=matched.matched_share,
        driven_m=matched.driven_m,
        stops=[
            DrivenStop(*stop.lonlat, stop.from_s, stop.until_s, names[of_street[stop.edge // 2]])
            for stop in matched.stops
        ],
        gaps=[
            DrivenGap(gap.from_s, gap.until_s, gap.straight_m, str(gap.reason))
            for gap in matched.gaps
        ],
        speeds=speeds,
        network_hash=matched.network_hash,
    )


def _speeds(
    matched: MatchedTrack,
    network: RoadNetwork,
    zone: ZoneInfo,
    free_flow_s: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    turn_s: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> list[ClassDrive]:
    """Return what was driven by class and hour; times of stops are taken off."""
    path = matched.path
    driven_s = path.leave_s - path.enter_s
    for stop in matched.stops:
        inside = np.minimum(path.leave_s, stop.until_s) - np.maximum(path.enter_s, stop.from_s)
        driven_s = driven_s - np.maximum(inside, 0.0)
    sums: dict[tuple[int, int], list[float]] = {}
    for part in np.flatnonzero((path.length_m > 0) & (driven_s > 0)).tolist():
        local = datetime.fromtimestamp(float(path.enter_s[part]), zone)
        hour = local.weekday() * 24 + local.hour
        road_class = int(network.roads.segment_class[path.edges[part] // 2])
        each = sums.setdefault((road_class, hour), [0.0] * 4)
        for at, value in enumerate((path.length_m, free_flow_s, turn_s, driven_s)):
            each[at] += float(value[part])
    return [
        ClassDrive(ROAD_CLASSES[road_class], hour, *each)
        for (road_class, hour), each in sorted(sums.items())
    ]
