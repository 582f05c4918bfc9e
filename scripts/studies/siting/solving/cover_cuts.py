"""Cuts that bring the linear relaxation of maximal cover nearer to whole sites.

Three rows that share sites in pairs are all covered, in halves, by one and a half sites. Of whole
sites they need two, or one that is near all three. So for rows a, b, c, where n counts the rows
that site j is near: ``x_a + x_b + x_c <= 1 + sum_j ceil(n_j / 2) y_j``. That is half of the sum of
the three rows ``x <= sum y`` and of ``x <= 1``, rounded (a zero-half cut: Caprara, Fischetti 1996),
and holds for every choice of sites.
"""

from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse import csr_array
from scipy.sparse import hstack

from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving.compiling import compiled_for

_EPSILON: Final = 1e-6
_LEAST_COVER: Final = 0.3
_LEAST_VIOLATION: Final = 0.04
_EACH_ROW: Final = 6
"""Cuts of one round that one row may be in, so that they differ."""
_ONE_ROUND: Final = 150
_FOUND: Final = 20_000
_ROWS: Final = 400
"""Rows looked at: the time grows with the third power of their number."""


@compiled_for("f8(f8[:,::1],i8,i8,i8)")
def _near_all(part: FloatArray, a: int, b: int, c: int) -> float:
    """Return the sum of y at the sites near all three rows."""
    total = 0.0
    for site in range(part.shape[1]):
        if part[a, site] > 0.0 and part[b, site] > 0.0:
            total += part[c, site]
    return total


@compiled_for("i8(f8[:,::1],f8[:,::1],f8[::1],f8,i8[:,::1],f8[::1])")
def _violated(
    part: FloatArray,
    shared: FloatArray,
    slack: FloatArray,
    least: float,
    found: IntArray,
    by: FloatArray,
) -> int:
    """Write triples of rows and by how much they violate their cut; return how many.

    ``part`` is y at the sites near each row, ``shared`` its sum over the sites near both of two
    rows, ``slack`` is the sum of y near a row less x.
    """
    rows = len(part)
    number = 0
    for a in range(rows):
        for b in range(a + 1, rows):
            if shared[a, b] <= 0.0:
                continue
            for c in range(b + 1, rows):
                more = shared[a, b] + shared[a, c] + shared[b, c] - 1.0
                more -= slack[a] + slack[b] + slack[c]
                if more <= least:
                    continue
                more -= 2.0 * _near_all(part, a, b, c)
                if more > least:
                    found[number, 0], found[number, 1], found[number, 2] = a, b, c
                    by[number] = more
                    number += 1
                    if number == len(by):
                        return number
    return number


def violated_triples(reach: BoolArray, y: FloatArray, x: FloatArray) -> IntArray:
    """Return triples of rows whose cuts a fractional solution violates most, shape ``(k, 3)``."""
    some = (y > _EPSILON) & (y < 1.0 - _EPSILON)
    settled = reach[:, y >= 1.0 - _EPSILON].any(axis=1)
    rows = np.flatnonzero(~settled & (x > _LEAST_COVER) & (reach[:, some].sum(axis=1) > 1))
    # Of rows that are alike where y is fractional, the one with fewest sites cuts deepest.
    rows = rows[np.argsort(reach[rows].sum(axis=1), kind="stable")]
    packed = np.packbits(reach[np.ix_(rows, some)], axis=1)
    _, first = np.unique(packed, axis=0, return_index=True)
    rows = rows[np.sort(first)[:_ROWS]]
    near = reach[np.ix_(rows, some)].astype(np.float64)
    part = np.ascontiguousarray(near * y[some])
    found, by = np.empty((_FOUND, 3), dtype=np.int64), np.empty(_FOUND)
    number = _violated(
        part,
        np.ascontiguousarray(part @ near.T),
        np.ascontiguousarray(part.sum(axis=1) - x[rows]),
        _LEAST_VIOLATION,
        found,
        by,
    )
    used = np.zeros(len(rows), dtype=np.int64)
    taken: list[IntArray] = []
    for at in np.argsort(-by[:number], kind="stable").tolist():
        if len(taken) == _ONE_ROUND:
            break
        if (used[found[at]] < _EACH_ROW).all():
            used[found[at]] += 1
            taken.append(found[at])
    return rows[np.array(taken, dtype=np.int64).reshape(-1, 3)]


def as_rows(triples: IntArray, reach: BoolArray) -> csr_array:
    """Return the left sides of the cuts over (y, x), each at most 1."""
    k, (n, _) = len(triples), reach.shape
    times = reach[triples].sum(axis=1)
    covered = coo_array(
        (np.ones(3 * k), (np.repeat(np.arange(k), 3), triples.ravel())), shape=(k, n)
    )
    return csr_array(hstack((csr_array(-np.ceil(times / 2.0)), covered)))
