"""Bias of predicted times and the band in which nine of ten actual ones lie."""

from dataclasses import dataclass

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray

_LOW, _HIGH = 0.05, 0.95
ENOUGH_FOR_BAND = 40


@dataclass(frozen=True, slots=True)
class ErrorBand:
    """What became of the predictions of some drives; times as shares of the predicted ones.

    Attributes
    ----------
    drives
        How many.
    bias
        Median of actual / predicted, less 1: above 0, drives took longer.
    low, high
        Nine of ten are within; None where there are too few drives to say.
    """

    drives: int
    bias: float
    low: float | None
    high: float | None


def error_band(ratio: FloatArray) -> ErrorBand:
    """Return bias and band of actual / predicted."""
    if not len(ratio):
        return ErrorBand(0, np.nan, None, None)
    few = len(ratio) < ENOUGH_FOR_BAND
    low, high = (None, None) if few else band_limits(ratio)
    return ErrorBand(len(ratio), float(np.median(ratio)) - 1.0, low, high)


def band_limits(ratio: FloatArray) -> tuple[float, float]:
    """Return the limits within which a further drive lies with a chance of 90 %.

    Order statistics, taken a little further out than the quantiles of those seen: of
    ``n`` drives and one more, each is as likely as any other to be the lowest (split conformal
    prediction; Vovk, Gammerman, Shafer 2005).
    """
    rising = np.sort(ratio)
    count = len(rising)
    last = min(count, int(np.ceil((count + 1) * _HIGH))) - 1
    first = max(0, int(np.floor((count + 1) * _LOW)) - 1)
    return float(rising[first]), float(rising[last])


def ranks_by_group(
    ratio: FloatArray, group: IntArray, new_ratio: FloatArray, new_group: IntArray
) -> FloatArray:
    """Return for each new ratio the share of earlier ones of its group below it: 0 to 1.

    If the new ones are as the earlier ones were, these are uniform. Of a group with few, all count.
    """
    ranks = np.empty(len(new_ratio))
    for one in np.unique(new_group).tolist():
        own = ratio[group == one]
        rising = np.sort(own if len(own) >= ENOUGH_FOR_BAND else ratio)
        new = new_group == one
        ranks[new] = (np.searchsorted(rising, new_ratio[new]) + 0.5) / (len(rising) + 1)
    return ranks


def limits_by_group(ratio: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Return the limits of each group, shape ``(groups, 2)``; those of all where it has few."""
    limits = np.tile(band_limits(ratio), (groups, 1))
    for one in range(groups):
        own = ratio[group == one]
        if len(own) >= ENOUGH_FOR_BAND:
            limits[one] = band_limits(own)
    return limits
