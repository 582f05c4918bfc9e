"""Tables of cover: limits, zones, posts, hours, worst-served places, and what changes."""

import math
from collections.abc import Sequence

from scripts.studies.coverage.cover_difference import CoverDifference
from scripts.studies.coverage.cover_gaps import GAP_M
from scripts.studies.coverage.cover_gaps import Gap
from scripts.studies.coverage.cover_rates import PERCENTILES
from scripts.studies.coverage.cover_rates import CoverRates
from scripts.studies.coverage.cover_study import Coverage
from scripts.studies.inputs.points import FloatArray
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Table
from scripts.studies.report.text import Text

_MINUTE_S = 60.0
_MOST_WORST = 1_000
_NAME = ("name", Text("Name", "名称"))
_ZONE = ("zone", Text("Zone", "区域"))
_DEMAND = ("demand", Text("Demand", "需求量"))
_MEAN = ("mean_min", Text("Mean, min", "平均（分钟）"))
_UNREACHED = ("unreached_pct", Text("Unreachable, %", "不可达（%）"))
_LON, _LAT = ("lon", Text("Longitude", "经度")), ("lat", Text("Latitude", "纬度"))
_MINUTES = ("minutes", Text("Minutes", "分钟"))
_FIRST = ("post", Text("First from", "最先到达的驻点"))


def zone_table(coverage: Coverage) -> Table:
    """Return cover by zone, the worst first."""
    zones = sorted(coverage.by_zone.items(), key=lambda item: item[1].covered[-1])
    return Table(
        "zones",
        Text("By zone", "按区域"),
        (_ZONE, _DEMAND, *_rate_columns(coverage)),
        [(name or "–", _round(rates.demand, 3), *_rate_cells(rates)) for name, rates in zones],
    )


def hour_table(coverage: Coverage) -> Table:
    """Return cover by hour."""
    return Table(
        "hours",
        Text("By hour", "按时段"),
        (("hour", Text("Hour", "时段")), *_rate_columns(coverage)),
        [(f"{at:%a %H:%M}", *_rate_cells(rates)) for at, rates in coverage.by_hour.items()],
    )


def post_table(coverage: Coverage) -> Table:
    """Return what each post does, that of which most depends first."""
    longest = f"{coverage.limits_s[-1] / _MINUTE_S:g}"
    demand = coverage.rates.demand
    columns = (
        ("post", Text("Post", "驻点")),
        ("first_pct", Text("First there, % of demand", "最先到达（占需求 %）")),
        (
            "in_time_pct",
            Text(f"First and within {longest} min, %", f"最先且 {longest} 分钟内（%）"),
        ),
        (
            "alone_pct",
            Text(f"Only it within {longest} min, %", f"仅此驻点 {longest} 分钟内（%）"),
        ),
        _MEAN,
    )
    rows = [
        (
            name,
            _per_cent(share.first / demand),
            _per_cent(share.in_time / demand),
            None if share.alone is None else _per_cent(share.alone / demand),
            _minutes(share.mean_s),
        )
        for name, share in zip(coverage.posts.names, coverage.by_post, strict=True)
    ]
    rows.sort(key=lambda row: -(row[3] or 0.0))
    return Table("posts", Text("What each post does", "各驻点的作用"), columns, rows)


def gap_table(coverage: Coverage, gaps: Sequence[Gap]) -> Table:
    """Return the squares with most demand that is not in time within the longest limit."""
    minutes = f"{coverage.limits_s[-1] / _MINUTE_S:g}"
    columns = (
        ("near", Text("Near", "附近")),
        ("late", Text(f"Demand later than {minutes} min", f"超过 {minutes} 分钟的需求量")),
        ("late_pct", Text("% of all demand", "占总需求（%）")),
        ("mean_min", Text("Mean, min", "平均（分钟）")),
        _FIRST,
        _LON,
        _LAT,
    )
    rows: list[Sequence[Cell]] = [
        (
            gap.name,
            _round(gap.late, 3),
            _per_cent(gap.late / coverage.rates.demand),
            _minutes(gap.mean_s),
            coverage.posts.names[gap.post] if gap.post >= 0 else "",
            *(round(degrees, 6) for degrees in gap.lonlat),
        )
        for gap in gaps
    ]
    title = Text(
        f"Where most demand is not in time (squares of {GAP_M:.0f} m)",
        f"未按时到达的需求集中在哪里（{GAP_M:.0f} 米方格）",
    )
    return Table("gaps", title, columns, rows)


