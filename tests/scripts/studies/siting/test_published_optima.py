"""Published instances: the known optimum, with proof."""

import pytest

from scripts.studies.siting import lscp
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median
from tests.scripts.studies.siting.published import pmed
from tests.scripts.studies.siting.published import san_francisco
from tests.scripts.studies.siting.published import swain


@pytest.mark.parametrize(
    ("number", "optimum"), [(1, 5819), (2, 4093), (3, 4250), (4, 3034), (5, 1355)]
)
def test_medians_of_the_or_library(number: int, optimum: int) -> None:
    """Beasley's optima."""
    cost, count = pmed(number)

    answer = p_median(cost, count=count)

    assert (answer.objective, answer.bound, answer.proven) == (optimum, optimum, True)


def test_san_francisco() -> None:
    """The optima that spopt's documentation gives for 5 000 m and four sites."""
    cost, people = san_francisco()

    fewest = lscp(cost, people, limit=5_000.0)
    cover = mclp(cost, people, limit=5_000.0, count=4)
    median = p_median(cost, people, count=4)
    center = p_center(cost, people, count=4)

    assert (fewest.objective, cover.objective) == (8.0, 875_247.0)
    assert median.objective == pytest.approx(2_848_268_129.7145, abs=1e-3)
    assert center.objective == pytest.approx(7_403.06, abs=0.01)
    assert all(answer.proven for answer in (fewest, cover, median, center))


def test_swain() -> None:
    """Cover by one to five sites, the fewest for all, and by crews busy for .3 of the time."""
    cost, people = swain()

    covers = [mclp(cost, people, limit=10.0, count=count) for count in range(1, 6)]
    fewest = [lscp(cost, limit=limit) for limit in (10.0, 15.0)]
    busy = mexclp(cost, people, limit=10.0, count=5, busy_fraction=0.3)

    assert [answer.objective for answer in covers] == [425.0, 502.0, 548.0, 581.0, 609.0]
    assert [answer.objective for answer in fewest] == [9.0, 5.0]
    assert busy.objective == pytest.approx(510.3392)
    assert all(answer.proven for answer in (*covers, *fewest, busy))
