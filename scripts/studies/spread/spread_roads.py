"""The roads of a study whose searches from posts run in many processes."""

import itertools
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Self

import numpy as np
from typing_extensions import override

from routing.router import Router
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.roads.study_roads import Nearest
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.each_within import find_within
from scripts.studies.spread.nearest_posts import find_nearest
from scripts.studies.spread.running import Spread

EVER_S = 2e6
"""A limit beyond every drive: whole milliseconds of it fit into 32 bits."""

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Called with what is done and in how many steps; gives what to call after each."""


def _no_progress(_what: str, _total: int) -> AbstractContextManager[Callable[[], None]]:
    return nullcontext(lambda: None)


class SpreadRoads(StudyRoads):
    """As `StudyRoads`, and with the same answers; `nearest` and `times_within` are spread."""

    def __init__(
        self, router: Router, spread: Spread | None = None, progress: Progress = _no_progress
    ) -> None:
        super().__init__(router)
        self._spread, self._progress = spread or Spread(), progress
        self._studies = itertools.count(1)

    @override
    def under(self, *, profile: str | None = None, at: datetime | None = None) -> Self:
        other = type(self)(self.router.under(profile=profile, at=at), self._spread, self._progress)
        other._studies = self._studies  # noqa: SLF001 - its own
        return other

    @override
    def nearest(self, posts: Placed, targets: Placed, limit_s: float = np.inf) -> Nearest:
        if not len(posts):
            return super().nearest(posts, targets, limit_s)
        limit_s = min(limit_s, EVER_S)
        return find_nearest(
            self, posts, targets, limit_s, self._next_study("Finding who is first", len(posts))
        )

    @override
    def times_within(
        self, posts: Placed, targets: Placed, limit_s: float
    ) -> Iterator[tuple[int, IntArray, FloatArray]]:
        if len(posts) and limit_s > 0.0:
            spread = self._next_study("Finding whom each reaches", len(posts))
            yield from find_within(self, posts, targets, min(limit_s, EVER_S), spread)
        else:
            yield from super().times_within(posts, targets, limit_s)

    def _next_study(self, what: str, posts: int) -> Spread:
        """Return how the next study runs: with a folder of its own, and told on the terminal."""
        folder = self._spread.folder
        number = next(self._studies)
        return replace(
            self._spread,
            folder=None if folder is None else folder / f"{number:03}",
            progress=lambda shards: self._progress(f"{what}, from {posts:,} posts", shards),
        )
