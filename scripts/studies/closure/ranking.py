"""Rank single closures by what they cost, exactly, searching as few of them as possible.

Demand whose path to the nearest post does not lead through a street loses nothing by its closure:
all that is open before stays open. So the demand below a street in the tree of paths bounds the
loss. Streets are searched by falling bound until the next bound is no better than the last place of
the ranking: no street that was not searched can be worse than those listed.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.criticality.single_closures import SingleClosures
from scripts.studies.closure.losses import Loss
from scripts.studies.closure.losses import Losses
from scripts.studies.closure.losses import Measure
from scripts.studies.inputs.points import FloatArray

Progress = Callable[[int, int], None]
"""Called with how many were searched, and how many there may be in all as far as is known."""


@dataclass(frozen=True, slots=True)
class RankedClosure:
    """One place in the ranking."""

    group: int
    loss: Loss
    bound: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """The worst closures, and why there is no worse one.

    Attributes
    ----------
    worst
        The worst first; of none does the loss by the measure vanish.
    measure
        What they are ranked by.
    groups, searched, harmless
        How many closures there are; for how many the loss was found; and how many cannot cost
        anything, since no first path leads through.
    next_bound
        The most that any of those not searched can cost: at most what the last listed costs.
    found
        Loss by the measure of each closure that was searched, NaN for the others; shape
        ``(groups,)``.
    """

    worst: tuple[RankedClosure, ...]
    measure: Measure
    groups: int
    searched: int
    harmless: int
    next_bound: float
    found: FloatArray


def rank_closures(
    closures: SingleClosures,
    losses: Losses,
    measure: Measure,
    count: int,
    *,
    every: bool = False,
    progress: Progress | None = None,
) -> Ranking:
    """Return the closures that cost most.

    Parameters
    ----------
    count
        How many to list.
    every
        Whether to find the loss of every closure that can cost anything, for a whole map.
    progress
        Is told of each search.
    """
    bounds = closures.bounds(losses.most(measure))
    order = np.argsort(-bounds, kind="stable")
    enough_s = losses.enough_s(measure)
    falling = -bounds[order]
    useful = int(np.searchsorted(falling, 0.0, side="left"))
    found = np.full(closures.count, np.nan)
    best: list[tuple[float, int]] = []  # the least of the best first; of equals the later number
    searched = 0
    for group in order[:useful].tolist():
        least = best[0][0] if len(best) == count else 0.0
        if bounds[group] <= least and not every:
            break
        loss = losses.of(*closures.changed_by(group, enough_s)).by(measure)
        found[group] = loss
        searched += 1
        if loss > 0.0:
            heapq.heappush(best, (loss, -group))
            if len(best) > count:
                heapq.heappop(best)
        if progress is not None:
            least = best[0][0] if len(best) == count else 0.0
            known = useful if every else int(np.searchsorted(falling, -least, side="left"))
            progress(searched, max(searched, known))
    worst = [-group for _, group in sorted(best, key=lambda one: (-one[0], -one[1]))]
    return Ranking(
        tuple(
            RankedClosure(group, losses.of(*closures.changed_by(group)), float(bounds[group]))
            for group in worst
        ),
        measure,
        closures.count,
        searched,
        closures.count - useful,
        float(bounds[order[searched]]) if searched < closures.count else 0.0,
        found,
    )
