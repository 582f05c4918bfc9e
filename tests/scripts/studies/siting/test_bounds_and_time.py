"""Answers that are not proven say so, within their time, and keep their bound on its side."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from scripts.studies.inputs.points import FloatArray
from scripts.studies.siting import Answer
from scripts.studies.siting import Progress
from scripts.studies.siting import busy_crews
from scripts.studies.siting import double_standard
from scripts.studies.siting import lscp
from scripts.studies.siting import lscp_b
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median

Model = Callable[..., Answer]
MODELS: dict[str, Model] = {
    "lscp": lambda cost, weights, **more: lscp(cost, weights, limit=2.0, **more),
    "lscp_b": lambda cost, weights, **more: lscp_b(cost, weights, limit=2.0, **more),
    "mclp": lambda cost, weights, **more: mclp(cost, weights, limit=1.3, count=24, **more),
    "p_median": lambda cost, weights, **more: p_median(cost, weights, count=9, **more),
    "p_center": lambda cost, weights, **more: p_center(cost, weights, count=9, **more),
    "mexclp": lambda cost, weights, **more: mexclp(
        cost, weights, limit=1.5, count=18, busy_fraction=0.4, **more
    ),
    "double_standard": lambda cost, weights, **more: double_standard(
        cost, weights, limit=1.6, second_limit=3.0, alpha=0.6, count=22, **more
    ),
}


@pytest.fixture(scope="module")
def town() -> tuple[FloatArray, FloatArray]:
    """Give 600 places and 120 sites in a square of ten by ten, straight lines."""
    random = np.random.default_rng(5)
    places, sites = random.random((600, 2)) * 10.0, random.random((120, 2)) * 10.0
    apart = places[:, None] - sites[None]
    return np.hypot(apart[..., 0], apart[..., 1]), random.integers(1, 50, 600).astype(np.float64)


@pytest.mark.parametrize("name", MODELS)
def test_a_bound_is_never_on_the_wrong_side(name: str, town: tuple[FloatArray, FloatArray]) -> None:
    """Less time, a bound that is not tighter than the best answer of more time."""
    quick = MODELS[name](*town, time_limit_s=0.15)
    longer = MODELS[name](*town, time_limit_s=1.5)

    for answer in (quick, longer):
        # Backup grows with the number of sites: its bound is for so many as were found.
        alike = [
            each.objective
            for each in (quick, longer)
            if name != "lscp_b" or len(each.sites) <= len(answer.sites)
        ]
        best = max(alike) if answer.maximised else min(alike)
        assert answer.bound >= best if answer.maximised else answer.bound <= best
        assert answer.proven == (answer.gap == 0.0)


@pytest.mark.parametrize("name", MODELS)
def test_no_time_at_all_still_gives_an_honest_answer(
    name: str, town: tuple[FloatArray, FloatArray]
) -> None:
    """Time limit 0: the greedy sites, with whatever bound costs nothing."""
    answer = MODELS[name](*town, time_limit_s=0.0)

    assert answer.sites
    assert answer.proven == (answer.gap == 0.0)


def test_more_sites_and_longer_limits_never_cover_less(
    town: tuple[FloatArray, FloatArray],
) -> None:
    """Proven optima grow with both; costs fall."""
    cost, weights = town[0][:80, :15], town[1][:80]

    by_count = [mclp(cost, weights, limit=2.0, count=count).objective for count in range(6)]
    by_limit = [mclp(cost, weights, limit=limit, count=3).objective for limit in (1.0, 2.0, 3.0)]
    medians = [p_median(cost, weights, count=count).objective for count in range(1, 6)]
    fewest = [lscp(cost, limit=limit).objective for limit in (4.0, 5.0, 6.0)]

    assert by_count == sorted(by_count)
    assert by_limit == sorted(by_limit)
    assert medians == sorted(medians, reverse=True)
    assert fewest == sorted(fewest, reverse=True)


def test_whoever_looks_on_sees_the_bound_and_may_cancel(
    town: tuple[FloatArray, FloatArray],
) -> None:
    """Without a limit only a proof ends a model, unless it is cancelled: at the first bound."""
    seen: list[Progress] = []

    answer = mexclp(
        *town,
        limit=1.5,
        count=18,
        busy_fraction=0.4,
        time_limit_s=math.inf,
        progress=seen.append,
        cancelled=lambda: any(each.bound is not None for each in seen),
    )

    assert not answer.proven
    assert len(answer.sites) == 18
    assert seen[-1].objective == pytest.approx(answer.objective)
    assert answer.bound > answer.objective
    assert all(each.seconds >= 0.0 for each in seen)


def test_units_of_cost_and_weight_do_not_matter(town: tuple[FloatArray, FloatArray]) -> None:
    """Tolerances are relative: a problem in micrometres is proven like one in megametres."""
    cost, weights = town[0][:60, :12], town[1][:60]

    for unit in (1e-7, 1.0, 1e7):
        median = p_median(cost * unit, weights, count=3)
        cover = mclp(cost, weights * unit * 0.7, limit=2.0, count=3)
        assert median.sites == p_median(cost, weights, count=3).sites
        assert cover.sites == mclp(cost, weights, limit=2.0, count=3).sites
        assert median.proven
        assert cover.proven


def test_the_workload_is_the_mean_number_of_crews_at_work() -> None:
    """Two jobs of an hour and one of two within four hours: one crew busy on average."""
    assert busy_crews([0.0, 3600.0, 7200.0], [3600.0, 7200.0, 14400.0]) == pytest.approx(1.0)
