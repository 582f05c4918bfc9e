"""What a driver is told, on one small map for each rule. North is up; blocks of 100 m at 10 m/s."""

import json

import numpy as np
import pytest

from routing.errors import UnknownLanguageError
from routing.guidance.instructions import as_feature
from routing.guidance.spoken_numbers import rounded
from routing.router import Router
from tests.routing.crossings import crossing
from tests.routing.crossings import guide
from tests.routing.crossings import named_crossing
from tests.routing.crossings import texts
from tests.routing.drawing import Point
from tests.routing.drawing import draw
from tests.routing.drawing import street


def test_a_turn_is_told_with_the_way_before_it_in_both_languages() -> None:
    """The sentences of the specification, word for word."""
    # From W to X it is 400 m, then to the south 200 m.
    chinese, _ = guide(named_crossing("滨江路", "人民路"), (-400, 0), (0, -200), "zh")
    english, kinds = guide(named_crossing("Riverside Road", "People's Road"), (-400, 0), (0, -200))

    assert kinds == [("depart", "straight"), ("turn", "right"), ("arrive", "straight")]
    assert texts(chinese) == [
        "向东沿滨江路行驶 400 米，右转进入人民路",
        "沿人民路行驶 200 米，到达目的地",
        "到达目的地",
    ]
    assert texts(english) == [
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
    town = named_crossing("", "")

    assert texts(guide(town, (-400, 0), (0, 200))[0]) == [
        "Head east for 400 m, then turn left",
        "Continue for 200 m to your destination",
        "You have arrived",
    ]
    assert texts(guide(town, (-400, 0), (0, 200), "zh")[0]) == [
        "向东行驶 400 米，左转",
        "行驶 200 米，到达目的地",
        "到达目的地",
    ]


def test_latin_names_stand_apart_from_chinese() -> None:
    """As printers set them."""
    guidance, _ = guide(named_crossing("A20", "Rua 5"), (-400, 0), (0, -200), "zh")

    assert texts(guidance)[0] == "向东沿 A20 行驶 400 米，右转进入 Rua 5"


def test_straight_over_a_crossing_nothing_is_said() -> None:
    """The street goes on."""
    _, kinds = guide(named_crossing("Long Road", "Other Road"), (-400, 0), (300, 0))

    assert [kind for kind, _ in kinds] == ["depart", "arrive"]


def test_a_bend_without_a_choice_is_no_turn() -> None:
    """One cannot go wrong where there is one way on."""
    town = crossing(street("W-X", name="Bend"), street("X-N", name="Bend"))

    _, kinds = guide(town, (-400, 0), (0, 300))

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

    guidance, kinds = guide(town, (-400, 0), end)

    assert kinds[1] == ("turn", direction)
    assert guidance.steps[1].instruction == words


def test_angles_are_measured_past_a_rounded_corner() -> None:
    """The first five metres of the side street still point along the main one."""
    town = draw(
        {"W": (-400.0, 0.0), "X": (0.0, 0.0), "E": (300.0, 0.0), "S": (10.0, -300.0)},
        [street("W-X"), street("X-E"), street("X-S", through=((5.0, -0.5), (10.0, -6.0)))],
    )

    _, kinds = guide(town, (-400, 0), (10, -300))

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

    upper, kinds = guide(town, (-400, 0), (300, 60))
    lower, _ = guide(town, (-400, 0), (300, -60), "zh")

    assert kinds[1] == ("keep", "slight_left")
    assert upper.steps[1].instruction == "Keep left onto Upper"
    assert lower.steps[1].instruction == "靠右行驶，进入 Lower"


def test_a_driveway_beside_a_bend_does_not_make_it_a_turn() -> None:
    """Nobody takes a service road that leads off sideways for the street."""
    town = crossing(
        street("W-X", name="Bend"),
        street("X-N", name="Bend"),
        street("X-S", road_class="service"),
    )

    _, kinds = guide(town, (-400, 0), (0, 300))

    assert [kind for kind, _ in kinds] == ["depart", "arrive"]


def test_turning_off_to_stay_on_a_street_says_so() -> None:
    """The name alone would send one straight on."""
    town = crossing(
        street("W-X", name="River Road"), street("X-N", name="River Road"), street("X-E", name="E")
    )

    english, _ = guide(town, (-400, 0), (0, 300))
    chinese, _ = guide(town, (-400, 0), (0, 300), "zh")

    assert english.steps[1].instruction == "Turn left to stay on River Road"
    assert chinese.steps[1].instruction == "左转，继续沿 River Road 行驶"


@pytest.mark.parametrize(("east_m", "told"), [(400.0, True), (200.0, False)])
def test_a_new_name_straight_on_is_told_if_the_street_is_long(east_m: float, told: bool) -> None:  # noqa: FBT001 - a table
    """Two hundred metres under another name are not worth a word."""
    town = draw(
        {"W": (-400.0, 0.0), "X": (0.0, 0.0), "E": (east_m, 0.0)},
        [street("W-X", name="First Street"), street("X-E", name="Second Street")],
    )

    guidance, kinds = guide(town, (-400, 0), (east_m, 0))

    assert [kind for kind, _ in kinds] == ["depart", *(["continue"] if told else []), "arrive"]
    if told:
        assert guidance.steps[1].instruction == "Continue onto Second Street"


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
    guidance, kinds = guide(named_crossing("Main", "Cross"), (-400, 0), goal)

    assert kinds[-1] == ("arrive", side)
    assert words in texts(guidance)[-2]


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
    guidance, _ = guide(named_crossing("Main", "Cross"), (-400, 0), (0, -200))

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
    town = named_crossing("Main", "Cross")

    with pytest.raises(UnknownLanguageError, match="zh and en"):
        guide(town, (-400, 0), (0, -200), "fr")


def test_a_drive_along_one_street_has_a_beginning_and_an_end() -> None:
    """Even one of no length at all."""
    town = named_crossing("Main", "Cross")
    router = Router(town.network)
    place = town.at(router, "W", "X", 100)

    for goal in (place, town.at(router, "W", "X", 200)):
        guidance = router.guide(router.route(place, goal), "en")
        assert [step.manoeuvre.kind for step in guidance.steps] == ["depart", "arrive"]


def test_standing_at_a_crossing_one_sets_out_into_the_street_one_will_drive() -> None:
    """Not ten metres along the other street, then turn."""
    town = named_crossing("Main", "Cross")
    router = Router(town.network)
    route = router.route(town.at(router, "S", "X", 399.5), town.at(router, "X", "E", 300))

    guidance = router.guide(route, "en")

    assert texts(guidance) == [
        "Head east on Main for 300 m to your destination",
        "You have arrived",
    ]
    assert guidance.steps[0].instruction == "Head east on Main"


def test_a_route_with_guidance_is_geojson() -> None:
    """A Feature that the page can draw, speak from and follow."""
    town = named_crossing("Main", "Cross")
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


def test_steps_of_any_route_in_monaco_add_up(monaco_router: Router) -> None:
    """Distances, times, places and texts hold together on real streets."""
    router = monaco_router
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


@pytest.mark.parametrize(
    ("off_m", "english", "chinese"),
    [
        (
            40.0,
            [
                "Head east on Street for 600 m, then walk 40 m; your destination is on the left",
                "Stop here, then walk 40 m; your destination is on the left",
            ],
            [
                "向东沿 Street 行驶 600 米，到达停车点，再步行 40 米，目的地在道路左侧",
                "到达停车点，再步行 40 米，目的地在道路左侧",
            ],
        ),
        (
            25.0,
            [
                "Head east on Street for 600 m; your destination is on the left",
                "You have arrived; your destination is on the left",
            ],
            [
                "向东沿 Street 行驶 600 米，到达目的地，目的地在道路左侧",
                "到达目的地，目的地在道路左侧",
            ],
        ),
    ],
)
def test_the_last_step_says_how_far_there_is_still_to_walk(
    off_m: float, english: list[str], chinese: list[str]
) -> None:
    """From 30 m on: less is the way from the vehicle to the door."""
    town = named_crossing("Street", "Street")

    assert texts(guide(town, (-400, 0), (200, off_m))[0])[-2:] == english
    assert texts(guide(town, (-400, 0), (200, off_m), "zh")[0])[-2:] == chinese
