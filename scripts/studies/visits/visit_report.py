"""The report of a day plan."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.report.report import Cell
from scripts.studies.report.report import Chart
from scripts.studies.report.report import Report
from scripts.studies.report.report import Table
from scripts.studies.report.text import Text
from scripts.studies.roads.study_roads import OFF_NETWORK
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.day_problem import PRIZE_S
from scripts.studies.visits.day_study import DayStudy
from scripts.studies.visits.emergency_report import add_emergency
from scripts.studies.visits.gantt import draw_gantt
from scripts.studies.visits.planning import Effort
from scripts.studies.visits.plans import Plan
from scripts.studies.visits.tour_layers import crew_layer
from scripts.studies.visits.tour_layers import tour_layer
from scripts.studies.visits.tour_layers import visit_layer

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINUTE_S = 60
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Setting:
    """What the report names beside the plan: how it was made.

    Attributes
    ----------
    profile, hour
        Of the travel times.
    work_within
        Whether windows hold the whole work.
    done
        Rows of the files that are no part of the plan.
    """

    clock: DayClock
    effort: Effort
    profile: str
    hour: str
    work_within: bool = False
    done: tuple[LeftOut, ...] = ()


def report_visits(study: DayStudy, roads: StudyRoads, setting: Setting) -> Report:
    """Return the report: a table per crew, the day as a picture, the tours on the map."""
    plan, clock = study.plan, setting.clock
    no_room = [
        LeftOut(visit.name, visit.where, "no_room", 1.0)
        for visit in study.visits
        if visit.name in set(plan.dropped)
    ]
    # One in another country would shrink the map to a dot; `left_out.csv` has it.
    off_road = {one.name for one in study.impossible if one.reason == OFF_NETWORK}
    on_road = [visit for visit in study.visits if visit.name not in off_road]
    made = sum(len(tour.visits) for tour in plan.tours)
    report = Report(
        "visits",
        Text(f"Visits on {clock.day:%Y-%m-%d}", f"{clock.day:%Y-%m-%d} 上门计划"),
        summary=_summary(study, setting),
        assumptions=_assumptions(plan, setting),
        tables=[_crew_table(study, clock), _stop_table(study, clock)],
        charts=[
            Chart(
                "day",
                Text(
                    "The day: visits blue, breaks green, driving grey",
                    "当天安排：预约蓝色，休息绿色，行车灰色",
                ),
                draw_gantt(plan.tours, clock),
            )
        ],
        layers=[
            tour_layer(roads, plan.tours, study.crews),
            visit_layer(plan.tours, on_road, clock),
            crew_layer(study.crews, clock),
        ],
        left_out=[*setting.done, *study.impossible, *no_room],
        demand=float(len(study.visits) + sum(one.weight > 0 for one in setting.done)),
        numbers={
            "visits": len(study.visits),
            "planned": made,
            "impossible": len(study.impossible),
            "no_room": len(plan.dropped),
            "drive_s": plan.drive_s,
            "iterations": plan.iterations,
            "search_s": round(plan.seconds, 2),
        },
        roads=roads.router.network,
        tiles=[
            (Text("Visits planned", "已安排预约"), f"{made} / {len(study.visits)}"),
            (Text("Impossible", "无法完成"), str(len(study.impossible))),
            (Text("No room", "排不下"), str(len(plan.dropped))),
            (Text("Driving", "行车"), f"{round(plan.drive_s / _MINUTE_S)} min"),
        ],
    )
    if study.broken is not None and study.emergency is not None:
        add_emergency(report, study, study.emergency, study.broken, roads, clock)
    return report


def _summary(study: DayStudy, setting: Setting) -> list[Text]:
    plan = study.plan
    made = sum(len(tour.visits) for tour in plan.tours)
    busy = sum(bool(tour.visits) for tour in plan.tours)
    minutes = round(plan.drive_s / _MINUTE_S)
    found = [
        Text(
            f"{made} of {len(study.visits)} visits are planned for {busy} of {len(plan.tours)} "
            f"crews, with {minutes} minutes of driving in all.",
            f"{len(study.visits)} 个预约中已安排 {made} 个，由 {len(plan.tours)} 个班组中的 {busy} "
            f"个完成，行车共 {minutes} 分钟。",
        )
    ]
    if study.impossible:
        found.append(
            Text(
                f"{len(study.impossible)} are impossible for every crew, whatever else is planned.",
                f"{len(study.impossible)} 个预约任何班组都无法完成。",
            )
        )
    if plan.dropped:
        found.append(
            Text(
                f"For {len(plan.dropped)} no room was found beside the others.",
                f"{len(plan.dropped)} 个预约没有空档。",
            )
        )
    if plan.missed_breaks:
        names = ", ".join(plan.missed_breaks)
        found.append(
            Text(f"No time for the break of: {names}.", f"以下班组没有时间休息：{names}。")
        )
    found.append(_honesty(plan, setting.effort))
    return found


def _honesty(plan: Plan, effort: Effort) -> Text:
    seconds = f"{plan.seconds:.1f}"
    repeat = Text("", "")
    if effort.time_limit_s is not None:
        repeat = Text(
            " A time limit was set: another machine may find another plan.",
            "设有时限：其他机器上的结果可能不同。",
        )
    return Text(
        f"This is the best plan found in {seconds} s ({plan.iterations:,} iterations): nothing "
        f"proves that there is no better one.{repeat.en}",
        f"这是 {seconds} 秒（{plan.iterations:,} 次迭代）内找到的最好方案，未证明最优。{repeat.zh}",
    )


def _assumptions(plan: Plan, setting: Setting) -> list[tuple[Text, str | Text]]:
    effort = setting.effort
    limit = "–" if effort.time_limit_s is None else f"{effort.time_limit_s:g} s"
    rounds = "–" if effort.iterations is None else f"{effort.iterations:,}"
    within = Text("the whole work lies in it", "整个作业在时段内")
    begins = Text("work begins in it", "在时段内开始作业")
    return [
        (Text("Profile", "车辆类型"), setting.profile),
        (Text("Hour of travel times", "行程时间的时刻"), setting.hour),
        (Text("A window", "预约时段"), within if setting.work_within else begins),
        (Text("Seed", "随机种子"), str(effort.seed)),
        (Text("Iterations, at most", "迭代上限"), rounds),
        (Text("Time limit", "时限"), limit),
        (
            Text("What counts", "目标"),
            Text(
                "All visits if they fit; else each priority counts twice the next, and any visit "
                f"more than {PRIZE_S // _HOUR_S} hours of driving. Then the least driving.",
                "能排下则全部安排；否则每级优先级的权重是下一级的两倍。其次行车时间最短。",
            ),
        ),
        (
            Text("Checked", "校验"),
            Text(
                "Skills, windows, shifts, breaks and driving times were checked by a second "
                "program part that knows nothing of the search.",
                "技能、时段、班次、休息和行车时间均由独立程序校验。",
            ),
        ),
        (Text("Search took", "搜索用时"), f"{plan.seconds:.1f} s"),
    ]


def _crew_table(study: DayStudy, clock: DayClock) -> Table:
    rows: list[Sequence[Cell]] = []
    for tour in study.plan.tours:
        work_s = sum(stop.end_s - stop.begin_s for stop in tour.visits)
        wait_s = sum(stop.begin_s - stop.arrive_s for stop in tour.stops)
        out = bool(tour.stops)
        rows.append(
            (
                tour.crew,
                len(tour.visits),
                clock.text(tour.leave_s) if out else "",
                clock.text(tour.home_s) if out else "",
                round(tour.drive_s / _MINUTE_S),
                round(work_s / _MINUTE_S),
                round(wait_s / _MINUTE_S),
            )
        )
    columns = [
        ("crew", Text("Crew", "班组")),
        ("visits", Text("Visits", "预约数")),
        ("leaves", Text("Leaves", "出发")),
        ("back", Text("Done", "结束")),
        ("drive_min", Text("Driving, min", "行车（分）")),
        ("work_min", Text("Work, min", "作业（分）")),
        ("wait_min", Text("Waiting, min", "等待（分）")),
    ]
    return Table("crews", Text("Crews", "班组"), columns, rows)


def _stop_table(study: DayStudy, clock: DayClock) -> Table:
    visits = {visit.name: visit for visit in study.visits}
    rows: list[Sequence[Cell]] = []
    for tour in study.plan.tours:
        for number, stop in enumerate(tour.stops, start=1):
            windows = visits[stop.name].windows if stop.name is not None else ()
            rows.append(
                (
                    tour.crew,
                    number,
                    stop.name or "–",
                    clock.text(stop.arrive_s),
                    clock.text(stop.begin_s),
                    clock.text(stop.end_s),
                    "; ".join(f"{clock.text(w.from_s)}–{clock.text(w.until_s)}" for w in windows),
                    round(stop.drive_s / _MINUTE_S, 1),
                )
            )
    columns = [
        ("crew", Text("Crew", "班组")),
        ("order", Text("No.", "序号")),
        ("visit", Text("Visit (– is the break)", "预约（– 为休息）")),
        ("arrives", Text("Arrives", "到达")),
        ("begins", Text("Begins", "开始")),
        ("ends", Text("Ends", "结束")),
        ("window", Text("May begin", "可开始时段")),
        ("drive_min", Text("Drive before, min", "此前行车（分）")),
    ]
    return Table("stops", Text("Stops of each crew", "各班组行程"), columns, rows)
