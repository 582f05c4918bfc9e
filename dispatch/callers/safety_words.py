"""What callers are told to do until the crew is there, as shipped, by utility. Pure.

One line for each thing to do. A company says it in its own words for each kind of incident.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Words(NamedTuple):
    """The same in both languages."""

    en: str
    zh: str


SHIPPED: Mapping[str, Words] = MappingProxyType(
    {
        "gas": Words(
            "Switch nothing on or off: no light, no bell, no plug.\n"
            "No flame and no smoking.\n"
            "Open windows and doors.\n"
            "Close the gas valve if you can reach it safely.\n"
            "Leave the house, and take everybody with you; knock, do not ring.\n"
            "Telephone only from outside.",
            "不要开关任何电器：不开灯、不按门铃、不拔插头。\n"
            "不要使用明火，不要吸烟。\n"
            "打开门窗通风。\n"
            "在安全的情况下关闭燃气阀门。\n"
            "带上所有人离开房屋；通知邻居请敲门，不要按门铃。\n"
            "到室外再打电话。",
        ),
        "water": Words(
            "Stay away from where the ground has sunk or is washed out.\n"
            "Close your main tap if water comes into the house.\n"
            "Keep away from sockets and cables that are wet.\n"
            "Put some drinking water aside: the supply may be cut off.",
            "请远离地面塌陷或被冲刷的地方。\n"
            "如有水进入室内，请关闭进户总阀。\n"
            "不要接触潮湿的插座和电线。\n"
            "请储备少量饮用水：可能会停水。",
        ),
        "heat": Words(
            "Stay away from steam and hot water; the ground around may be washed out.\n"
            "Do not touch pipes or radiators that leak.\n"
            "Close the valves of your heating if you can reach them safely.\n"
            "Keep children and animals away.",
            "请远离蒸汽、热水及其周围地面：地面可能已被掏空。\n"
            "不要触摸泄漏的管道或暖气片。\n"
            "在安全的情况下关闭户内供暖阀门。\n"
            "看管好儿童和宠物。",
        ),
        "power": Words(
            "Stay at least 10 metres away from cables that hang or lie on the ground.\n"
            "Touch nobody who is in contact with a cable: call the emergency number.\n"
            "Touch no metal fence, pole or vehicle near them.\n"
            "Switch off what was running, so that it does not start by itself.",
            "请与垂落或掉在地上的电线保持至少10米距离。\n"
            "不要触碰与电线接触的人，请拨打急救电话。\n"
            "不要触碰附近的金属围栏、电线杆和车辆。\n"
            "关闭原来在运行的电器，以防来电后自动启动。",
        ),
    }
)
OTHERWISE = Words(
    "Keep away from the danger, and keep others away.", "请远离危险，并提醒他人远离。"
)
"""Of a utility that none was shipped for."""


def shipped_for(utility: str) -> Words:
    """Return the words that are shipped for a utility's incidents."""
    return SHIPPED.get(utility, OTHERWISE)
