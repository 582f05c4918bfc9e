"""The best set of crews for several openings at once. Pure arithmetic."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FIRST = 1e-6
"""By how much of itself an opening's cost weighs more than that of the next opening."""


def best_set(cost_s: NDArray[np.float64]) -> list[int | None]:
    """Return which crew fills which opening, so that the crews together cost least.

    As many openings as possible are filled; if not all can be, the first ones before the others.
    Of sets that cost the same it is the one in which the first openings have the soonest crews.
    Greedily, opening by opening, the crew that can do everything would go to the first task, and
    the second would wait for one from far away.

    Parameters
    ----------
    cost_s
        Openings by crews, shape ``(n, m)``: seconds until a crew is there; ``inf`` if it cannot
        come, or cannot do it.

    Returns
    -------
    crews
        For each opening the column of its crew; None if it stays open.

    Notes
    -----
    Each opening may also take one of ``n`` columns that stand for nobody, at a price above anything
    that crews cost together and higher for the openings that come first. What can be filled at once
    is a matroid, so any such prices fill as many as possible.

    References
    ----------
    Kuhn (1955), The Hungarian method for the assignment problem; Crouse (2016), as in scipy.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - half a second of each start

    n, m = cost_s.shape
    finite = cost_s[np.isfinite(cost_s)]
    most_s = n * (float(finite.max(initial=0.0)) + 1.0)
    nobody_s = most_s * (n + 1 + np.arange(n, 0, -1, dtype=np.float64))
    first_s = cost_s * (1.0 + _FIRST * np.arange(n, 0, -1, dtype=np.float64)[:, None])
    prices = np.hstack([first_s, np.repeat(nobody_s[:, None], n, axis=1)])
    rows, columns = linear_sum_assignment(prices)
    chosen: dict[int, int] = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return [column if (column := chosen[row]) < m else None for row in range(n)]


def cost_matrix(rows: Sequence[Sequence[float]], crews: int) -> NDArray[np.float64]:
    """Return costs as an array, also of no crews."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), crews)
