"""Where a curve of diminishing returns bends."""

from collections.abc import Sequence

import numpy as np

_ABOVE = 1e-9


def find_bend(counts: Sequence[float], values: Sequence[float]) -> int:
    """Return the index of the point farthest above the chord from the first point to the last.

    Both axes are scaled to 0–1 first. A curve that does not rise bends at its first point; one that
    rises and is nowhere above its chord has not bent yet: the last point is returned.

    Parameters
    ----------
    counts
        Ascending: crews.
    values
        What they reach; more is better.

    References
    ----------
    Satopää, Albrecht, Irwin, Raghavan (2011), Finding a "kneedle" in a haystack, ICDCS Workshops.
    """
    x, y = np.asarray(counts, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if not y[-1] > y[0]:
        return 0
    above = (y - y[0]) / (y[-1] - y[0]) - (x - x[0]) / (x[-1] - x[0])
    return int(above.argmax()) if above.max() > _ABOVE else len(x) - 1


def find_enough(values: Sequence[float], least_gain: float) -> int:
    """Return the index from which on no further crew gains so much.

    Parameters
    ----------
    least_gain
        Of the values, for one crew more.
    """
    gains = np.diff(np.asarray(values, dtype=np.float64))
    worth = np.flatnonzero(gains >= least_gain)
    return int(worth[-1]) + 1 if len(worth) else 0
