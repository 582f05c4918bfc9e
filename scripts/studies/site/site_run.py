"""What `nearcrew study site` does: reads, studies, tells, writes."""

import csv
import math
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from routing.engine.hourly_speeds import SpeedTable
from scripts.commands.progress import counting
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.roads.route_commands import ProfileName
from scripts.roads.route_commands import refusals
from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import Columns
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points
from scripts.studies.inputs.zones import OUTSIDE
from scripts.studies.inputs.zones import name_zones
from scripts.studies.inputs.zones import read_outlines
from scripts.studies.report.text import Text
from scripts.studies.roads.chosen_points import read_demand
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.site.model_choice import Model
from scripts.studies.site.model_choice import Question
from scripts.studies.site.proving_bar import proving
from scripts.studies.site.site_report import make_report
from scripts.studies.site.site_study import Sites
from scripts.studies.site.site_study import SiteStudy
from scripts.studies.site.site_study import curve_counts
from scripts.studies.site.site_study import study_sites
from scripts.studies.site.site_study import with_curve
from scripts.studies.siting import busy_crews

_MINUTE_S = 60.0
_MOST_LEFT_OUT = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; see `site_command`."""

    candidates: Path
    demand: str
    model: str
    minutes: float
    count: int | None
    existing: Path | None
    may_close: tuple[str, ...]
    forbid: tuple[str, ...]
    forbidden: Path | None
    second_minutes: float | None
    alpha: float
    busy: float | None
    work_log: Path | None
    seconds: float
    turnout: float
    pbf: Path | None
    profile: str
    at: datetime | None
    speeds: Path | None
    crs: str | None
    weight: str | None
    strict: bool
    days: int
    road_points: int
    out: Path | None


def run(asked: Asked) -> None:
    """Study, tell the result in sentences, and write the report if a folder is given.

    Raises
    ------
    UsageError, DatabaseError, SitingError, ScriptError
        If something that was asked for cannot be.
    """
    question, sites = _question(asked), _read_sites(asked)
    roads = StudyRoads.open(asked.pbf, profile=asked.profile, speeds=asked.speeds)
    roads = roads.under(at=_aware(asked))
    with refusals():
        demand = _placed_demand(asked, roads)
        with proving(question.time_limit_s) as watch:
            study = study_sites(
                roads,
                demand,
                sites,
                question,
                turnout_s=asked.turnout * _MINUTE_S,
                watch=watch,
            )
        if asked.out is not None:
            wanted = len(curve_counts(study.sites, len(study.chosen)))
            with counting("Working out cover by number of sites", wanted) as step:
                study = with_curve(study, step)
    report = make_report(study, roads, _assumptions(asked, study))
    for text in report.summary:
        print(text.en)
    names = [study.sites.points.names[at] for at in study.answer.sites]
    print(f"Sites: {', '.join(names) or 'none'}.")
    _tell_left_out(study)
    if asked.out is not None:
        with waiting("Writing the report"):
            written = report.write(asked.out)
        print(f"Report: {written[0]}")


def _question(asked: Asked) -> Question:
    for minutes in (asked.minutes, asked.second_minutes):
        if minutes is not None and not (math.isfinite(minutes) and minutes > 0.0):
            message = "Minutes must be above zero."
            raise UsageError(message, mend="--minutes 10")
    if asked.profile not in {one.value for one in ProfileName}:
        message = f"There is no profile {asked.profile}."
        raise UsageError(message, mend="--profile normal, or emergency")
    second = asked.second_minutes
    return Question(
        model=Model(asked.model),
        limit_s=asked.minutes * _MINUTE_S,
        count=asked.count,
        second_limit_s=None if second is None else second * _MINUTE_S,
        alpha=asked.alpha,
        busy_fraction=asked.busy,
        workload=None if asked.work_log is None else _workload(asked.work_log),
        time_limit_s=asked.seconds,
    )


def _workload(file: Path) -> float:
    """Return how many crews were busy on average, from a table of jobs.

    Only differences count, so that times without a zone may be of any, if all are of the same.
    """
    begun: list[datetime] = []
    ended: list[datetime] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                try:
                    begun.append(datetime.fromisoformat(row["sent_at"]))
                    ended.append(datetime.fromisoformat(row["free_at"]))
                except (KeyError, TypeError, ValueError) as error:
                    message = f"{file}, line {number}: sent_at or free_at is missing or no time."
                    raise UsageError(message, mend="Times as 2026-01-31T08:30:00+08:00") from error
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read: {error}."
        raise UsageError(message) from error
    if len({at.tzinfo is None for at in (*begun, *ended)}) > 1:
        message = f"{file}: some times say their zone and others do not."
        raise UsageError(message, mend="Times as 2026-01-31T08:30:00+08:00")
    seconds = [
        [(at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() for at in times]
        for times in (begun, ended)
    ]
    return busy_crews(*seconds)


def _read_sites(asked: Asked) -> Sites:
    how = Reading(crs=asked.crs, strict=asked.strict)
    candidates = read_points(asked.candidates, how)
    standing = None if asked.existing is None else read_points(asked.existing, how)
    points = candidates if standing is None else _joined(standing, candidates)
    existing = np.zeros(len(points), dtype=np.bool_)
    existing[: 0 if standing is None else len(standing)] = True
    closable = _named(points, asked.may_close, existing, "existing site")
    forbidden = _named(points, asked.forbid, ~existing, "candidate")
    if asked.forbidden is not None:
        zones = name_zones(points, read_outlines(asked.forbidden)).zones or ()
        inside = np.array([zone != OUTSIDE for zone in zones], dtype=np.bool_)
        forbidden |= inside & ~existing
    return Sites(points, existing, closable, forbidden)


def _joined(first: Points, second: Points) -> Points:
    where = [(points.where or ("",) * len(points)) for points in (first, second)]
    return Points(
        names=(*first.names, *second.names),
        lonlat=np.vstack((first.lonlat, second.lonlat)),
        weights=np.concatenate((first.weights, second.weights)),
        left_out=(*first.left_out, *second.left_out),
        where=(*where[0], *where[1]),
    )


def _named(points: Points, names: tuple[str, ...], among: BoolArray, what: str) -> BoolArray:
    chosen = np.zeros(len(points), dtype=np.bool_)
    for name in names:
        found = np.array([one == name for one in points.names], dtype=np.bool_) & among
        if not found.any():
            message = f"There is no {what} called {name}."
            raise UsageError(message)
        chosen |= found
    return chosen


def _placed_demand(asked: Asked, roads: StudyRoads) -> Placed:
    how = Reading(crs=asked.crs, columns=Columns(weight=asked.weight), strict=asked.strict)
    now = datetime.now(UTC)
    points = read_demand(asked.demand, roads, how, now=now, days=asked.days, most=asked.road_points)
    with waiting(f"Finding the streets of {len(points):,} places"):
        placed = roads.place(replace(points, zones=None))
    if not placed.points.weights.sum() > 0.0:
        message = "No demand lies near a road of this network."
        raise UsageError(message, mend="Is it the right city? Longitude comes first.")
    return placed


def _aware(asked: Asked) -> datetime | None:
    if asked.at is None or asked.at.tzinfo is not None:
        return asked.at
    with refusals():
        name = None if asked.speeds is None else SpeedTable.load(asked.speeds).time_zone
    return asked.at.replace(tzinfo=ZoneInfo(name or "UTC"))


def _assumptions(asked: Asked, study: SiteStudy) -> list[tuple[Text, str | Text]]:
    question, sites = study.question, study.sites
    free_flow = Text("free flow: no speeds by hour", "自由流速度（未按时段）")
    told: list[tuple[Text, str | Text]] = [
        (Text("Roads", "道路"), str(asked.pbf) if asked.pbf else Text("of the desk", "系统路网")),
        (Text("Profile", "车辆类型"), asked.profile),
        (Text("Hour", "时段"), free_flow if asked.at is None else f"{asked.at:%A %H:%M}"),
        (Text("Speeds", "速度文件"), str(asked.speeds) if asked.speeds else free_flow),
        (Text("Candidates", "候选点"), f"{asked.candidates} ({len(sites.points):,})"),
        (
            Text("Existing, may be given up, forbidden", "现有、可放弃、禁用"),
            f"{sites.existing.sum()}, {sites.closable.sum()}, {sites.forbidden.sum()}",
        ),
        (Text("Demand", "需求"), f"{asked.demand} ({len(study.demand):,})"),
        (Text("In time within, minutes", "时限（分钟）"), f"{asked.minutes:g}"),
        (Text("Turnout, minutes", "出动时间（分钟）"), f"{asked.turnout:g}"),
        (Text("Time for the proof, s", "证明用时上限（秒）"), f"{question.time_limit_s:g}"),
    ]
    if question.model is Model.MEXCLP:
        busy = question.busy_fraction
        if busy is None and question.count:
            busy = (question.workload or 0.0) / question.count
        told.append((Text("Busy fraction", "忙碌率"), f"{busy:.3f}"))
    if question.model is Model.DOUBLE_STANDARD:
        text = Text("Second limit in minutes, share", "第二时限（分钟）与比例")
        told.append((text, f"{asked.second_minutes:g}, {asked.alpha:g}"))
    return told


def _tell_left_out(study: SiteStudy) -> None:
    left_out = [*study.demand.left_out, *study.sites.points.left_out]
    if not left_out:
        return
    lost = sum(one.weight for one in study.demand.left_out)
    share = lost / study.demand.demand if study.demand.demand > 0.0 else 0.0
    print(f"Left out: {len(left_out):,} rows of the input, {100.0 * share:.2f} % of demand:")
    for one in left_out[:_MOST_LEFT_OUT]:
        away = "" if one.distance_m is None else f", {one.distance_m:,.0f} m"
        print(f"  {one.where or one.name}: {one.reason.replace('_', ' ')}{away}")
    if len(left_out) > _MOST_LEFT_OUT:
        print("  …")
