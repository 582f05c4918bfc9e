"""Find the manoeuvres along a route.

A junction is only announced where a driver could go wrong: nothing where the road simply
continues, a turn where it does not, "keep left" where it forks, one manoeuvre for a whole
roundabout, for a slip lane and for two turns that together turn back.
"""

from dataclasses import replace
from itertools import pairwise

from routing.guidance.junction_arms import JunctionArm
from routing.guidance.junction_arms import Junctions
from routing.guidance.manoeuvre import SLIGHT_DEG
from routing.guidance.manoeuvre import STRAIGHT_DEG
from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.manoeuvre import ManoeuvreKind
from routing.guidance.manoeuvre import TurnDirection
from routing.guidance.manoeuvre import direction_of
from routing.guidance.route_junctions import AT_ONCE_M
from routing.guidance.route_junctions import CLEARLY_STRAIGHTER_DEG
from routing.guidance.route_junctions import FAST_ROADS
from routing.guidance.route_junctions import LINKS
from routing.guidance.route_junctions import RAMPS
from routing.guidance.route_junctions import RouteJunctions
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route

_WALK_MATTERS_M = 30.0  # a shorter one is that from the vehicle to the door
_SLIP_LANE_M = 250.0
_TURNING_BACK_M = 40.0


def find_manoeuvres(
    network: RoadNetwork, junctions: Junctions, route: Route
) -> tuple[Manoeuvre, ...]:
    """Return the manoeuvres of a route, the departure first and the arrival last."""
    route_junctions = RouteJunctions(network, junctions, route)
    rules = _Rules(route_junctions)
    found = [
        rules.departure(),
        *_turning_back(route_junctions, rules.on_the_way()),
        rules.arrival(),
    ]
    followed = (rules.followed(here, there.at) for here, there in pairwise(found))
    return (*followed, found[-1])


