"""Colours of a layer's features: classes with round limits, readable by colour-blind eyes."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.colors import to_hex
from matplotlib.ticker import MaxNLocator

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.report.charts import COLOURS
from scripts.studies.report.text import Text
from scripts.studies.report.text import same

_GOOD_TO_BAD = ("#0b5fa5", "#4fa8d8", "#9fd3b5", "#f0cf3c", "#e8912d", "#d1470f", "#7f1416")
_LESS = ("#08519c", "#3d8cc4", "#93c4e0")
_UNCHANGED = "#a9b1b9"
_MORE = ("#f5b169", "#e6640d", "#8b1a1a")
_NONE = "#4a4a52"
_MOST_WORDS = 8
_MOST_VALUES = 6
NO_VALUE = Text("none", "无")
_OTHERS = Text("others", "其他")


@dataclass(frozen=True, slots=True)
class ColourClasses:
    """The class of each feature, and colour and name of each class that has one."""

    of_feature: IntArray
    colours: tuple[str, ...]
    names: tuple[Text, ...]


def classify(
    column: "pd.Series[Any]", *, high_is_good: bool, around_zero: bool = False
) -> ColourClasses:
    """Return the classes of a column: of numbers by size, of words one each.

    Numbers that are missing or infinite are a class of their own.
    """
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return _words(column)
    values: FloatArray = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known: FloatArray = values[np.isfinite(values)]
    distinct = np.unique(known)
    both_sides = len(distinct) > 0 and distinct[0] < 0.0 < distinct[-1]
    if both_sides or (around_zero and known.any()):
        return _around_zero(values, known, high_is_good=high_is_good)
    if len(distinct) <= _MOST_VALUES:
        of_feature = np.searchsorted(distinct, values)
        names = [same(f"{value:g}") for value in distinct]
    else:
        limits = _round_limits(known)
        of_feature = np.searchsorted(limits, values, side="left")
        names = _between(limits)
    colours = _ramp(len(names), high_is_good=high_is_good)
    return _whole(values, of_feature, colours, names)


def _around_zero(values: FloatArray, known: FloatArray, *, high_is_good: bool) -> ColourClasses:
    size = np.abs(known)
    most = float(np.percentile(size[size > 0], 95))
    ticks = np.asarray(MaxNLocator(nbins=4).tick_values(0.0, most))
    steps = ticks[ticks > 0][: len(_MORE)]
    limits = np.concatenate((-steps[::-1], steps))
    less, more = list(_LESS[-len(steps) :]), list(_MORE[: len(steps)])
    colours = [*less, _UNCHANGED, *more]
    if high_is_good:
        colours.reverse()
    return _whole(values, np.searchsorted(limits, values), colours, _between(limits))


def _round_limits(known: FloatArray) -> FloatArray:
    low, high = float(np.percentile(known, 2)), float(np.percentile(known, 98))
    if low == high:
        low, high = float(known.min()), float(known.max())
    ticks = np.asarray(MaxNLocator(nbins=_MOST_VALUES).tick_values(low, high))
    inner = ticks[(ticks > known.min()) & (ticks < known.max())]
    return np.asarray(inner if len(inner) else ticks[:1])


def _between(limits: FloatArray) -> list[Text]:
    words = [f"{limit:g}".replace("-", "\N{MINUS SIGN}") for limit in limits]
    middle = [same(f"{low} – {high}") for low, high in pairwise(words)]
    return [same(f"≤ {words[0]}"), *middle, same(f"> {words[-1]}")]


def _ramp(count: int, *, high_is_good: bool) -> list[str]:
    ramp = LinearSegmentedColormap.from_list("good to bad", _GOOD_TO_BAD)
    at = np.linspace(0.0, 1.0, count) if count > 1 else np.zeros(count)
    colours = [to_hex(ramp(float(share))) for share in at]
    return colours[::-1] if high_is_good else colours


def _words(column: "pd.Series[Any]") -> ColourClasses:
    words = column.astype("string")
    listed = words.value_counts().index[:_MOST_WORDS].tolist()
    of_feature = pd.Index(listed, dtype="string").get_indexer_for(words).astype(np.int64)
    missing = words.isna().to_numpy()
    names = [same(str(word)) for word in listed]
    colours = list(COLOURS[: len(listed)])
    if words.nunique() > len(listed):
        names.append(_OTHERS)
        colours.append(_UNCHANGED)
    return _whole(
        np.where(missing, np.nan, 0.0),
        np.where(of_feature < 0, len(listed), of_feature),
        colours,
        names,
    )


def _whole(
    values: FloatArray, of_feature: IntArray, colours: list[str], names: list[Text]
) -> ColourClasses:
    """Return the classes with that of no value as the last one, where some have none."""
    unknown = ~np.isfinite(values)
    if unknown.any():
        of_feature = np.where(unknown, len(names), of_feature)
        colours, names = [*colours, _NONE], [*names, NO_VALUE]
    return ColourClasses(of_feature, tuple(colours), tuple(names))
