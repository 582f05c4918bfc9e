"""Names of rules and measures in both languages."""

from typing import Final

from scripts.studies.report.text import Text
from scripts.studies.simulation.demand.duration_fits import Family
from scripts.studies.simulation.scenario import Choice
from scripts.studies.simulation.study import MOVE_UP

_CHOICES: Final = {
    Choice.NEAREST_LINE: Text("nearest by straight line", "直线距离最近"),
    Choice.BEST_ARRIVAL: Text("soonest there by road", "按道路最早到达"),
    Choice.BATCH: Text("in batches", "批量派单"),
    Choice.GRAB: Text("grab", "抢单"),
}
MEASURES: Final = {
    "mean_response_s": Text("Mean response, s", "平均响应时间（秒）"),
    "p90_response_s": Text("90 % respond within, s", "90% 响应时间（秒）"),
    "mean_wait_s": Text("Mean wait for a crew, s", "平均等待派单（秒）"),
    "mean_travel_s": Text("Mean travel, s", "平均行程（秒）"),
    "late_share": Text("Pledges lost, %", "超时比例（%）"),
    "workload": Text("Workload, %", "工作负荷（%）"),
    "moves": Text("Move-ups", "补位次数"),
    "never_served": Text("Never served", "始终无人可派"),
}
SHARES: Final = frozenset({"late_share", "workload"})
FAMILIES: Final = {
    Family.LOGNORMAL: Text("lognormal", "对数正态分布"),
    Family.GAMMA: Text("gamma", "伽马分布"),
    Family.EXPONENTIAL: Text("exponential", "指数分布"),
    Family.EMPIRICAL: Text("as observed", "按观测值"),
}


def rule_words(name: str) -> Text:
    """Return what a rule is called."""
    choice, _, move_up = name.partition("+")
    words = _CHOICES[Choice(choice)]
    if not move_up:
        return words
    if move_up == MOVE_UP:
        return Text(f"{words.en}, with move-ups", f"{words.zh}，含补位")
    return Text(f"{words.en}, with move-ups ({move_up})", f"{words.zh}，含补位（{move_up}）")
