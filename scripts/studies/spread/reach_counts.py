"""How much demand each of many sites reaches within some minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.chunk_work import Work
from scripts.studies.spread.running import Spread
from scripts.studies.spread.running import running

SITES_PER_SHARD = 64


@dataclass(frozen=True, eq=False)
class ReachCounts:
    """What each site reaches.

    Attributes
    ----------
    limits_s
        The time limits, ascending.
    demand
        Weight within each limit, shape ``(sites, limits)``.
    points
        How many points that is, shape ``(sites, limits)``.
    """

    limits_s: tuple[float, ...]
    demand: FloatArray
    points: IntArray


def count_reach(
    roads: StudyRoads,
    sites: Placed,
    demand: Placed,
    limits_s: Sequence[float],
    spread: Spread | None = None,
    *,
    sites_per_shard: int = SITES_PER_SHARD,
) -> ReachCounts:
    """Return how much demand each site reaches within some limits.

    One bounded search a site; the table of sites and demand is never made. The sums are those of
    ``demand.points.weights[roads.times(sites, demand)[site] <= limit]``, to the last bit, in any
    number of processes.

    Parameters
    ----------
    roads, sites, demand
        As placed by these roads.
    limits_s
        Seconds, above zero.
    spread
        Where and how; None: here.
    sites_per_shard
        How many sites are one task and one Parquet file.

    Raises
    ------
    InvalidLimitError
        If a limit is not a number, infinite or not above zero.
    UsageError, ScriptError
        As `scripts.studies.spread.running.running`.
    """
    limits = tuple(sorted({float(limit) for limit in limits_s}))
    work = Work("counts", limits, sites_per_shard)
    search = roads.router.pack(sites.origins, demand.targets, limits[-1])
    shape = (len(sites), len(limits))
    found = ReachCounts(limits, np.empty(shape), np.empty(shape, dtype=np.int64))
    with running(spread or Spread(), work, search, demand.points.weights) as folder:
        for number in range(work.shard_count(len(sites))):
            shard = folder.read(number)
            rows = shard["site"].to_numpy()
            for column in range(len(limits)):
                found.demand[rows, column] = shard[f"demand_{column}"].to_numpy()
                found.points[rows, column] = shard[f"points_{column}"].to_numpy()
    return found
