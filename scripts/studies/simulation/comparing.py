"""Several rules on the same draws, and what may be said of the difference.

In each replication all rules meet the very same incidents (common random numbers), so the
differences between two rules vary less than either of them. Replications are independent of each
other: the intervals are Student's, over replications.

References
----------
Law (2015), Simulation Modeling and Analysis, 5th ed., sections 9.4 (replications, warm-up), 10.2
(paired intervals) and 11.2 (common random numbers).
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from typing import NamedTuple

import numpy as np
from scipy import stats

from scripts.studies.inputs.points import FloatArray
from scripts.studies.simulation.desk import simulate
from scripts.studies.simulation.outcome import Outcome
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

LEVEL: Final = 0.95
Draw = Callable[[np.random.SeedSequence], Calls]


class Interval(NamedTuple):
    """A mean with its confidence interval; without width where there is one replication."""

    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of its width."""
        return (self.high - self.low) / 2.0


def interval(values: FloatArray, level: float = LEVEL) -> Interval:
    """Return the mean of independent values with Student's interval; NaN bounds of fewer than two.

    Parameters
    ----------
    values
        One a replication; NaN where nothing happened that could be measured, which counts nowhere.
    level
        How often such intervals hold the true mean, if the values are about normal.
    """
    values = values[~np.isnan(values)]
    if not len(values):
        return Interval(np.nan, np.nan, np.nan)
    mean = float(np.mean(values))
    if len(values) < 2:  # noqa: PLR2004 - one value has no spread
        return Interval(mean, np.nan, np.nan)
    error = float(stats.sem(values))
    half = float(stats.t.ppf(0.5 + level / 2.0, len(values) - 1)) * error
    return Interval(mean, mean - half, mean + half)


MEASURES: Final = (
    "mean_response_s",
    "p90_response_s",
    "mean_wait_s",
    "mean_travel_s",
    "late_share",
    "workload",
    "moves",
    "never_served",
)
"""What is measured of each run. Responses are of those served; `late_share` is of all."""


def percentile(values: FloatArray, share: float) -> float:
    """Return the smallest value that this share of all does not exceed; NaN of none."""
    if not len(values):
        return float("nan")
    return float(np.quantile(values, share, method="inverted_cdf"))


def measured(
    outcome: Outcome, crews: Sequence[SimulatedCrew], warm_up_s: float
) -> dict[str, float]:
    """Return the measures of one run, of what was reported after the warm-up."""
    counted = outcome.counted(warm_up_s)
    served = counted & outcome.served
    response_s = outcome.response_s[served]
    end_s = float(outcome.calls.reported_s[-1]) if len(outcome.calls) else warm_up_s
    pledged = counted & np.isfinite(outcome.calls.limit_s)
    return {
        "mean_response_s": _mean(response_s),
        "p90_response_s": percentile(response_s, 0.9),
        "mean_wait_s": _mean(np.maximum(outcome.wait_s[served], 0.0)),
        "mean_travel_s": _mean(outcome.travel_s[served]),
        "late_share": _mean(outcome.late[pledged].astype(np.float64)),
        "workload": float(outcome.workload(crews, warm_up_s, end_s).mean()),
        "moves": float(outcome.moves),
        "never_served": float(np.count_nonzero(counted & ~outcome.served)),
    }


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")


@dataclass(frozen=True, eq=False)
class Comparison:
    """What several rules made of the same days.

    Attributes
    ----------
    outcomes
        By the rule's name, one a replication.
    values
        By the rule's name and measure, one a replication; shape ``(replications,)``.
    """

    crews: Sequence[SimulatedCrew]
    warm_up_s: float
    outcomes: Mapping[str, Sequence[Outcome]]
    values: Mapping[str, Mapping[str, FloatArray]]

    def mean(self, rule: str, measure: str) -> Interval:
        """Return the mean of a measure with its interval."""
        return interval(self.values[rule][measure])

    def difference(self, rule: str, base: str, measure: str) -> Interval:
        """Return by how much a rule is above another in a measure, with its paired interval."""
        return interval(self.values[rule][measure] - self.values[base][measure])


def compare(
    table: TravelTable,
    crews: Sequence[SimulatedCrew],
    draw: Draw,
    rules: Sequence[DispatchRule],
    *,
    replications: int,
    seed: int,
    warm_up_s: float = 0.0,
    tell: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Return what each rule makes of the same drawn days.

    Parameters
    ----------
    draw
        Returns the incidents of one replication; everything that chance decides comes from the
        seed sequence that it is given.
    rules
        With names that differ.
    replications
        How many days, or longer periods, are drawn.
    seed
        The same seed, the same answer.
    warm_up_s
        Incidents reported before count nowhere: a simulation begins with all crews idle.
    tell
        Called with how many runs are done, and of how many.
    """
    outcomes: dict[str, list[Outcome]] = {rule.name: [] for rule in rules}
    for number, own in enumerate(np.random.SeedSequence(seed).spawn(replications)):
        calls = draw(own)
        for at, rule in enumerate(rules):
            outcomes[rule.name].append(simulate(table, crews, calls, rule))
            if tell is not None:
                tell(number * len(rules) + at + 1, replications * len(rules))
    values: dict[str, dict[str, FloatArray]] = {}
    for name, runs in outcomes.items():
        rows = [measured(each, crews, warm_up_s) for each in runs]
        values[name] = {key: np.array([row[key] for row in rows]) for key in MEASURES}
    return Comparison(crews, warm_up_s, outcomes, values)
