"""What an emergency breaks of a day plan, as part of its report."""

import math
from typing import TYPE_CHECKING

from scripts.studies.report.common_words import yes_or_no
from scripts.studies.report.left_out_words import reason_words
from scripts.studies.report.report import Chart
from scripts.studies.report.report import Report
from scripts.studies.report.report import Table
from scripts.studies.report.text import Text
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.day_study import DayStudy
from scripts.studies.visits.emergency import Broken
from scripts.studies.visits.emergency import Emergency
from scripts.studies.visits.gantt import EmergencyBar
from scripts.studies.visits.gantt import draw_gantt
from scripts.studies.visits.plans import Plan
from scripts.studies.visits.plans import Tour
from scripts.studies.visits.tour_layers import point_layer
from scripts.studies.visits.tour_layers import tour_layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.studies.report.pieces import TableCell

_MINUTE_S = 60
_DOING = {
    "off_shift": Text("not on shift yet", "未上班"),
    "ready": Text("ready", "待命"),
    "working": Text("working, finishes first", "作业中，完成后出发"),
    "break": Text("on its break, finishes it first", "休息中，结束后出发"),
    "driving": Text("driving to a visit, turns round", "途中，改道"),
    "waiting": Text("waiting at a visit", "在现场等候"),
    "homewards": Text("driving to its end place", "返程中"),
    "over": Text("off shift", "已下班"),
}


def add_emergency(
    report: Report,
    study: DayStudy,
    emergency: Emergency,
    broken: Broken,
    roads: StudyRoads,
    clock: DayClock,
) -> None:
    """Add who goes, what becomes late or drops, and the new plan to a report."""
    report.summary[1:1] = _sentences(broken, emergency, clock)
    report.assumptions.append(
        (
            Text("In the emergency", "突发事件假设"),
            Text(
                "The first crew there goes; work and breaks that have begun are finished first; "
                "it stays to the end, past its shift if need be. Others drive on to where they are "
                "going.",
                "最先到达的班组前往；已开始的作业和休息先完成；处置到底，必要时超时。其余班组继续前往当前目的地。",
            ),
        )
    )
    report.tables += [_arrival_table(broken, clock), _harm_table(study, broken, clock)]
    if broken.replan is not None and broken.crew is not None:
        arrive_s = next(one.arrive_s for one in broken.arrivals if one.crew == broken.crew)
        bar = EmergencyBar(broken.crew, emergency.at_s, arrive_s, broken.done_s)
        report.charts.append(
            Chart(
                "after_emergency",
                Text("Planned anew from the emergency (orange) on", "突发事件（橙色）后的新安排"),
                draw_gantt(_with_crew(broken.replan, broken.crew), clock, bar),
            )
        )
        report.layers.append(tour_layer(roads, broken.replan.tours, broken.available, anew=True))
    place = Text("Emergency", "突发事件")
    report.layers.append(point_layer("emergency", place, emergency.lonlat, broken.crew or "–"))
    report.numbers |= {
        "emergency_crew": broken.crew,
        "emergency_late": sum(one.late_s > 0 for one in broken.delays),
        "emergency_dropped": len(broken.dropped),
        "emergency_moved": len(broken.moved),
    }


def _with_crew(plan: Plan, crew: str) -> list[Tour]:
    """Return the tours of a plan, an empty one for a crew whose shift the emergency ends."""
    tours = list(plan.tours)
    if all(tour.crew != crew for tour in tours):
        tours.append(Tour(crew, 0, (), 0, 0))
    return tours


