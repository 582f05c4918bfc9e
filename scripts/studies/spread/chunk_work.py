"""What one task does: search from a few sites, and write what they reach as one shard."""

from dataclasses import asdict
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from routing.reach.packed_search import PackedSearch
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.spread.study_folder import StudyFolder


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked of each site.

    Attributes
    ----------
    kind
        ``"counts"``: the demand within each limit, a row a site. ``"nearest"``: the best site of
        each target that any site of the shard reaches, a row a target. ``"each"``: every target
        that a site reaches, a row a pair.
    limits_s
        Ascending; the last is the limit of the searches.
    sites_per_shard
        A search takes milliseconds and a task a few more, so several go together.
    """

    kind: Literal["counts", "nearest", "each"]
    limits_s: tuple[float, ...]
    sites_per_shard: int

    def facts(self) -> dict[str, object]:
        """Return all of it for the digest of the study."""
        return asdict(self)

    def shard_count(self, sites: int) -> int:
        """Return how many shards so many sites make."""
        return -(-sites // self.sites_per_shard)


def work_on(folder: StudyFolder, work: Work, search: PackedSearch, number: int) -> None:
    """Write one shard."""
    first = number * work.sites_per_shard
    sites = range(first, min(first + work.sites_per_shard, search.origin_count))
    if work.kind == "counts":
        table = _counts(search, sites, folder.weights(), work.limits_s)
    elif work.kind == "each":
        table = _each(search, sites, work.limits_s[-1])
    else:
        table = _nearest(search, sites, work.limits_s[-1])
    folder.write(number, table)


def _counts(
    search: PackedSearch, sites: range, weights: FloatArray, limits_s: tuple[float, ...]
) -> pa.Table:
    demand = np.empty((len(sites), len(limits_s)))
    points = np.empty((len(sites), len(limits_s)), dtype=np.int64)
    for row, site in enumerate(sites):
        reached = search.search(site)
        time_s = reached.time_ms / 1000.0
        for column, limit_s in enumerate(limits_s):
            # Ascending targets, as a plain sum over a row of the matrix has them: the same sum.
            target = reached.target[time_s <= limit_s]
            demand[row, column] = weights[target].sum()
            points[row, column] = len(target)
    columns: dict[str, FloatArray | IntArray] = {"site": np.arange(sites.start, sites.stop)}
    for column in range(len(limits_s)):
        columns[f"demand_{column}"] = demand[:, column]
        columns[f"points_{column}"] = points[:, column]
    return pa.table(columns)


def _nearest(search: PackedSearch, sites: range, limit_s: float) -> pa.Table:
    target, time_ms, origin = search.first(sites.start, sites.stop)
    kept = time_ms / 1000.0 <= limit_s
    return pa.table({"target": target[kept], "time_ms": time_ms[kept], "site": origin[kept]})


def _each(search: PackedSearch, sites: range, limit_s: float) -> pa.Table:
    found = [search.search(site) for site in sites]
    site = np.repeat(np.arange(sites.start, sites.stop), [len(one.target) for one in found])
    target = np.concatenate([one.target for one in found])
    time_ms = np.concatenate([one.time_ms for one in found])
    kept = time_ms / 1000.0 <= limit_s
    return pa.table({"site": site[kept], "target": target[kept], "time_ms": time_ms[kept]})
