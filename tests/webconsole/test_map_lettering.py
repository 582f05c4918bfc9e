"""Names and arrows on the map's streets: where letters stand, in which order, and where none do.

The modules run as they are, in the engine that set-up installs; a fixed-width pen of 6 px a letter
(12 px for a Chinese one) makes every number one that can be checked by hand.
"""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.scripts_of_pages import told_by

Line = list[tuple[float, float]]
Ask = Callable[[str], Any]

PREAMBLE = """
import { arrowsOn } from './map/lettering/one_way_arrows.js';
import { LineCourse } from './map/lettering/line_course.js';
import { StreetLabel } from './map/lettering/street_label.js';
import { letters, linesOf } from './map/lettering/lettering.js';
import { sortTilesOf, sorted } from './map/base/tile_sorting.js';
const width = (text) => [...text].reduce((sum, each) => sum + (each > '\\u2e80' ? 12 : 6), 0);
const scratch = { measureText: (text) => ({ width: width(text) }) };
const line = (points) => points.map(([x, y]) => ({ x, y }));
// What a canvas would be told, in order: each letter with where it stands and how it is turned.
function pen() {
  const said = [];
  let [x, y, angle] = [0, 0, 0];
  const kept = [];
  return {
    said,
    save: () => kept.push([x, y, angle]),
    restore: () => { [x, y, angle] = kept.pop(); },
    translate: (dx, dy) => { x += dx; y += dy; },
    rotate: (by) => { angle += by; },
    getTransform: () => ({ a: 1, b: 0, c: 0, d: 1, e: x, f: y }),
    setTransform: () => {},
    strokeText: () => {},
    fillText: (text) => said.push({ text, x, y, angle }),
  };
}
function label(points, name, options = {}) {
  const look = { face: '10px x', size: 10, fill: '', halo: '' };
  const symbol = new StreetLabel({ ...look, text: () => name, ...options });
  const labels = symbol.place({ scratch }, [line(points)], {}) ?? [];
  return labels.map((each) => {
    const context = pen();
    each.draw(context);
    const { anchor } = each;
    const said = context.said.map(({ text, x, y, angle }) => (
      { text, x: x + anchor.x, y: y + anchor.y, angle }));
    return { said, boxes: each.bboxes };
  });
}
"""


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Return what evaluates an expression with the map's modules at hand."""
    return lambda expression: told_by(f"{PREAMBLE}\nconsole.log(JSON.stringify({expression}));")


def arc(radius: float, degrees: float) -> Line:
    """Return points on a circle from its western end, over the north."""
    angles = np.radians(np.linspace(180, 180 - degrees, 60))
    return [(radius * math.cos(a), -radius * math.sin(a)) for a in angles.tolist()]


def test_a_name_on_a_straight_street_is_set_in_one_piece(ask: Ask) -> None:
    """Ten letters, 60 px, in the middle of 200: centred on x = 100, not turned."""
    (label,) = ask("label([[0, 0], [200, 0]], 'Hill Lane.')")

    assert label["said"] == [{"text": "Hill Lane.", "x": 100, "y": 0, "angle": 0}]


def test_names_read_from_left_to_right_however_the_street_was_drawn(ask: Ask) -> None:
    """A street drawn from east to west has no name upside down."""
    (label,) = ask("label([[200, 0], [0, 0]], 'Hill Lane.')")

    assert label["said"][0]["angle"] == 0


def test_letters_follow_a_curve(ask: Ask) -> None:
    """On a quarter circle of 120 px every letter stands on it, along it, in the order read."""
    radius = 120
    (label,) = ask(f"label({json.dumps(arc(radius, 90))}, 'Crescent Row')")
    said = label["said"]
    x, y, angle = (np.array([each[key] for each in said]) for key in ("x", "y", "angle"))

    assert [each["text"] for each in said] == list("Crescent Row")
    assert np.hypot(x, y) == pytest.approx(np.full(len(x), radius), abs=0.2)
    # Along a circle over the north, the direction is at right angles to the radius.
    assert angle == pytest.approx(np.arctan2(y, x) + np.pi / 2, abs=0.05)
    assert (np.diff(x) > 0).all()
    # Twelve letters of 6 px: about 6 px apart along the arc.
    assert np.hypot(np.diff(x), np.diff(y)) == pytest.approx(np.full(len(x) - 1, 6.0), abs=0.1)


def test_a_label_keeps_the_room_it_needs(ask: Ask) -> None:
    """Every letter lies within one of the boxes that other names have to leave free."""
    (label,) = ask(f"label({json.dumps(arc(120, 90))}, 'Crescent Row')")

    for each in label["said"]:
        assert any(
            box["minX"] <= each["x"] <= box["maxX"] and box["minY"] <= each["y"] <= box["maxY"]
            for box in label["boxes"]
        )


@pytest.mark.parametrize(
    ("street", "why"),
    [
        ([(0, 0), (50, 0)], "shorter than the name"),
        ([(0, 0), (40, 0), (0, 6)], "a hairpin"),
        (arc(14, 300), "too tight a curve"),
    ],
)
def test_where_a_name_does_not_fit_there_is_none(ask: Ask, street: Line, why: str) -> None:
    """Rather no name than one nobody can read."""
    assert ask(f"label({json.dumps(street)}, 'Hill Lane.')") == [], why


