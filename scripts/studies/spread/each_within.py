"""Which places each of many posts reaches, and when."""

from collections.abc import Iterator

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.chunk_work import Work
from scripts.studies.spread.running import Spread
from scripts.studies.spread.running import running

# Each shard is held in memory once, all its posts' targets together.
POSTS_PER_SHARD = 16


def find_within(
    roads: StudyRoads,
    posts: Placed,
    targets: Placed,
    limit_s: float,
    spread: Spread | None = None,
    *,
    posts_per_shard: int = POSTS_PER_SHARD,
) -> Iterator[tuple[int, IntArray, FloatArray]]:
    """Yield for each post the targets within a limit, ascending, and the times to them, seconds.

    As `StudyRoads.times_within`; parameters and errors as of
    `scripts.studies.spread.nearest_posts.find_nearest`.
    """
    work = Work("each", (float(limit_s),), posts_per_shard)
    search = roads.router.pack(posts.origins, targets.targets, limit_s)
    with running(spread or Spread(), work, search, targets.points.weights) as folder:
        for number in range(work.shard_count(len(posts))):
            shard = folder.read(number)
            first = number * posts_per_shard
            sites = np.arange(first, min(first + posts_per_shard, len(posts)))
            start = np.searchsorted(shard["site"].to_numpy(), np.append(sites, sites[-1] + 1))
            target = shard["target"].to_numpy().astype(np.int64)
            time_s = shard["time_ms"].to_numpy() / 1000.0
            for row, site in enumerate(sites.tolist()):
                rows = slice(start[row], start[row + 1])
                yield site, target[rows], time_s[rows]
