"""Roundabouts, ramps, slip lanes and U-turns: several edges that a driver is told as one thing."""

from collections.abc import Sequence

import pytest

from geodata.roads.types import ROUNDABOUT
from routing.router import Router
from tests.routing.crossings import guide
from tests.routing.drawing import Point
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street


def _roundabout(arms: Sequence[str]) -> Town:
    #        N            a ring from A over B > C > D > A, against the clock, 40 m across;
    #        C            arms at A (south), B (east), C (north), D (west)
    #   W  D   B  E
    #        A
    #        S
    places = {
        "A": (0.0, -20.0),
        "B": (20.0, 0.0),
        "C": (0.0, 20.0),
        "D": (-20.0, 0.0),
        "S": (0.0, -300.0),
        "E": (300.0, 0.0),
        "N": (0.0, 300.0),
        "W": (-300.0, 0.0),
    }
    ring = [street(text, flags=ROUNDABOUT) for text in ("A>B", "B>C", "C>D", "D>A")]
    out = {"S": "A", "E": "B", "N": "C", "W": "D"}
    return draw(places, [*ring, *(street(f"{out[arm]}-{arm}", name=f"{arm} Road") for arm in arms)])


@pytest.mark.parametrize(
    ("arms", "end", "exit_number", "direction"),
    [
        ("SENW", (300, 0), 1, "right"),
        ("SENW", (0, 300), 2, "straight"),
        ("SENW", (-300, 0), 3, "left"),
        ("SNW", (0, 300), 1, "straight"),
        ("SW", (-300, 0), 1, "left"),
    ],
)
def test_exits_of_a_roundabout_are_counted(
    arms: str, end: Point, exit_number: int, direction: str
) -> None:
    """One manoeuvre for the whole of it; the arrow shows where one comes out."""
    town = _roundabout(arms)
    router = Router(town.network)
    start = town.at(router, "S", "A", 100)
    route = router.route(start, town.lonlat(*end))

    steps = router.guide(route, "zh").steps

    assert [step.manoeuvre.kind for step in steps] == ["depart", "roundabout", "arrive"]
    assert steps[1].manoeuvre.exit_number == exit_number
    assert steps[1].manoeuvre.direction == direction
    assert f"从第 {exit_number} 个出口驶出" in steps[1].instruction


def test_a_roundabout_exit_has_its_ordinal_in_english() -> None:
    """Second, not two."""
    guidance, _ = guide(_roundabout("SENW"), (0, -300), (0, 300))  # 280 m to the ring

    assert guidance.steps[1].instruction == "At the roundabout take the 2nd exit into N Road"
    assert guidance.steps[0].text == (
        "Head north on S Road for 300 m, then at the roundabout take the 2nd exit into N Road"
    )


def test_a_destination_inside_a_roundabout_has_no_exit() -> None:
    """One goes in, and is there."""
    town = _roundabout("SE")
    router = Router(town.network)
    route = router.route(town.at(router, "S", "A", 0), town.at(router, "C", "D", 10))

    steps = router.guide(route, "en").steps

    assert [step.manoeuvre.kind for step in steps] == ["depart", "roundabout", "arrive"]
    assert steps[1].instruction == "Enter the roundabout"


def test_setting_out_inside_a_roundabout_one_leaves_it() -> None:
    """There was no entry to count from."""
    town = _roundabout("SE")
    router = Router(town.network)
    route = router.route(town.at(router, "C", "D", 10), town.at(router, "B", "E", 200))

    steps = router.guide(route, "en").steps

    assert [step.manoeuvre.kind for step in steps] == ["depart", "exit_roundabout", "arrive"]
    assert steps[1].instruction == "Leave the roundabout into E Road"


def _motorway() -> Town:
    #   W >>> X >>>>>>>>>>>> M >>> E      motorway eastward
    #          \>> R (ramp off)    a ramp K > M comes on
    return draw(
        {
            "W": (-1000.0, 0.0),
            "X": (0.0, 0.0),
            "M": (1500.0, 0.0),
            "E": (3000.0, 0.0),
            "R": (400.0, -80.0),
            "K": (1100.0, -80.0),
            "T": (400.0, -300.0),
        },
        [
            street("W>X", name="A 1", road_class="motorway", speed_mps=30.0),
            street("X>M", name="A 1", road_class="motorway", speed_mps=30.0),
            street("M>E", name="A 1", road_class="motorway", speed_mps=30.0),
            street("X>R", road_class="motorway_link"),
            street("K>M", road_class="motorway_link"),
            street("R-T", name="Town Road"),
            street("R-K", name="Side Road"),
        ],
    )