class _Rules:
    """The rules for what is a manoeuvre. Junction ``i`` leads into edge ``i``."""

    def __init__(self, route_junctions: RouteJunctions) -> None:
        self._junctions = route_junctions
        self._points: list[int] = route_junctions.route.edge_last_point.tolist()

    def departure(self) -> Manoeuvre:
        """Return the departure, with its direction."""
        bearing_deg = self._junctions.bearing_deg(0.0, 25.0)
        kind: ManoeuvreKind = "depart"
        return Manoeuvre(
            kind, "straight", 0, 0, bearing_deg, 0.0, None, self._junctions.first_name()
        )

    def arrival(self) -> Manoeuvre:
        """Return the arrival, with the side of the destination and the walk to it."""
        bearing_deg, side = self._junctions.arriving_at_goal()
        walk_m = self._junctions.route.walks.after_m
        last = len(self._junctions.route.line) - 1
        name = self._junctions.name[-1]
        return Manoeuvre(
            "arrive",
            side,
            len(self._junctions.edges),
            last,
            bearing_deg,
            0.0,
            None,
            name,
            walk_m=walk_m if walk_m >= _WALK_MATTERS_M else 0.0,
        )

    def on_the_way(self) -> list[Manoeuvre]:
        """Return the manoeuvres between departure and arrival."""
        found: list[Manoeuvre] = []
        at = 1
        if self._junctions.circling[0] and not all(self._junctions.circling):
            at = self._junctions.circling.index(False)
            found.append(self._make("exit_roundabout", at))
            at += 1
        for junction in self._junctions.examined:
            if junction < at:
                continue
            manoeuvre, at = self._at_junction(junction)
            if manoeuvre is not None:
                found.append(manoeuvre)
        # A driver who stands at a crossing departs into the street behind it.
        upto_m = float(self._junctions.begin_m[-1]) - AT_ONCE_M
        return [one for one in found if AT_ONCE_M <= self._junctions.begin_m[one.at] <= upto_m]

    def followed(self, here: Manoeuvre, there: int) -> Manoeuvre:
        """Return a manoeuvre with the step to the next one, which leads into edge ``there``."""
        lengths_m: dict[tuple[bool, str], float] = {}
        for at in range(here.at, there):
            what = (
                self._junctions.class_[at] in RAMPS and not self._junctions.name[at],
                self._junctions.name[at],
            )
            circling = (
                0.01 if self._junctions.circling[at] else 1.0
            )  # nobody follows a roundabout by name
            lengths_m[what] = lengths_m.get(what, 0.0) + self._junctions.length_m[at] * circling
        on_ramp, name = max(lengths_m, key=lambda what: lengths_m[what])
        times_s = self._junctions.route.edge_travel_time_s[here.at : there]
        return replace(
            here,
            followed_name=name,
            on_ramp=on_ramp,
            distance_m=float(self._junctions.begin_m[there] - self._junctions.begin_m[here.at]),
            time_s=float(times_s.sum()),
        )

    def _at_junction(self, at: int) -> tuple[Manoeuvre | None, int]:
        """Return the manoeuvre at a junction, if any, and the next junction to examine."""
        before, edge = self._junctions.edges[at - 1], self._junctions.edges[at]
        if edge == before ^ 1:
            return self._make("turn", at, "u_turn"), at + 1
        if self._junctions.circling[at] and not self._junctions.circling[at - 1]:
            return self._round(at)
        others = self._junctions.others(at)
        if (
            self._junctions.class_[at] in LINKS
            and self._junctions.class_[at - 1] not in LINKS
            and others
        ):
            return self._onto_link(at, others)
        if self._junctions.class_[at] in FAST_ROADS and self._junctions.class_[at - 1] in RAMPS:
            return self._make("merge", at, "straight"), at + 1
        return self._turn(at, others), at + 1

    def _round(self, at: int) -> tuple[Manoeuvre, int]:
        """Return the one manoeuvre of a roundabout."""
        leaving = at
        while leaving < len(self._junctions.edges) and self._junctions.circling[leaving]:
            leaving += 1
        if leaving == len(self._junctions.edges):
            return self._make("roundabout", at, "straight"), leaving
        exits = 1 + sum(
            self._junctions.exits_at(ring) for ring in self._junctions.edges[at : leaving - 1]
        )
        angle_deg = self._junctions.between_deg(at, leaving)
        name = self._junctions.name_soon(leaving)
        entry = self._make("roundabout", at, None, name, turn_deg=angle_deg, exit_number=exits)
        return entry, leaving + 1

    def _onto_link(self, at: int, others: list[JunctionArm]) -> tuple[Manoeuvre | None, int]:
        """Return a turn for a short slip lane, a ramp for a long or a fast one."""
        beyond = at
        while beyond < len(self._junctions.edges) and self._junctions.class_[beyond] in LINKS:
            beyond += 1
        long_m = float(self._junctions.begin_m[beyond] - self._junctions.begin_m[at])
        side = _side_of_fork(self._junctions.turn_deg[at], others)
        if long_m > _SLIP_LANE_M or self._junctions.class_[at] in RAMPS:
            name = self._junctions.name[at] or (
                self._junctions.name[beyond] if beyond < len(self._junctions.edges) else ""
            )
            angle_deg = self._junctions.turn_deg[at]
            whereto = side if abs(angle_deg) < SLIGHT_DEG else direction_of(angle_deg)
            return self._make("ramp", at, whereto, name), at + 1
        if beyond == len(self._junctions.edges):
            return self._turn(at, others), at + 1
        angle_deg = self._junctions.between_deg(at, beyond)
        direction = direction_of(angle_deg)
        kind: ManoeuvreKind = "keep" if direction == "straight" else "turn"
        if kind == "keep" and self._junctions.name[at - 1] == self._junctions.name[beyond]:
            return None, beyond + 1
        name = self._junctions.name_soon(beyond)
        whereto = side if kind == "keep" else direction
        return self._make(kind, at, whereto, name, turn_deg=angle_deg), beyond + 1

    def _turn(self, at: int, others: list[JunctionArm]) -> Manoeuvre | None:
        """Return a turn, a fork or a new name at an ordinary junction; ``None`` if obvious."""
        angle_deg = self._junctions.turn_deg[at]
        rivals = self._junctions.rivals(at, others)
        if abs(angle_deg) >= SLIGHT_DEG:
            needed = self._junctions.could_go_wrong(at, others, rivals)
            return self._make("turn", at) if needed else None
        if not self._junctions.forks(at, rivals):
            new_name = self._junctions.new_name_matters(at)
            return self._make("continue", at, "straight") if new_name else None
        straighter = any(
            abs(arm.turn_deg) + CLEARLY_STRAIGHTER_DEG < abs(angle_deg) for arm in rivals
        )
        if straighter and abs(angle_deg) >= STRAIGHT_DEG:
            return self._make("turn", at)
        return self._make("keep", at, _side_of_fork(angle_deg, rivals))

    def _make(
        self,
        kind: ManoeuvreKind,
        at: int,
        direction: TurnDirection | None = None,
        name: str | None = None,
        *,
        turn_deg: float | None = None,
        exit_number: int | None = None,
    ) -> Manoeuvre:
        """Return a manoeuvre by its junction, with what the arguments override."""
        route_junctions = self._junctions
        angle_deg = route_junctions.turn_deg[at] if turn_deg is None else turn_deg
        into = route_junctions.name_soon(at) if name is None else name
        return Manoeuvre(
            kind=kind,
            direction=direction or direction_of(angle_deg),
            at=at,
            point=self._points[at - 1],
            bearing_deg=route_junctions.departing_deg[at],
            turn_deg=180.0 if direction == "u_turn" else angle_deg,
            exit_number=exit_number,
            street_name=into,
            stays_on=bool(into) and into == route_junctions.name[at - 1],
        )


