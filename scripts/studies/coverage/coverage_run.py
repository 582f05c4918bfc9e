"""What `nearcrew study coverage` does: reads, studies, tells, writes."""

import math
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import numpy as np

from routing.errors import ClosureError
from scripts.commands.progress import counting
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.roads.command_router import read_speeds
from scripts.roads.route_commands import ProfileName
from scripts.roads.route_commands import refusals
from scripts.studies.coverage.cover_report import Surrounds
from scripts.studies.coverage.cover_report import Variant
from scripts.studies.coverage.cover_report import make_report
from scripts.studies.coverage.cover_study import Coverage
from scripts.studies.coverage.cover_study import study_coverage
from scripts.studies.inputs.closure_file import read_closures
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.map_file import read_map_in_degrees
from scripts.studies.inputs.reading import Columns
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.zones import name_zones
from scripts.studies.inputs.zones import read_outlines
from scripts.studies.report.text import Text
from scripts.studies.report.text import same
from scripts.studies.roads.chosen_points import INCIDENTS
from scripts.studies.roads.chosen_points import LIVE
from scripts.studies.roads.chosen_points import ROADS
from scripts.studies.roads.chosen_points import STANDBY
from scripts.studies.roads.chosen_points import read_demand
from scripts.studies.roads.chosen_points import read_posts
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.processes import Processes
from scripts.studies.spread.running import Spread
from scripts.studies.spread.spread_roads import SpreadRoads

_MINUTE_S = 60.0
_HOURS = 24
_MOST_LEFT_OUT = 5
_SOURCES = {
    ROADS: Text("the roads", "道路"),
    INCIDENTS: Text("past incidents", "历史事件"),
    STANDBY: Text("the stations", "驻点"),
    LIVE: Text("crews where they are", "班组当前位置"),
}
_A_WEDNESDAY = date(2025, 1, 1)
"""Hours without a day are those of a Wednesday: speeds depend on the hour of the week alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; see `coverage_command`."""

    posts: str
    demand: str
    minutes: tuple[float, ...]
    turnout: float
    against: Path | None
    against_closures: Path | None
    hours: str | None
    zones: Path | None
    pbf: Path | None
    profile: str
    at: datetime | None
    speeds: Path | None
    crs: str | None
    posts_crs: str | None
    layer: str | None
    weight: str | None
    zone: str | None
    time_zone: str | None
    strict: bool
    days: int
    road_points: int
    workers: int
    cluster: str | None
    shards: Path | None
    out: Path | None


def run(asked: Asked) -> None:
    """Study, tell the result in sentences, and write the report if a folder is given.

    Raises
    ------
    UsageError, DatabaseError, ScriptError
        If something that was asked for cannot be.
    """
    limits_s, local = _limits_s(asked), _local_zone(asked)
    hours = _hours(asked, local)
    at = None if asked.at is None else _aware(asked.at, local)
    if asked.against is not None and asked.against_closures is not None:
        message = "Compare with other posts or with closed roads, not with both at once."
        raise UsageError(message, mend="Give --against or --against-closures.")
    closures = None if asked.against_closures is None else read_closures(asked.against_closures)
    now = datetime.now(UTC)
    how = Reading(strict=asked.strict, time_zone=asked.time_zone, crs=asked.posts_crs)
    posts = read_posts(asked.posts, how, now=now)
    others = None if asked.against is None else read_posts(str(asked.against), how, now=now)
    plain = StudyRoads.open(asked.pbf, profile=asked.profile, speeds=asked.speeds).under(at=at)
    with refusals(), _spread(asked, plain) as roads:
        demand = _placed_demand(asked, roads, now)
        with _counting_hours(asked, max(1, len(hours))) as step:
            found = study_coverage(
                roads,
                posts,
                demand,
                limits_s,
                turnout_s=asked.turnout * _MINUTE_S,
                hours=hours,
                step=step,
            )
        _refuse_no_posts(found, asked.posts)
        reach = None if asked.out is None else _reach(roads, found)
        other = None
        if others is not None:
            again = study_coverage(roads, others, demand, limits_s, turnout_s=found.turnout_s)
            _refuse_no_posts(again, str(asked.against))
            other = Variant(again, (_called(asked.posts), _called(str(asked.against))))
        elif closures is not None and asked.against_closures is not None:
            try:
                roads.close(closures, now)
            except ClosureError as error:
                message = f"{asked.against_closures}: {error}."
                raise UsageError(message) from error
            again = study_coverage(roads, posts, demand, limits_s, turnout_s=found.turnout_s)
            closed = read_map_in_degrees(asked.against_closures)[["geometry"]]
            other = Variant(again, ("open", "closed"), closed)
    surrounds = Surrounds(_title(asked), _assumptions(asked, found, hours), reach)
    report = make_report(found, roads, surrounds, other)
    for text in report.summary:
        print(text.en)
    _tell_left_out(found, report.left_out)
    if asked.out is not None:
        with waiting("Writing the report"):
            written = report.write(asked.out)
        print(f"Report: {written[0]}")