def worst_table(coverage: Coverage) -> Table:
    """Return the worst-served places: latest first, the greater demand first of equals."""
    demand = coverage.demand
    zones = demand.zones
    columns = [_NAME, _MINUTES, _DEMAND, *([_ZONE] if zones else []), _FIRST, _LON, _LAT]
    rows: list[Sequence[Cell]] = [
        (
            demand.names[at],
            _minutes(float(coverage.response_s[at])),
            _round(float(demand.weights[at]), 3),
            *([zones[at]] if zones else []),
            coverage.posts.names[int(coverage.post[at])] if coverage.post[at] >= 0 else "",
            *(round(float(degrees), 6) for degrees in demand.lonlat[at]),
        )
        for at in coverage.worst[:_MOST_WORST].tolist()
    ]
    return Table("worst", Text("Worst-served places", "服务最差的地点"), columns, rows)


def variant_table(
    names: Sequence[str], variants: Sequence[Coverage], difference: CoverDifference
) -> Table:
    """Return two variants side by side, a row for each limit."""
    before, after = variants
    columns = (
        ("within_min", Text("Within, min", "时限（分钟）")),
        ("first_pct", Text(f"{names[0]}, %", f"{names[0]}（%）")),
        ("second_pct", Text(f"{names[1]}, %", f"{names[1]}（%）")),
        ("gained_pct", Text("Gained, %", "新增（%）")),
        ("lost_pct", Text("Lost, %", "失去（%）")),
    )
    rows = [
        (
            limit_s / _MINUTE_S,
            _per_cent(before.rates.covered[at]),
            _per_cent(after.rates.covered[at]),
            _per_cent(difference.gained[at]),
            _per_cent(difference.lost[at]),
        )
        for at, limit_s in enumerate(before.limits_s)
    ]
    return Table("variants", Text("Both variants", "两种方案对比"), columns, rows)


def changed_table(coverage: Coverage, difference: CoverDifference) -> Table:
    """Return the places whose response changes, those that lose most first."""
    demand = coverage.demand
    columns = (
        _NAME,
        ("change_min", Text("Minutes later", "晚到（分钟）")),
        ("before_min", Text("Minutes before", "原（分钟）")),
        _DEMAND,
        _LON,
        _LAT,
    )
    rows: list[Sequence[Cell]] = [
        (
            demand.names[at],
            _minutes(float(difference.change_s[at])),
            _minutes(float(coverage.response_s[at])),
            _round(float(demand.weights[at]), 3),
            *(round(float(degrees), 6) for degrees in demand.lonlat[at]),
        )
        for at in difference.most_changed(demand.weights)[:_MOST_WORST].tolist()
    ]
    return Table("changed", Text("Where it changes most", "变化最大的地点"), columns, rows)


def _rate_columns(coverage: Coverage) -> list[tuple[str, Text]]:
    within = [f"{limit_s / _MINUTE_S:g}" for limit_s in coverage.limits_s]
    return [
        *(
            (f"within_{minutes}_min_pct", Text(f"≤ {minutes} min, %", f"≤ {minutes} 分钟（%）"))
            for minutes in within
        ),
        _MEAN,
        *(
            (
                f"p{100 * share:g}_min",
                Text(f"{100 * share:g} % in, min", f"{100 * share:g} %（分钟）"),
            )
            for share in PERCENTILES
        ),
        _UNREACHED,
    ]


def _rate_cells(rates: CoverRates) -> list[Cell]:
    return [
        *(_per_cent(share) for share in rates.covered),
        _minutes(rates.mean_s),
        *(_minutes(time_s) for time_s in rates.percentiles_s),
        _per_cent(rates.unreached),
    ]


def _per_cent(share: float) -> float:
    return _round(100.0 * share, 2)


def _minutes(time_s: float) -> float:
    return _round(time_s / _MINUTE_S, 2)


def _round(value: float, digits: int) -> float:
    return round(value, digits) if math.isfinite(value) else value


def shown_minutes(time_s: FloatArray) -> list[float]:
    """Return times as minutes for a map."""
    return [_minutes(one) for one in time_s.tolist()]
