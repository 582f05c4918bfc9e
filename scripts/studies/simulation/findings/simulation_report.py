"""The report of a simulation, in both languages."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from routing.network.road_network import RoadNetwork
from scripts.studies.report.frames import points_frame
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Layer
from scripts.studies.report.report import Report
from scripts.studies.report.short_log import short_log_words
from scripts.studies.report.text import Text
from scripts.studies.report.text import same
from scripts.studies.simulation.comparing import MEASURES
from scripts.studies.simulation.comparing import percentile
from scripts.studies.simulation.demand.duration_fits import FEWEST
from scripts.studies.simulation.findings.rule_words import FAMILIES
from scripts.studies.simulation.findings.rule_words import rule_words
from scripts.studies.simulation.findings.simulation_charts import charts_of
from scripts.studies.simulation.findings.simulation_tables import crews_table
from scripts.studies.simulation.findings.simulation_tables import differences_table
from scripts.studies.simulation.findings.simulation_tables import fits_table
from scripts.studies.simulation.findings.simulation_tables import pledges_table
from scripts.studies.simulation.findings.simulation_tables import rules_table
from scripts.studies.simulation.findings.simulation_tables import workloads
from scripts.studies.simulation.study import SimulationStudy

_MINUTE_S: Final = 60.0
_UNLIKELY: Final = 0.05
_CLUSTERED: Final = 1.3


def report_simulation(
    study: SimulationStudy,
    *,
    seconds: float,
    roads: RoadNetwork | None = None,
    conditions: Sequence[tuple[Text, str | Text]] = (),
) -> Report:
    """Return the report.

    Parameters
    ----------
    seconds
        How long the simulation took.
    roads
        Drawn below the layers; None: none.
    conditions
        What the travel times hold for: profile, hour, speeds.
    """
    pledges = pledges_table(study)
    several = len(study.rules) > 1
    return Report(
        "simulation",
        Text("Dispatch rules compared by simulation", "派单规则仿真比较"),
        summary=summary(study, seconds),
        assumptions=[*conditions, *_assumptions(study)],
        tables=[
            rules_table(study),
            *([differences_table(study)] if several else []),
            *([pledges] if pledges is not None else []),
            crews_table(study),
            fits_table(study),
        ],
        charts=charts_of(study),
        layers=_layers(study),
        left_out=list(study.left_out),
        demand=study.demand,
        tiles=_tiles(study),
        numbers=_numbers(study),
        roads=roads,
    )


def summary(study: SimulationStudy, seconds: float) -> list[Text]:
    """Return what was found, in a few sentences."""
    found = study.comparison
    said = []
    for rule in study.rules:
        words = rule_words(rule.name)
        mean, most = (found.mean(rule.name, name) for name in ("mean_response_s", "p90_response_s"))
        said.append(
            Text(
                f"{_capital(words.en)}: on scene after {_minutes(mean.mean)} min on average, 90 % "
                f"within {_minutes(most.mean)} min{_margin(most.half_width)}"
                f"{_lost(study, rule.name, chinese=False)}.",
                f"{words.zh}：平均 {_minutes(mean.mean)} 分钟到场，90% 在 {_minutes(most.mean)} "
                f"分钟内{_margin(most.half_width)}{_lost(study, rule.name, chinese=True)}。",
            )
        )
    said += [_against_first(study, rule.name) for rule in study.rules[1:]]
    said += _against_log(study)
    said += _warnings(study)
    count = sum(len(each.calls) for each in next(iter(found.outcomes.values())))
    said.append(
        Text(
            f"{count:,} incidents in {study.wanted.replications} replications, under each of "
            f"{len(study.rules)} rules; it took {seconds:.1f} s.",
            f"{study.wanted.replications} 次重复共 {count:,} 起险情，{len(study.rules)} 种规则；"
            f"用时 {seconds:.1f} 秒。",
        )
    )
    return said


def _against_first(study: SimulationStudy, name: str) -> Text:
    base = rule_words(study.rules[0].name)
    words = rule_words(name)
    difference = study.comparison.difference(name, study.rules[0].name, "mean_response_s")
    if np.isnan(difference.half_width):
        return Text(
            f"“{_capital(words.en)}” differs from “{base.en}” by {difference.mean:+.1f} s in mean "
            "response. One replication does not tell how certain that is.",
            f"“{words.zh}”与“{base.zh}”的平均响应时间相差 {difference.mean:+.1f} 秒；"
            "仅一次重复，无法判断是否显著。",
        )
    told_apart = difference.low > 0.0 or difference.high < 0.0
    spread = f"{difference.low:+.1f} … {difference.high:+.1f} s"
    if not told_apart:
        return Text(
            f"“{_capital(words.en)}” and “{base.en}” cannot be told apart on these days: mean "
            f"response differs by {difference.mean:+.1f} s (95 %: {spread}).",
            f"“{words.zh}”与“{base.zh}”无显著差异：平均响应时间相差 {difference.mean:+.1f} 秒"
            f"（95%：{spread}）。",
        )
    slower = difference.mean > 0.0
    return Text(
        f"“{_capital(words.en)}” is {'slower' if slower else 'faster'} than “{base.en}” by "
        f"{abs(difference.mean):.1f} s on average (95 %: {spread}).",
        f"“{words.zh}”比“{base.zh}”平均{'慢' if slower else '快'} {abs(difference.mean):.1f} 秒"
        f"（95%：{spread}）。",
    )


def _against_log(study: SimulationStudy) -> list[Text]:
    """Return how simulated drives compare with those of the log; nothing if it has few."""
    logged_s = study.drawing.log.travel_s[~np.isnan(study.drawing.log.travel_s)]
    if len(logged_s) < FEWEST:
        return []
    runs = study.comparison.outcomes[study.rules[0].name]
    drawn_s = np.concatenate([each.travel_s[each.served] for each in runs])
    if not len(drawn_s):
        return []
    (real, real_90), (drawn, drawn_90) = (
        (percentile(each, 0.5), percentile(each, 0.9)) for each in (logged_s, drawn_s)
    )
    return [
        Text(
            f"Drives of the log: median {real:.0f} s, 90 % within {real_90:.0f} s; simulated: "
            f"{drawn:.0f} s and {drawn_90:.0f} s.",
            f"记录的行程：中位数 {real:.0f} 秒，90% 在 {real_90:.0f} 秒内；仿真：{drawn:.0f} 秒与 "
            f"{drawn_90:.0f} 秒。",
        )
    ]


def _warnings(study: SimulationStudy) -> list[Text]:
    said = (
        [] if study.wanted.as_logged else short_log_words(study.drawing.log.at, study.wanted.zone)
    )
    never = max(float(study.comparison.mean(r.name, "never_served").mean) for r in study.rules)
    if never:
        said.append(
            Text(
                f"Up to {never:g} incidents a replication found no crew at all: none has the "
                "skill, or no road leads there.",
                f"每次重复最多有 {never:g} 起险情始终无人可派：缺少技能或无路可达。",
            )
        )
    busiest = max(float(loads.max()) for loads in workloads(study).values())
    if busiest > 0.9:  # noqa: PLR2004 - a share; waits explode as it nears 1
        said.append(
            Text(
                f"The busiest crew works {busiest:.0%} of its time on duty: waits depend on how "
                "long the period is. Read them as a comparison, not as a forecast.",
                f"最忙的班组负荷达 {busiest:.0%}：等待时间取决于仿真时长，只宜比较，不宜预测。",
            )
        )
    test = study.arrivals
    if test is not None and test.p_value < _UNLIKELY and test.dispersion > _CLUSTERED:
        said.append(
            Text(
                f"Incidents come in clusters (counts vary {test.dispersion:.1f} times as much as "
                "drawn ones do): the real days are harder than the drawn ones. Try --as-logged.",
                f"险情呈聚集性（波动为所抽取的 {test.dispersion:.1f} 倍）：真实情况比抽取的更严峻，"
                "可试用 --as-logged。",
            )
        )
    return said


def _tiles(study: SimulationStudy) -> list[tuple[Text, str]]:
    name = study.rules[0].name
    found = study.comparison
    words = rule_words(name)
    tiles = [
        (
            Text(f"90 % on scene within ({words.en})", f"90% 到场时间（{words.zh}）"),
            f"{_minutes(found.mean(name, 'p90_response_s').mean)} min",
        ),
        (
            Text("on average", "平均到场时间"),
            f"{_minutes(found.mean(name, 'mean_response_s').mean)} min",
        ),
        (Text("workload", "工作负荷"), f"{found.mean(name, 'workload').mean:.0%}"),
    ]
    late = found.mean(name, "late_share").mean
    if np.isfinite(late):
        tiles.append((Text("pledges lost", "超时比例"), f"{late:.1%}"))
    return tiles


def _numbers(study: SimulationStudy) -> dict[str, Cell]:
    numbers: dict[str, Cell] = {}
    for rule in study.rules:
        for measure in MEASURES:
            found = study.comparison.mean(rule.name, measure)
            numbers |= {
                f"{rule.name}.{measure}": found.mean,
                f"{rule.name}.{measure}.low": found.low,
                f"{rule.name}.{measure}.high": found.high,
            }
    return numbers


def _layers(study: SimulationStudy) -> list[Layer]:
    name = study.rules[0].name
    runs = study.comparison.outcomes[name]
    place = np.concatenate([each.calls.place for each in runs])
    response_s = np.concatenate([each.response_s for each in runs])
    finite = np.isfinite(response_s)
    size = len(study.table.lonlat)
    counts = np.bincount(place, minlength=size)
    served = np.bincount(place[finite], minlength=size)
    total_s = np.bincount(place[finite], response_s[finite], minlength=size)
    seen = np.flatnonzero(counts)
    mean_min = np.full(size, np.nan)
    np.divide(total_s, served * _MINUTE_S, out=mean_min, where=served > 0)
    loads = workloads(study)[name]
    crews = study.comparison.crews
    where = study.table.lonlat[[crew.post for crew in crews]]
    return [
        Layer(
            "incidents",
            Text("Incidents: mean response, min", "险情：平均响应时间（分钟）"),
            points_frame(
                study.table.lonlat[seen], incidents=counts[seen], mean_response_min=mean_min[seen]
            ),
            "mean_response_min",
            "mean_response_min",
            Text("min", "分钟"),
        ),
        Layer(
            "posts",
            Text("Crews at their posts: workload, %", "班组驻点：工作负荷（%）"),
            points_frame(where, crew=[crew.name for crew in crews], workload=100.0 * loads),
            "workload",
            "crew",
            Text("%", "%"),
        ),
    ]


def _assumptions(study: SimulationStudy) -> list[tuple[Text, str | Text]]:
    wanted, drawing = study.wanted, study.drawing
    known: list[tuple[Text, str | Text]] = [
        (Text("Seed", "随机种子"), str(wanted.seed)),
        (Text("Replications", "重复次数"), str(wanted.replications)),
        (Text("Begins", "开始时刻"), drawing.begin.isoformat()),
        (Text("Length, warm-up included, h", "时长（含预热，小时）"), str(drawing.hours)),
        (Text("Crews", "班组数"), str(len(study.comparison.crews))),
        (Text("Incidents of the log", "记录的险情数"), str(len(drawing.log))),
        (Text("Turnout", "出动时间"), FAMILIES[drawing.turnout.chosen.family]),
        (Text("Time on scene", "处置时长"), FAMILIES[drawing.work.chosen.family]),
        (
            Text("Crews on their way back are sent on", "返程班组可直接改派"),
            Text("yes", "是") if wanted.redirect else Text("no", "否"),
        ),
        (
            Text("While no crew is free", "无空闲班组时"),
            Text(
                "incidents wait, the most urgent first, then the oldest",
                "险情排队：先按优先级，再按先后",
            ),
        ),
        (
            Text("Closures", "道路封闭"),
            Text(
                f"{len(wanted.closures)}, in {len(study.table.periods)} travel-time tables",
                f"{len(wanted.closures)} 处，{len(study.table.periods)} 张行程时间表",
            ),
        ),
    ]
    if wanted.as_logged:
        known.append(
            (Text("Incidents", "险情"), Text("as they were logged", "按记录的时刻与地点重放"))
        )
    else:
        known.append((Text("Warm-up, h", "预热（小时）"), f"{wanted.warm_up_h:g}"))
    test = study.arrivals
    if test is not None:
        grouping = (
            Text("by hour, working days and weekends apart", "按小时，工作日与周末分开")
            if drawing.rates.pooled
            else Text("by hour of the week", "按一周中的小时")
        )
        known += [
            (Text("Rates", "到达强度"), grouping),
            (
                Text("Arrivals: p of the fit, dispersion", "到达过程：拟合 p 值与离散度"),
                same(f"{test.p_value:.3f}, {test.dispersion:.2f}"),
            ),
        ]
    if study.moved_m:
        known.append(
            (
                Text("Places merged within, m", "合并地点的最大位移（米）"),
                f"{study.moved_m:.0f}",
            )
        )
    return known


def _lost(study: SimulationStudy, rule: str, *, chinese: bool) -> str:
    share = study.comparison.mean(rule, "late_share").mean
    if not np.isfinite(share):
        return ""
    return f"，{share:.1%} 超时" if chinese else f", {share:.1%} of the pledges lost"


def _margin(half_width_s: float) -> str:
    return f" (± {half_width_s / _MINUTE_S:.1f})" if np.isfinite(half_width_s) else ""


def _minutes(seconds: float) -> str:
    return f"{seconds / _MINUTE_S:.1f}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
