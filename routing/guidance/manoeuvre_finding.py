"""Where along a route a driver has something to do, and what.

A junction is only worth a word where one could go wrong. So: silence where the road leads on by
itself, a turn where it does not, "keep left" where it forks, one manoeuvre for a whole roundabout,
for a slip lane and for two turns that together turn back.
"""

from dataclasses import replace
from itertools import pairwise

from routing.guidance.junction_arms import Junctions
from routing.guidance.junction_arms import WayOn
from routing.guidance.manoeuvre import SLIGHT_DEG
from routing.guidance.manoeuvre import STRAIGHT_DEG
from routing.guidance.manoeuvre import Direction
from routing.guidance.manoeuvre import Kind
from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.manoeuvre import direction_of
from routing.guidance.route_junctions import AT_ONCE_M
from routing.guidance.route_junctions import CLEARLY_STRAIGHTER_DEG
from routing.guidance.route_junctions import FAST_ROADS
from routing.guidance.route_junctions import LINKS
from routing.guidance.route_junctions import RAMPS
from routing.guidance.route_junctions import Drive
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route

_SLIP_LANE_M = 250.0
_TURNING_BACK_M = 40.0


def find_manoeuvres(
    network: RoadNetwork, junctions: Junctions, route: Route
) -> tuple[Manoeuvre, ...]:
    """Return what to do along a route, the departure first and the arrival last."""
    drive = Drive(network, junctions, route)
    rules = _Rules(drive)
    found = [rules.departure(), *_turning_back(drive, rules.on_the_way()), rules.arrival()]
    followed = (rules.followed(here, there.at) for here, there in pairwise(found))
    return (*followed, found[-1])


