"""Each model on cases small enough to check with a pencil."""

import numpy as np
import pytest

from scripts.studies.siting import double_standard
from scripts.studies.siting import lscp
from scripts.studies.siting import lscp_b
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median

INF = np.inf
# Houses at 0, 1, 5, 6, 20 km of one road, posts possible at 0, 5, 10, 20 km.
ROAD = np.abs(np.array([[0.0], [1.0], [5.0], [6.0], [20.0]]) - np.array([0.0, 5.0, 10.0, 20.0]))
PEOPLE = np.array([10.0, 20.0, 30.0, 40.0, 50.0])


def test_the_median_weighs_distances() -> None:
    """Posts at 5 and 20: 10 x 5 + 20 x 4 + 0 + 40 x 1 + 0 = 170; at 0 and 20 it would be 410."""
    answer = p_median(ROAD, PEOPLE, count=2)

    assert answer.sites == (1, 3)
    assert answer.objective == answer.bound == 170.0
    assert (answer.gap, answer.proven) == (0.0, True)
    assert answer.assigned.tolist() == [1, 1, 1, 1, 3]


def test_the_center_counts_the_worst_alone() -> None:
    """Posts at 5 and 20: the house at 0 is 5 away, and no pair of posts is nearer to all."""
    answer = p_center(ROAD, PEOPLE, count=2)

    assert answer.sites == (1, 3)
    assert (answer.objective, answer.proven) == (5.0, True)


def test_most_cover_takes_the_village_before_the_farm() -> None:
    """Within 1 km: post 5 has 30 + 40, post 20 has 50, post 0 has 10 + 20."""
    one, two = (mclp(ROAD, PEOPLE, limit=1.0, count=count) for count in (1, 2))

    assert (one.sites, one.objective, one.proven) == ((1,), 70.0, True)
    assert (two.sites, two.objective, two.proven) == ((1, 3), 120.0, True)
    assert two.assigned.tolist() == [-1, -1, 1, 1, 3]


def test_fewest_sites_cover_everybody() -> None:
    """Within 1 km each of the three groups needs a post of its own; within 5 km two do."""
    assert lscp(ROAD, limit=1.0).sites == (0, 1, 3)
    assert lscp(ROAD, limit=5.0).sites == (1, 3)


def test_backup_is_counted_among_the_fewest_sites() -> None:
    """Within 5 km, 1 and 3 are the only two: nobody has a second; with 0 kept, 0, 1, 5 do."""
    alone = lscp_b(ROAD, PEOPLE, limit=5.0)
    kept = lscp_b(ROAD, PEOPLE, limit=5.0, existing=[0])

    assert (alone.sites, alone.objective, alone.proven) == ((1, 3), 0.0, True)
    # Post 0 reaches 0, 1 and 5 km, post 5 reaches 0, 1, 5 and 6 km: twice 10 + 20 + 30.
    assert (kept.sites, kept.objective, kept.proven) == ((0, 1, 3), 60.0, True)


def test_expected_cover_doubles_up_where_it_pays() -> None:
    """With q = .5 the second crew of a place of 100 adds 25, the first of a place of 20 adds 10."""
    cost = np.array([[0.0, INF], [INF, 0.0]])

    answer = mexclp(cost, [100.0, 20.0], limit=1.0, count=2, busy_fraction=0.5)
    single = mexclp(cost, [100.0, 20.0], limit=1.0, count=2, busy_fraction=0.5, capacities=1)

    assert (answer.sites, single.sites) == ((0, 0), (0, 1))
    assert answer.objective == pytest.approx(75.0)
    assert single.objective == pytest.approx(60.0)
    assert answer.proven
    assert single.proven


def test_the_busy_fraction_follows_from_the_workload() -> None:
    """One crew busy on average, spread over two: q = 1 / 2."""
    cost = np.array([[0.0, INF], [INF, 0.0]])

    answer = mexclp(cost, [100.0, 20.0], limit=1.0, count=2, workload=1.0)

    assert answer.objective == pytest.approx(75.0)


def test_two_standards_bind_before_double_cover() -> None:
    """Three crews: all within 10 km needs 20 and one of the others; then two at 5 km count twice.

    At 5 km twice and 20 km once, 30 + 40 are within 1 km of two crews. If everybody were free to
    gather, three crews would do no better.
    """
    answer = double_standard(ROAD, PEOPLE, limit=1.0, second_limit=10.0, alpha=0.8, count=3)

    assert answer.sites == (1, 1, 3)
    assert (answer.objective, answer.proven) == (70.0, True)