def _refuse_no_posts(found: Coverage, source: str) -> None:
    if not len(found.posts):
        message = f"None of the posts is near a road: {source}."
        raise UsageError(message, mend="Is it the right city? Longitude comes first.")


@contextmanager
def _spread(asked: Asked, roads: StudyRoads) -> Iterator[StudyRoads]:
    """Give the roads whose searches run where they were asked to."""
    if not asked.workers and asked.cluster is None:
        yield roads
        return
    processes = Processes(asked.workers, asked.cluster)
    with processes.connected() as client:
        yield SpreadRoads(roads.router, Spread(client, asked.shards), counting)


def _counting_hours(asked: Asked, hours: int) -> AbstractContextManager[Callable[[], None]]:
    """Show the progress, unless each search shows its own."""
    if asked.workers or asked.cluster is not None:
        return nullcontext(lambda: None)
    return counting("Finding who is first", hours)


def _placed_demand(asked: Asked, roads: StudyRoads, now: datetime) -> Placed:
    how = Reading(
        crs=asked.crs,
        layer=asked.layer,
        columns=Columns(weight=asked.weight, zone=asked.zone),
        time_zone=asked.time_zone,
        strict=asked.strict,
    )
    points = read_demand(asked.demand, roads, how, now=now, days=asked.days, most=asked.road_points)
    if asked.zones is not None:
        points = name_zones(points, read_outlines(asked.zones))
    with waiting(f"Finding the streets of {len(points):,} places"):
        placed = roads.place(points)
    if asked.strict and len(placed) < len(points):
        first = placed.points.left_out[0]
        message = f"{first.where or first.name}: {first.distance_m:,.0f} m off every road."
        raise UsageError(message, mend="Mend it, or leave out --strict to go on without.")
    if not placed.points.weights.sum() > 0.0:
        message = "No demand above zero lies near a road of this network."
        raise UsageError(message, mend="Is it the right city? Longitude comes first.")
    return placed


def _limits_s(asked: Asked) -> tuple[float, ...]:
    if not all(math.isfinite(minutes) and minutes > 0.0 for minutes in asked.minutes):
        message = "Minutes must be above zero."
        raise UsageError(message, mend="--minutes 10")
    if asked.profile not in {one.value for one in ProfileName}:
        message = f"There is no profile {asked.profile}."
        raise UsageError(message, mend="--profile normal, or emergency")
    return tuple(sorted({minutes * _MINUTE_S for minutes in asked.minutes}))


def _local_zone(asked: Asked) -> ZoneInfo:
    """Return the zone of hours: that of the speeds, or of the times, or UTC."""
    name = None if asked.speeds is None else read_speeds(asked.speeds).time_zone
    return ZoneInfo(name or "UTC")


def _aware(at: datetime, local: ZoneInfo) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=local)


def _hours(asked: Asked, local: ZoneInfo) -> list[datetime]:
    """Return the instants of ``0-23`` or ``7,8,17`` on the day of ``--at``, or a Wednesday."""
    if asked.hours is None:
        return []
    if asked.speeds is None:
        message = "Without speeds by hour all hours are the same."
        raise UsageError(message, mend="--speeds FILE; `nearcrew speeds accept` writes one.")
    day = _A_WEDNESDAY if asked.at is None else asked.at.date()
    chosen: set[int] = set()
    try:
        for part in asked.hours.split(","):
            first, _, last = part.partition("-")
            chosen |= set(range(int(first), int(last or first) + 1))
    except ValueError:
        chosen = {-1}
    if not chosen or min(chosen) < 0 or max(chosen) >= _HOURS:
        message = f"{asked.hours!r} are no hours of a day."
        raise UsageError(message, mend="--hours 0-23, or 7,8,17")
    return [datetime.combine(day, time(hour), local) for hour in sorted(chosen)]


