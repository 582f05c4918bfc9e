"""Incidents drawn from what was fitted to a log, or played as they were logged.

Every kind of chance has a stream of its own (`numpy.random.SeedSequence.spawn`): arrivals, what
and where, work, turnout, drive, answers to a grab. A change in one leaves the others as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.simulation.demand.arrivals import HOUR_S
from scripts.studies.simulation.demand.arrivals import WeeklyRates
from scripts.studies.simulation.demand.duration_fits import FEWEST
from scripts.studies.simulation.demand.duration_fits import DurationFit
from scripts.studies.simulation.demand.duration_fits import fit
from scripts.studies.simulation.demand.incident_log import IncidentLog
from scripts.studies.simulation.scenario import Calls

_STREAMS: Final = 6


@dataclass(frozen=True, eq=False)
class Drawing:
    """How incidents are drawn.

    Attributes
    ----------
    log
        The incidents of the past, all on the network.
    place
        The place of each of them in the table; shape ``(n,)``.
    rates
        How often something happens.
    turnout
        How long a crew needs to set out.
    work
        How long it is on scene: of all incidents, and of the kinds with enough of them, by row.
    drive_spread
        Standard deviation of the logarithm of the drive's factor, 0: as the table says. Its mean
        is 1.
    begin, hours
        The period that is drawn; begins at a full hour.
    crews
        How many there are.
    answer_s
        How long a crew takes on average to press the button of a grab; exponential.
    """

    log: IncidentLog
    place: IntArray
    rates: WeeklyRates
    turnout: DurationFit
    work: DurationFit
    work_of_kind: Mapping[int, DurationFit]
    begin: datetime
    hours: int
    crews: int
    drive_spread: float = 0.0
    answer_s: float = 30.0

    def __call__(self, seeds: np.random.SeedSequence) -> Calls:
        """Return the incidents of one period, reported at drawn instants.

        What one is, where, how urgent and what is pledged for it is taken together from one
        incident of the past, each as likely as another.
        """
        arriving, choosing, *others = _streams(seeds)
        reported_s = self.rates.draw(arriving, self.begin, self.hours)
        row = choosing.integers(0, len(self.log), len(reported_s))
        return self._calls(reported_s, row, others)

    def as_logged(self, seeds: np.random.SeedSequence) -> Calls:
        """Return the incidents of the log at their instants; only what is unknown is drawn."""
        _, _, *others = _streams(seeds)
        reported_s = np.array([(each - self.begin).total_seconds() for each in self.log.at])
        drawn = self._calls(reported_s, np.arange(len(self.log)), others)
        return Calls(
            **{
                **{name: getattr(drawn, name) for name in drawn.__dataclass_fields__},
                "work_s": _known(self.log.work_s, drawn.work_s),
                "turnout_s": _known(self.log.turnout_s, drawn.turnout_s),
            }
        )

    def _calls(
        self, reported_s: FloatArray, row: IntArray, streams: list[np.random.Generator]
    ) -> Calls:
        working, turning_out, driving, answering = streams
        count = len(reported_s)
        kind = self.log.kind[row]
        shares = working.random(count)
        work_s = self.work.chosen.quantile(shares)
        for number, own in self.work_of_kind.items():
            of_kind = kind == number
            work_s[of_kind] = own.chosen.quantile(shares[of_kind])
        spread = self.drive_spread
        return Calls(
            reported_s,
            self.place[row],
            work_s,
            self.turnout.chosen.draw(turning_out, count),
            np.exp(spread * driving.standard_normal(count) - spread**2 / 2.0),
            self.log.priority[row],
            kind,
            self.log.kinds,
            self.log.needs,
            self.log.limit_s[row],
            answering.exponential(self.answer_s, (count, self.crews)),
        )

    @property
    def length_s(self) -> float:
        """The length of a drawn period."""
        return self.hours * HOUR_S


def fit_work(log: IncidentLog, seed: int) -> tuple[DurationFit, dict[int, DurationFit]]:
    """Return the time on scene of all incidents, and of each kind that has enough of them.

    Raises
    ------
    ValueError
        If none is known.
    """
    whole = fit(log.work_s, seed)
    if len(log.kinds) == 1:
        return whole, {}
    known = np.nan_to_num(log.work_s) > 0.0
    enough = [
        number
        for number in range(len(log.kinds))
        if np.count_nonzero(known & (log.kind == number)) >= FEWEST
    ]
    return whole, {number: fit(log.work_s[log.kind == number], seed) for number in enough}


def _streams(seeds: np.random.SeedSequence) -> list[np.random.Generator]:
    # Its own children would differ the second time: a sequence counts what it has spawned.
    own = np.random.SeedSequence(seeds.entropy, spawn_key=seeds.spawn_key)
    return [np.random.default_rng(each) for each in own.spawn(_STREAMS)]


def _known(logged: FloatArray, drawn: FloatArray) -> FloatArray:
    return np.where(np.isnan(logged), drawn, logged)
