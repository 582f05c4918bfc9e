"""Which crew goes where: by hand, and against trying everything."""

from itertools import permutations
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dispatch.proposals.matching import match

SECONDS = st.integers(0, 3600) | st.just(inf)


def test_the_sum_counts_and_not_who_is_nearest_to_the_first() -> None:
    """A is nearest to both: A to the second costs 120 + 100 = 220, A to the first 100 + 900."""
    arrival_s = np.array([[100.0, 120.0], [100.0, 900.0]])

    assert match(arrival_s, [1, 1]) == [1, 0]


def test_minutes_of_an_emergency_count_more() -> None:
    """One minute saved for the emergency (weight 8) outweighs seven lost for the other."""
    arrival_s = np.array([[300.0, 360.0], [300.0, 720.0]])

    assert match(arrival_s, [8, 1]) == [0, 1]
    assert match(arrival_s, [1, 1]) == [1, 0]


def test_the_urgent_ones_get_a_crew_when_there_are_too_few() -> None:
    """Two crews, three incidents: the one that can wait waits, however near a crew is."""
    arrival_s = np.array([[10.0, 10.0], [900.0, 1000.0], [2000.0, 2000.0]])

    assert match(arrival_s, [1, 2, 8])[0] is None


def test_nobody_is_left_out_to_shorten_the_way_of_others() -> None:
    """B can serve the first only: A takes the long way to the second, so that both are served."""
    arrival_s = np.array([[10.0, 3600.0], [3600.0, inf]])

    assert match(arrival_s, [8, 1]) == [1, 0]


@pytest.mark.parametrize("shape", [(0, 0), (2, 0), (0, 3), (2, 2)])
def test_nobody_goes_where_nobody_can(shape: tuple[int, int]) -> None:
    """No incidents, no crews, or no road at all."""
    assert match(np.full(shape, inf), [1] * shape[0]) == [None] * shape[0]


@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.integers(1, 4).flatmap(
            lambda columns: st.tuples(
                st.lists(
                    st.lists(SECONDS, min_size=columns, max_size=columns),
                    min_size=rows,
                    max_size=rows,
                ),
                st.lists(st.sampled_from([1, 2, 4, 8]), min_size=rows, max_size=rows),
            )
        )
    )
)
def test_no_other_way_is_better(given_: tuple[list[list[float]], list[int]]) -> None:
    """Of all ways to give crews: the most weight served, then the least weighted sum."""
    rows, weights = given_
    arrival_s = np.array(rows, dtype=np.float64)

    chosen = match(arrival_s, weights)

    taken = [column for column in chosen if column is not None]
    assert len(set(taken)) == len(taken)
    found = worth(arrival_s, weights, chosen)
    assert found == pytest.approx(max(every_way(arrival_s, weights)))


def worth(
    arrival_s: NDArray[np.float64], weights: list[int], chosen: list[int | None]
) -> tuple[float, float]:
    """Return how much weight is served, and the weighted sum of arrivals, less being better."""
    pairs = [(row, column) for row, column in enumerate(chosen) if column is not None]
    assert all(np.isfinite(arrival_s[pair]) for pair in pairs)
    served = sum(weights[row] for row, _ in pairs)
    return float(served), -sum(
        weights[row] * float(arrival_s[row, column]) for row, column in pairs
    )


def every_way(arrival_s: NDArray[np.float64], weights: list[int]) -> list[tuple[float, float]]:
    """Return the worth of every way to give crews to incidents, or nobody."""
    rows, columns = arrival_s.shape
    ways = set(permutations([*range(columns), *[None] * rows], rows))
    return [
        worth(arrival_s, weights, list(way))
        for way in ways
        if all(c is None or np.isfinite(arrival_s[r, c]) for r, c in enumerate(way))
    ]
