"""The report of a study of fleets: curves, hours, compliance table, rules, map of posts."""

import math
from collections.abc import Sequence

import numpy as np

from routing.network.road_network import RoadNetwork
from scripts.studies.fleet.fleet_sentences import RULES as RULE_WORDS
from scripts.studies.fleet.fleet_sentences import minutes
from scripts.studies.fleet.fleet_sentences import percent
from scripts.studies.fleet.fleet_sentences import sentences
from scripts.studies.fleet.fleet_study import RULES
from scripts.studies.fleet.fleet_study import STAY
from scripts.studies.fleet.fleet_study import FleetStudy
from scripts.studies.report.charts import COLOURS
from scripts.studies.report.charts import new_chart
from scripts.studies.report.common_words import yes_or_no
from scripts.studies.report.frames import points_frame
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Chart
from scripts.studies.report.pieces import Layer
from scripts.studies.report.pieces import Table
from scripts.studies.report.pieces import TableCell
from scripts.studies.report.report import Report
from scripts.studies.report.text import Text
from scripts.studies.simulation.comparing import Interval

_MINUTE_S = 60.0
_MOST_LINES = 5


def make_report(
    study: FleetStudy, roads: RoadNetwork, conditions: Sequence[tuple[Text, str | Text]]
) -> Report:
    """Return the report."""
    bend = study.sizes[study.bend]
    limit = f"{study.wanted.within_s / _MINUTE_S:g}"
    return Report(
        "fleet",
        Text("Fleet: how many crews", "班组数量分析"),
        summary=sentences(study),
        assumptions=[*conditions, *_assumptions(study)],
        tables=[_size_table(study), _hour_table(study), _compliance(study), _rule_table(study)],
        charts=[_share_chart(study), _p90_chart(study), _hour_chart(study)],
        layers=_layers(study),
        left_out=list(study.left_out),
        demand=study.demand,
        tiles=[
            (Text("crews where the curve bends", "拐点班组数"), str(bend.crews)),
            (Text(f"in {limit} min", f"{limit} 分钟内"), percent(bend.in_time)),
            (Text("90 % within", "90 % 响应时间"), minutes(bend.p90_s)),
        ],
        numbers=_numbers(study),
        roads=roads,
    )


def _numbers(study: FleetStudy) -> dict[str, Cell]:
    bend = study.sizes[study.bend]
    return {
        "crews_at_bend": bend.crews,
        "crews_enough": study.sizes[study.enough].crews,
        "in_time_at_bend": bend.in_time.mean,
        "p90_at_bend_s": bend.p90_s.mean,
        "workload_erlang": study.erlang,
        "crews_of_table": study.chosen,
        **{
            f"in_time_gain_{rule}": study.difference(rule, STAY).mean
            for rule in RULES
            if rule != STAY
        },
    }


def _assumptions(study: FleetStudy) -> list[tuple[Text, str | Text]]:
    wanted = study.wanted
    return [
        (
            Text("In time within, minutes from the report", "时限（自报修起分钟）"),
            f"{wanted.within_s / _MINUTE_S:g}",
        ),
        (
            Text("Days drawn for each fleet", "每种规模模拟天数"),
            f"{wanted.replications} x {wanted.days:g}, + {wanted.warm_up_h:g} h",
        ),
        (Text("Seed", "随机种子"), str(wanted.seed)),
        (
            Text("Crews stand", "班组驻点"),
            Text(
                "where expected cover is best for so many (MEXCLP); always on duty, all skills",
                "按期望覆盖最大（MEXCLP）布置，全天值班，具备全部技能",
            ),
        ),
        (
            Text("Sent by", "派单方式"),
            Text("the desk's recommendation: soonest there by road", "系统推荐：按道路最早到达"),
        ),
        (
            Text("Bend", "拐点"),
            Text(
                "the point farthest from the chord of the curve (kneedle, 2011)",
                "曲线上离弦最远的点（kneedle 方法，2011）",
            ),
        ),
        (
            Text("Compliance table", "补位对照表"),
            Text("nested", "嵌套")
            if wanted.nested
            else Text("free: MEXCLP for each row", "每行各自按 MEXCLP 求解"),
        ),
        (Text("Incidents shifted at most, m", "险情位置最大偏移（米）"), f"{study.moved_m:.0f}"),
    ]


