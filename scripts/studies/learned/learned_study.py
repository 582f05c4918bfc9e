"""Study predicted against actual travel times."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.driven_tracks.hour_bands import BANDS
from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from scripts.errors import UsageError
from scripts.studies.learned.drives import Drives
from scripts.studies.learned.error_bands import ErrorBand
from scripts.studies.learned.error_bands import error_band
from scripts.studies.learned.factor_fit import FittedFactors
from scripts.studies.learned.factor_fit import band_of_hour
from scripts.studies.learned.factor_fit import fit_factors
from scripts.studies.learned.out_of_sample import OutOfSample
from scripts.studies.learned.out_of_sample import predict_other_days


@dataclass(frozen=True, eq=False)
class LearnedStudy:
    """The answer of `study_learned`.

    Attributes
    ----------
    drives
        What it was learned from.
    overall
        Bias and band of what was predicted when the drives began.
    by_hour
        The same for each band of hours, as ``BANDS``.
    by_class
        The same by the class that most of the drive was on, as ``ROAD_CLASSES``.
    fitted
        The factors.
    others
        Predictions by what was learned on other days; None of fewer than two days.
    present
        The factors in use.
    """

    drives: Drives
    overall: ErrorBand
    by_hour: Sequence[ErrorBand]
    by_class: Sequence[ErrorBand]
    fitted: FittedFactors
    others: OutOfSample | None
    present: SpeedTable


def study_learned(drives: Drives, present: SpeedTable) -> LearnedStudy:
    """Return how good predictions were, and the speed factors that the drives speak for.

    Nothing is put in force.

    Parameters
    ----------
    drives
        With what was predicted when they began.
    present
        The factors in use, for comparison; hours are those of the drives' own time zone.

    Raises
    ------
    UsageError
        If there are no drives.
    """
    if not len(drives):
        message = "There is no drive with a predicted and an actual time."
        raise UsageError(message)
    ratio = drives.actual_s / drives.predicted_s
    hour, main = band_of_hour(drives.hours_of_week()), drives.main_class()
    return LearnedStudy(
        drives,
        error_band(ratio),
        [error_band(ratio[hour == one]) for one in range(len(BANDS))],
        [error_band(ratio[main == one]) for one in range(len(ROAD_CLASSES))],
        fit_factors(drives.parts),
        predict_other_days(
            drives.parts,
            drives.days(),
            np.asarray(present.factors),
            drives.predicted_s if drives.whole else None,
        ),
        present,
    )
