"""Roads, posts and demand of a study as they were asked for on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from routing.engine.hourly_speeds import SpeedTable
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.roads.route_commands import ProfileName
from scripts.roads.route_commands import refusals
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.reading import Columns
from scripts.studies.inputs.reading import Reading
from scripts.studies.report.text import Text
from scripts.studies.roads.chosen_points import read_demand
from scripts.studies.roads.chosen_points import read_posts
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads

_MOST_LEFT_OUT = 5


@dataclass(frozen=True, slots=True)
class AskedInputs:
    """What was asked for; see `scripts.studies.study_options`."""

    posts: str
    demand: str
    pbf: Path | None
    profile: str
    at: datetime | None
    speeds: Path | None
    crs: str | None
    posts_crs: str | None
    layer: str | None
    weight: str | None
    time_zone: str | None
    strict: bool
    days: int
    road_points: int


@dataclass(frozen=True, slots=True)
class StudyInputs:
    """What was read: roads of the profile and hour, posts and demand on them."""

    roads: StudyRoads
    posts: Placed
    demand: Placed


def read_inputs(asked: AskedInputs) -> StudyInputs:
    """Return roads, posts and demand.

    Raises
    ------
    UsageError, DatabaseError, ScriptError
        If something that was asked for cannot be.
    """
    now = datetime.now(UTC)
    how = Reading(strict=asked.strict, time_zone=asked.time_zone, crs=asked.posts_crs)
    posts = read_posts(asked.posts, how, now=now)
    roads = open_roads(asked.pbf, asked.profile, asked.at, asked.speeds)
    how = Reading(
        crs=asked.crs,
        layer=asked.layer,
        columns=Columns(weight=asked.weight),
        time_zone=asked.time_zone,
        strict=asked.strict,
    )
    with refusals():
        found = read_demand(
            asked.demand, roads, how, now=now, days=asked.days, most=asked.road_points
        )
        with waiting(f"Finding the streets of {len(found):,} places"):
            placed = StudyInputs(roads, roads.place(posts), roads.place(found))
    for points, kept in ((posts, placed.posts), (found, placed.demand)):
        if asked.strict and len(kept) < len(points):
            first = kept.points.left_out[-1]
            message = f"{first.where or first.name}: {first.distance_m:,.0f} m off every road."
            raise UsageError(message, mend="Mend it, or leave out --strict to go on without.")
    return placed


def open_roads(
    pbf: Path | None, profile: str, at: datetime | None, speeds: Path | None
) -> StudyRoads:
    """Return the roads for a profile and hour; an hour without a zone is in that of the speeds.

    Raises
    ------
    UsageError
        If there is no such profile, or the file of speeds cannot be read.
    """
    if profile not in {one.value for one in ProfileName}:
        message = f"There is no profile {profile}."
        raise UsageError(message, mend="--profile normal, or emergency")
    with refusals():
        zone = ZoneInfo("UTC" if speeds is None else SpeedTable.load(speeds).time_zone)
    aware = at if at is None or at.tzinfo is not None else at.replace(tzinfo=zone)
    return StudyRoads.open(pbf, profile=profile, speeds=speeds).under(at=aware)


def input_words(asked: AskedInputs, inputs: StudyInputs) -> list[tuple[Text, str | Text]]:
    """Return what the travel times hold for, and whose, for the assumptions of a report."""
    return [
        *road_words(asked.pbf, asked.profile, asked.at, asked.speeds),
        (Text("Posts", "驻点"), f"{asked.posts} ({len(inputs.posts):,})"),
        (Text("Demand", "需求"), f"{asked.demand} ({len(inputs.demand):,})"),
    ]


def road_words(
    pbf: Path | None, profile: str, at: datetime | None, speeds: Path | None
) -> list[tuple[Text, str | Text]]:
    """Return which roads, profile, hour and speeds travel times hold for."""
    free_flow = Text("free flow: no speeds by hour", "自由流速度（未按时段）")
    return [
        (Text("Roads", "道路"), str(pbf) if pbf else Text("of the desk", "系统路网")),
        (Text("Profile", "车辆类型"), profile),
        (Text("Hour", "时段"), free_flow if at is None else f"{at:%A %H:%M}"),
        (Text("Speeds", "速度文件"), str(speeds) if speeds else free_flow),
    ]


def tell_left_out(left_out: Sequence[LeftOut]) -> None:
    """Print how many rows do not count, and the first few."""
    if not left_out:
        return
    rows = "row" if len(left_out) == 1 else "rows"
    print(f"Left out: {len(left_out):,} {rows} of the input:")
    for one in left_out[:_MOST_LEFT_OUT]:
        away = "" if one.distance_m is None else f", {one.distance_m:,.0f} m"
        print(f"  {one.where or one.name}: {one.reason.replace('_', ' ')}{away}")
    if len(left_out) > _MOST_LEFT_OUT:
        print("  …")