def _size_table(study: FleetStudy) -> Table:
    columns = (
        ("crews", Text("Crews", "班组数")),
        ("in_time_pct", Text("In time, %", "按时（%）")),
        ("in_time_plus_minus", Text("± points", "± 百分点")),
        ("p90_min", Text("90 % within, min", "90% 响应（分钟）")),
        ("p90_plus_minus", Text("± min", "± 分钟")),
        ("workload_pct", Text("Workload, %", "负荷（%）")),
        ("gain_points", Text("Gained by the last, points", "末位班组增益（百分点）")),
        ("posts", Text("Posts", "驻点")),
    )
    rows: list[Sequence[TableCell]] = []
    before: float | None = None
    for size in study.sizes:
        share = 100.0 * size.in_time.mean
        rows.append(
            (
                size.crews,
                round(share, 2),
                _half(size.in_time, 100.0),
                round(size.p90_s.mean / _MINUTE_S, 2),
                _half(size.p90_s, 1.0 / _MINUTE_S),
                round(100.0 * size.workload.mean, 1),
                None if before is None else round(share - before, 2),
                _named(study, size.posts),
            )
        )
        before = share
    return Table("fleet_sizes", Text("By number of crews", "按班组数"), columns, rows)


def _hour_table(study: FleetStudy) -> Table:
    columns = (
        ("crews", Text("Crews", "班组数")),
        ("hour", Text("Hour of the day", "时段")),
        ("in_time_pct", Text("In time, %", "按时（%）")),
        ("p90_min", Text("90 % within, min", "90% 响应（分钟）")),
    )
    rows: list[Sequence[TableCell]] = [
        (size.crews, f"{hour:02d}", _cell(100.0 * share, 1), _cell(p90_s / _MINUTE_S, 2))
        for size in study.sizes
        for hour, (share, p90_s) in enumerate(
            zip(size.in_time_by_hour.tolist(), size.p90_by_hour_s.tolist(), strict=True)
        )
    ]
    return Table("hours", Text("By hour of the day", "按时段"), columns, rows)


def _compliance(study: FleetStudy) -> Table:
    columns = (
        ("free", Text("Free crews", "空闲班组")),
        ("posts", Text("Posts to hold", "应驻守的驻点")),
        ("expected_pct", Text("Expected cover, %", "期望覆盖（%）")),
        ("proven", Text("Proven", "已证明")),
        ("moves", Text("Moves from the row above", "与上一行相比的调动")),
        ("minutes", Text("Driving, min", "行驶（分钟）")),
    )
    names = study.posts.names
    rows: list[Sequence[TableCell]] = [
        (
            row.free,
            _named(study, row.posts),
            round(100.0 * row.expected, 2),
            yes_or_no(row.proven),
            "; ".join(f"{names[begin]} → {names[end]}" for begin, end, _ in row.moves),
            round(sum(seconds for *_, seconds in row.moves) / _MINUTE_S, 1),
        )
        for row in study.table
    ]
    title = Text(
        f"Compliance table of {study.chosen} crews: which posts to hold",
        f"{study.chosen} 个班组的补位对照表",
    )
    return Table("compliance", title, columns, rows)


def _rule_table(study: FleetStudy) -> Table:
    columns = (
        ("rule", Text("Rule", "规则")),
        ("rule_zh", Text("In Chinese", "中文名称")),
        ("in_time_pct", Text("In time, %", "按时（%）")),
        ("against_staying", Text("Against staying, points", "与不补位之差（百分点）")),
        ("plus_minus", Text("±", "±")),
        ("p90_min", Text("90 % within, min", "90% 响应（分钟）")),
        ("moves", Text("Moves a run", "每次模拟补位数")),
    )
    rows: list[Sequence[TableCell]] = []
    for rule in RULES:
        gain = study.difference(rule, STAY)
        rows.append(
            (
                RULE_WORDS[rule].en,
                RULE_WORDS[rule].zh,
                round(100.0 * float(study.shares[rule].mean()), 2),
                round(100.0 * gain.mean, 2),
                _half(gain, 100.0),
                round(study.comparison.mean(rule, "p90_response_s").mean / _MINUTE_S, 2),
                round(study.comparison.mean(rule, "moves").mean, 1),
            )
        )
    title = Text(f"Move-up rules with {study.chosen} crews", f"{study.chosen} 个班组的补位规则对比")
    return Table("move_up_rules", title, columns, rows)