class _Rules:
    """What is worth a word. Junction ``i`` leads into edge ``i``."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._points: list[int] = drive.route.edge_last_point.tolist()

    def departure(self) -> Manoeuvre:
        """Return the first thing to do: set out, in which direction."""
        bearing_deg = self._drive.bearing_deg(0.0, 25.0)
        kind: Kind = "depart"
        return Manoeuvre(kind, "straight", 0, 0, bearing_deg, 0.0, None, self._drive.first_name())

    def arrival(self) -> Manoeuvre:
        """Return the last thing to do, with the side the destination is on."""
        bearing_deg, side = self._drive.arriving_at_goal()
        last = len(self._drive.route.line) - 1
        name = self._drive.name[-1]
        return Manoeuvre("arrive", side, len(self._drive.edges), last, bearing_deg, 0.0, None, name)

    def on_the_way(self) -> list[Manoeuvre]:
        """Return what there is to do between setting out and arriving."""
        found: list[Manoeuvre] = []
        at = 1
        if self._drive.circling[0] and not all(self._drive.circling):
            at = self._drive.circling.index(False)
            found.append(self._make("exit_roundabout", at))
            at += 1
        while at < len(self._drive.edges):
            manoeuvre, following = self._at_junction(at)
            if manoeuvre is not None:
                found.append(manoeuvre)
            at = following
        # Somebody who stands at a crossing sets out into the street they will drive.
        upto_m = float(self._drive.begin_m[-1]) - AT_ONCE_M
        return [one for one in found if AT_ONCE_M <= self._drive.begin_m[one.at] <= upto_m]

    def followed(self, here: Manoeuvre, there: int) -> Manoeuvre:
        """Return a manoeuvre with the way to the next one, which leads into edge ``there``."""
        lengths_m: dict[tuple[bool, str], float] = {}
        for at in range(here.at, there):
            what = (
                self._drive.class_[at] in RAMPS and not self._drive.name[at],
                self._drive.name[at],
            )
            circling = (
                0.01 if self._drive.circling[at] else 1.0
            )  # nobody follows a roundabout by name
            lengths_m[what] = lengths_m.get(what, 0.0) + self._drive.length_m[at] * circling
        on_ramp, name = max(lengths_m, key=lambda what: lengths_m[what])
        times_s = self._drive.route.edge_travel_time_s[here.at : there]
        return replace(
            here,
            followed_name=name,
            on_ramp=on_ramp,
            distance_m=float(self._drive.begin_m[there] - self._drive.begin_m[here.at]),
            time_s=float(times_s.sum()),
        )

    def _at_junction(self, at: int) -> tuple[Manoeuvre | None, int]:
        """Return what to do at a junction, if anything, and the junction to look at next."""
        before, edge = self._drive.edges[at - 1], self._drive.edges[at]
        if edge == before ^ 1:
            return self._make("turn", at, "u_turn"), at + 1
        if self._drive.circling[at] and not self._drive.circling[at - 1]:
            return self._round(at)
        others = self._drive.others(at)
        if self._drive.class_[at] in LINKS and self._drive.class_[at - 1] not in LINKS and others:
            return self._onto_link(at, others)
        if self._drive.class_[at] in FAST_ROADS and self._drive.class_[at - 1] in RAMPS:
            return self._make("merge", at, "straight"), at + 1
        return self._turn(at, others), at + 1

    def _round(self, at: int) -> tuple[Manoeuvre, int]:
        """Return the one manoeuvre of a roundabout."""
        leaving = at
        while leaving < len(self._drive.edges) and self._drive.circling[leaving]:
            leaving += 1
        if leaving == len(self._drive.edges):
            return self._make("roundabout", at, "straight"), leaving
        exits = 1 + sum(self._drive.exits_at(ring) for ring in self._drive.edges[at : leaving - 1])
        angle_deg = self._drive.between_deg(at, leaving)
        name = self._drive.name_soon(leaving)
        entry = self._make("roundabout", at, None, name, turn_deg=angle_deg, exit_number=exits)
        return entry, leaving + 1

    def _onto_link(self, at: int, others: list[WayOn]) -> tuple[Manoeuvre | None, int]:
        """Return a turn for a short slip lane, a ramp for a long or a fast one."""
        beyond = at
        while beyond < len(self._drive.edges) and self._drive.class_[beyond] in LINKS:
            beyond += 1
        long_m = float(self._drive.begin_m[beyond] - self._drive.begin_m[at])
        side = _side_of_fork(self._drive.turn_deg[at], others)
        if long_m > _SLIP_LANE_M or self._drive.class_[at] in RAMPS:
            name = self._drive.name[at] or (
                self._drive.name[beyond] if beyond < len(self._drive.edges) else ""
            )
            angle_deg = self._drive.turn_deg[at]
            whereto = side if abs(angle_deg) < SLIGHT_DEG else direction_of(angle_deg)
            return self._make("ramp", at, whereto, name), at + 1
        if beyond == len(self._drive.edges):
            return self._turn(at, others), at + 1
        angle_deg = self._drive.between_deg(at, beyond)
        direction = direction_of(angle_deg)
        kind: Kind = "keep" if direction == "straight" else "turn"
        if kind == "keep" and self._drive.name[at - 1] == self._drive.name[beyond]:
            return None, beyond + 1
        name = self._drive.name_soon(beyond)
        whereto = side if kind == "keep" else direction
        return self._make(kind, at, whereto, name, turn_deg=angle_deg), beyond + 1

    def _turn(self, at: int, others: list[WayOn]) -> Manoeuvre | None:
        """Return a turn, a fork or a new name at an ordinary junction; nothing if it is plain."""
        angle_deg = self._drive.turn_deg[at]
        rivals = self._drive.rivals(at, others)
        if abs(angle_deg) >= SLIGHT_DEG:
            told = self._drive.could_go_wrong(at, others, rivals)
            return self._make("turn", at) if told else None
        if not self._drive.forks(at, rivals):
            new_name = self._drive.new_name_matters(at)
            return self._make("continue", at, "straight") if new_name else None
        straighter = any(
            abs(way.turn_deg) + CLEARLY_STRAIGHTER_DEG < abs(angle_deg) for way in rivals
        )
        if straighter and abs(angle_deg) >= STRAIGHT_DEG:
            return self._make("turn", at)
        return self._make("keep", at, _side_of_fork(angle_deg, rivals))

    def _make(
        self,
        kind: Kind,
        at: int,
        direction: Direction | None = None,
        name: str | None = None,
        *,
        turn_deg: float | None = None,
        exit_number: int | None = None,
    ) -> Manoeuvre:
        """Return a manoeuvre; by its junction alone, but for what is said otherwise."""
        drive = self._drive
        angle_deg = drive.turn_deg[at] if turn_deg is None else turn_deg
        into = drive.name_soon(at) if name is None else name
        return Manoeuvre(
            kind=kind,
            direction=direction or direction_of(angle_deg),
            at=at,
            point=self._points[at - 1],
            bearing_deg=drive.departing_deg[at],
            turn_deg=180.0 if direction == "u_turn" else angle_deg,
            exit_number=exit_number,
            street_name=into,
            stays_on=bool(into) and into == drive.name[at - 1],
        )


def _side_of_fork(angle_deg: float, rivals: list[WayOn]) -> Direction:
    """Return which way to keep: by where the others lead, not by the bend alone."""
    nearest = min(rivals, key=lambda way: abs(way.turn_deg - angle_deg))
    right_of = any(way.turn_deg > angle_deg and abs(way.turn_deg) < SLIGHT_DEG for way in rivals)
    left_of = any(way.turn_deg < angle_deg and abs(way.turn_deg) < SLIGHT_DEG for way in rivals)
    if right_of and left_of:
        return "straight"
    return "slight_right" if angle_deg > nearest.turn_deg else "slight_left"


def _turning_back(drive: Drive, found: list[Manoeuvre]) -> list[Manoeuvre]:
    """Return the manoeuvres with turns in a row that end in the opposite direction made one."""
    joined: list[Manoeuvre] = []
    done = 0
    for one in found:
        if one.at <= done:
            continue
        done = _turned_back_at(drive, one)
        joined.append(
            replace(
                one,
                direction="u_turn",
                turn_deg=180.0,
                street_name=drive.name[done],
                stays_on=bool(drive.name[done]),
                bearing_deg=drive.departing_deg[done],
            )
            if done
            else one
        )
    return joined


def _turned_back_at(drive: Drive, turn: Manoeuvre) -> int:
    """Return the junction by which a turn has become a U-turn into the same street; 0 if none."""
    if turn.kind != "turn" or turn.direction == "u_turn":
        return 0
    name, class_ = drive.name[turn.at - 1], drive.class_[turn.at - 1]
    at = turn.at + 1
    while at < len(drive.edges) and drive.begin_m[at] - drive.begin_m[turn.at] <= _TURNING_BACK_M:
        back = abs(drive.between_deg(turn.at, at)) > 180.0 - STRAIGHT_DEG
        same_side = drive.turn_deg[at] * turn.turn_deg > 0
        if back and same_side and (drive.name[at], drive.class_[at]) == (name, class_):
            return at
        at += 1
    return 0