def test_a_capacity_sends_demand_farther() -> None:
    """Post 0 is nearest to both but can serve one: the cheaper exchange is 3 + 4, not 1 + 9."""
    cost = np.array([[1.0, 4.0], [3.0, 9.0]])

    answer = p_median(cost, count=2, capacities=[1.0, 5.0])

    assert (answer.objective, answer.proven) == (7.0, True)
    assert answer.assigned.tolist() == [1, 0]


def test_capacities_bound_cover_and_raise_the_number_of_sites() -> None:
    """Three houses of 2 within reach of each site, each site for 4: one site covers 4, two all."""
    cost = np.zeros((3, 2))

    assert mclp(cost, [2, 2, 2], limit=1.0, count=1, capacities=4).objective == 4.0
    assert lscp(cost, [2, 2, 2], limit=1.0, capacities=4).objective == 2.0
    assert p_center([[1.0, 2.0]] * 3, [2, 2, 2], count=2, capacities=4).objective == 2.0


def test_demand_a_millionth_of_a_capacity_proves_nothing_wrong() -> None:
    """Sites 0 and 2 serve all, so the fewest are two: site 0 rows 4 and 6, site 2 the others.

    Site 2 then holds 38,177.74 + 2,023.44 + less than 2, of 44,984; site 0 holds 1,074.75, of
    21,148. Row 3 asks for a ten millionth of that: HiGHS presolved the program to "3, optimal".
    """
    cost = [
        [3.0, 0.0, 1.0, 2.0, 0.0],
        [5.0, INF, 3.0, 2.0, INF],
        [INF, 0.0, 4.0, 4.0, 1.0],
        [5.0, 4.0, 1.0, 1.0, INF],
        [3.0, 3.0, 3.0, INF, 3.0],
        [5.0, 0.0, 3.0, INF, 4.0],
        [2.0, 1.0, 5.0, INF, 5.0],
    ]
    weights = [0.0204, 2023.44, 38177.74, 0.0051213, 527.324, 1.4574, 547.4244]

    answer = lscp(
        cost, weights, limit=4.0, existing=[2], capacities=[21148.0, 16760.3, 44984.2, 907.05, INF]
    )

    assert (answer.objective, answer.bound, answer.proven) == (2.0, 2.0, True)


def test_the_center_of_nobody_is_anywhere_with_capacities_too() -> None:
    """Rows of weight 0 are served by nobody."""
    answer = p_center([[1.0, 2.0]], [0.0], count=1, capacities=3.0)

    assert (answer.objective, answer.proven) == (0.0, True)
    assert answer.assigned.tolist() == [-1]


def test_existing_sites_stay_unless_they_may_close() -> None:
    """Post 10 km is nobody's choice, and in the answer only while it has to be."""
    kept = p_median(ROAD, PEOPLE, count=2, existing=[2])
    free = p_median(ROAD, PEOPLE, count=2, existing=[2], closable=[2])

    assert 2 in kept.sites
    assert free.sites == (1, 3)


def test_forbidden_sites_are_never_taken() -> None:
    """Without post 5 km the median takes the ends."""
    assert p_median(ROAD, PEOPLE, count=2, forbidden=[1]).sites == (0, 3)
    assert 1 not in mclp(ROAD, PEOPLE, limit=1.0, count=3, forbidden=[1]).sites


@pytest.mark.parametrize("weights", [None, [0.0] * 5])
def test_no_site_covers_nobody(weights: list[float] | None) -> None:
    """Zero sites are an answer where covering is not required."""
    answer = mclp(ROAD, weights, limit=1.0, count=0)

    assert (answer.sites, answer.objective, answer.proven) == ((), 0.0, True)
    assert (answer.assigned == -1).all()


def test_demand_without_weight_asks_for_nothing() -> None:
    """A row that no site reaches is no hindrance if nobody lives there."""
    cost = np.array([[1.0, 2.0], [INF, INF]])

    assert p_median(cost, [5.0, 0.0], count=1).objective == 5.0
    assert p_center(cost, [5.0, 0.0], count=1).objective == 1.0
    assert lscp(cost, [5.0, 0.0], limit=1.0).sites == (0,)
    assert p_median(cost, [5.0, 0.0], count=1).assigned.tolist() == [0, -1]
