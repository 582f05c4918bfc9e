"""Travel times between many origins and many targets, in batches."""

import numpy as np

from routing.engine.native_thread import NativeThread
from routing.locate.nearby_streets import NearbyStreets
from routing.network.arrays import FloatArray
from routing.paths.search import Search

# A large matrix releases the native thread between batches, so that other searches can run.
_ROWS_PER_BATCH = 32


def compute_matrix(
    search: Search, run: NativeThread, origins: NearbyStreets, targets: NearbyStreets
) -> FloatArray:
    """Return seconds, shape ``(origins, targets)``, searching from the side with fewer endpoints.

    Parameters
    ----------
    search
        The searches of one profile and hour.
    run
        Runs each batch.
    origins, targets
        Positions with their streets; those off road are ``inf``.
    """
    times_ms = np.full((len(origins), len(targets)), np.inf)
    if not times_ms.size:
        return times_ms
    by_target = len(targets) <= len(origins)
    for first in range(0, min(times_ms.shape), _ROWS_PER_BATCH):
        batch = slice(first, first + _ROWS_PER_BATCH)
        if by_target:
            times_ms[:, batch] = run(search.times_to_each, origins, targets[batch]).T
        else:
            times_ms[batch] = run(search.times_from_each, origins[batch], targets)
    return times_ms / 1000.0
