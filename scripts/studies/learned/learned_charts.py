"""The pictures of predicted against actual travel times."""

import numpy as np

from dispatch.driven_tracks.hour_bands import BANDS
from dispatch.driven_tracks.hour_bands import Band
from scripts.studies.learned.learned_study import LearnedStudy
from scripts.studies.learned.out_of_sample import OutOfSample
from scripts.studies.report.charts import COLOURS
from scripts.studies.report.charts import new_chart
from scripts.studies.report.report import Chart
from scripts.studies.report.text import Text

_MINUTE_S = 60.0
_MOST_DOTS = 3_000
_GREY = "#7a858f"


def draw_drives(study: LearnedStudy) -> Chart:
    """Return predicted against actual time, a dot for each drive, with the 90 % band."""
    predicted = study.drives.predicted_s / _MINUTE_S
    actual = study.drives.actual_s / _MINUTE_S
    shown = np.unique(np.linspace(0, len(actual) - 1, min(len(actual), _MOST_DOTS)).astype(int))
    figure, axes = new_chart()
    axes.plot(predicted[shown], actual[shown], ".", markersize=3, alpha=0.4)
    ends = np.array([0.0, float(predicted.max())])
    axes.plot(ends, ends, color=_GREY, linewidth=1)
    overall = study.overall
    if overall.low is not None and overall.high is not None:
        axes.fill_between(ends, ends * overall.low, ends * overall.high, alpha=0.15, linewidth=0)
    axes.set_xlabel("predicted, min")
    axes.set_ylabel("actual, min")
    title = Text(
        "Each drive: predicted and actual time; shaded, nine of ten",
        "各次行程的预计与实际时间；阴影为 90% 区间",
    )
    return Chart("predicted_actual", title, figure)


def draw_calibration(others: OutOfSample) -> Chart:
    """Return how often drives of left-out days were below each quantile predicted for them."""
    figure, axes = new_chart()
    rising = np.sort(others.rank)
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    axes.plot(rising, (np.arange(len(rising)) + 0.5) / max(1, len(rising)))
    for limit in (0.05, 0.95):
        axes.axvline(limit, color=_GREY, linestyle=":", linewidth=1)
    axes.set_xlabel("predicted quantile")
    axes.set_ylabel("share of drives below")
    title = Text(
        "Calibration on days not learned from: on the line, predictions are honest",
        "未参与学习日期上的校准：越贴近对角线越可信",
    )
    return Chart("calibration", title, figure)


def draw_bias(others: OutOfSample) -> Chart:
    """Return bias by hour, as predicted with the factors in use and with those learned."""
    figure, axes = new_chart()
    for offset, (predicted_s, colour, label) in enumerate(
        (
            (others.present_s, COLOURS[1], "in use"),
            (others.learned_s, COLOURS[0], "learned on other days"),
        )
    ):
        ratio = others.actual_s / predicted_s
        for band in range(len(BANDS)):
            own = ratio[others.band == band]
            if len(own):
                low, middle, high = np.quantile(own, (0.05, 0.5, 0.95))
                at = band + 0.3 * offset - 0.15
                axes.plot([at, at], [low, high], color=colour, linewidth=2)
                axes.plot(at, middle, "o", color=colour, markersize=5)
        axes.plot([], [], "o-", color=colour, label=label)
    axes.axhline(1.0, color=_GREY, linewidth=1)
    axes.set_xticks(range(len(BANDS)), [hours_label(band) for band in BANDS], rotation=60)
    axes.set_ylabel("actual / predicted")
    axes.legend(frameon=False)
    title = Text(
        "By days (1: Monday) and hours: the middle drive, and nine of ten",
        "按星期（1 为周一）与时段：中位数与 90% 范围",
    )
    return Chart("bias_by_hour", title, figure)


def hours_label(band: Band) -> str:
    """Return a band of hours in short: ``1-5 07-09``, days from Monday."""
    return f"{band.days[0]}-{band.days[-1]} {band.from_hour:02}-{band.until_hour:02}"
