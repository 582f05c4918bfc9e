"""Texts of simulated crews, in both languages, as readers of the board may use either."""

from random import Random

REPAIRED = "repaired"
"""The outcome of all work of simulated crews; every kind of incident accepts it."""
NO_WAY = "No road leads there from here. 从这里没有路可到。"

UNDERSTOOD = "Understood. 收到。"

_RESULTS = {
    "gas": (
        "Gasket replaced, no gas measured. 已更换密封垫，检测无燃气。",
        "Valve closed and repaired, supply restored. 已关阀维修，恢复供气。",
        "Regulator set anew, pressure normal. 已重新调压，压力正常。",
    ),
    "heat": (
        "Pipe clamped, pressure holds. 管道已抱箍，压力稳定。",
        "Air let out, radiators warm. 已排气，暖气恢复。",
        "Pump restarted, flow 70 °C. 水泵已重启，供水 70 ℃。",
    ),
    "water": (
        "Coupling replaced, line flushed. 已更换接头并冲洗管道。",
        "Leak sealed, supply restored. 漏点已封堵，恢复供水。",
        "Shut-off valve repaired. 截止阀已修复。",
    ),
    "power": (
        "Fuse replaced, voltage normal. 已更换熔断器，电压正常。",
        "Line made safe and reconnected. 线路已排险并恢复。",
        "Breaker reset, load checked. 断路器已复位，负荷正常。",
    ),
}
_ANYTHING = ("Made safe and repaired. 已排险并修复。",)
_REASONS = (
    "Vehicle does not start. 车辆无法启动。",
    "Tools are still on another site. 工具还在其他现场。",
    "One of us is hurt. 有人员受伤。",
)


def result(utility: str, rng: Random) -> str:
    """Return the result that a crew reports after its work."""
    return rng.choice(_RESULTS.get(utility, _ANYTHING))


def reason(rng: Random) -> str:
    """Return a reason for declining an order."""
    return rng.choice(_REASONS)
