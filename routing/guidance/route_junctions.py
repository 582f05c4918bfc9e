"""The junctions of one route: names, angles, and arms that a driver could take by mistake."""

import numpy as np

from geodata.roads.types import BRIDGE
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import ROUNDABOUT
from geodata.roads.types import TUNNEL
from routing.guidance.junction_arms import JunctionArm
from routing.guidance.junction_arms import Junctions
from routing.guidance.junction_arms import MeasuredLine
from routing.guidance.junction_arms import is_minor
from routing.guidance.manoeuvre import SLIGHT_DEG
from routing.guidance.manoeuvre import TurnDirection
from routing.network.line_geometry import turn_deg
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route

CLEARLY_STRAIGHTER_DEG = 15.0
_NEW_NAME_MATTERS_M = 300.0
_NAME_SOON_M = 40.0
_AT_THE_DOOR_M = 5.0
_AHEAD_DEG = 30.0
AT_ONCE_M = 3.0  # what is nearer to an end of the route is not announced

LINKS = frozenset(code for code, name in enumerate(ROAD_CLASSES) if name.endswith("_link"))
RAMPS = frozenset(ROAD_CLASSES.index(name) for name in ("motorway_link", "trunk_link"))
FAST_ROADS = frozenset(ROAD_CLASSES.index(name) for name in ("motorway", "trunk"))


