"""What a study of fleets found, in plain sentences of both languages."""

import math

from scripts.studies.fleet.fleet_study import DESK
from scripts.studies.fleet.fleet_study import DYNAMIC
from scripts.studies.fleet.fleet_study import STAY
from scripts.studies.fleet.fleet_study import TABLE
from scripts.studies.fleet.fleet_study import FleetSize
from scripts.studies.fleet.fleet_study import FleetStudy
from scripts.studies.report.short_log import short_log_words
from scripts.studies.report.text import Text
from scripts.studies.simulation.comparing import Interval

_MINUTE_S = 60.0
RULES = {
    STAY: Text("nobody moves up", "不补位"),
    DESK: Text("the desk's own move-ups", "系统自带补位规则"),
    TABLE: Text("compliance table", "补位对照表"),
    DYNAMIC: Text("DMEXCLP", "DMEXCLP"),
}


def sentences(study: FleetStudy) -> list[Text]:
    """Return what was found, the most important first."""
    bend = study.sizes[study.bend]
    return [
        _reached(study, bend),
        *_enough(study),
        Text(
            f"The work keeps {study.erlang:.1f} crews busy on average.",
            f"平均有 {study.erlang:.1f} 个班组处于忙碌状态。",
        ),
        *_rules(study),
        *short_log_words(study.log_at, study.wanted.zone),
    ]


def _enough(study: FleetStudy) -> list[Text]:
    if len(study.sizes) == 1:
        return []
    enough, least = study.sizes[study.enough], 100.0 * study.wanted.least_gain
    crews, reached = enough.crews, percent(enough.in_time)
    if study.enough == len(study.sizes) - 1:
        # Nothing is known of a fleet beyond the largest that was tried.
        told = Text(
            f"Up to {crews} crews, which reach {reached} in time, crews gain {least:g} % of"
            " incidents or more: try more.",
            f"至 {crews} 个班组（按时率 {reached}），增加班组的收益仍不低于 {least:g} %："
            "请尝试更多班组。",
        )
    else:
        told = Text(
            f"From {crews} crews on, a further crew gains less than {least:g} % of"
            f" incidents; {crews} crews reach {reached} in time.",
            f"从 {crews} 个班组起，再增加一个班组的收益低于 {least:g} %；"
            f"{crews} 个班组按时率为 {reached}。",
        )
    return [told]


def percent(share: Interval) -> str:
    """Return a share with its interval, in per cent."""
    if math.isnan(share.half_width):
        return f"{100.0 * share.mean:.1f} %"
    return f"{100.0 * share.mean:.1f} ± {100.0 * share.half_width:.1f} %"


def minutes(seconds: Interval) -> str:
    """Return a time with its interval, in minutes."""
    if math.isnan(seconds.half_width):
        return f"{seconds.mean / _MINUTE_S:.1f} min"
    return f"{seconds.mean / _MINUTE_S:.1f} ± {seconds.half_width / _MINUTE_S:.1f} min"


def _reached(study: FleetStudy, size: FleetSize) -> Text:
    limit = f"{study.wanted.within_s / _MINUTE_S:g}"
    if study.bend == len(study.sizes) - 1:
        return Text(
            f"The curve does not bend up to {size.crews} crews, which reach"
            f" {percent(size.in_time)} of incidents within {limit} min: try more.",
            f"至 {size.crews} 个班组曲线尚未出现拐点，此时 {percent(size.in_time)} 的险情在"
            f" {limit} 分钟内到达：请尝试更多班组。",
        )
    of_reached = Text("", "")
    if size.never > 0.0:
        of_reached = Text(
            f" of those that a crew reached ({size.never:.1%} never were)",
            f"（不计始终无人到达的 {size.never:.1%}）",
        )
    return Text(
        f"The curve bends at {size.crews} crews: {percent(size.in_time)} of incidents are reached"
        f" within {limit} min, 90 %{of_reached.en} within {minutes(size.p90_s)}.",
        f"曲线拐点为 {size.crews} 个班组：{percent(size.in_time)} 的险情在 {limit} 分钟内到达，"
        f"90 %{of_reached.zh}的响应时间不超过 {minutes(size.p90_s)}。",
    )


def _rules(study: FleetStudy) -> list[Text]:
    told = []
    for rule in (DESK, TABLE, DYNAMIC):
        gain = study.difference(rule, STAY)
        moves = study.comparison.mean(rule, "moves").mean
        days = study.wanted.days + study.wanted.warm_up_h / 24.0
        certain = gain.low > 0.0 or gain.high < 0.0
        doubt = Text("", "") if certain else Text(" (no certain difference)", "（差异不显著）")
        told.append(
            Text(
                f"With {study.chosen} crews, {RULES[rule].en}: {_points(gain)} points in time"
                f" against staying at the posts{doubt.en}, {moves / days:.1f} moves a day.",
                f"{study.chosen} 个班组，{RULES[rule].zh}：与原地待命相比按时率变化"
                f" {_points(gain)} 个百分点{doubt.zh}，每天补位 {moves / days:.1f} 次。",
            )
        )
    return told


def _points(gain: Interval) -> str:
    if math.isnan(gain.half_width):
        return f"{100.0 * gain.mean:+.2f}"
    return f"{100.0 * gain.mean:+.2f} ± {100.0 * gain.half_width:.2f}"
