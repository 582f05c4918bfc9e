"""Charts of cover: the curve over minutes, the hours of the day, the zones."""

from collections.abc import Sequence

import numpy as np

from scripts.studies.coverage.cover_study import Coverage
from scripts.studies.report.charts import COLOURS
from scripts.studies.report.charts import new_chart
from scripts.studies.report.pieces import Chart
from scripts.studies.report.text import Text

_MINUTE_S = 60.0
_PER_CENT = 100.0
_MOST_ZONES = 25
_CURVE_UPTO = 0.995
_CURVE_POINTS = 400


def draw_curve(variants: Sequence[tuple[str, Coverage]]) -> Chart:
    """Return the share of demand reached by minutes, one line for each variant."""
    figure, axes = new_chart()
    furthest = 0.0
    for name, coverage in variants:
        weights = coverage.demand.weights
        order = np.argsort(coverage.response_s, kind="stable")
        minutes = coverage.response_s[order] / _MINUTE_S
        share = _PER_CENT * np.cumsum(weights[order]) / max(float(weights.sum()), 1e-300)
        reached = np.isfinite(minutes)
        minutes, share = minutes[reached], share[reached]
        if not len(minutes):
            continue
        upto = int(np.searchsorted(share, _CURVE_UPTO * share[-1]))
        furthest = max(furthest, float(minutes[min(upto, len(minutes) - 1)]))
        some = np.unique(np.linspace(0, len(minutes) - 1, _CURVE_POINTS).astype(np.int64))
        axes.step(
            np.concatenate(([0.0], minutes[some])),
            np.concatenate(([0.0], share[some])),
            where="post",
            label=name,
            linewidth=2,
        )
    limits = variants[0][1].limits_s
    for limit_s in limits:
        axes.axvline(limit_s / _MINUTE_S, color="#7a858f", linewidth=0.8, linestyle="--")
    axes.set_xlim(0.0, max(furthest, limits[-1] / _MINUTE_S) * 1.05)
    axes.set_ylim(0.0, 102.0)
    axes.set_xlabel("min")
    axes.set_ylabel("% of demand")
    if len(variants) > 1:
        axes.legend(frameon=False, loc="lower right")
    title = Text("Share of demand reached, by minutes", "各分钟内可到达的需求占比")
    return Chart("cover_by_minutes", title, figure)


def draw_hours(coverage: Coverage) -> Chart:
    """Return the share of demand in time over the hours that were asked for."""
    figure, axes = new_chart()
    hours = [f"{at:%H:%M}" for at in coverage.by_hour]
    for at, limit_s in enumerate(coverage.limits_s):
        shares = [_PER_CENT * rates.covered[at] for rates in coverage.by_hour.values()]
        axes.plot(hours, shares, marker="o", label=_minutes(limit_s))
    axes.set_ylabel("% of demand")
    axes.set_ylim(0.0, 102.0)
    axes.tick_params(axis="x", rotation=90 if len(hours) > 12 else 0)  # noqa: PLR2004 - room
    axes.legend(frameon=False, loc="lower left", ncols=3)
    title = Text("Share of demand in time, by hour", "各时段按时可到达的需求占比")
    return Chart("cover_by_hour", title, figure)


def draw_zones(coverage: Coverage) -> Chart:
    """Return the share of demand in time of each zone, the greatest zones by demand."""
    zones = sorted(coverage.by_zone.items(), key=lambda item: -item[1].demand)[:_MOST_ZONES]
    zones = sorted(zones, key=lambda item: item[1].covered[0])[::-1]
    figure, axes = new_chart(height=1.4 + (0.12 + 0.14 * len(coverage.limits_s)) * len(zones))
    rows, limits = np.arange(len(zones)), coverage.limits_s
    thick = 0.8 / len(limits)
    for at, limit_s in enumerate(limits):
        shares = [_PER_CENT * rates.covered[at] for _, rates in zones]
        place = rows + (len(limits) - 1 - 2 * at) * thick / 2.0
        axes.barh(place, shares, thick, color=COLOURS[at % len(COLOURS)], label=_minutes(limit_s))
    axes.set_yticks(rows, [name or "–" for name, _ in zones])
    axes.set_xlim(0.0, 102.0)
    axes.set_xlabel("% of demand")
    figure.legend(frameon=False, loc="outside lower center", ncols=4)
    title = Text("Share of demand in time, by zone", "各区域按时可到达的需求占比")
    return Chart("cover_by_zone", title, figure)


def _minutes(limit_s: float) -> str:
    return f"{limit_s / _MINUTE_S:g} min"
