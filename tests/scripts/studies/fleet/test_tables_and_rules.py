"""Where a curve bends, which posts to hold, and where a free crew goes: by hand."""

from itertools import pairwise

import numpy as np
import pytest

from scripts.studies.fleet.bend import find_bend
from scripts.studies.fleet.bend import find_enough
from scripts.studies.fleet.compliance_table import Cover
from scripts.studies.fleet.compliance_table import as_rule
from scripts.studies.fleet.compliance_table import fewest_moves
from scripts.studies.fleet.compliance_table import make_table
from scripts.studies.fleet.dmexclp import Dmexclp
from scripts.studies.simulation.scenario import IdleCrews

WEST, MIDDLE, EAST = range(3)
NEAR, FAR = 60.0, 900.0
# Three quarters of 50, 30 and 40 people; the post in the middle reaches the west as well.
COVER = Cover(
    times_s=np.array([[NEAR, FAR, FAR], [NEAR, NEAR, FAR], [FAR, FAR, NEAR]]),
    between_s=np.array([[0.0, 200.0, 600.0], [200.0, 0.0, 400.0], [600.0, 400.0, 0.0]]),
    weights=np.array([50.0, 30.0, 40.0]),
    limit_s=300.0,
    busy=0.5,
)


def test_the_bend_is_farthest_from_the_chord() -> None:
    """Scaled, 0, .690, .920, .977, 1 less 0, .25, .5, .75, 1: most, .440, at the second."""
    assert find_bend([1, 2, 3, 4, 5], [0.0, 60.0, 80.0, 85.0, 87.0]) == 1
    assert find_bend([1, 2, 3], [5.0, 5.0, 5.0]) == 0
    assert find_bend([1, 2, 3], [0.0, 1.0, 4.0]) == 2


def test_enough_is_where_no_later_crew_is_worth_it() -> None:
    """Gains of 60, 20, 5 and 2: the last of at least 5 is the third."""
    assert find_enough([0.0, 60.0, 80.0, 85.0, 87.0], 5.0) == 3
    assert find_enough([1.0, 1.0], 0.5) == 0


def test_each_row_holds_what_covers_most() -> None:
    """One crew: the middle, 80 of 120 with .5. Two: 80 x .75 = 60 there, or 40 + 20 = 60 apart.

    Three: middle twice and east, 60 + 20 = 80 of 120; west, middle, east has 37.5 + 15 + 20 = 72.5.
    """
    rows = make_table(COVER, 3)

    held = as_rule(rows)
    assert [row.free for row in rows] == [3, 2, 1]
    assert (held[3], held[1]) == ((MIDDLE, MIDDLE, EAST), (MIDDLE,))
    assert rows[0].expected == pytest.approx(80.0 / 120.0)
    assert rows[1].expected == pytest.approx(60.0 / 120.0)
    assert rows[2].expected == pytest.approx(40.0 / 120.0)
    assert all(row.proven for row in rows)


def test_a_nested_table_only_ever_gives_posts_up() -> None:
    """Each row is part of the one above, so nobody moves who was not beside the one sent."""
    rows = make_table(COVER, 3, nested=True)

    for above, row in pairwise(rows):
        left = list(above.posts)
        for post in row.posts:
            left.remove(post)
        assert len(left) == 1
        assert row.moves == ()


def test_moves_are_the_fewest_seconds() -> None:
    """To hold the east, the middle is nearer than the west: 400 s, not 600."""
    moves = fewest_moves(COVER.between_s, (WEST, MIDDLE), (EAST,))

    assert moves == ((MIDDLE, EAST, 400.0),)


def _idle(crews: list[int], stand: list[int], now_s: float, sent: int | None = None) -> IdleCrews:
    where = np.array(stand)
    return IdleCrews(
        now_s,
        np.array(crews),
        where,
        where,
        np.array(crews),
        np.zeros(len(crews), dtype=np.bool_),
        COVER.between_s.astype(np.float32),
        sent,
        None if sent is None else sent,
    )


def test_a_crew_that_becomes_free_goes_where_it_gains_most() -> None:
    """To the post whose next crew adds most to what those already free cover."""
    rule = Dmexclp(COVER)

    assert rule(_idle([0, 1, 2], [WEST, MIDDLE, EAST], 0.0)) == {}
    assert rule(_idle([1, 2], [MIDDLE, EAST], 10.0, sent=0)) == {}
    assert rule(_idle([2], [EAST], 20.0, sent=1)) == {}
    # East is held: the middle gains (50 + 30) x .5, the west 25, the east 40 x .25.
    assert rule(_idle([0, 2], [WEST, EAST], 500.0)) == {0: MIDDLE}
    # Middle and east are held: the middle again gains 80 x .25 = 20, the west 12.5, the east 10.
    assert rule(_idle([0, 1, 2], [MIDDLE, WEST, EAST], 600.0)) == {1: MIDDLE}


def test_another_day_begins_with_everybody_known() -> None:
    """The clock runs back: who is idle then has not just become free."""
    rule = Dmexclp(COVER)
    rule(_idle([0], [WEST], 500.0))

    assert rule(_idle([0, 1, 2], [WEST, MIDDLE, EAST], 0.0)) == {}
