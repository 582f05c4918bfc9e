"""Tables of a simulation: rules, differences, lost pledges, crews, fits."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from scripts.studies.report.common_words import YES
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Table
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.text import Text
from scripts.studies.report.text import same
from scripts.studies.simulation.comparing import MEASURES
from scripts.studies.simulation.comparing import Interval
from scripts.studies.simulation.demand.duration_fits import DurationFit
from scripts.studies.simulation.demand.duration_fits import Family
from scripts.studies.simulation.findings import rule_words
from scripts.studies.simulation.study import SimulationStudy

_RULE: Final = ("rule", Text("Rule", "规则"))
_DIGITS: Final = 1
_CONSTANT: Final = Text("constant", "固定值")


def rules_table(study: SimulationStudy) -> Table:
    """Return what each rule achieves, with 95 % intervals over the replications."""
    rows: list[list[TableCell]] = []
    for rule in study.rules:
        row: list[TableCell] = [_called(rule.name)]
        for measure in MEASURES:
            row += _cells(study.comparison.mean(rule.name, measure), measure)
        rows.append(row)
    return Table("rules", Text("Rules", "各规则结果"), _columns(), rows)


def differences_table(study: SimulationStudy) -> Table:
    """Return by how much each rule differs from the first, on the same days."""
    base = study.rules[0].name
    rows: list[list[TableCell]] = []
    for rule in study.rules[1:]:
        row: list[TableCell] = [_called(rule.name)]
        for measure in MEASURES:
            row += _cells(study.comparison.difference(rule.name, base, measure), measure)
        rows.append(row)
    words = rule_words.rule_words(base)
    title = Text(f"Difference from: {words.en}", f"与“{words.zh}”的差")
    return Table("differences", title, _columns(), rows)


def _columns() -> list[tuple[str, Text]]:
    columns = [_RULE]
    for name in MEASURES:
        words = rule_words.MEASURES[name]
        unit = name.removesuffix("_s")
        key = f"{unit}_percent" if name in rule_words.SHARES else name
        columns += [
            (key, words),
            (f"{key}_low", Text("from", "下限")),
            (f"{key}_high", Text("to", "上限")),
        ]
    return columns


def _cells(found: Interval, measure: str) -> list[Cell]:
    scale = 100.0 if measure in rule_words.SHARES else 1.0
    return [_rounded(scale * each) for each in found]


def _rounded(value: float) -> float | None:
    return round(value, _DIGITS) if math.isfinite(value) else None


def pledges_table(study: SimulationStudy) -> Table | None:
    """Return lost pledges by rule, kind and priority; None where nothing is pledged."""
    rows: list[list[TableCell]] = []
    for rule in study.rules:
        counts: dict[tuple[int, int, float], list[int]] = {}
        for outcome in study.comparison.outcomes[rule.name]:
            calls = outcome.calls
            pledged = outcome.counted(study.comparison.warm_up_s) & np.isfinite(calls.limit_s)
            keys = zip(
                calls.kind[pledged].tolist(),
                calls.priority[pledged].tolist(),
                calls.limit_s[pledged].tolist(),
                strict=True,
            )
            for key, late in zip(keys, outcome.late[pledged].tolist(), strict=True):
                of_key = counts.setdefault(key, [0, 0])
                of_key[0] += 1
                of_key[1] += late
        rows += _pledge_rows(study, rule.name, counts)
    if not rows:
        return None
    columns = (
        _RULE,
        ("kind", Text("Kind", "险情种类")),
        ("priority", Text("Priority", "优先级")),
        ("limit_min", Text("Limit, min", "时限（分钟）")),
        ("incidents", Text("Incidents", "险情数")),
        ("lost", Text("Lost", "超时数")),
        ("lost_percent", Text("Lost, %", "超时比例（%）")),
    )
    return Table("lost_pledges", Text("Pledges lost", "超时的承诺"), columns, rows)


def _pledge_rows(
    study: SimulationStudy, rule: str, counts: Mapping[tuple[int, int, float], list[int]]
) -> list[list[TableCell]]:
    return [
        [
            _called(rule),
            study.drawing.log.kinds[kind],
            priority,
            round(limit_s / 60.0, 2),
            number,
            lost,
            round(100.0 * lost / number, _DIGITS),
        ]
        for (kind, priority, limit_s), (number, lost) in sorted(counts.items())
    ]


def crews_table(study: SimulationStudy) -> Table:
    """Return the workload of each crew under each rule, the mean over replications."""
    loads = workloads(study)
    names = list(loads)
    rows: list[list[TableCell]] = [
        [crew.name, *(round(100.0 * float(loads[name][number]), _DIGITS) for name in names)]
        for number, crew in enumerate(study.comparison.crews)
    ]
    columns = [("crew", Text("Crew", "班组"))]
    for name in names:
        words = rule_words.rule_words(name)
        columns.append((f"{name}_percent", Text(f"{words.en}, %", f"{words.zh}（%）")))
    title = Text("Workload: share of time on duty", "工作负荷：占值班时间")
    return Table("workload", title, columns, rows)


def workloads(study: SimulationStudy) -> dict[str, np.ndarray]:
    """Return by rule the workload of each crew, the mean over replications."""
    comparison = study.comparison
    return {
        rule.name: np.mean(
            [
                outcome.workload(comparison.crews, comparison.warm_up_s, study.drawing.length_s)
                for outcome in comparison.outcomes[rule.name]
            ],
            axis=0,
        )
        for rule in study.rules
    }


def fits_table(study: SimulationStudy) -> Table:
    """Return which families were fitted to durations, and how well each fits."""
    drawing = study.drawing
    fits = [(Text("turnout", "出动"), drawing.turnout), (Text("work", "处置"), drawing.work)]
    fits += [
        (Text(f"work, {drawing.log.kinds[kind]}", f"处置：{drawing.log.kinds[kind]}"), found)
        for kind, found in sorted(drawing.work_of_kind.items())
    ]
    rows: list[list[TableCell]] = [row for words, found in fits for row in _fit_rows(words, found)]
    columns = (
        ("duration", Text("Duration", "时长")),
        ("family", Text("Family", "分布")),
        ("used", Text("Used", "采用")),
        ("count", Text("Observed", "观测数")),
        ("mean_s", Text("Mean, s", "均值（秒）")),
        ("aic", same("AIC")),
        ("ks", Text("KS distance", "KS 距离")),
        ("p", Text("p, bootstrapped", "p 值（自助法）")),
    )
    return Table("fits", Text("Fitted durations", "时长的拟合"), columns, rows)


def _fit_rows(words: Text, found: DurationFit) -> list[list[TableCell]]:
    rows: list[list[TableCell]] = [
        [
            words,
            _family(tried.duration.family),
            YES if tried.duration.family is found.chosen.family else "",
            found.count,
            round(tried.duration.mean_s, _DIGITS),
            round(tried.aic, _DIGITS),
            round(tried.distance, 4),
            round(tried.p_value, 3),
        ]
        for tried in found.tried
    ]
    if not any(row[2] for row in rows):
        mean_s = round(found.chosen.mean_s, _DIGITS)
        family = _family(found.chosen.family) if found.count else _CONSTANT
        rows.append([words, family, YES, found.count, mean_s, None, None, None])
    return rows


def _called(rule: str) -> Text:
    """Return a rule by its name on the command line, and by its Chinese one."""
    return Text(rule, rule_words.rule_words(rule).zh)


def _family(family: Family) -> Text:
    return Text(family.value, rule_words.FAMILIES[family].zh)