def _side_of_fork(angle_deg: float, rivals: list[JunctionArm]) -> TurnDirection:
    """Return which side to keep to, by where the other arms lead, not by the bend alone."""
    nearest = min(rivals, key=lambda arm: abs(arm.turn_deg - angle_deg))
    right_of = any(arm.turn_deg > angle_deg and abs(arm.turn_deg) < SLIGHT_DEG for arm in rivals)
    left_of = any(arm.turn_deg < angle_deg and abs(arm.turn_deg) < SLIGHT_DEG for arm in rivals)
    if right_of and left_of:
        return "straight"
    return "slight_right" if angle_deg > nearest.turn_deg else "slight_left"


def _turning_back(route_junctions: RouteJunctions, found: list[Manoeuvre]) -> list[Manoeuvre]:
    """Return the manoeuvres with successive turns that together turn back joined into one."""
    joined: list[Manoeuvre] = []
    done = 0
    for one in found:
        if one.at <= done:
            continue
        done = _turned_back_at(route_junctions, one)
        joined.append(
            replace(
                one,
                direction="u_turn",
                turn_deg=180.0,
                street_name=route_junctions.name[done],
                stays_on=bool(route_junctions.name[done]),
                bearing_deg=route_junctions.departing_deg[done],
            )
            if done
            else one
        )
    return joined


def _turned_back_at(route_junctions: RouteJunctions, turn: Manoeuvre) -> int:
    """Return the junction by which a turn has become a U-turn into the same street; 0 if none."""
    if turn.kind != "turn" or turn.direction == "u_turn":
        return 0
    name, class_ = route_junctions.name[turn.at - 1], route_junctions.class_[turn.at - 1]
    at = turn.at + 1
    while (
        at < len(route_junctions.edges)
        and route_junctions.begin_m[at] - route_junctions.begin_m[turn.at] <= _TURNING_BACK_M
    ):
        back = abs(route_junctions.between_deg(turn.at, at)) > 180.0 - STRAIGHT_DEG
        same_side = route_junctions.turn_deg[at] * turn.turn_deg > 0
        if (
            back
            and same_side
            and (route_junctions.name[at], route_junctions.class_[at]) == (name, class_)
        ):
            return at
        at += 1
    return 0
