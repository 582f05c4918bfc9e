"""The report of a study of cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

import geopandas
import numpy as np

from scripts.studies.coverage.cover_charts import draw_curve
from scripts.studies.coverage.cover_charts import draw_hours
from scripts.studies.coverage.cover_charts import draw_zones
from scripts.studies.coverage.cover_difference import CoverDifference
from scripts.studies.coverage.cover_difference import compare
from scripts.studies.coverage.cover_gaps import Gap
from scripts.studies.coverage.cover_gaps import find_gaps
from scripts.studies.coverage.cover_gaps import gap_squares
from scripts.studies.coverage.cover_rates import PERCENTILES
from scripts.studies.coverage.cover_rates import CoverRates
from scripts.studies.coverage.cover_sentences import difference_sentences
from scripts.studies.coverage.cover_sentences import sentences
from scripts.studies.coverage.cover_study import Coverage
from scripts.studies.coverage.cover_tables import changed_table
from scripts.studies.coverage.cover_tables import gap_table
from scripts.studies.coverage.cover_tables import hour_table
from scripts.studies.coverage.cover_tables import post_table
from scripts.studies.coverage.cover_tables import shown_minutes
from scripts.studies.coverage.cover_tables import variant_table
from scripts.studies.coverage.cover_tables import worst_table
from scripts.studies.coverage.cover_tables import zone_table
from scripts.studies.inputs.left_out import without_demand
from scripts.studies.report.frames import points_frame
from scripts.studies.report.pieces import Cell
from scripts.studies.report.pieces import Layer
from scripts.studies.report.report import Report
from scripts.studies.report.short_log import short_log_words
from scripts.studies.report.text import Text
from scripts.studies.roads.study_roads import StudyRoads

_MINUTE_S = 60.0
_POSTS = "#17202a"
_OTHER_POSTS = "#cc79a7"
_MINUTES = Text("Minutes until the first crew is there", "首个班组到达所需分钟")
_LATER = Text("Minutes later than before", "比原方案晚到的分钟")
_NOBODY = Text("nobody", "无人可达")
_NOT_BOTH = Text("reached in one of them only", "仅一种方案可达")


@dataclass(frozen=True, eq=False)
class Variant:
    """A second variant beside the first: its cover, what each is called, and what is closed."""

    coverage: Coverage
    names: tuple[str, str]
    closed: geopandas.GeoDataFrame | None = None


@dataclass(frozen=True, eq=False)
class Surrounds:
    """What a report says besides the result: its title, assumptions, and the areas reached."""

    title: Text
    assumptions: Sequence[tuple[Text, str | Text]]
    reach: geopandas.GeoDataFrame | None = None


def make_report(
    coverage: Coverage, roads: StudyRoads, surrounds: Surrounds, other: Variant | None = None
) -> Report:
    """Return the report: sentences, map, charts, tables, and what was left out."""
    demand = coverage.demand
    difference = None if other is None else compare(coverage, other.coverage)
    report = Report(
        "coverage",
        surrounds.title,
        summary=[*sentences(coverage), *short_log_words(coverage.demand.at)],
        assumptions=list(surrounds.assumptions),
        demand=demand.demand,
        left_out=[*demand.left_out, *without_demand(coverage.posts.left_out)],
        tiles=_tiles(coverage),
        numbers=_numbers(coverage.rates, coverage.limits_s),
        roads=roads.router.network,
    )
    report.charts.append(draw_curve([("", coverage)] if other is None else _pair(coverage, other)))
    if coverage.by_hour:
        report.charts.append(draw_hours(coverage))
        report.tables.append(hour_table(coverage))
    if coverage.by_zone:
        report.charts.append(draw_zones(coverage))
        report.tables.append(zone_table(coverage))
    gaps = find_gaps(coverage)
    report.tables += [gap_table(coverage, gaps), post_table(coverage), worst_table(coverage)]
    report.layers = _layers(coverage, surrounds.reach, gaps)
    if other is not None and difference is not None:
        _add_difference(report, coverage, other, difference)
    return report


def _add_difference(
    report: Report, coverage: Coverage, other: Variant, difference: CoverDifference
) -> None:
    demand = coverage.demand
    changes = difference_sentences(coverage, other.coverage, difference, other.names)
    report.summary[:0] = changes
    after = _numbers(other.coverage.rates, coverage.limits_s)
    report.numbers |= {f"second_{name}": value for name, value in after.items()}
    for at, limit_s in enumerate(coverage.limits_s):
        minutes = f"{limit_s / _MINUTE_S:g}"
        report.numbers[f"gained_within_{minutes}_min"] = difference.gained[at]
        report.numbers[f"lost_within_{minutes}_min"] = difference.lost[at]
    variants = (coverage, other.coverage)
    report.tables[:0] = [
        variant_table(other.names, variants, difference),
        changed_table(coverage, difference),
    ]
    frame = points_frame(
        demand.lonlat,
        name=list(demand.names),
        weight=demand.weights,
        minutes_later=shown_minutes(difference.change_s),
    )
    title = Text("Change of response time", "响应时间的变化")
    shown = Layer(
        "difference",
        title,
        frame,
        "minutes_later",
        "name",
        _LATER,
        around_zero=True,
        no_value=_NOT_BOTH,
    )
    # Posts stay on top; under the difference everything that did not change would only distract.
    report.layers = [
        replace(layer, shown=False) if layer.name == "demand" else layer for layer in report.layers
    ]
    report.layers.insert(len(report.layers) - 1, shown)
    if other.closed is None:
        title = Text(f"Posts: {other.names[1]}", f"驻点：{other.names[1]}")
        posts = points_frame(other.coverage.posts.lonlat, name=list(other.coverage.posts.names))
        report.layers.append(
            Layer("other_posts", title, posts, labelled_by="name", colour=_OTHER_POSTS)
        )
    if other.closed is not None:
        title = Text("Closed", "封闭路段")
        report.layers.append(Layer("closed", title, other.closed, colour="#a83a00"))
    if other.closed is None:
        report.left_out += without_demand(other.coverage.posts.left_out)


def _layers(
    coverage: Coverage, reach: geopandas.GeoDataFrame | None, gaps: Sequence[Gap]
) -> list[Layer]:
    demand = coverage.demand
    columns: dict[str, Sequence[Cell] | np.ndarray[tuple[int], np.dtype[np.float64]]] = {
        "name": list(demand.names),
        "weight": demand.weights,
        "minutes": shown_minutes(coverage.response_s),
        "first_from": [
            coverage.posts.names[at] if at >= 0 else "" for at in coverage.post.tolist()
        ],
    }
    if demand.zones is not None:
        columns["zone"] = list(demand.zones)
    points = points_frame(demand.lonlat, **columns)
    posts = points_frame(coverage.posts.lonlat, name=list(coverage.posts.names))
    layers = [
        Layer(
            "demand",
            Text("Demand", "需求点"),
            points,
            "minutes",
            "name",
            _MINUTES,
            no_value=_NOBODY,
        ),
        Layer("posts", Text("Posts", "驻点"), posts, labelled_by="name", colour=_POSTS),
    ]
    if reach is not None:
        title = Text("Area reached", "可到达范围")
        legend = Text("Minutes", "分钟")
        layers.insert(0, Layer("reach", title, reach, "minutes", "label", legend, shown=False))
    if gaps:
        title = Text("Squares with demand not in time", "存在未按时到达需求的方格")
        legend = Text("Demand not in time", "未按时到达的需求量")
        squares = gap_squares(gaps)
        layers.insert(0, Layer("gaps", title, squares, "late", "name", legend, shown=False))
    return layers


def _tiles(coverage: Coverage) -> list[tuple[Text, str]]:
    rates = coverage.rates
    shown = [
        (
            Text(f"reached in {limit_s / _MINUTE_S:g} min", f"{limit_s / _MINUTE_S:g} 分钟内到达"),
            f"{100.0 * share:.1f} %",
        )
        for limit_s, share in list(zip(coverage.limits_s, rates.covered, strict=True))[:3]
    ]
    if np.isfinite(rates.mean_s):
        shown.append((Text("on average", "平均"), f"{rates.mean_s / _MINUTE_S:.1f} min"))
    p90_s = rates.percentiles_s[PERCENTILES.index(0.9)]
    late = f"{p90_s / _MINUTE_S:.1f} min" if np.isfinite(p90_s) else "–"
    return [*shown, (Text("90 % of demand within", "90 % 的需求在此时间内"), late)]


def _numbers(rates: CoverRates, limits_s: Sequence[float]) -> dict[str, Cell]:
    return {
        "demand": rates.demand,
        **{
            f"covered_within_{limit_s / _MINUTE_S:g}_min": share
            for limit_s, share in zip(limits_s, rates.covered, strict=True)
        },
        "mean_s": rates.mean_s,
        **{
            f"p{100 * share:g}_s": time_s
            for share, time_s in zip(PERCENTILES, rates.percentiles_s, strict=True)
        },
        "unreached": rates.unreached,
    }


def _pair(coverage: Coverage, other: Variant) -> list[tuple[str, Coverage]]:
    return [(other.names[0], coverage), (other.names[1], other.coverage)]
