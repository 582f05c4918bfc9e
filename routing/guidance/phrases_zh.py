"""Chinese phrases of manoeuvres."""

from typing import ClassVar

from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.manoeuvre import TurnDirection
from routing.guidance.spoken_numbers import compass_point
from routing.guidance.spoken_numbers import rounded

_LAST_LATIN = "\u2e7f"  # Chinese characters and punctuation come after it


class Chinese:
    """The phrases in Chinese; methods as in `routing.guidance.phrases.Phrases`."""

    _COMPASS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
    _TURNS: ClassVar[dict[TurnDirection, str]] = {
        "straight": "直行",
        "slight_right": "向右前方行驶",
        "right": "右转",
        "sharp_right": "向右后方转弯",
        "u_turn": "掉头",
        "sharp_left": "向左后方转弯",
        "left": "左转",
        "slight_left": "向左前方行驶",
    }
    _KEEP: ClassVar[dict[TurnDirection, str]] = {
        "straight": "沿中间道路行驶",
        "slight_right": "靠右行驶",
        "slight_left": "靠左行驶",
    }
    _RAMP: ClassVar[dict[TurnDirection, str]] = {
        "straight": "直行驶入匝道",
        "slight_right": "从右侧驶入匝道",
        "slight_left": "从左侧驶入匝道",
    }
    _SIDE: ClassVar[dict[TurnDirection, str]] = {
        "left": "目的地在道路左侧",
        "right": "目的地在道路右侧",
    }

    def distance(self, metres: float) -> str:
        """Return a distance as spoken."""
        text, kilometres = rounded(metres)
        return f"{text} 公里" if kilometres else f"{text} 米"

    def instruction(self, manoeuvre: Manoeuvre) -> str:
        """Return the text at the manoeuvre."""
        return self._do(manoeuvre)

    def step(self, here: Manoeuvre, there: Manoeuvre) -> str:
        """Return the text of the step between two manoeuvres, with the second one."""
        far = self.distance(here.distance_m)
        road = here.followed_name or ("匝道" if here.on_ramp else "")
        begin = f"沿{_within(road)}行驶 {far}" if road else f"行驶 {far}"
        if here.kind == "depart":
            begin = f"向{self._COMPASS[compass_point(here.bearing_deg)]}{begin}"
        return f"{begin}，{self._do(there)}"

    def announcement(self, manoeuvre: Manoeuvre, ahead_m: float) -> str:
        """Return the text some metres before the manoeuvre."""
        return f"{self.distance(ahead_m)}后，{self.instruction(manoeuvre)}"

    def immediately(self, manoeuvre: Manoeuvre, following: Manoeuvre) -> str:
        """Return the text at a manoeuvre that another one follows immediately."""
        return f"{self.instruction(manoeuvre)}，随后{self.instruction(following)}"

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
        return f"沿{_within(name)}向{point}出发" if name else f"向{point}出发"

    def _turn(self, manoeuvre: Manoeuvre) -> str:
        return _into(self._TURNS[manoeuvre.direction], manoeuvre)

    def _keep(self, manoeuvre: Manoeuvre) -> str:
        return _into(self._KEEP.get(manoeuvre.direction, "直行"), manoeuvre)

    def _continue(self, manoeuvre: Manoeuvre) -> str:
        return _into("继续前行", manoeuvre)

    def _ramp(self, manoeuvre: Manoeuvre) -> str:
        turn, name = f"{self._TURNS[manoeuvre.direction]}驶入匝道", manoeuvre.street_name
        return self._RAMP.get(manoeuvre.direction, turn) + (f"，前往{_after(name)}" if name else "")

    def _merge(self, manoeuvre: Manoeuvre) -> str:
        return f"汇入{_after(manoeuvre.street_name or '主路')}"

    def _round(self, manoeuvre: Manoeuvre) -> str:
        if manoeuvre.exit_number is None:
            return "进入环岛"
        return _into(f"进入环岛，从第 {manoeuvre.exit_number} 个出口驶出", manoeuvre)

    def _leave_round(self, manoeuvre: Manoeuvre) -> str:
        return _into("驶出环岛", manoeuvre)

    def _arrive(self, manoeuvre: Manoeuvre) -> str:
        side = self._SIDE.get(manoeuvre.direction)
        arrived = "到达目的地"
        if manoeuvre.walk_m:
            arrived = f"到达停车点，再步行 {self.distance(manoeuvre.walk_m)}"
        return f"{arrived}，{side}" if side else arrived


def _into(what: str, manoeuvre: Manoeuvre) -> str:
    """Return an action and the street it leads into; with a pause after a long one."""
    name = manoeuvre.street_name
    if not name:
        return what
    if manoeuvre.stays_on:
        return what if manoeuvre.direction == "u_turn" else f"{what}，继续沿{_within(name)}行驶"
    pause = "，" if len(what) > len("右转") else ""
    return f"{what}{pause}进入{_after(name)}"


def _after(name: str) -> str:
    """Return a name to follow Chinese text: with a space before Latin letters."""
    return f" {name}" if name[0] <= _LAST_LATIN else name


def _within(name: str) -> str:
    """Return a name within Chinese text."""
    return f"{_after(name)} " if name[-1] <= _LAST_LATIN else _after(name)
