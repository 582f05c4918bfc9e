"""What became of the incidents and crews of one simulated period."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.simulation.crew_state import joined
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import SimulatedCrew


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run.

    Attributes
    ----------
    calls
        What happened.
    crew
        Who went, -1 where nobody ever could; shape ``(n,)``.
    sent_s, turnout_s, travel_s, arrived_s, done_s
        Instants and durations, NaN where nobody went; shape ``(n,)``.
    moves
        How often a crew was asked to stand elsewhere.
    """

    calls: Calls
    crew: IntArray
    sent_s: FloatArray
    turnout_s: FloatArray
    travel_s: FloatArray
    arrived_s: FloatArray
    done_s: FloatArray
    moves: int

    @property
    def served(self) -> BoolArray:
        """Whether a crew went."""
        return np.asarray(self.crew >= 0)

    @property
    def wait_s(self) -> FloatArray:
        """From the report until a crew is sent."""
        return np.asarray(self.sent_s - self.calls.reported_s)

    @property
    def response_s(self) -> FloatArray:
        """From the report until a crew is on scene, ``inf`` where none ever was."""
        return np.where(self.served, self.arrived_s - self.calls.reported_s, np.inf)

    @property
    def late(self) -> BoolArray:
        """Whether the pledge was lost."""
        return np.asarray(self.response_s > self.calls.limit_s)

    def counted(self, warm_up_s: float) -> BoolArray:
        """Return which incidents count: those reported after the warm-up."""
        return np.asarray(self.calls.reported_s >= warm_up_s)

    def workload(self, crews: Sequence[SimulatedCrew], begin_s: float, end_s: float) -> FloatArray:
        """Return the share of each crew's time on duty that it was sent, driving or working.

        Work after the end of a shift is work too, so it can exceed 1.
        """
        busy_s = np.zeros(len(crews))
        served = self.served
        held_s = np.minimum(self.done_s, end_s) - np.maximum(self.sent_s, begin_s)
        np.add.at(busy_s, self.crew[served], np.maximum(held_s[served], 0.0))
        on_duty_s = np.array(
            [
                sum(
                    max(min(ends, end_s) - max(begins, begin_s), 0.0)
                    for begins, ends in joined(crew.shifts_s or ((begin_s, end_s),))
                )
                for crew in crews
            ]
        )
        share = np.zeros(len(crews))
        np.divide(busy_s, on_duty_s, out=share, where=on_duty_s > 0.0)
        return share
