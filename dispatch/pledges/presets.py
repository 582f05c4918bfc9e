"""Examples of pledges, each with where and when it is said. Pure.

They are examples, not the law of any country: most are what one company or city has pledged, and
the clauses of the Chinese standards (GB/T 28885, GB/T 33833, CJJ 51, CJJ/T 88, CJJ 203, CJJ 207,
CJ/T 316) were not available to us. None holds anywhere until somebody of the utility switches it on
and, better, edits it.
"""

from dataclasses import dataclass
from typing import Final

from dispatch.core.errors import N_
from dispatch.pledges.states import UTILITIES
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass

SEEN_ON: Final = "2026-11"
"""When the sources were looked at, where they carry no date of their own."""
_MIN, _H, _DAY = 60.0, 3600.0, 86_400.0
_SUPPLY_PAUSES = (
    PauseReason.NO_ACCESS,
    PauseReason.CUSTOMER_WISH,
    PauseReason.WAITING_FOR_PERMIT,
    PauseReason.UNSAFE,
)
_CITY_ZONE = N_("a zone of the city: set it when you edit this")
_CALENDAR = N_("a calendar with your holidays")


@dataclass(frozen=True, slots=True)
class Preset:
    """An example, as it is copied when somebody switches it on.

    Attributes
    ----------
    place
        Of whom it was said.
    needs
        What has to be set before it means what it says; empty: nothing.
    demo
        Whether the demo city runs it.
    """

    code: str
    utility: str
    name_en: str
    name_zh: str
    stop: StopEvent
    limit_s: float
    place: str
    source: str
    source_date: str = SEEN_ON
    start: StartEvent = StartEvent.REPORT_RECEIVED
    kinds: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    weather: tuple[WeatherClass, ...] = ()
    from_time: str | None = None
    to_time: str | None = None
    asset_from_mm: float | None = None
    asset_below_mm: float | None = None
    opening_only: bool = False
    target_share: float | None = None
    pauses: tuple[PauseReason, ...] = ()
    series: str = ""
    needs: str = ""
    demo: bool = False


_CN_GAS = N_("China, pledge of one gas company")
_CN_HEAT = N_("China, pledges of heating companies and cities")
_CN_WATER = N_("China, pledges of water companies and cities")
_STATE_GRID = N_("China, State Grid")
_UK = N_("United Kingdom")