def _sentences(broken: Broken, emergency: Emergency, clock: DayClock) -> list[Text]:
    at = clock.text(emergency.at_s)
    if broken.crew is None:
        return [
            Text(
                f"An emergency at {at}: no crew on shift has the skills and a road to it.",
                f"{at} 的突发事件：没有在班班组具备技能且可达。",
            )
        ]
    first = next(one for one in broken.arrivals if one.crew == broken.crew)
    minutes = math.ceil((first.arrive_s - emergency.at_s) / _MINUTE_S)
    late = sum(one.late_s > 0 or one.after_shift for one in broken.delays)
    return [
        Text(
            f"An emergency at {at}: {broken.crew} would be there first, after {minutes} minutes, "
            f"and free again at {clock.text(broken.done_s)}.",
            f"{at} 的突发事件：{broken.crew} 最先到达，需 {minutes} 分钟，"
            f"{clock.text(broken.done_s)} 处置完毕。",
        ),
        Text(
            f"Keeping its order, {late} of its {len(broken.delays)} visits would be late or after "
            f"its shift. Planned anew from that moment, {len(broken.dropped)} visits drop out and "
            f"{len(broken.moved)} go to another crew.",
            f"若保持原顺序，其 {len(broken.delays)} 个预约中 {late} 个会迟到或超出班次；"
            f"重新安排后取消 {len(broken.dropped)} 个，{len(broken.moved)} 个转给其他班组。",
        ),
    ]


def _arrival_table(broken: Broken, clock: DayClock) -> Table:
    rows: list[Sequence[TableCell]] = [
        (
            one.crew,
            clock.text(one.arrive_s) if math.isfinite(one.arrive_s) else "",
            _DOING[one.doing].en,
            _DOING[one.doing].zh,
            yes_or_no(one.able),
        )
        for one in broken.arrivals
    ]
    columns = [
        ("crew", Text("Crew", "班组")),
        ("there", Text("There at", "到达")),
        ("doing", Text("At that moment", "当时状态（英文）")),
        ("doing_zh", Text("At that moment (Chinese)", "当时状态")),
        ("can_go", Text("Can go", "可派")),
    ]
    title = Text("Who would be at the emergency when", "各班组到达突发事件的时间")
    return Table("emergency_crews", title, columns, rows)


def _harm_table(study: DayStudy, broken: Broken, clock: DayClock) -> Table:
    """Return one row a visit that changes: its old and new time and crew."""
    before = _made(study.plan)
    after = _made(broken.replan) if broken.replan is not None else {}
    kept_order = {one.visit: one for one in broken.delays}
    why = {one.name: reason_words(one.reason) for one in broken.dropped}
    changed = [
        name
        for name in before
        if name in why or name in kept_order or (name in after and after[name] != before[name])
    ]
    rows: list[Sequence[TableCell]] = []
    for name in changed:
        crew, begin_s = before[name]
        delay = kept_order.get(name)
        new_crew, new_begin_s = after.get(name, ("", None))
        rows.append(
            (
                name,
                crew,
                clock.text(begin_s),
                "" if delay is None else clock.text(delay.begin_s),
                None if delay is None else round(delay.late_s / _MINUTE_S),
                new_crew,
                "" if new_begin_s is None else clock.text(new_begin_s),
                why[name].en if name in why else "",
                why[name].zh if name in why else "",
            )
        )
    columns = [
        ("visit", Text("Visit", "预约")),
        ("crew", Text("Crew before", "原班组")),
        ("begins", Text("Began", "原开始")),
        ("kept_begins", Text("Begins, order kept", "保持顺序的开始")),
        ("kept_late_min", Text("Late, min", "迟到（分）")),
        ("new_crew", Text("Crew, planned anew", "新班组")),
        ("new_begins", Text("Begins, planned anew", "新开始")),
        ("dropped", Text("Dropped because", "取消原因（英文）")),
        ("dropped_zh", Text("Dropped because (Chinese)", "取消原因")),
    ]
    title = Text("What the emergency changes", "突发事件的影响")
    return Table("emergency_visits", title, columns, rows)


def _made(plan: Plan) -> dict[str, tuple[str, int]]:
    return {
        stop.name: (tour.crew, stop.begin_s)
        for tour in plan.tours
        for stop in tour.visits
        if stop.name is not None
    }
