"""The report of a study of sites: map, curve of cover, table of sites, and how certain it is."""

from collections.abc import Sequence

import numpy as np

from scripts.studies.inputs.left_out import without_demand
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
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.site.site_sentences import NAMES
from scripts.studies.site.site_sentences import sentences
from scripts.studies.site.site_study import SiteStudy

_MINUTE_S = 60.0
_EXISTING, _NEW = Text("existing", "现有"), Text("new", "新增")
_OPEN, _OTHERS = "#17202a", "#b7bec5"


def make_report(
    study: SiteStudy, roads: StudyRoads, assumptions: Sequence[tuple[Text, str | Text]]
) -> Report:
    """Return the report."""
    report = Report(
        "site",
        Text("Sites: where to stand", "选址分析：站点设在哪里"),
        summary=sentences(study),
        assumptions=[(Text("Model", "模型"), NAMES[study.question.model]), *assumptions],
        demand=study.demand.demand,
        left_out=[*study.demand.left_out, *without_demand(study.sites.points.left_out)],
        tiles=_tiles(study),
        numbers=_numbers(study),
        roads=roads.router.network,
    )
    report.tables.append(_site_table(study))
    if study.curve:
        report.charts.append(_curve_chart(study))
        report.tables.append(_curve_table(study))
    report.layers += _layers(study)
    return report


def _tiles(study: SiteStudy) -> list[tuple[Text, str]]:
    found = study.answer
    gap = "0 %" if found.proven else f"{100.0 * found.gap:.2f} %"
    certain = Text("proven", "已证明") if found.proven else Text("not proven", "未证明")
    limit = f"{study.question.limit_s / _MINUTE_S:g}"
    return [
        (Text("sites", "站点"), str(len(study.chosen))),
        (
            Text(f"of demand within {limit} min", f"的需求在 {limit} 分钟内"),
            f"{100.0 * study.covered(study.question.limit_s):.1f} %",
        ),
        (Text(f"gap, {certain.en}", f"差距，{certain.zh}"), gap),
    ]


def _numbers(study: SiteStudy) -> dict[str, Cell]:
    found = study.answer
    return {
        "model": found.model,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "proven": int(found.proven),
        "seconds": round(found.seconds, 3),
        "sites": len(study.chosen),
        "crews": len(found.sites),
        "covered_within_limit": study.covered(study.question.limit_s),
    }


def _site_table(study: SiteStudy) -> Table:
    weights, total = study.demand.weights, max(float(study.demand.weights.sum()), 1e-300)
    sites = np.asarray(study.answer.sites, dtype=np.int64)
    crews = np.bincount(sites, minlength=len(study.sites.points))
    rows: list[Sequence[TableCell]] = []
    for site in study.chosen.tolist():
        mine = (study.served_by == site) & (weights > 0)
        times_s, load = study.response_s[mine], weights[mine]
        served = float(load.sum())
        rows.append(
            (
                study.sites.points.names[site],
                _EXISTING if study.sites.existing[site] else _NEW,
                int(crews[site]),
                round(100.0 * served / total, 2),
                round(float(load @ times_s) / served / _MINUTE_S, 2) if served > 0.0 else None,
                round(float(times_s.max(initial=0.0)) / _MINUTE_S, 2) if served > 0.0 else None,
                round(float(study.sites.points.lonlat[site, 0]), 6),
                round(float(study.sites.points.lonlat[site, 1]), 6),
            )
        )
    columns = (
        ("site", Text("Site", "站点")),
        ("state", Text("Existing or new", "现有或新增")),
        ("crews", Text("Crews", "班组数")),
        ("first_pct", Text("First there, % of demand", "最先到达（占需求 %）")),
        ("mean_min", Text("Mean, min", "平均（分钟）")),
        ("longest_min", Text("Longest, min", "最长（分钟）")),
        ("lon", Text("Longitude", "经度")),
        ("lat", Text("Latitude", "纬度")),
    )
    return Table("sites", Text("Open sites", "选定站点"), columns, rows)


def _curve_table(study: SiteStudy) -> Table:
    total = max(float(study.demand.weights.sum()), 1e-300)
    columns = (
        ("sites", Text("Sites", "站点数")),
        ("covered_pct", Text("Covered, %", "覆盖（%）")),
        ("bound_pct", Text("At most, %", "上界（%）")),
        ("proven", Text("Proven", "已证明")),
    )
    rows = [
        (
            point.count,
            round(100.0 * point.covered / total, 2),
            round(100.0 * point.bound / total, 2),
            yes_or_no(point.proven),
        )
        for point in study.curve
    ]
    return Table("cover_by_sites", _curve_title(study), columns, rows)


def _curve_title(study: SiteStudy) -> Text:
    limit = f"{study.question.limit_s / _MINUTE_S:g}"
    return Text(
        f"Best cover within {limit} min, by number of sites",
        f"按站点数：{limit} 分钟内的最大覆盖",
    )


def _curve_chart(study: SiteStudy) -> Chart:
    total = max(float(study.demand.weights.sum()), 1e-300)
    counts = [point.count for point in study.curve]
    covered = [100.0 * point.covered / total for point in study.curve]
    bounds = [100.0 * point.bound / total for point in study.curve]
    figure, axes = new_chart()
    axes.fill_between(counts, covered, bounds, color=COLOURS[1], alpha=0.4, linewidth=0)
    axes.plot(counts, covered, marker="o", markersize=4, linewidth=2, color=COLOURS[0])
    axes.axvline(len(study.chosen), color="#7a858f", linewidth=0.8, linestyle="--")
    axes.set_xlabel("sites")
    axes.set_ylabel("% of demand")
    axes.set_ylim(0.0, 102.0)
    return Chart("cover_by_sites", _curve_title(study), figure)


def _layers(study: SiteStudy) -> list[Layer]:
    points, names = study.sites.points, np.asarray(study.sites.points.names, dtype=np.object_)
    is_open = np.zeros(len(points), dtype=np.bool_)
    is_open[study.chosen] = True
    minutes = study.response_s / _MINUTE_S
    demand = points_frame(
        study.demand.lonlat,
        name=list(study.demand.names),
        weight=study.demand.weights,
        minutes=np.where(np.isfinite(minutes), np.round(minutes, 2), np.nan),
        first_from=[names[at] if at >= 0 else "" for at in study.served_by.tolist()],
    )
    crews = np.bincount(np.asarray(study.answer.sites, dtype=np.int64), minlength=len(points))
    opened = points_frame(
        points.lonlat[is_open],
        name=names[is_open].tolist(),
        existing=study.sites.existing[is_open].astype(np.int64),
        crews=crews[is_open],
    )
    layers = [
        Layer(
            "demand",
            Text("Demand", "需求点"),
            demand,
            "minutes",
            "name",
            Text("Minutes from the first open site", "从最近站点出发所需分钟"),
        )
    ]
    if (~is_open).any():
        left = points_frame(
            points.lonlat[~is_open],
            name=names[~is_open].tolist(),
            existing=study.sites.existing[~is_open].astype(np.int64),
            forbidden=study.sites.forbidden[~is_open].astype(np.int64),
        )
        title = Text("Candidates not chosen", "未选中的候选点")
        layers.append(Layer("not_chosen", title, left, labelled_by="name", colour=_OTHERS))
    title = Text("Open sites", "选定站点")
    layers.append(Layer("sites", title, opened, labelled_by="name", colour=_OPEN))
    return layers