def _share_chart(study: FleetStudy) -> Chart:
    figure, axes = new_chart()
    crews = [size.crews for size in study.sizes]
    shares = [100.0 * size.in_time.mean for size in study.sizes]
    errors = [_finite(100.0 * size.in_time.half_width) for size in study.sizes]
    axes.errorbar(crews, shares, yerr=errors, marker="o", markersize=4, linewidth=2, capsize=3)
    axes.plot([crews[0], crews[-1]], [shares[0], shares[-1]], color="#7a858f", linestyle=":")
    axes.axvline(crews[study.bend], color=COLOURS[1], linewidth=1.2, linestyle="--")
    axes.set_xlabel("crews")
    axes.set_ylabel("% in time")
    limit = f"{study.wanted.within_s / _MINUTE_S:g}"
    title = Text(
        f"Incidents reached within {limit} min, by crews; the bend is dashed",
        f"按班组数：{limit} 分钟内到达的险情比例（虚线为拐点）",
    )
    return Chart("in_time_by_crews", title, figure)


def _p90_chart(study: FleetStudy) -> Chart:
    figure, axes = new_chart()
    crews = [size.crews for size in study.sizes]
    times = [size.p90_s.mean / _MINUTE_S for size in study.sizes]
    errors = [_finite(size.p90_s.half_width / _MINUTE_S) for size in study.sizes]
    axes.errorbar(crews, times, yerr=errors, marker="o", markersize=4, linewidth=2, capsize=3)
    axes.axvline(crews[study.bend], color=COLOURS[1], linewidth=1.2, linestyle="--")
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("crews")
    axes.set_ylabel("min")
    title = Text("90th percentile of the response, by crews", "按班组数：响应时间第 90 百分位")
    return Chart("p90_by_crews", title, figure)


def _hour_chart(study: FleetStudy) -> Chart:
    figure, axes = new_chart()
    some = np.unique(np.linspace(0, len(study.sizes) - 1, _MOST_LINES).astype(np.int64))
    for at in some.tolist():
        size = study.sizes[at]
        axes.plot(range(24), 100.0 * size.in_time_by_hour, label=f"{size.crews}", linewidth=1.6)
    axes.set_xlabel("hour")
    axes.set_ylabel("% in time")
    axes.legend(frameon=False, ncols=len(some), loc="lower center")
    title = Text("In time by hour of the day, for some fleets", "按时段的按时率（若干班组规模）")
    return Chart("in_time_by_hour", title, figure)


def _layers(study: FleetStudy) -> list[Layer]:
    chosen = next(
        (size.posts for size in study.sizes if size.crews == study.chosen),
        study.table[0].posts,
    )
    crews = np.bincount(np.asarray(chosen), minlength=len(study.posts))
    posts = points_frame(study.posts.lonlat, name=list(study.posts.names), crews=crews)
    places = points_frame(study.places.lonlat, incidents=study.places.weights)
    return [
        Layer(
            "incidents",
            Text("Incidents", "险情"),
            places,
            "incidents",
            legend=Text("Incidents at the place", "该处险情数"),
        ),
        Layer(
            "posts",
            Text(f"Posts, with {study.chosen} crews", f"驻点（{study.chosen} 个班组）"),
            posts,
            "crews",
            "name",
            Text("Crews", "班组数"),
            high_is_good=True,
        ),
    ]


def _named(study: FleetStudy, posts: Sequence[int]) -> str:
    times = {post: list(posts).count(post) for post in sorted(set(posts))}
    names = study.posts.names
    return ", ".join(
        names[post] if count == 1 else f"{names[post]} x {count}" for post, count in times.items()
    )


def _half(value: Interval, factor: float) -> float | None:
    return None if math.isnan(value.half_width) else round(factor * value.half_width, 2)


def _cell(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)


def _finite(value: float) -> float:
    return 0.0 if math.isnan(value) else value
