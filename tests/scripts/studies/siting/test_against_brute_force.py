"""Random small problems, with everything that can be asked, against trying everything."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from scripts.studies.siting import Answer
from scripts.studies.siting import double_standard
from scripts.studies.siting import lscp
from scripts.studies.siting import lscp_b
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median
from scripts.studies.siting.errors import SitingError
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.cover_branching import CoverBranching
from scripts.studies.siting.solving.cover_cuts import as_rows
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.cover_search import Worth
from tests.scripts.studies.siting.brute_force import Small

FEW = settings(max_examples=20, deadline=None)


@st.composite
def problems(draw: st.DrawFn, most_rows: int = 8, most_sites: int = 6) -> Small:
    """Return a problem: whole or real costs of any size, ties, twins, gaps, fixed sites."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = draw(st.integers(1, most_rows)), draw(st.integers(1, most_sites))
    whole = draw(st.booleans())
    cost = random.integers(0, 10, (n, m)) * 1.0 if whole else random.random((n, m))
    cost *= 10.0 ** draw(st.sampled_from([-6, 0, 0, 6]))
    if m > 1 and draw(st.booleans()):
        cost[:, 1] = cost[:, 0]
    cost[random.random((n, m)) < draw(st.sampled_from([0.0, 0.1, 0.4]))] = np.inf
    finite = cost[np.isfinite(cost)]
    limit = float(np.quantile(finite, random.random())) if len(finite) else 1.0
    weights = [np.ones(n), random.integers(0, 5, n) * 1.0, random.random(n)][
        draw(st.integers(0, 2))
    ]
    state = random.choice(3, m, p=[0.6, 0.2, 0.2])
    return Small(
        np.asarray(cost, dtype=np.float64),
        np.asarray(weights, dtype=np.float64),
        state == 1,
        state != 2,
        draw(st.integers(0, m)),
        limit,
        random.integers(1, 3, m),
    )


def assert_right(answer: Answer | None, best: float | None, small: Small) -> None:
    """Require the optimum, proven, with allowed sites; or a refusal where there is none."""
    if best is None or answer is None:
        assert best is None
        assert answer is None
        return
    assert answer.objective == pytest.approx(best, rel=2e-7, abs=1e-300)
    assert answer.proven
    assert answer.bound == answer.objective
    assert set(np.flatnonzero(small.must).tolist()) <= set(answer.sites)
    assert small.may[list(answer.sites)].all()


def ask(model: object, small: Small, **more: object) -> Answer | None:
    """Return the answer, None if it was refused by name."""
    try:
        answer = model(  # type: ignore[operator] # any of the models
            small.cost,
            small.weights,
            existing=np.flatnonzero(small.must),
            forbidden=~small.may,
            **more,
        )
    except SitingError:
        return None
    assert isinstance(answer, Answer)
    return answer


def opened(value: float | None) -> float | None:
    """Return a negated worth as the cost it was."""
    return None if value is None else -value


@FEW
@given(problems())
def test_the_median_is_the_best_of_all_choices(small: Small) -> None:
    """p-median."""
    answer = ask(p_median, small, count=small.count)

    assert_right(answer, opened(small.best(small.minus_median)), small)


@FEW
@given(problems())
def test_the_center_is_the_best_of_all_choices(small: Small) -> None:
    """p-center."""
    answer = ask(p_center, small, count=small.count)

    assert_right(answer, opened(small.best(small.minus_center)), small)


@FEW
@given(problems())
def test_most_cover_is_the_best_of_all_choices(small: Small) -> None:
    """Maximal cover."""
    answer = ask(mclp, small, limit=small.limit, count=small.count)

    assert_right(answer, small.best(small.covered), small)
    assert answer is None or len(answer.sites) == small.count


