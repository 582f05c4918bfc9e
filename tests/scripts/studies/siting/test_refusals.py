"""What cannot be asked is refused by name; what cannot be is told apart from what was not found."""

from typing import Any

import numpy as np
import pytest

from scripts.studies.siting import double_standard
from scripts.studies.siting import lscp
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median
from scripts.studies.siting.errors import InfeasibleError
from scripts.studies.siting.errors import InvalidCapacitiesError
from scripts.studies.siting.errors import InvalidCostError
from scripts.studies.siting.errors import InvalidCountError
from scripts.studies.siting.errors import InvalidLimitError
from scripts.studies.siting.errors import InvalidSitesError
from scripts.studies.siting.errors import InvalidWeightsError
from scripts.studies.siting.errors import UnreachableDemandError

COST = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
INF = np.inf


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"cost": [1.0, 2.0]}, InvalidCostError),
        ({"cost": [[1.0, np.nan]]}, InvalidCostError),
        ({"cost": [[1.0, -2.0]]}, InvalidCostError),
        ({"cost": [["far", "near"]]}, InvalidCostError),
        ({"weights": [1.0]}, InvalidWeightsError),
        ({"weights": [1.0, -1.0]}, InvalidWeightsError),
        ({"weights": [1.0, np.nan]}, InvalidWeightsError),
        ({"count": 4}, InvalidCountError),
        ({"count": -1}, InvalidCountError),
        ({"count": 1.5}, InvalidCountError),
        ({"count": 3, "forbidden": [0]}, InvalidCountError),
        ({"count": 1, "existing": [0, 1]}, InvalidCountError),
        ({"existing": [3]}, InvalidSitesError),
        ({"existing": [0], "forbidden": [0]}, InvalidSitesError),
        ({"closable": [0]}, InvalidSitesError),
        ({"forbidden": [True, False]}, InvalidSitesError),
        ({"limit": -1.0}, InvalidLimitError),
        ({"limit": np.nan}, InvalidLimitError),
        ({"time_limit_s": -1.0}, InvalidLimitError),
        ({"capacities": [1.0]}, InvalidCapacitiesError),
        ({"capacities": [1.0, np.nan, 1.0]}, InvalidCapacitiesError),
    ],
)
def test_bad_arguments_are_named(asked: dict[str, Any], error: type[Exception]) -> None:
    """The kind of the error says which argument."""
    given: dict[str, Any] = {"cost": COST, "limit": 1.0, "count": 1, **asked}

    with pytest.raises(error):
        mclp(given.pop("cost"), given.pop("weights", None), **given)


@pytest.mark.parametrize(
    "asked",
    [{"busy_fraction": 1.0}, {"busy_fraction": -0.1}, {}, {"workload": 2.0}, {"workload": -1.0}],
)
def test_crews_that_are_always_busy_cover_nobody(asked: dict[str, Any]) -> None:
    """A busy fraction is at least 0 and below 1, and has to come from somewhere."""
    with pytest.raises(InvalidLimitError):
        mexclp(COST, limit=1.0, count=2, **asked)


def test_rows_that_nobody_reaches_are_listed() -> None:
    """The error knows the rows: those without a site within the limit, or without any road."""
    cost = np.array([[1.0, INF], [9.0, 9.0], [INF, INF]])

    with pytest.raises(UnreachableDemandError) as covering:
        lscp(cost, limit=5.0)
    with pytest.raises(UnreachableDemandError) as serving:
        p_median(cost, count=1)
    with pytest.raises(UnreachableDemandError):
        p_center(cost, count=1)

    assert covering.value.rows == (1, 2)
    assert serving.value.rows == (2,)
    assert mclp(cost, limit=5.0, count=2).objective == 1.0


def test_too_few_sites_to_reach_all_is_proven() -> None:
    """Two islands, one site."""
    cost = np.array([[1.0, INF], [INF, 1.0]])

    with pytest.raises(InfeasibleError):
        p_median(cost, count=1)
    with pytest.raises(InfeasibleError):
        p_center(cost, count=1)
    with pytest.raises(InfeasibleError):
        double_standard(cost, limit=1.0, second_limit=2.0, alpha=0.0, count=1)


def test_capacities_that_do_not_suffice_are_proven_so() -> None:
    """Two rows of 2, sites of 3 each: two sites could, one cannot; sites of 1 never can."""
    with pytest.raises(InfeasibleError):
        p_median(COST, [2.0, 2.0], count=1, capacities=3.0)
    with pytest.raises(InfeasibleError):
        p_center(COST, [2.0, 2.0], count=1, capacities=3.0)
    with pytest.raises(InfeasibleError):
        lscp(COST, [2.0, 2.0], limit=9.0, capacities=1.0)


def test_the_second_standard_is_the_longer_one() -> None:
    """Gendreau's r1 is at most r2."""
    with pytest.raises(InvalidLimitError):
        double_standard(COST, limit=2.0, second_limit=1.0, alpha=0.5, count=1)
