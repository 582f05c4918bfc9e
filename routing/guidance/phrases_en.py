"""English phrases of manoeuvres."""

from typing import ClassVar

from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.manoeuvre import TurnDirection
from routing.guidance.spoken_numbers import compass_point
from routing.guidance.spoken_numbers import rounded


class English:
    """The phrases in English; methods as in `routing.guidance.phrases.Phrases`."""

    _COMPASS = (
        "north",
        "northeast",
        "east",
        "southeast",
        "south",
        "southwest",
        "west",
        "northwest",
    )
    _TURNS: ClassVar[dict[TurnDirection, str]] = {
        "straight": "go straight on",
        "slight_right": "bear right",
        "right": "turn right",
        "sharp_right": "turn sharp right",
        "u_turn": "make a U-turn",
        "sharp_left": "turn sharp left",
        "left": "turn left",
        "slight_left": "bear left",
    }
    _KEEP: ClassVar[dict[TurnDirection, str]] = {
        "straight": "keep to the middle",
        "slight_right": "keep right",
        "slight_left": "keep left",
    }
    _RAMP: ClassVar[dict[TurnDirection, str]] = {
        "straight": "go straight on up the ramp",
        "slight_right": "take the ramp on the right",
        "slight_left": "take the ramp on the left",
    }
    _SIDE: ClassVar[dict[TurnDirection, str]] = {
        "left": "your destination is on the left",
        "right": "your destination is on the right",
    }

    def distance(self, metres: float) -> str:
        """Return a distance as spoken."""
        text, kilometres = rounded(metres)
        return f"{text} km" if kilometres else f"{text} m"

    def instruction(self, manoeuvre: Manoeuvre) -> str:
        """Return the text at the manoeuvre."""
        return _capital(self._do(manoeuvre))

    def step(self, here: Manoeuvre, there: Manoeuvre) -> str:
        """Return the text of the step between two manoeuvres, with the second one."""
        far = self.distance(here.distance_m)
        if here.kind == "depart":
            point = self._COMPASS[compass_point(here.bearing_deg)]
            road = f" on {here.followed_name}" if here.followed_name else ""
            begin = f"Head {point}{road} for {far}"
        elif here.followed_name:
            begin = f"Follow {here.followed_name} for {far}"
        elif here.on_ramp:
            begin = f"Follow the ramp for {far}"
        else:
            begin = f"Continue for {far}"
        if there.kind != "arrive":
            return f"{begin}, then {self._do(there)}"
        side = self._SIDE.get(there.direction)
        if there.walk_m:
            begin = f"{begin}, then {self._walk(there)}"
            return f"{begin}; {side}" if side else begin
        return f"{begin}; {side}" if side else f"{begin} to your destination"

    def announcement(self, manoeuvre: Manoeuvre, ahead_m: float) -> str:
        """Return the text some metres before the manoeuvre."""
        far = self.distance(ahead_m)
        if manoeuvre.kind == "arrive":
            side = self._SIDE.get(manoeuvre.direction, "you reach your destination")
            return f"In {far}, {side}"
        return f"In {far}, {self._do(manoeuvre)}"

    def immediately(self, manoeuvre: Manoeuvre, following: Manoeuvre) -> str:
        """Return the text at a manoeuvre that another one follows immediately."""
        if following.kind == "arrive":
            side = self._SIDE.get(following.direction, "you reach your destination")
            return f"{self.instruction(manoeuvre)}, then {side}"
        return f"{self.instruction(manoeuvre)}, then {self._do(following)}"

    def _do(self, manoeuvre: Manoeuvre) -> str:
        say = {
            "depart": self._depart,
            "turn": self._turn,
            "keep": self._keep,
            "continue": self._continue,
            "ramp": self._ramp,
            "merge": self._merge,
            "roundabout": self._round,
            "exit_roundabout": self._leave_round,
            "arrive": self._arrive,
        }[manoeuvre.kind]
        return say(manoeuvre)

    def _depart(self, manoeuvre: Manoeuvre) -> str:
        point, name = self._COMPASS[compass_point(manoeuvre.bearing_deg)], manoeuvre.street_name
        return f"head {point} on {name}" if name else f"head {point}"

    def _turn(self, manoeuvre: Manoeuvre) -> str:
        return self._TURNS[manoeuvre.direction] + _joined(" into ", manoeuvre)

    def _keep(self, manoeuvre: Manoeuvre) -> str:
        return self._KEEP.get(manoeuvre.direction, "keep straight on") + _joined(
            " onto ", manoeuvre
        )

    def _continue(self, manoeuvre: Manoeuvre) -> str:
        return f"continue onto {manoeuvre.street_name}"

    def _ramp(self, manoeuvre: Manoeuvre) -> str:
        turn = f"{self._TURNS[manoeuvre.direction]} onto the ramp"
        name = manoeuvre.street_name
        return self._RAMP.get(manoeuvre.direction, turn) + (f" to {name}" if name else "")

    def _merge(self, manoeuvre: Manoeuvre) -> str:
        name = manoeuvre.street_name
        return f"merge onto {name}" if name else "merge with the traffic"

    def _round(self, manoeuvre: Manoeuvre) -> str:
        if manoeuvre.exit_number is None:
            return "enter the roundabout"
        exit_ = _ordinal(manoeuvre.exit_number)
        return f"at the roundabout take the {exit_} exit{_joined(' into ', manoeuvre)}"

    def _leave_round(self, manoeuvre: Manoeuvre) -> str:
        return f"leave the roundabout{_joined(' into ', manoeuvre)}"

    def _arrive(self, manoeuvre: Manoeuvre) -> str:
        side = self._SIDE.get(manoeuvre.direction)
        arrived = (
            f"stop here, then {self._walk(manoeuvre)}" if manoeuvre.walk_m else "you have arrived"
        )
        return f"{arrived}; {side}" if side else arrived

    def _walk(self, manoeuvre: Manoeuvre) -> str:
        return f"walk {self.distance(manoeuvre.walk_m)}"


def _joined(by: str, manoeuvre: Manoeuvre) -> str:
    if not manoeuvre.street_name:
        return ""
    return f"{' to stay on ' if manoeuvre.stays_on else by}{manoeuvre.street_name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ordinal(number: int) -> str:
    last_two, last = number % 100, number % 10
    teens = range(11, 14)
    ending = "th" if last_two in teens else {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number}{ending}"
