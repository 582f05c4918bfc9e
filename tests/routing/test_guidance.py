"""What a driver is told, on one small map for each rule. North is up; blocks of 100 m at 10 m/s."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from geodata.roads import ROUNDABOUT
from routing.errors import UnknownLanguageError
from routing.guidance import Guidance
from routing.guidance import as_feature
from routing.network import RoadNetwork
from routing.router import Router
from routing.spoken import rounded
from tests.routing.drawing import Point
from tests.routing.drawing import Street
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

#         N
#         |
#   W --- X --- E
#         |
#         S
_CROSS = {
    "X": (0.0, 0.0),
    "N": (0.0, 400.0),
    "E": (400.0, 0.0),
    "S": (0.0, -400.0),
    "W": (-400.0, 0.0),
}


def _guide(
    town: Town, begin: Point, end: Point, language: str = "en"
) -> tuple[Guidance, list[tuple[str, str]]]:
    router = Router(town.network)
    route = router.route(town.lonlat(*begin), town.lonlat(*end))
    guidance = router.guide(route, language)
    return guidance, [(step.manoeuvre.kind, step.manoeuvre.direction) for step in guidance.steps]


def _texts(guidance: Guidance) -> list[str]:
    return [step.text for step in guidance.steps]


def _crossing(*streets: Street) -> Town:
    return draw(_CROSS, streets)


def _named_crossing(name: str, across: str) -> Town:
    return _crossing(
        street("W-X", name=name),
        street("X-E", name=name),
        street("S-X", name=across),
        street("X-N", name=across),
    )


def test_a_turn_is_told_with_the_way_before_it_in_both_languages() -> None:
    """The sentences of the specification, word for word."""
    # From W to X it is 400 m, then to the south 200 m.
    chinese, _ = _guide(_named_crossing("滨江路", "人民路"), (-400, 0), (0, -200), "zh")
    english, kinds = _guide(
        _named_crossing("Riverside Road", "People's Road"), (-400, 0), (0, -200)
    )

    assert kinds == [("depart", "straight"), ("turn", "right"), ("arrive", "straight")]
    assert _texts(chinese) == [
        "向东沿滨江路行驶 400 米，右转进入人民路",
        "沿人民路行驶 200 米，到达目的地",
        "到达目的地",
    ]
    assert _texts(english) == [
        "Head east on Riverside Road for 400 m, then turn right into People's Road",
        "Follow People's Road for 200 m to your destination",
        "You have arrived",
    ]
    assert [step.instruction for step in english.steps] == [
        "Head east on Riverside Road",
        "Turn right into People's Road",
        "You have arrived",
    ]


def test_streets_without_names_are_no_gap_in_the_sentence() -> None:
    """Nobody says "follow for"."""
    town = _named_crossing("", "")

    assert _texts(_guide(town, (-400, 0), (0, 200))[0]) == [
        "Head east for 400 m, then turn left",
        "Continue for 200 m to your destination",
        "You have arrived",
    ]
    assert _texts(_guide(town, (-400, 0), (0, 200), "zh")[0]) == [
        "向东行驶 400 米，左转",
        "行驶 200 米，到达目的地",
        "到达目的地",
    ]


def test_latin_names_stand_apart_from_chinese() -> None:
    """As printers set them."""
    guidance, _ = _guide(_named_crossing("A20", "Rua 5"), (-400, 0), (0, -200), "zh")

    assert _texts(guidance)[0] == "向东沿 A20 行驶 400 米，右转进入 Rua 5"


def test_straight_over_a_crossing_nothing_is_said() -> None:
    """The street goes on."""
    _, kinds = _guide(_named_crossing("Long Road", "Other Road"), (-400, 0), (300, 0))

    assert [kind for kind, _ in kinds] == ["depart", "arrive"]


def test_a_bend_without_a_choice_is_no_turn() -> None:
    """One cannot go wrong where there is one way on."""
    town = _crossing(street("W-X", name="Bend"), street("X-N", name="Bend"))

    _, kinds = _guide(town, (-400, 0), (0, 300))

    assert [kind for kind, _ in kinds] == ["depart", "arrive"]


@pytest.mark.parametrize(
    ("end", "direction", "words"),
    [
        ((200.0, 170.0), "slight_left", "Bear left into Out"),
        ((0.0, 300.0), "left", "Turn left into Out"),
        ((-250.0, 150.0), "sharp_left", "Turn sharp left into Out"),
        ((200.0, -170.0), "slight_right", "Bear right into Out"),
        ((100.0, -300.0), "right", "Turn right into Out"),
        ((-250.0, -150.0), "sharp_right", "Turn sharp right into Out"),
    ],
)
def test_turns_are_named_by_their_angle(end: Point, direction: str, words: str) -> None:
    """Right is where the wheel goes; the straight street on is what one could take instead."""
    town = draw(
        {"W": (-400.0, 0.0), "X": (0.0, 0.0), "E": (300.0, 0.0), "O": end},
        [street("W-X", name="In"), street("X-E", name="In"), street("X-O", name="Out")],
    )

    guidance, kinds = _guide(town, (-400, 0), end)

    assert kinds[1] == ("turn", direction)
    assert guidance.steps[1].instruction == words


def test_angles_are_measured_past_a_rounded_corner() -> None:
    """The first five metres of the side street still point along the main one."""
    town = draw(
        {"W": (-400.0, 0.0), "X": (0.0, 0.0), "E": (300.0, 0.0), "S": (10.0, -300.0)},
        [street("W-X"), street("X-E"), street("X-S", through=((5.0, -0.5), (10.0, -6.0)))],
    )

    _, kinds = _guide(town, (-400, 0), (10, -300))

    assert kinds[1] == ("turn", "right")


def test_at_a_fork_one_is_told_which_side_to_keep() -> None:
    """Both ways lead ahead: neither is a turn, one is left of the other."""
    #                 _- U, 60 m north
    #   W ---------- X
    #                 -_ L (300, -60)
    town = draw(
        {"W": (-400.0, 0.0), "X": (0.0, 0.0), "U": (300.0, 60.0), "L": (300.0, -60.0)},
        [street("W-X", name="In"), street("X-U", name="Upper"), street("X-L", name="Lower")],
    )

    upper, kinds = _guide(town, (-400, 0), (300, 60))
    lower, _ = _guide(town, (-400, 0), (300, -60), "zh")

    assert kinds[1] == ("keep", "slight_left")
    assert upper.steps[1].instruction == "Keep left onto Upper"
    assert lower.steps[1].instruction == "靠右行驶，进入 Lower"


def test_a_driveway_beside_a_bend_does_not_make_it_a_turn() -> None:
    """Nobody takes a service road that leads off sideways for the street."""
    town = _crossing(
        street("W-X", name="Bend"),
        street("X-N", name="Bend"),
        street("X-S", road_class="service"),
    )

    _, kinds = _guide(town, (-400, 0), (0, 300))

    assert [kind for kind, _ in kinds] == ["depart", "arrive"]


def test_turning_off_to_stay_on_a_street_says_so() -> None:
    """The name alone would send one straight on."""
    town = _crossing(
        street("W-X", name="River Road"), street("X-N", name="River Road"), street("X-E", name="E")
    )

    english, _ = _guide(town, (-400, 0), (0, 300))
    chinese, _ = _guide(town, (-400, 0), (0, 300), "zh")

    assert english.steps[1].instruction == "Turn left to stay on River Road"
    assert chinese.steps[1].instruction == "左转，继续沿 River Road 行驶"


@pytest.mark.parametrize(("east_m", "told"), [(400.0, True), (200.0, False)])
def test_a_new_name_straight_on_is_told_if_the_street_is_long(east_m: float, told: bool) -> None:  # noqa: FBT001 - a table
    """Two hundred metres under another name are not worth a word."""
    town = draw(
        {"W": (-400.0, 0.0), "X": (0.0, 0.0), "E": (east_m, 0.0)},
        [street("W-X", name="First Street"), street("X-E", name="Second Street")],
    )

    guidance, kinds = _guide(town, (-400, 0), (east_m, 0))

    assert [kind for kind, _ in kinds] == ["depart", *(["continue"] if told else []), "arrive"]
    if told:
        assert guidance.steps[1].instruction == "Continue onto Second Street"


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
    guidance, _ = _guide(_roundabout("SENW"), (0, -300), (0, 300))  # 280 m to the ring

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
    guidance, kinds = _guide(_motorway(), (-1000, 0), (400, -250))

    assert kinds[1] == ("ramp", "slight_right")
    assert guidance.steps[1].instruction == "Take the ramp on the right to Town Road"
    assert guidance.steps[1].text == (
        "Follow the ramp for 400 m, then turn right into Town Road"  # sqrt(400² + 80²) = 408 m
    )


def test_a_motorway_is_joined_by_a_ramp_and_merging() -> None:
    """Where the side road has no other way on, only the merging is told."""
    guidance, kinds = _guide(_motorway(), (500, -80), (2500, 0), "zh")

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

    guidance, kinds = _guide(town, (-400, 0), (60, -400))

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


@pytest.mark.parametrize(
    ("goal", "side", "words"),
    [
        ((300.0, -30.0), "right", "your destination is on the right"),
        ((300.0, 30.0), "left", "your destination is on the left"),
        ((300.0, 2.0), "straight", "to your destination"),
    ],
)
def test_the_side_of_the_destination_is_told(goal: Point, side: str, words: str) -> None:
    """Right of the road, left of it, or at the door."""
    guidance, kinds = _guide(_named_crossing("Main", "Cross"), (-400, 0), goal)

    assert kinds[-1] == ("arrive", side)
    assert words in _texts(guidance)[-2]


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (3, ("10", False)),
        (44, ("40", False)),
        (246, ("250", False)),
        (260, ("250", False)),
        (480, ("500", False)),
        (949, ("900", False)),
        (960, ("1", True)),
        (1_249, ("1.2", True)),
        (2_010, ("2", True)),
        (12_400, ("12", True)),
    ],
)
def test_distances_are_rounded_as_people_say_them(metres: float, said: tuple[str, bool]) -> None:
    """Tens, fifties, hundreds, tenths of a kilometre, whole ones."""
    assert rounded(metres) == said


def test_alerts_come_early_soon_and_at_the_place() -> None:
    """At 10 m/s: 25 s before is 250 m, said at 200 or 300; 10 s before is 100 m; then at it."""
    guidance, _ = _guide(_named_crossing("Main", "Cross"), (-400, 0), (0, -200))

    alerts = guidance.steps[1].alerts

    assert [alert.ahead_m for alert in alerts] in ([300.0, 100.0, 0.0], [200.0, 100.0, 0.0])
    assert alerts[-2].text == "In 100 m, turn right into Cross"
    assert alerts[-1].text == "Turn right into Cross"


def test_what_follows_at_once_is_told_together() -> None:
    """Fifty metres are too short to listen to a second sentence."""
    #   W ---- X ---- E
    #          Y ---- F      50 m further
    town = draw(
        {
            "W": (-400.0, 0.0),
            "X": (0.0, 0.0),
            "E": (300.0, 0.0),
            "Y": (0.0, -50.0),
            "F": (300.0, -50.0),
            "S": (0.0, -300.0),
        },
        [
            street("W-X", name="Main"),
            street("X-E", name="Main"),
            street("X-Y", name="Cross"),
            street("Y-F", name="Second"),
            street("Y-S", name="Cross"),
        ],
    )
    router = Router(town.network)
    route = router.route(town.at(router, "W", "X", 0), town.at(router, "Y", "F", 250))

    assert router.guide(route, "en").steps[1].alerts[-1].text == (
        "Turn right into Cross, then turn left into Second"
    )
    assert router.guide(route, "zh").steps[1].alerts[-1].text == (
        "右转进入 Cross，随后左转进入 Second"
    )


def test_another_language_is_refused() -> None:
    """There are two."""
    town = _named_crossing("Main", "Cross")

    with pytest.raises(UnknownLanguageError, match="zh and en"):
        _guide(town, (-400, 0), (0, -200), "fr")


def test_a_drive_along_one_street_has_a_beginning_and_an_end() -> None:
    """Even one of no length at all."""
    town = _named_crossing("Main", "Cross")
    router = Router(town.network)
    place = town.at(router, "W", "X", 100)

    for goal in (place, town.at(router, "W", "X", 200)):
        guidance = router.guide(router.route(place, goal), "en")
        assert [step.manoeuvre.kind for step in guidance.steps] == ["depart", "arrive"]


def test_standing_at_a_crossing_one_sets_out_into_the_street_one_will_drive() -> None:
    """Not ten metres along the other street, then turn."""
    town = _named_crossing("Main", "Cross")
    router = Router(town.network)
    route = router.route(town.at(router, "S", "X", 399.5), town.at(router, "X", "E", 300))

    guidance = router.guide(route, "en")

    assert _texts(guidance) == [
        "Head east on Main for 300 m to your destination",
        "You have arrived",
    ]
    assert guidance.steps[0].instruction == "Head east on Main"


def test_a_route_with_guidance_is_geojson() -> None:
    """A Feature that the page can draw, speak from and follow."""
    town = _named_crossing("Main", "Cross")
    router = Router(town.network)
    route = router.route(town.lonlat(-400, 0), town.lonlat(0, -200))

    feature = json.loads(json.dumps(as_feature(route, router.guide(route, "en"))))

    assert feature["geometry"]["type"] == "LineString"
    steps = feature["properties"]["steps"]
    turn = steps[1]
    assert (turn["kind"], turn["street_name"], turn["bearing_deg"]) == ("turn", "Cross", 180)
    assert turn["turn_deg"] == 90
    assert feature["geometry"]["coordinates"][turn["point"]] == turn["lonlat"]
    # 40 s to the crossing, 3 s for the turn and 20 s on
    assert [step["time_s"] for step in steps] == [40.0, 23.0, 0.0]
    assert [step["distance_m"] for step in steps] == pytest.approx([400, 200, 0], abs=0.5)


def test_steps_of_any_route_in_monaco_add_up(monaco: RoadNetwork) -> None:
    """Distances, times, places and texts hold together on real streets."""
    router = Router(monaco)
    random = np.random.default_rng(3)
    edges = random.choice(np.flatnonzero(np.repeat(router.main_streets, 2)), 80)
    places = router.on_edges(
        edges, random.random(80) * router.network.roads.segment_length_m[edges // 2]
    )
    snapped = router.snap(places.lonlat)
    times_s = router.matrix(snapped[:40], snapped[40:])

    for number in range(40):
        if np.isinf(times_s[number, number]):
            continue
        route = router.route(snapped[number : number + 1], snapped[40 + number : 41 + number])
        for language in ("zh", "en"):
            steps = router.guide(route, language).steps
            assert (steps[0].manoeuvre.kind, steps[-1].manoeuvre.kind) == ("depart", "arrive")
            assert sum(step.manoeuvre.distance_m for step in steps) == pytest.approx(route.length_m)
            assert sum(step.manoeuvre.time_s for step in steps) == pytest.approx(
                route.travel_time_s
            )
            points = [step.manoeuvre.point for step in steps]
            assert points == sorted(points)
            assert points[-1] == len(route.line) - 1
            assert all(step.text and "None" not in step.text for step in steps)
