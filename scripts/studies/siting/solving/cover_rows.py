"""Make cover problems smaller without changing their answer."""

from typing import Final

import numpy as np

from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray

_DENSE: Final = 40_000_000


def equal_rows(reach: BoolArray) -> tuple[BoolArray, IntArray]:
    """Return the different rows, and for each row which of them it is."""
    packed = np.ascontiguousarray(np.packbits(reach, axis=1))
    width = packed.shape[1]
    if not width or not len(reach):
        return reach[:1], np.zeros(len(reach), dtype=np.int64)
    _, first, which = np.unique(
        packed.view(np.dtype((np.void, width))).ravel(), return_index=True, return_inverse=True
    )
    return reach[first], which.ravel().astype(np.int64)


def merged_weights(which: IntArray, weights: FloatArray, rows: int) -> FloatArray:
    """Return the weight of each different row: the sum of all that are it."""
    return np.asarray(np.bincount(which, weights=weights, minlength=rows), dtype=np.float64)


def hardest_rows(reach: BoolArray) -> BoolArray:
    """Return the rows that have to be covered so that all are.

    A row whose sites include all sites of another is covered with it.
    """
    rows, _ = equal_rows(reach)
    sizes = rows.sum(axis=1)
    rows, sizes = rows[np.argsort(sizes, kind="stable")], np.sort(sizes)
    if len(rows) ** 2 > _DENSE:
        return rows
    counted = rows.astype(np.float32)
    inside = counted @ counted.T == sizes[:, None]  # [a, b]: the sites of a are all sites of b
    np.fill_diagonal(inside, val=False)
    kept: BoolArray = rows[~inside.any(axis=0)]
    return kept


def dispensable_sites(reach: BoolArray, must: BoolArray) -> BoolArray:
    """Return the sites that another one replaces wherever they are used."""
    n, m = reach.shape
    if m**2 > _DENSE or not n:
        return np.zeros(m, dtype=np.bool_)
    counted = reach.astype(np.float32)
    sizes = counted.sum(axis=0)
    inside = counted.T @ counted == sizes[:, None]
    twin = inside & inside.T
    # Of equal sites the first stays; one that has to be open anyway replaces no other's place.
    inside &= ~twin | (np.arange(m)[None, :] < np.arange(m)[:, None])
    np.fill_diagonal(inside, val=False)
    return np.asarray(inside.any(axis=1) & ~must)