def test_a_motorway_is_left_by_a_ramp() -> None:
    """The ramp leads to the road at its end."""
    guidance, kinds = guide(_motorway(), (-1000, 0), (400, -250))

    assert kinds[1] == ("ramp", "slight_right")
    assert guidance.steps[1].instruction == "Take the ramp on the right to Town Road"
    assert guidance.steps[1].text == (
        "Follow the ramp for 400 m, then turn right into Town Road"  # sqrt(400² + 80²) = 408 m
    )


def test_a_motorway_is_joined_by_a_ramp_and_merging() -> None:
    """Where the side road has no other way on, only the merging is told."""
    guidance, kinds = guide(_motorway(), (500, -80), (2500, 0), "zh")

    assert [kind for kind, _ in kinds] == ["depart", "merge", "arrive"]
    # 600 m of Side Road and hypot(400, 80) m of ramp
    assert guidance.steps[0].text == "向东沿 Side Road 行驶 1 公里，汇入 A 1"


def test_a_slip_lane_is_one_turn() -> None:
    """Not "keep right", "turn right", "merge": one turns right."""
    #   W ---- X ---- Y ---- E       slip lane X > Z cuts the corner to the street Y - S
    #           \     |
    #            \--- Z
    #                 S
    town = draw(
        {
            "W": (-400.0, 0.0),
            "X": (0.0, 0.0),
            "Y": (60.0, 0.0),
            "E": (300.0, 0.0),
            "Z": (60.0, -60.0),
            "S": (60.0, -400.0),
        },
        [
            street("W-X", name="Main", road_class="primary"),
            street("X-Y", name="Main", road_class="primary"),
            street("Y-E", name="Main", road_class="primary"),
            street("X>Z", road_class="primary_link"),
            street("Y-Z", name="Cross", road_class="primary"),
            street("Z-S", name="Cross", road_class="primary"),
        ],
        rules=["no X Y Z"],
    )

    guidance, kinds = guide(town, (-400, 0), (60, -400))

    assert kinds == [("depart", "straight"), ("turn", "right"), ("arrive", "straight")]
    assert guidance.steps[1].instruction == "Turn right into Cross"


def test_two_left_turns_across_a_divided_road_are_one_u_turn() -> None:
    """What the driver does is turn back."""
    #   B <------- Y <------ D      westward carriageway, 15 m north of
    #              |                the eastward one
    #   A -------> X ------> C
    town = draw(
        {
            "A": (-400.0, 0.0),
            "X": (0.0, 0.0),
            "C": (300.0, 0.0),
            "B": (-400.0, 15.0),
            "Y": (0.0, 15.0),
            "D": (300.0, 15.0),
        },
        [
            street("A>X", name="Divided Road"),
            street("X>C", name="Divided Road"),
            street("D>Y", name="Divided Road"),
            street("Y>B", name="Divided Road"),
            street("X-Y"),
            street("C>D", through=((320.0, 0.0), (320.0, 15.0))),
        ],
    )
    router = Router(town.network)
    route = router.route(town.at(router, "A", "X", 0), town.at(router, "Y", "B", 300))

    steps = router.guide(route, "zh").steps

    assert [step.manoeuvre.direction for step in steps] == ["straight", "u_turn", "straight"]
    assert steps[1].instruction == "掉头"


def test_turning_back_at_a_dead_end_is_a_u_turn() -> None:
    """It is the only way on, and still something to do."""
    #   C >>> A --- B     from C one may not turn up to D: on to the end of the lane and back
    #         v
    #         D, to the north
    town = draw(
        {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (-200.0, 0.0), "D": (0.0, 200.0)},
        [street("A-B", name="Blind Lane"), street("C>A", name="In"), street("A>D", name="Out")],
        rules=["no C A D"],
    )
    router = Router(town.network)
    steps = router.guide(
        router.route(town.at(router, "C", "A", 0), town.at(router, "A", "D", 100)), "en"
    ).steps
    assert [step.manoeuvre.direction for step in steps] == [
        "straight",
        "u_turn",
        "straight",  # the bend at A offers no choice to who comes back
    ]
    assert steps[1].instruction == "Make a U-turn to stay on Blind Lane"
