"""The reasons for which rows of an input do not count, in words."""

from scripts.studies.report.text import Text
from scripts.studies.report.text import same

_REASONS = {
    "off_network": Text("Too far from every road", "离所有道路过远"),
    "duplicate": Text("Same place and name as an earlier row", "与前面某行的位置和名称相同"),
    "empty_geometry": Text("No position", "没有位置"),
    "not_a_place": Text("Position that is nowhere on earth", "坐标无效"),
    "swapped": Text("Latitude and longitude swapped", "经纬度颠倒"),
    "negative_weight": Text("Negative weight", "权重为负"),
    "missing_weight": Text("No weight", "缺少权重"),
    "not_a_number": Text("A weight or position that is no number", "权重或坐标不是数字"),
    "not_a_time": Text("A time that is none", "时间无效"),
    "arrived_before_departing": Text("Arrived before departing", "到达早于出发"),
    "longer_than_6_hours": Text("Took more than six hours", "行程超过六小时"),
    "shorter_than_30_s": Text("Should have taken less than 30 s", "预计行程不足 30 秒"),
    "not_predicted": Text("No time was predicted when it was sent", "派单时没有预计时间"),
    "unreachable": Text("No road leads there", "没有道路可达"),
    "no_skill": Text("No crew has the skills", "没有班组具备所需技能"),
    "crew_absent": Text("Its crew is not on shift", "指定班组当天不在班"),
    "crew_lacks_skill": Text("Its crew lacks the skills", "指定班组缺少所需技能"),
    "no_time": Text("No crew can be there in time on its shift", "没有班组能在班次内按时到达"),
    "no_room": Text("No room beside the other visits", "与其他预约排不下"),
    "window_too_short": Text("Longer than its window", "作业时间超过预约时段"),
    "done_already": Text("Done already", "已完成"),
    "shift_over": Text("Free only after its shift", "下班后才空闲"),
}


def reason_words(reason: str) -> Text:
    """Return what a code of `LeftOut` means; an unknown one as it is."""
    return _REASONS.get(reason, same(reason.replace("_", " ")))
