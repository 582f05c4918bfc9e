"""The study of sites: candidates and demand on the roads, a model's answer, and a curve."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final

import numpy as np

from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.site.model_choice import Question
from scripts.studies.site.model_choice import answer
from scripts.studies.siting import Answer
from scripts.studies.siting import mclp
from scripts.studies.siting.errors import UnreachableDemandError
from scripts.studies.siting.solving.clock import Watch

UNREACHABLE: Final = "unreachable"
_MOST_CURVE: Final = 30
_LEAST_CURVE: Final = 10
_CURVE_S: Final = 2.0


@dataclass(frozen=True, eq=False)
class Sites:
    """Where one could stand.

    Attributes
    ----------
    points
        Candidates and existing sites.
    existing, closable, forbidden
        Of each; shape ``(m,)``.
    """

    points: Points
    existing: BoolArray
    closable: BoolArray
    forbidden: BoolArray

    @property
    def must(self) -> BoolArray:
        """Those that stay."""
        return np.asarray(self.existing & ~self.closable)


@dataclass(frozen=True, eq=False)
class CurvePoint:
    """The best cover with so many sites, and what no choice exceeds."""

    count: int
    covered: float
    bound: float
    proven: bool


@dataclass(frozen=True, eq=False)
class SiteStudy:
    """What was found.

    Attributes
    ----------
    demand
        Those on the network that some site reaches; the others are in ``demand.left_out``.
    response_s
        Turnout and drive from the first open site, ``inf`` where none is; shape ``(n,)``.
    served_by
        Its column in ``sites``, -1 where none; shape ``(n,)``.
    times_s
        Turnout and drive, rows demand, columns sites; shape ``(n, m)``.
    curve
        Cover within the limit by number of sites; empty where it was not asked for.
    """

    question: Question
    sites: Sites
    demand: Points
    answer: Answer
    response_s: FloatArray
    served_by: IntArray
    times_s: FloatArray
    curve: Sequence[CurvePoint] = ()

    @property
    def chosen(self) -> IntArray:
        """Columns of the open sites, each once."""
        return np.unique(np.asarray(self.answer.sites, dtype=np.int64))

    def covered(self, limit_s: float) -> float:
        """Return the share of demand that the open sites reach within a limit."""
        total = float(self.demand.weights.sum())
        inside = float(self.demand.weights[self.response_s <= limit_s].sum())
        return inside / total if total > 0.0 else 0.0


def study_sites(
    roads: StudyRoads,
    demand: Placed,
    sites: Sites,
    question: Question,
    *,
    turnout_s: float = 0.0,
    watch: Watch | None = None,
) -> SiteStudy:
    """Return where to stand.

    Parameters
    ----------
    roads
        Whose travel times count.
    demand
        On the network already.
    sites
        Candidates and existing sites; those off the network are an error, since they were named.
    turnout_s
        Added to each drive.
    watch
        Looks on while the model works.

    Raises
    ------
    UsageError
        If an existing site lies off the network, or no candidate lies on it.
    SitingError
        As the model says; demand out of reach is named.
    """
    placed, sites = _on_roads(roads, sites)
    times_s = _times(roads, placed, demand) + turnout_s
    reached: BoolArray = np.asarray(np.isfinite(times_s[:, ~sites.forbidden]).any(axis=1))
    points = demand.points.only(reached, _unreached(demand.points, reached))
    times_s = times_s[reached]
    if not len(points):
        message = "No road leads from any candidate to any demand."
        raise UsageError(message, mend="Is it the right city? Longitude comes first.")
    try:
        found = answer(
            question,
            times_s,
            points.weights,
            existing=sites.existing,
            forbidden=sites.forbidden,
            closable=sites.closable,
            watch=watch,
        )
    except UnreachableDemandError as error:
        raise _named(error, points, times_s[:, ~sites.forbidden]) from error
    chosen = np.unique(np.asarray(found.sites, dtype=np.int64))
    response_s, served_by = np.full(len(points), np.inf), np.full(len(points), -1)
    if len(chosen):
        first = times_s[:, chosen].argmin(axis=1)
        response_s = times_s[np.arange(len(points)), chosen[first]]
        served_by = np.where(np.isfinite(response_s), chosen[first], -1)
    return SiteStudy(question, sites, points, found, response_s, served_by, times_s)


def curve_counts(sites: Sites, wanted: int) -> range:
    """Return the numbers of sites for which cover is worked out."""
    least = max(int(sites.must.sum()), 1)
    allowed = int((~sites.forbidden).sum())
    most = min(max(2 * wanted, _LEAST_CURVE), least + _MOST_CURVE, allowed)
    return range(least, max(most, least) + 1)


def with_curve(study: SiteStudy, step: Callable[[], None] = lambda: None) -> SiteStudy:
    """Return the study with the best cover by number of sites, each proven in two seconds or not.

    What more sites cannot cover, fewer cannot either. ``step`` is called after each.
    """
    sites, question, weights = study.sites, study.question, study.demand.weights
    curve: list[CurvePoint] = []
    for count in curve_counts(sites, len(study.chosen)):
        found = mclp(
            study.times_s,
            weights,
            limit=question.limit_s,
            count=count,
            time_limit_s=_CURVE_S,
            existing=sites.existing,
            forbidden=sites.forbidden,
            closable=sites.closable,
        )
        curve.append(CurvePoint(count, found.objective, found.bound, found.proven))
        step()
        if found.objective >= float(weights.sum()) and count >= len(study.chosen):
            break
    for at in range(len(curve) - 2, -1, -1):
        bound = min(curve[at].bound, curve[at + 1].bound)
        curve[at] = replace(curve[at], bound=bound, proven=bound <= curve[at].covered)
    return replace(study, curve=curve)


def _on_roads(roads: StudyRoads, sites: Sites) -> tuple[Placed, Sites]:
    # Names may occur twice, so each is known by its row here.
    numbers = tuple(str(row) for row in range(len(sites.points)))
    placed = roads.place(replace(sites.points, names=numbers, left_out=()))
    off = [int(one.name) for one in placed.points.left_out]
    gone = [sites.points.names[row] for row in off if sites.existing[row]]
    if gone:
        message = f"The existing site {gone[0]} is near no road."
        raise UsageError(message, mend="Correct its place: longitude comes first.")
    kept = np.ones(len(sites.points), dtype=np.bool_)
    kept[off] = False
    if not kept.any():
        message = "None of the candidates is near a road."
        raise UsageError(message, mend="Is it the right city? Longitude comes first.")
    lost = [
        replace(one, name=sites.points.names[int(one.name)], weight=0.0)
        for one in placed.points.left_out
    ]
    return placed, Sites(
        sites.points.only(kept, lost),
        sites.existing[kept],
        sites.closable[kept],
        sites.forbidden[kept],
    )


def _times(roads: StudyRoads, origins: Placed, demand: Placed) -> FloatArray:
    """Return seconds, rows demand, columns sites."""
    return np.ascontiguousarray(roads.times(origins, demand).T, dtype=np.float64)


def _unreached(points: Points, reached: BoolArray) -> list[LeftOut]:
    return [
        LeftOut(
            points.names[row],
            "" if points.where is None else points.where[row],
            UNREACHABLE,
            float(points.weights[row]),
        )
        for row in np.flatnonzero(~reached).tolist()
    ]


def _named(error: UnreachableDemandError, points: Points, times_s: FloatArray) -> UsageError:
    """Return the refusal in names and minutes instead of rows."""
    rows = list(error.rows)
    least_s = times_s[rows].min(axis=1)
    worst = rows[int(least_s.argmax())]
    message = (
        f"{len(rows):,} places are in time from no candidate; the farthest, {points.names[worst]}, "
        f"is {least_s.max() / 60.0:.1f} min from the nearest."
    )
    return UsageError(message, mend="Raise the minutes, add candidates, or use --model mclp.")