def _reach(roads: StudyRoads, found: Coverage) -> geopandas.GeoDataFrame | None:
    """Return the areas reached within each limit, the widest first; None without any."""
    limits_s = [limit_s for limit_s in found.limits_s if limit_s > found.turnout_s]
    if not limits_s:
        return None
    with waiting("Drawing what is reached"):
        drive_s = np.array(limits_s) - found.turnout_s
        areas = roads.router.reach(found.posts.lonlat, drive_s).areas
    minutes = [limit_s / _MINUTE_S for limit_s in limits_s]
    return geopandas.GeoDataFrame(
        {"minutes": minutes[::-1], "label": [f"{one:g} min" for one in minutes[::-1]]},
        geometry=list(areas)[::-1],
        crs="EPSG:4326",
    )


def _assumptions(
    asked: Asked, found: Coverage, hours: Sequence[datetime]
) -> list[tuple[Text, str | Text]]:
    free_flow = Text("free flow: no speeds by hour", "自由流速度（未按时段）")
    when: str | Text = free_flow if asked.at is None else f"{asked.at:%A %H:%M}"
    told: list[tuple[Text, str | Text]] = [
        (Text("Roads", "道路"), str(asked.pbf) if asked.pbf else Text("of the desk", "系统路网")),
        (Text("Profile", "车辆类型"), asked.profile),
        (Text("Hour", "时段"), when),
        (Text("Speeds", "速度文件"), str(asked.speeds) if asked.speeds else free_flow),
        (Text("Posts", "驻点"), f"{asked.posts} ({len(found.posts):,})"),
        (Text("Demand", "需求"), f"{asked.demand} ({len(found.demand):,})"),
        (
            Text("In time within, minutes", "时限（分钟）"),
            ", ".join(f"{limit_s / _MINUTE_S:g}" for limit_s in found.limits_s),
        ),
        (Text("Turnout, minutes", "出动时间（分钟）"), f"{asked.turnout:g}"),
        (
            Text("Crews", "班组"),
            Text(
                "one at each post, free and ready; how often it is busy is not counted",
                "每个驻点有一个空闲待命班组；未计其忙碌时间",
            ),
        ),
        (
            Text("Walks", "步行"),
            Text(
                "from the street to the place in a straight line at 1.4 m/s; places more than 300 m"
                " off every road are left out",
                "从道路到地点按直线 1.4 m/s 计；离道路超过 300 米的地点不计入",
            ),
        ),
    ]
    if hours:
        day = f"{hours[0]:%A}, {hours[0].tzinfo}"
        told.append((Text("Hours are of", "各时段所属日期"), same(day)))
    if asked.against is not None:
        told.append((Text("Compared with", "对比"), str(asked.against)))
    if asked.against_closures is not None:
        told.append((Text("Compared with closures", "对比（封路）"), str(asked.against_closures)))
    return told


def _tell_left_out(found: Coverage, left_out: Sequence[LeftOut]) -> None:
    if not left_out:
        return
    lost = sum(one.weight for one in found.demand.left_out)
    share = lost / found.demand.demand if found.demand.demand > 0.0 else 0.0
    rows = "row" if len(left_out) == 1 else "rows"
    print(f"Left out: {len(left_out):,} {rows} of the input, {100.0 * share:.2f} % of demand:")
    for one in left_out[:_MOST_LEFT_OUT]:
        away = "" if one.distance_m is None else f", {one.distance_m:,.0f} m"
        print(f"  {one.where or one.name}: {one.reason.replace('_', ' ')}{away}")
    if len(left_out) > _MOST_LEFT_OUT:
        print("  …")


def _called(text: str) -> str:
    return Path(text).stem


def _title(asked: Asked) -> Text:
    posts = _SOURCES.get(asked.posts, same(_called(asked.posts)))
    demand = _SOURCES.get(asked.demand, same(_called(asked.demand)))
    return Text(f"Cover of {demand.en} from {posts.en}", f"覆盖分析：{posts.zh} → {demand.zh}")