def test_a_bend_is_dodged_along_the_street(ask: Ask) -> None:
    """A corner in the very middle: the name moves to a straight half."""
    (label,) = ask("label([[0, 0], [120, 0], [120, 120]], 'Hill Lane.')")

    assert len(label["said"]) == 1
    assert label["said"][0]["angle"] in (0, pytest.approx(np.pi / 2))


def test_a_long_street_is_named_again_and_again(ask: Ask) -> None:
    """2000 px at a name every 400: five times, 400 px apart."""
    labels = ask("label([[0, 0], [2000, 0]], 'Hill Lane.', { repeat: 340 })")

    assert [each["said"][0]["x"] for each in labels] == [200, 600, 1000, 1400, 1800]


def test_chinese_names_stand_upright_on_steep_streets(ask: Ask) -> None:
    """From the top down, no letter turned; along a flat street as any other name."""
    (steep,) = ask("label([[0, 200], [20, 0]], '解放路')")
    (flat,) = ask("label([[0, 0], [200, 20]], '解放路')")

    assert [each["text"] for each in steep["said"]] == ["解", "放", "路"]
    assert [each["angle"] for each in steep["said"]] == [0, 0, 0]
    assert np.diff([each["y"] for each in steep["said"]]).min() > 9
    assert [each["text"] for each in flat["said"]] == ["解放路"]


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("Fontvieille", 16, ["Fontvieille"]),
        ("Centre Cardio Thoracique", 16, ["Centre Cardio", "Thoracique"]),
        ("Jardins de Saint-Martin", 16, ["Jardins de", "Saint-Martin"]),
        ("人民医院", 16, ["人民医院"]),
        ("深圳市第二人民医院急诊中心", 16, ["深圳市第二人民", "医院急诊中心"]),
    ],
)
def test_names_are_broken_evenly(ask: Ask, text: str, most: int, lines: list[str]) -> None:
    """No last line of two letters, in either script; nothing lost."""
    assert ask(f"linesOf({json.dumps(text)}, {most})") == lines


def test_accents_stay_on_their_letters(ask: Ask) -> None:
    """A letter and its combining accent are one mark on a curve."""
    assert ask("letters('Re\\u0301al')") == ["R", "e\u0301", "a", "l"]


def test_arrows_point_along_the_traffic(ask: Ask) -> None:
    """240 px have two, at a quarter and at three; down the street is down the screen."""
    arrows = ask("arrowsOn(line([[0, 0], [0, 240]]), { size: 8, free: () => true })")

    assert [(each["x"], each["y"]) for each in arrows] == [(0, 60), (0, 180)]
    assert [(each["along"], each["down"]) for each in arrows] == [(0, 1), (0, 1)]


def test_an_arrow_makes_room_for_a_name(ask: Ask) -> None:
    """A name lies from 40 to 80: the arrow due at 60 stands at 84, or nowhere when all is taken."""
    dodged = ask(
        "arrowsOn(line([[0, 0], [120, 0]]), { size: 8, free: ({ x }) => x < 40 || x > 80 })"
    )
    full = ask("arrowsOn(line([[0, 0], [120, 0]]), { size: 8, free: () => false })")

    assert [each["x"] for each in dodged] == [84]
    assert full == []


def test_features_are_sorted_into_what_is_painted_together(ask: Ask) -> None:
    """None is lost, none is twice, and the order within a pile is the tile's."""
    roads = [
        {"class": "primary", "bridge": True, "n": 1},
        {"class": "residential", "n": 2},
        {"class": "secondary", "bridge": True, "n": 3},
        {"class": "path", "tunnel": True, "n": 4},
        {"class": "something new", "n": 5},
        {"class": "trunk", "bridge": True, "level": 2, "n": 6},
        {"class": "trunk", "bridge": True, "level": 5, "n": 7},
    ]
    piles = ask(
        f"[...sorted(new Map([['roads', {json.dumps(roads)}.map((props) => ({{ props }}))]]))]"
        ".map(([name, features]) => [name, features.map(({ props }) => props.n)])"
    )

    assert dict(piles) == {
        "roads": [1, 2, 3, 4, 5, 6, 7],
        "roads/bridge/major": [1, 3],
        "roads/ground/street": [2, 5],
        "roads/tunnel/path": [4],
        "roads/bridge2/trunk": [6],
        "roads/bridge3/trunk": [7],
    }


@pytest.mark.parametrize(("failures", "given"), [(2, "tile"), (99, "gave up")])
def test_a_tile_that_failed_is_asked_for_again(ask: Ask, failures: int, given: str) -> None:
    """A server that starts again leaves no white squares; one that stays away is left alone."""
    told = ask(
        "await (async () => {"
        f"  let [left, asked] = [{failures}, 0];"
        "  const source = { get: async () => {"
        "    asked += 1;"
        "    if (left-- > 0) throw new Error('503');"
        "    return new Map([['roads', []]]);"
        "  } };"
        "  const view = { tileCache: { source } };"
        "  sortTilesOf(view, 1);"
        "  const asking = view.tileCache.source.get({}, 512);"
        "  return [await asking.then(() => 'tile', () => 'gave up'), asked];"
        "})()"
    )

    assert told == [given, min(failures, 6) + 1]
