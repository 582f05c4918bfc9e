"""Pictures of a simulation; their few words are English names and units, shown in both."""

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from scripts.studies.inputs.points import FloatArray
from scripts.studies.report.charts import COLOURS
from scripts.studies.report.charts import new_chart
from scripts.studies.report.pieces import Chart
from scripts.studies.report.text import Text
from scripts.studies.simulation.demand.arrivals import HOURS_A_WEEK
from scripts.studies.simulation.demand.arrivals import rescaled_gaps
from scripts.studies.simulation.demand.duration_fits import DurationFit
from scripts.studies.simulation.demand.duration_fits import Tried
from scripts.studies.simulation.findings.rule_words import FAMILIES
from scripts.studies.simulation.findings.rule_words import rule_words
from scripts.studies.simulation.findings.simulation_tables import workloads
from scripts.studies.simulation.study import SimulationStudy

_MINUTE_S: Final = 60.0
_MOST_POINTS: Final = 400
_SHOWN: Final = 0.995


def charts_of(study: SimulationStudy) -> list[Chart]:
    """Return all pictures, the most important first."""
    charts = [_responses(study), _workloads(study)]
    if len(study.rules) > 1:
        charts.insert(1, _differences(study))
    if study.drawing.work.tried:
        title = Text("Time on scene: observed against fitted", "处置时长：观测值与拟合值（QQ 图）")
        words = [
            Text(_fit_label(tried), _fit_label(tried, chinese=True))
            for tried in study.drawing.work.tried
        ]
        charts.append(Chart("work_qq", title, _qq(study.drawing.work), words))
    if study.arrivals is not None:
        charts += [_rates(study), _gaps(study)]
    return charts


def responses_s(study: SimulationStudy, rule: str) -> FloatArray:
    """Return the responses of all replications after the warm-up, sorted; ``inf``: never."""
    comparison = study.comparison
    return np.sort(
        np.concatenate(
            [
                each.response_s[each.counted(comparison.warm_up_s)]
                for each in comparison.outcomes[rule]
            ]
        )
    )


def _responses(study: SimulationStudy) -> Chart:
    figure, axes = new_chart()
    furthest = 0.0
    for rule in study.rules:
        ordered = responses_s(study, rule.name)
        shares = np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
        kept = np.unique(np.linspace(0, len(ordered) - 1, _MOST_POINTS).astype(np.int64))
        kept = kept[np.isfinite(ordered[kept])]
        axes.plot(ordered[kept] / _MINUTE_S, 100.0 * shares[kept], label=rule.name)
        seen = kept[shares[kept] <= _SHOWN]
        furthest = max(furthest, float(ordered[seen[-1]]) if len(seen) else 0.0)
    axes.axhline(90.0, color="#7a858f", linewidth=0.8, linestyle=":")
    axes.set_xlim(0.0, furthest / _MINUTE_S or None)
    axes.set_ylim(0.0, 100.0)
    axes.set_xlabel("min")
    axes.set_ylabel("%")
    axes.legend(frameon=False)
    title = Text("Crew on scene within so many minutes of the report", "报修后多少分钟内到场")
    return Chart("responses", title, figure, _names(study))


def _differences(study: SimulationStudy) -> Chart:
    figure, axes = new_chart(height=1.6 + 0.45 * len(study.rules))
    base = study.rules[0].name
    names = [rule.name for rule in study.rules[1:]]
    marks = (("mean_response_s", "mean", 0.12), ("p90_response_s", "90 %", -0.12))
    for (measure, label, shift), colour in zip(marks, COLOURS, strict=False):
        found = [study.comparison.difference(name, base, measure) for name in names]
        rows = np.arange(len(names)) + shift
        half = np.nan_to_num([each.half_width for each in found])
        axes.errorbar(
            [each.mean for each in found], rows, xerr=half, fmt="o", color=colour, label=label
        )
    axes.axvline(0.0, color="#7a858f", linewidth=0.8)
    axes.set_yticks(np.arange(len(names)), names)
    axes.set_ylim(-0.5, len(names) - 0.5)
    axes.set_xlabel("s")
    axes.legend(frameon=False)
    title = Text(
        f"Response against {base}: paired difference, 95 % interval",
        f"响应时间与“{rule_words(base).zh}”之差：配对差值及 95% 置信区间",
    )
    return Chart("differences", title, figure, _names(study))


def _workloads(study: SimulationStudy) -> Chart:
    figure, axes = new_chart()
    for name, loads in workloads(study).items():
        ordered = np.sort(loads)[::-1]
        axes.step(np.arange(1, len(ordered) + 1), 100.0 * ordered, where="mid", label=name)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("crews, the busiest first")
    axes.set_ylabel("%")
    axes.legend(frameon=False)
    title = Text("Workload of each crew, share of time on duty", "各班组工作负荷（占值班时间）")
    return Chart("workload", title, figure, _names(study))


def _qq(found: DurationFit) -> Figure:
    figure, axes = new_chart(4.6, 4.2)
    for tried in found.tried:
        values = tried.duration.values
        at = np.unique(np.linspace(0, len(values) - 1, _MOST_POINTS).astype(np.int64))
        expected = tried.duration.quantile((at + 0.5) / len(values))
        axes.plot(
            expected / _MINUTE_S,
            values[at] / _MINUTE_S,
            ".",
            markersize=3,
            label=_fit_label(tried),
        )
    longest = float(np.quantile(found.chosen.values, _SHOWN)) / _MINUTE_S
    axes.plot([0.0, longest], [0.0, longest], color="#4b3f72", linewidth=0.8)
    axes.set_xlim(0.0, longest)
    axes.set_ylim(0.0, longest)
    axes.set_xlabel("fitted, min")
    axes.set_ylabel("observed, min")
    axes.legend(frameon=False)
    return figure


def _rates(study: SimulationStudy) -> Chart:
    figure, axes = new_chart()
    axes.step(np.arange(HOURS_A_WEEK), study.drawing.rates.per_hour, where="post")
    axes.set_xticks(np.arange(0, HOURS_A_WEEK, 24), ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
    axes.set_xlim(0, HOURS_A_WEEK)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("1/h")
    return Chart("rates", Text("Incidents an hour, by hour of the week", "每小时险情数"), figure)


def _gaps(study: SimulationStudy) -> Chart:
    figure, axes = new_chart(4.6, 4.2)
    gaps = np.sort(rescaled_gaps(study.drawing.log.at, study.drawing.rates))
    at = np.unique(np.linspace(0, len(gaps) - 1, _MOST_POINTS).astype(np.int64))
    expected = -np.log1p(-(at + 0.5) / len(gaps))
    axes.plot(expected, gaps[at], ".", markersize=3)
    longest = float(max(expected[-1], 1.0))
    axes.plot([0.0, longest], [0.0, longest], color="#4b3f72", linewidth=0.8)
    axes.set_xlabel("exponential")
    axes.set_ylabel("observed")
    title = Text(
        "Gaps between incidents, rescaled by the fitted rate, against the exponential",
        "险情间隔（按拟合强度换算）与指数分布（QQ 图）",
    )
    return Chart("arrivals_qq", title, figure)


def _names(study: SimulationStudy) -> list[Text]:
    """Return the rules as charts have them, and their Chinese names."""
    return [Text(rule.name, rule_words(rule.name).zh) for rule in study.rules]


def _fit_label(tried: Tried, *, chinese: bool = False) -> str:
    family = tried.duration.family
    return f"{FAMILIES[family].zh if chinese else family.value}, p = {tried.p_value:.3f}"