class RouteJunctions:
    """The junctions of one route. Junction ``i`` leads into edge ``i``.

    At those that are not ``examined`` nothing can go wrong: there is no other arm, and the street
    goes on as it is.
    """

    def __init__(self, network: RoadNetwork, junctions: Junctions, route: Route) -> None:
        roads, streets = network.roads, route.edges // 2
        self._junctions = junctions
        self.route = route
        self._roads = roads
        self.edges: list[int] = route.edges.tolist()
        self.class_: list[int] = roads.segment_class[streets].tolist()
        self.name: list[str] = [roads.names[name] for name in roads.segment_name[streets].tolist()]
        self.circling: list[bool] = ((roads.segment_flags[streets] & ROUNDABOUT) > 0).tolist()
        self._built: list[bool] = (roads.segment_flags[streets] & (BRIDGE | TUNNEL) > 0).tolist()
        self.length_m: list[float] = route.edge_length_m.tolist()
        self.begin_m = np.concatenate(([0.0], np.cumsum(route.edge_length_m)))
        choice = junctions.have_choice(route.edges)
        self._measured = MeasuredLine(route.line)
        places_m = self._measured.at_m[route.edge_last_point[:-1]]
        arriving_deg, departing_deg = self._measured.directions(places_m)
        self.arriving_deg: list[float] = [0.0, *arriving_deg.tolist()]
        self.departing_deg: list[float] = [0.0, *departing_deg.tolist()]
        self._others: list[list[JunctionArm]] = [[] for _ in self.edges]
        chosen = np.flatnonzero(choice)
        arms = junctions.arms(route.edges[chosen], arriving_deg[chosen])
        for at, some in zip((chosen + 1).tolist(), arms, strict=True):
            self._others[at] = [arm for arm in some if arm.edge != self.edges[at]]
        changes = choice | (route.edges[1:] == route.edges[:-1] ^ 1)
        for attribute in (roads.segment_class, roads.segment_name, roads.segment_flags):
            changes |= np.diff(attribute[streets].astype(np.int64)) != 0
        self.examined: list[int] = (np.flatnonzero(changes) + 1).tolist()
        self.turn_deg: list[float] = [0.0, *turn_deg(arriving_deg, departing_deg).tolist()]

    def first_name(self) -> str:
        """Return the name of the first street, ignoring a few metres to the next crossing."""
        last = len(self.edges) - 1
        return self.name_soon(min(int(np.searchsorted(self.begin_m[1:], AT_ONCE_M)), last))

    def name_soon(self, at: int) -> str:
        """Return the name of the street from an edge on, if it begins within forty metres."""
        passed_m = 0.0
        while at < len(self.edges) and passed_m <= _NAME_SOON_M:
            if self.name[at] and not self.circling[at]:
                return self.name[at]
            passed_m += self.length_m[at]
            at += 1
        return ""

    def others(self, at: int) -> list[JunctionArm]:
        """Return the arms at a junction other than the one driven and turning back."""
        return self._others[at]

    def exits_at(self, ring: int) -> int:
        """Return the number of exits of a roundabout at the end of one of its edges."""
        flags = self._roads.segment_flags
        (arms,) = self._junctions.arms(np.array([ring]), np.zeros(1))
        return sum(
            not flags[arm.edge // 2] & ROUNDABOUT and not is_minor(arm.road_class) for arm in arms
        )

    def rivals(self, at: int, others: list[JunctionArm]) -> list[JunctionArm]:
        """Return the other arms that a driver might take for the right one."""
        if is_minor(self.class_[at]):
            return others
        return [arm for arm in others if not is_minor(arm.road_class)]

    def forks(self, at: int, rivals: list[JunctionArm]) -> bool:
        """Return whether other arms lead ahead too, so that the right one must be announced."""
        return any(abs(arm.turn_deg) < SLIGHT_DEG and not self._obvious(at, arm) for arm in rivals)

    def _obvious(self, at: int, rival: JunctionArm) -> bool:
        """Return whether the road obviously continues past a rival."""
        class_ = rival.road_class
        rival_name = self._roads.names[int(self._roads.segment_name[rival.edge // 2])]
        if self.name[at] and self.name[at] == self.name[at - 1] != rival_name:
            return class_ >= self.class_[at]
        if class_ in LINKS and self.class_[at] not in LINKS:
            return True
        straighter = abs(self.turn_deg[at]) + CLEARLY_STRAIGHTER_DEG < abs(rival.turn_deg)
        return straighter and class_ >= self.class_[at]

    def could_go_wrong(self, at: int, others: list[JunctionArm], rivals: list[JunctionArm]) -> bool:
        """Return whether a sharp bend is a turn, since there is an alternative to it."""
        if rivals:
            return True
        same_street = self.name[at] == self.name[at - 1] and self.class_[at] == self.class_[at - 1]
        ahead = any(abs(arm.turn_deg) < SLIGHT_DEG for arm in others)
        return bool(others) and (ahead or not same_street)

    def new_name_matters(self, at: int) -> bool:
        """Return whether a street that goes straight on has a new name worth announcing.

        Not on motorways, whose names come in layers, nor for a bridge or tunnel that has one.
        """
        name, before = self.name[at], self.name[at - 1]
        if not name or not before or _same_name(name, before) or self.class_[at] in FAST_ROADS:
            return False
        if self._built[at]:
            return False
        end = at
        while end < len(self.edges) and self.name[end] == name:
            if self.edges[end] == self.edges[end - 1] ^ 1:
                break
            end += 1
        return float(self.begin_m[end] - self.begin_m[at]) >= _NEW_NAME_MATTERS_M

    def arriving_at_goal(self) -> tuple[float, TurnDirection]:
        """Return the bearing at the end, and the side of the destination."""
        whole_m = float(self._measured.at_m[-1])
        bearing_deg = self.bearing_deg(whole_m - 20.0, whole_m)
        return bearing_deg, self._side_of_goal(bearing_deg)

    def between_deg(self, into: int, out_of: int) -> float:
        """Return the angle from before one junction to after another."""
        return (self.departing_deg[out_of] - self.arriving_deg[into] + 180.0) % 360.0 - 180.0

    def bearing_deg(self, from_m: float, to_m: float) -> float:
        """Return the bearing from one distance along the line to another."""
        return float(self._measured.bearing_deg(np.array(from_m), np.array(to_m)))

    def _side_of_goal(self, bearing_deg: float) -> TurnDirection:
        goal, end = self.route.goal, self.route.line[-1]
        if goal is None:
            return "straight"
        beyond = MeasuredLine(np.vstack((end, goal)))
        if beyond.at_m[-1] < _AT_THE_DOOR_M:
            return "straight"
        there_deg = float(beyond.bearing_deg(np.array(0.0), beyond.at_m[-1]))
        angle_deg = (there_deg - bearing_deg + 180.0) % 360.0 - 180.0
        if abs(angle_deg) < _AHEAD_DEG:
            return "straight"
        return "right" if angle_deg > 0 else "left"


def _same_name(one: str, other: str) -> bool:
    """Return whether two names differ in spaces only, as "A 20" and "A20" do."""
    return one.replace(" ", "") == other.replace(" ", "")
