"""A way worked out on a phone is told and spoken as the server would tell it."""

import itertools
import json
import random
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import numpy as np

from routing.errors import UnreachableError
from routing.guidance.manoeuvre import Manoeuvre
from routing.guidance.manoeuvre import ManoeuvreKind
from routing.guidance.manoeuvre import TurnDirection
from routing.guidance.phrases import phrases_in
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.ways.phones import Phone
from tests.routing.ways.phones import run_script
from tests.routing.ways.test_against_the_engine import Trips
from tests.routing.ways.test_against_the_engine import middle

_SAY = Path(__file__).parents[2] / "webconsole" / "js" / "ways" / "say.js"
_NAMES = ("", "Rua X", "人民路", "A1高速", "京藏 G6")
_LENGTHS_M = (4.0, 96.0, 245.0, 251.0, 480.0, 960.0, 1_249.0, 9_960.0, 12_400.0)


def some_manoeuvres() -> list[Manoeuvre]:
    """Return every kind in every direction, each with names, exits and lengths drawn for it."""
    drawn = random.Random(3)  # noqa: S311 - not a secret
    kinds, directions = get_args(ManoeuvreKind), get_args(TurnDirection)
    return [
        Manoeuvre(
            kind,
            direction,
            at=1,
            point=1,
            bearing_deg=drawn.uniform(0.0, 359.9),
            turn_deg=0.0,
            exit_number=exit_,
            street_name=name or ("Rua Y" if kind == "continue" else ""),
            stays_on=bool(name) and drawn.random() < 0.4,
            followed_name=drawn.choice(_NAMES),
            on_ramp=drawn.random() < 0.3,
            distance_m=drawn.choice(_LENGTHS_M),
            walk_m=drawn.choice((0.0, 85.0)) if kind == "arrive" else 0.0,
        )
        for kind, direction, name, exit_ in itertools.product(
            kinds, directions, _NAMES, (None, 1, 2, 3, 11, 22)
        )
        if exit_ is None or kind == "roundabout"
    ]


def test_the_phone_says_every_manoeuvre_in_the_servers_words() -> None:
    """Two languages, all kinds and directions, names in either script and none at all."""
    here = some_manoeuvres()
    there = random.Random(5).sample(here, len(here))  # noqa: S311 - not a secret
    rows = [
        (language, one, other, ahead_m)
        for language, (one, other) in itertools.product(("en", "zh"), zip(here, there, strict=True))
        for ahead_m in (300.0,)
    ]

    said = run_script(
        _SAY,
        json.dumps(
            [
                {"language": language, "here": asdict(one), "there": asdict(other), "ahead_m": m}
                for language, one, other, m in rows
            ]
        ),
    )

    for (language, one, other, ahead_m), actual in zip(rows, said, strict=True):
        phrases = phrases_in(language)
        assert actual == [
            phrases.instruction(one),
            phrases.step(one, other),
            phrases.announcement(one, ahead_m),
            phrases.immediately(one, other),
        ]


def test_a_way_over_the_same_streets_is_told_alike(
    monaco: RoadNetwork, monaco_router: Router, tmp_path: Path
) -> None:
    """The same manoeuvres at the same junctions, and spoken alerts as far ahead of them.

    Lines are simplified on the phone, and a bend of 30 degrees may be one of 29 there: of all that
    is said, all but a few in a hundred is the same, word for word.
    """
    centre = middle(monaco)
    phone = Phone.keeping(monaco_router, tmp_path, centre, 3_000.0)
    trips = Trips.around(monaco, centre, 2_200.0, 200)
    answers = trips.answers(phone, guidance="en")

    alike, whole = 0, 0
    for origin, target, answer in zip(trips.origins, trips.targets, answers, strict=True):
        try:
            route = monaco_router.route(origin, target)
        except UnreachableError:
            continue
        if route.edges.tolist() != answer["edges"]:
            continue
        told = monaco_router.guide(route, "en").as_dicts()
        wanted = [
            (step["instruction"], [each["ahead_m"] for each in step["alerts"]]) for step in told
        ]
        actual = [
            (step["instruction"], [each["ahead_m"] for each in step["alerts"]])
            for step in answer["way"]["steps"]
        ]
        whole += len(wanted)
        alike += sum(each in actual for each in wanted)
        assert abs(answer["way"]["length_m"] - route.length_m) <= 5.0 + 0.02 * route.length_m
        assert np.isclose(answer["way"]["travel_time_s"], route.travel_time_s, rtol=0.02, atol=1.0)
    assert whole > 1_000
    assert alike / whole >= 0.95