_OF_UTILITIES: Final = (
    # Gas
    Preset(
        *("gas_uk_uncontrolled", "gas", "Gas escape: there in 1 h", "燃气泄漏：1 小时到场"),
        *(StopEvent.ON_SCENE, _H, _UK, "Ofgem; HSE SPC/ENFORCEMENT/140 (uncontrolled escapes)"),
        kinds=("gas_leak",),
        priorities=(1,),
        target_share=0.97,
    ),
    Preset(
        *("gas_uk_controlled", "gas", "Controlled escape: there in 2 h", "受控泄漏：2 小时到场"),
        *(StopEvent.ON_SCENE, 2 * _H, _UK, "Ofgem; HSE SPC/ENFORCEMENT/140 (controlled escapes)"),
        kinds=("gas_leak",),
        priorities=(2, 3, 4),
        target_share=0.97,
    ),
    Preset(
        *("gas_uk_prevented", "gas", "Escape prevented in 12 h", "12 小时内消除泄漏"),
        *(StopEvent.MADE_SAFE, 12 * _H, _UK, "HSE SPC/ENFORCEMENT/140"),
        kinds=("gas_leak",),
        pauses=(PauseReason.NO_ACCESS, PauseReason.UNSAFE),
        demo=True,
    ),
    Preset(
        *("gas_de_30", "gas", "Gas hazard: there in 30 min", "燃气险情：30 分钟到场"),
        *(StopEvent.ON_SCENE, 30 * _MIN, N_("Germany"), "DVGW GW 1200"),
        kinds=("gas_leak",),
        demo=True,
    ),
    Preset(
        *("gas_it_60", "gas", "There within 60 min of the call", "接电话后 60 分钟到场"),
        *(StopEvent.ON_SCENE, _H, N_("Italy"), "Gazzetta Ufficiale 000A4031, art. 15"),
        start=StartEvent.CALL_STARTED,
    ),
    Preset(
        *("gas_us_30", "gas", "Share there within 30 min", "30 分钟到场率"),
        *(StopEvent.ON_SCENE, 30 * _MIN, N_("USA, New York"), "16 NYCRR 255.825 (reported share)"),
        kinds=("gas_leak",),
        series="share_30",
    ),
    Preset(
        *("gas_us_60", "gas", "Share there within 60 min", "60 分钟到场率"),
        *(StopEvent.ON_SCENE, _H, N_("USA, New York"), "16 NYCRR 255.825 (reported share)"),
        kinds=("gas_leak",),
        series="share_60",
    ),
    Preset(
        *("gas_cn_emergency", "gas", "Emergency: there in 15 min", "应急抢险：15 分钟到场"),
        *(StopEvent.ON_SCENE, 15 * _MIN, _CN_GAS, "company pledge"),
        priorities=(1,),
    ),
    Preset(
        *("gas_cn_leak", "gas", "Leak: there in 1 h", "漏气：1 小时到场"),
        *(StopEvent.ON_SCENE, _H, _CN_GAS, "company pledge"),
        kinds=("gas_leak",),
    ),
    Preset(
        *("gas_cn_indoor", "gas", "Indoor fault: there in 4 h", "户内故障：4 小时到场"),
        *(StopEvent.ON_SCENE, 4 * _H, _CN_GAS, "company pledge"),
        priorities=(3, 4),
    ),
    # Heat
    Preset(
        *("heat_cn_on_site", "heat", "There in 2 h", "2 小时到场"),
        *(StopEvent.ON_SCENE, 2 * _H, _CN_HEAT, "company and city pledges (1 to 2 h)"),
        target_share=0.98,
        demo=True,
    ),
    Preset(
        *("heat_cn_leak", "heat", "Leak: there in 30 min", "供热管道泄漏：30 分钟到场"),
        *(StopEvent.ON_SCENE, 30 * _MIN, _CN_HEAT, "company and city pledges"),
        kinds=("heat_leak",),
        priorities=(1,),
        target_share=0.98,
    ),
    Preset(
        *("heat_cn_restored", "heat", "Heat back in 48 h", "48 小时恢复供热"),
        *(StopEvent.RESTORED, 48 * _H, _CN_HEAT, "company and city pledges"),
        pauses=_SUPPLY_PAUSES,
        demo=True,
    ),
    Preset(
        *("heat_cn_callback", "heat", "Called back in 2 working days", "2 个工作日内回访"),
        *(StopEvent.CALLED_BACK, 2 * 9 * _H, _CN_HEAT, "company and city pledges"),
        start=StartEvent.RESTORED,
        opening_only=True,
        needs=_CALENDAR,
    ),
    # Water
    Preset(
        *(
            "water_cn_burst_city",
            "water",
            "Burst ≥ DN100: there in 45 min",
            "DN100 以上爆管：45 分钟到场",
        ),
        *(
            StopEvent.ON_SCENE,
            45 * _MIN,
            _CN_WATER,
            "company and city pledges (inside the ring road)",
        ),
        kinds=("water_burst",),
        asset_from_mm=100,
        target_share=0.97,
        needs=_CITY_ZONE,
    ),
    Preset(
        *(
            "water_cn_burst",
            "water",
            "Burst ≥ DN100: there in 90 min",
            "DN100 以上爆管：90 分钟到场",
        ),
        *(
            StopEvent.ON_SCENE,
            90 * _MIN,
            _CN_WATER,
            "company and city pledges (outside the ring road)",
        ),
        kinds=("water_burst",),
        asset_from_mm=100,
        target_share=0.97,
    ),
    Preset(
        *("water_cn_day", "water", "By day: there in 60 min", "白天 60 分钟到场"),
        *(StopEvent.ON_SCENE, _H, _CN_WATER, "company and city pledges"),
        from_time="06:00",
        to_time="22:00",
        target_share=0.97,
        demo=True,
    ),
    Preset(
        *("water_cn_night", "water", "By night: there in 90 min", "夜间 90 分钟到场"),
        *(StopEvent.ON_SCENE, 90 * _MIN, _CN_WATER, "company and city pledges"),
        from_time="22:00",
        to_time="06:00",
        target_share=0.97,
        demo=True,
    ),
    Preset(
        *("water_cn_repair_small", "water", "Repaired < DN100 in 24 h", "DN100 以下 24 小时修复"),
        *(StopEvent.RESTORED, 24 * _H, _CN_WATER, "company and city pledges"),
        asset_below_mm=100,
        pauses=_SUPPLY_PAUSES,
    ),
    Preset(
        *("water_cn_repair_large", "water", "Repaired ≥ DN100 in 30 h", "DN100 以上 30 小时修复"),
        *(StopEvent.RESTORED, 30 * _H, _CN_WATER, "company and city pledges"),
        asset_from_mm=100,
        pauses=_SUPPLY_PAUSES,
    ),
    Preset(
        *("water_uk_restored", "water", "Water back in 12 h", "12 小时恢复供水"),
        *(StopEvent.RESTORED, 12 * _H, _UK, "Ofwat, guaranteed standards"),
        pauses=(PauseReason.NO_ACCESS,),
        demo=True,
    ),
    Preset(
        *("water_uk_trunk", "water", "Trunk main: water back in 48 h", "输水干管：48 小时恢复供水"),
        *(StopEvent.RESTORED, 48 * _H, _UK, "Ofwat, guaranteed standards"),
        asset_from_mm=300,
        needs=N_("the diameter from which a main is a trunk main"),
    ),
    # Power
    Preset(
        *("power_cn_city", "power", "City: there in 45 min", "城区：45 分钟到场"),
        *(StopEvent.ON_SCENE, 45 * _MIN, _STATE_GRID, "State Grid service pledge"),
        needs=_CITY_ZONE,
        demo=True,
    ),
    Preset(
        *("power_cn_country", "power", "Country: there in 90 min", "农村：90 分钟到场"),
        *(StopEvent.ON_SCENE, 90 * _MIN, _STATE_GRID, "State Grid service pledge"),
        needs=N_("a zone of the country: set it when you edit this"),
    ),
    Preset(
        *("power_cn_remote", "power", "Remote: there in 2 h", "特殊边远地区：2 小时到场"),
        *(StopEvent.ON_SCENE, 2 * _H, _STATE_GRID, "State Grid service pledge"),
        needs=N_("a zone of what is remote: set it when you edit this"),
    ),
    Preset(
        *("power_uk_normal", "power", "Power back in 12 h", "12 小时恢复供电"),
        *(StopEvent.RESTORED, 12 * _H, _UK, "Ofgem, guaranteed standards (normal weather)"),
        pauses=(PauseReason.NO_ACCESS,),
        demo=True,
    ),
    Preset(
        *("power_uk_storm", "power", "Storm: power back in 24 h", "风暴：24 小时恢复供电"),
        *(StopEvent.RESTORED, 24 * _H, _UK, "Ofgem, guaranteed standards (category 1 storm)"),
        weather=(WeatherClass.STORM_1,),
        pauses=(PauseReason.NO_ACCESS,),
        demo=True,
    ),
)


def _hotline(utility: str, *, urgent: bool) -> Preset:
    """Return what a city rules for tickets of its hotline."""
    return Preset(
        code=f"{utility}_12345_urgent" if urgent else f"{utility}_12345",
        utility=utility,
        name_en=f"12345 ticket{', urgent' if urgent else ''}: answered in {2 if urgent else 24} h",
        name_zh=f"12345 {'紧急' if urgent else ''}工单：{2 if urgent else 24} 小时答复",
        stop=StopEvent.CALLED_BACK,
        limit_s=2 * _H if urgent else _DAY,
        place=N_("China, city rules"),
        source="city rules for 12345",
        priorities=(1,) if urgent else (),
        series="12345",
    )


PRESETS: Final = (
    *_OF_UTILITIES,
    *(_hotline(utility, urgent=True) for utility in UTILITIES),
    *(_hotline(utility, urgent=False) for utility in UTILITIES),
)
BY_CODE: Final = {each.code: each for each in PRESETS}
DEMO_CODES: Final = tuple(each.code for each in PRESETS if each.demo)
"""What the demo city runs, so that there are clocks to be seen: a few for each utility."""
