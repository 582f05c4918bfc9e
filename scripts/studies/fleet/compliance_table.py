"""Which posts to hold with k free crews, and what moves from one row to the next."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from scripts.studies.inputs.points import FloatArray
from scripts.studies.siting import mexclp


@dataclass(frozen=True, slots=True)
class Held:
    """One row of the table.

    Attributes
    ----------
    free
        How many crews are free.
    posts
        The posts that they hold, ascending; one may stand in it twice.
    expected
        Share of the demand that finds a free crew in time.
    proven
        Whether no other choice of posts is better.
    moves
        Fewest seconds of driving to get here from the row above, when one crew has been sent:
        each from, to, seconds. It is assumed that the crew was sent whose leaving costs least.
    """

    free: int
    posts: tuple[int, ...]
    expected: float
    proven: bool
    moves: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, eq=False)
class Cover:
    """What is to be covered, for tables and rules.

    Attributes
    ----------
    times_s
        From each post to each place of demand, shape ``(posts, n)``.
    between_s
        From post to post, shape ``(posts, posts)``.
    weights
        Demand of each place, shape ``(n,)``.
    limit_s
        Driving time within which a place is covered.
    busy
        Share of its time that a crew is busy.
    """

    times_s: FloatArray
    between_s: FloatArray
    weights: FloatArray
    limit_s: float
    busy: float

    def expected(self, posts: Sequence[int]) -> float:
        """Return the share of demand that finds a free crew in time (Daskin 1983)."""
        times = (self.times_s[list(posts)] <= self.limit_s).sum(axis=0)
        total = float(self.weights.sum())
        return float(self.weights @ (1.0 - self.busy**times)) / total if total > 0.0 else 0.0


def make_table(
    cover: Cover, most: int, *, nested: bool = False, time_limit_s: float = 2.0
) -> list[Held]:
    """Return the rows from the most free crews down to one.

    Each row is the best expected cover by itself (MEXCLP); or, nested, the row above less the post
    that costs least, so that crews only ever move to where a sent one stood.

    Parameters
    ----------
    most
        Crews in all.
    time_limit_s
        For the proof of each row.

    References
    ----------
    Gendreau, Laporte, Semet (2006), JORS 57: nested and free compliance tables. Daskin (1983).
    """
    rows: list[Held] = []
    above: tuple[int, ...] = ()
    for free in range(most, 0, -1):
        if nested and above:
            posts, proven = _less_one(cover, above), False
        else:
            found = mexclp(
                np.ascontiguousarray(cover.times_s.T),
                cover.weights,
                limit=cover.limit_s,
                count=free,
                busy_fraction=cover.busy,
                time_limit_s=time_limit_s,
            )
            posts, proven = found.sites, found.proven
        moves = fewest_moves(cover.between_s, above, posts) if above else ()
        rows.append(Held(free, posts, cover.expected(posts), proven, moves))
        above = posts
    return rows


def as_rule(rows: Sequence[Held]) -> Mapping[int, Sequence[int]]:
    """Return the table as `simulation.moving_up.compliance` takes it."""
    return {row.free: row.posts for row in rows}


def fewest_moves(
    between_s: FloatArray, standing: Sequence[int], posts: Sequence[int]
) -> tuple[tuple[int, int, float], ...]:
    """Return who drives where so that posts are held with the fewest seconds of driving.

    There may be more crews standing than posts; the others stay.
    """
    drives_s = between_s[np.ix_(list(standing), list(posts))].copy()
    drives_s[np.asarray(standing)[:, None] == np.asarray(posts)[None, :]] = 0.0
    drives_s[~np.isfinite(drives_s)] = 1e9
    at, to = linear_sum_assignment(drives_s)
    return tuple(
        (standing[a], posts[b], float(drives_s[a, b]))
        for a, b in zip(at.tolist(), to.tolist(), strict=True)
        if standing[a] != posts[b]
    )


def _less_one(cover: Cover, posts: tuple[int, ...]) -> tuple[int, ...]:
    rests = [posts[:at] + posts[at + 1 :] for at in range(len(posts))]
    return max(rests, key=cover.expected)
