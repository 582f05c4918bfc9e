"""Which crew goes to which incident when there are many of both. Pure arithmetic on arrays.

As many incidents as possible get a crew, the most urgent first; among all ways to do that, the one
with the least sum of arrival times, each weighted by its incident's priority. A crew gets one
incident at most.

It is one linear assignment problem. An incident that gets nobody costs more than everything that
could be saved by it, so nobody is left out to shorten the way of others; and as the sets of
incidents that can be served together form a matroid, the heaviest of them is what one gets by
serving the most urgent first.

References
----------
Crouse (2016), On implementing 2D rectangular assignment algorithms, IEEE Transactions on Aerospace
and Electronic Systems 52 (`scipy.optimize.linear_sum_assignment`).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

WEIGHTS: Final = {1: 8, 2: 4, 3: 2, 4: 1}
"""By priority: a minute of an emergency counts as much as eight of what can wait."""


def match(arrival_s: NDArray[np.float64], weights: Sequence[int]) -> list[int | None]:
    """Return the column of the crew that goes to each incident, None where nobody does.

    Parameters
    ----------
    arrival_s
        Seconds until each crew would be there, shape ``(incidents, crews)``; ``inf`` where it
        cannot be sent.
    weights
        Of each incident, whole and above zero.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - half a second of each start

    incidents, crews = arrival_s.shape
    able = np.isfinite(arrival_s)
    if not able.any():
        return [None] * incidents
    weight = np.asarray(weights, dtype=np.float64)[:, None]
    weighted = np.where(able, arrival_s, 0.0) * weight
    # Weights are whole: serving a heavier set saves at least one of these.
    nobody = 1.0 + incidents * float(weighted.max())
    cost = np.broadcast_to(nobody * weight, (incidents, max(incidents, crews))).copy()
    cost[:, :crews] = np.where(able, weighted, nobody * weight)
    _, columns = linear_sum_assignment(cost)
    return [
        column if column < crews and able[row, column] else None
        for row, column in enumerate(columns.tolist())
    ]
