"""Which of many posts is first at each of very many places."""

import numpy as np

from scripts.studies.roads.study_roads import Nearest
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.chunk_work import Work
from scripts.studies.spread.running import Spread
from scripts.studies.spread.running import running

# Few sites make many shards, of which each names its targets again.
POSTS_PER_SHARD = 32


def find_nearest(
    roads: StudyRoads,
    posts: Placed,
    targets: Placed,
    limit_s: float,
    spread: Spread | None = None,
    *,
    posts_per_shard: int = POSTS_PER_SHARD,
) -> Nearest:
    """Return for each target the post that is first there, as `StudyRoads.nearest` does.

    Of equally fast posts the first in the list, whichever process is ready first: shards are
    joined in their order.

    Parameters
    ----------
    roads, posts, targets
        As placed by these roads.
    limit_s
        Seconds, finite: the searches end there.
    spread
        Where and how; None: here.
    posts_per_shard
        How many posts are one task and one Parquet file.

    Raises
    ------
    InvalidLimitError
        If the limit is not a number, infinite or not above zero.
    UsageError, ScriptError
        As `scripts.studies.spread.running.running`.
    """
    work = Work("nearest", (float(limit_s),), posts_per_shard)
    search = roads.router.pack(posts.origins, targets.targets, limit_s)
    nobody = np.iinfo(np.int32).max
    best_ms = np.full(len(targets), nobody, dtype=np.int32)
    post = np.full(len(targets), -1, dtype=np.int64)
    with running(spread or Spread(), work, search, targets.points.weights) as folder:
        for number in range(work.shard_count(len(posts))):
            shard = folder.read(number)
            target, time_ms = shard["target"].to_numpy(), shard["time_ms"].to_numpy()
            sooner = time_ms < best_ms[target]
            best_ms[target[sooner]] = time_ms[sooner]
            post[target[sooner]] = shard["site"].to_numpy()[sooner]
    return Nearest(np.where(post >= 0, best_ms / 1000.0, np.inf), post)
