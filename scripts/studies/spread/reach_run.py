"""What `nearcrew study reach` does: reads, counts, tells, writes."""

import time
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

import numpy as np

from scripts.commands.progress import counting
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.roads.route_commands import refusals
from scripts.studies.inputs.left_out import without_demand
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import Columns
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points
from scripts.studies.report.charts import new_chart
from scripts.studies.report.frames import points_frame
from scripts.studies.report.report import Chart
from scripts.studies.report.report import Layer
from scripts.studies.report.report import Report
from scripts.studies.report.report import Table
from scripts.studies.report.text import Text
from scripts.studies.roads.asked_inputs import tell_left_out
from scripts.studies.roads.chosen_points import read_demand
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.processes import Processes
from scripts.studies.spread.reach_counts import ReachCounts
from scripts.studies.spread.reach_counts import count_reach
from scripts.studies.spread.road_sums import sum_on_roads
from scripts.studies.spread.running import Spread

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; see `reach_command`."""

    sites: Path
    demand: str
    minutes: tuple[float, ...]
    out: Path
    road_step: float | None
    workers: int
    cluster: str | None
    shards: Path | None
    pbf: Path | None
    profile: str
    at: str | None
    speeds: Path | None
    crs: str | None
    weight: str | None
    days: int
    road_points: int


def run(asked: Asked) -> None:
    """Count, tell the result in sentences, and write the report.

    Raises
    ------
    UsageError, DatabaseError, ScriptError
        If something that was asked for cannot be.
    """
    at = _instant(asked.at)
    sites = read_points(asked.sites, Reading(crs=asked.crs))
    roads = StudyRoads.open(asked.pbf, profile=asked.profile, speeds=asked.speeds).under(at=at)
    with refusals():
        how = Reading(crs=asked.crs, columns=Columns(weight=asked.weight))
        points = read_demand(
            asked.demand, roads, how, now=datetime.now(UTC), days=asked.days, most=asked.road_points
        )
        moved_m = None
        if asked.road_step is not None:
            summed = sum_on_roads(roads, points, asked.road_step)
            points, moved_m = summed.points, float(np.max(summed.moved_m, initial=0.0))
        with waiting(f"Finding the streets of {len(points):,} places"):
            placed_sites, placed = roads.place(sites), roads.place(points)
        if not len(placed_sites) or not len(placed):
            message = "No site, or no demand, is near a road."
            raise UsageError(message, mend="Is it the right city? Longitude comes first.")
        begun = time.monotonic()
        counts = _count(asked, roads, placed_sites, placed)
        took_s = time.monotonic() - begun
    report = _report(asked, roads, (placed_sites.points, placed.points), counts, took_s)
    if moved_m is not None:
        report.assumptions.append(
            (
                Text("Demand summed on the streets", "需求汇总到道路"),
                Text(
                    f"every {asked.road_step:g} m; moved by {moved_m:.0f} m at most, no walks",
                    f"每 {asked.road_step:g} 米一点；最多移动 {moved_m:.0f} 米，不计步行",
                ),
            )
        )
    for text in report.summary:
        print(text.en)
    tell_left_out(report.left_out)
    with waiting("Writing the report"):
        written = report.write(asked.out)
    print(f"Report: {written[0]}")


def _count(asked: Asked, roads: StudyRoads, sites: Placed, demand: Placed) -> ReachCounts:
    with Processes(asked.workers, asked.cluster).connected() as client:
        spread = Spread(
            client,
            asked.shards,
            lambda shards: counting(f"Searching, {len(sites):,} sites", shards),
        )
        limits_s = [minutes * _MINUTE_S for minutes in asked.minutes]
        return count_reach(roads, sites, demand, limits_s, spread)


def _report(
    asked: Asked,
    roads: StudyRoads,
    placed: tuple[Points, Points],
    counts: ReachCounts,
    took_s: float,
) -> Report:
    sites, demand = placed
    total = demand.demand
    share = counts.demand / total if total > 0.0 else np.zeros_like(counts.demand)
    order = np.argsort(-counts.demand[:, -1], kind="stable")
    minutes = [limit_s / _MINUTE_S for limit_s in counts.limits_s]
    best, longest = int(order[0]), minutes[-1]
    percent = 100.0 * share[best, -1]
    columns = [
        ("site", Text("Site", "站点")),
        *(
            (f"demand_{one:g}_min", Text(f"Demand in {one:g} min", f"{one:g} 分钟内需求"))
            for one in minutes
        ),
        ("share", Text(f"Share in {longest:g} min, %", f"{longest:g} 分钟内占比（%）")),
    ]
    rows = [
        (
            sites.names[at],
            *(round(value, 3) for value in counts.demand[at].tolist()),
            round(100.0 * float(share[at, -1]), 2),
        )
        for at in order.tolist()
    ]
    figure, axes = new_chart()
    for column, one in enumerate(minutes):
        axes.plot(np.sort(100.0 * share[:, column])[::-1], label=f"{one:g} min")
    axes.set_xlabel("site rank")
    axes.set_ylabel("% demand")
    axes.legend()
    layer = points_frame(
        sites.lonlat,
        site=list(sites.names),
        share=(100.0 * share[:, -1]).round(2),
        **{f"demand_{one:g}_min": counts.demand[:, at] for at, one in enumerate(minutes)},
    )
    found = Text(
        f"Of {len(sites):,} sites {sites.names[best]} reaches most: {percent:.1f} % of demand "
        f"within {longest:g} minutes.",
        f"{len(sites):,} 个站点中 {sites.names[best]} 覆盖最多：{longest:g} 分钟内 {percent:.1f} %"
        "的需求。",
    )
    return Report(
        "reach",
        Text("What each site reaches", "各站点可达需求"),
        summary=[found],
        assumptions=[
            (Text("Profile", "车辆类型"), asked.profile),
            (Text("Hour", "时段"), asked.at or Text("free flow", "自由流速度")),
            (Text("Demand", "需求"), f"{asked.demand} ({len(demand):,})"),
            (Text("Processes", "进程"), asked.cluster or str(asked.workers or 1)),
            (Text("Searching took", "搜索用时"), f"{took_s:.1f} s"),
        ],
        tables=[Table("sites", Text("Sites, the best first", "站点（从优到劣）"), columns, rows)],
        charts=[Chart("sites", Text("Share by rank of the site", "各站点占比（按名次）"), figure)],
        layers=[
            Layer(
                "sites",
                Text("Sites", "站点"),
                layer,
                "share",
                "site",
                Text(f"% within {longest:g} min", f"{longest:g} 分钟内 %"),
                high_is_good=True,
            )
        ],
        left_out=[*demand.left_out, *without_demand(sites.left_out)],
        demand=total,
        numbers={
            "sites": len(sites),
            "best_site": sites.names[best],
            "best_demand": float(counts.demand[best, -1]),
            "search_s": round(took_s, 3),
        },
        roads=roads.router.network,
    )


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no time."
        raise UsageError(message, mend="--at 2026-11-30T08:00+01:00") from error
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