@FEW
@given(st.integers(0, 2**32), st.sampled_from([1.0, 0.7e-7]), st.sampled_from([0.2, 0.35, 0.5]))
def test_branching_on_sites_ends_at_the_best_cover_from_any_start(
    seed: int, unit: float, density: float
) -> None:
    """Nine sites: the first ones at the start, none better left at the end, bound and all."""
    random = np.random.default_rng(seed)
    reach = random.random((25, 9)) < density
    weights = random.integers(1, 9, 25).astype(np.float64) * unit
    count = int(random.integers(1, 9))
    must, may = np.zeros(9, dtype=np.int64), np.ones(9, dtype=np.int64)
    must[0], may[8] = random.integers(0, 2, 2)
    allowed = [
        list(choice)
        for choice in combinations(range(9), count)
        if not (must[0] and 0 not in choice) and (may[8] or 8 not in choice)
    ]
    best = max(float(weights[reach[:, choice].any(axis=1)].sum()) for choice in allowed)
    start = np.zeros(9, dtype=np.int64)
    start[allowed[0]] = 1
    search = CoverSearch(Worth.of(reach, weights, np.array([0.0, 1.0])), count, must, may)

    tree = CoverBranching(
        reach, weights, search, start, (must, may), whole=unit == 1.0, clock=Clock(30.0)
    )

    assert tree.run()
    assert tree.value == pytest.approx(best, rel=2e-7)
    assert best <= tree.bound <= tree.value * (1 + 2e-7)
    assert (must <= tree.crews).all()
    assert (tree.crews <= may).all()
    assert tree.crews.sum() == count


@FEW
@given(st.integers(0, 2**32), st.sampled_from([0.2, 0.5, 0.8]))
def test_cuts_of_three_rows_hold_for_every_choice_of_sites(seed: int, density: float) -> None:
    """All triples of six rows, all choices of five sites."""
    reach = np.random.default_rng(seed).random((6, 5)) < density
    cuts = as_rows(np.array(list(combinations(range(6), 3))), reach)

    for number in range(2**5):
        y = (number >> np.arange(5)) & 1
        x = (reach @ y > 0).astype(np.float64)
        assert (cuts @ np.append(y, x) <= 1.0).all()


@FEW
@given(problems())
def test_fewest_sites_and_most_backup_are_the_best_of_all_choices(small: Small) -> None:
    """Set cover, and with backup."""
    fewest = small.fewest()

    assert_right(
        ask(lscp, small, limit=small.limit), None if fewest is None else float(fewest[0]), small
    )
    backed = ask(lscp_b, small, limit=small.limit)
    assert_right(backed, None if fewest is None else fewest[1], small)
    assert backed is None or fewest is None or len(backed.sites) == fewest[0]


@FEW
@given(problems(most_sites=5), st.sampled_from([0.0, 0.3, 0.8]))
def test_expected_cover_is_the_best_of_all_choices(small: Small, busy: float) -> None:
    """Expected cover, crews sharing sites."""
    best = small.best(lambda choice: small.expected(choice, busy), repeated=True)

    answer = ask(
        mexclp,
        small,
        limit=small.limit,
        count=small.count,
        busy_fraction=busy,
        capacities=small.most,
    )

    assert_right(answer, best, small)


@FEW
@given(problems(most_sites=5), st.sampled_from([0.0, 0.5, 0.9, 1.0]), st.sampled_from([1.0, 2.0]))
def test_double_cover_is_the_best_of_all_choices(small: Small, alpha: float, longer: float) -> None:
    """Double standard, crews sharing sites."""
    second = small.limit * longer
    best = small.best(lambda choice: small.doubled(choice, second, alpha), repeated=True)

    answer = ask(
        double_standard,
        small,
        limit=small.limit,
        second_limit=second,
        alpha=alpha,
        count=small.count,
        capacities=small.most,
    )

    assert_right(answer, best, small)


@FEW
@given(problems(most_rows=5, most_sites=3), st.integers(0, 2**32))
def test_service_within_capacities_is_the_best_of_all(small: Small, seed: int) -> None:
    """p-median with capacities, each row from one site."""
    capacities = np.random.default_rng(seed).random(len(small.may)) * 1.5 * small.weights.sum()
    best = small.best(lambda choice: small.served(choice, capacities))

    answer = ask(p_median, small, count=small.count, capacities=capacities)

    assert_right(answer, opened(best), small)
    if answer is not None:
        load = np.bincount(
            answer.assigned[small.demand], small.weights[small.demand], len(small.may)
        )
        assert (load <= capacities * (1 + 1e-6)).all()
