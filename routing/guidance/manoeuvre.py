"""The manoeuvre, which is shown, spoken and drawn."""

from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias

ManoeuvreKind: TypeAlias = Literal[
    "depart", "turn", "keep", "continue", "ramp", "merge", "roundabout", "exit_roundabout", "arrive"
]
TurnDirection: TypeAlias = Literal[
    "straight",
    "slight_right",
    "right",
    "sharp_right",
    "u_turn",
    "sharp_left",
    "left",
    "slight_left",
]

STRAIGHT_DEG = 30.0
SLIGHT_DEG = 50.0
_SHARP_DEG = 130.0
_BACK_DEG = 170.0


@dataclass(frozen=True)
class Manoeuvre:
    """Something to do at a point of a route, and the distance to the next one.

    Attributes
    ----------
    kind, direction
        What to do, and in which direction; for an arrival, the side of the destination.
    at
        Index of the edge of the route it leads into; the number of edges for the arrival.
    point
        Its index in the line of the route.
    bearing_deg
        Direction of driving afterwards, clockwise from north.
    turn_deg
        Angle of the turn, -180 to 180, right is positive.
    exit_number
        Number of the exit of a roundabout, counted from the entry.
    street_name
        The street it leads into; empty where that has no name.
    stays_on
        Whether the street before has the same name.
    followed_name
        The street that most of the step to the next manoeuvre follows.
    on_ramp
        Whether that step follows a ramp.
    distance_m, time_s
        To the next manoeuvre.
    walk_m
        Of an arrival: straight distance still to be walked; 0 where that goes without saying.
    """

    kind: ManoeuvreKind
    direction: TurnDirection
    at: int
    point: int
    bearing_deg: float
    turn_deg: float
    exit_number: int | None = None
    street_name: str = ""
    stays_on: bool = False
    followed_name: str = ""
    on_ramp: bool = False
    distance_m: float = 0.0
    time_s: float = 0.0
    walk_m: float = 0.0


def direction_of(angle_deg: float) -> TurnDirection:
    """Return the name of a turn by an angle; right is positive."""
    size, right = abs(angle_deg), angle_deg > 0
    if size < STRAIGHT_DEG:
        return "straight"
    if size < SLIGHT_DEG:
        return "slight_right" if right else "slight_left"
    if size < _SHARP_DEG:
        return "right" if right else "left"
    if size < _BACK_DEG:
        return "sharp_right" if right else "sharp_left"
    return "u_turn"
