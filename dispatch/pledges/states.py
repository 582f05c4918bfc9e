"""What starts, stops and pauses a clock, and when a pledge holds. Pure words."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class StartEvent(StrEnum):
    """From when a clock counts."""

    CALL_STARTED = "call_started"
    """The call, by the call taker's clock; earlier than the pin where that is told."""
    REPORT_RECEIVED = "report_received"
    """When the first report came in."""
    PINNED = "pinned"
    RESTORED = "restored"
    """When the work was done: what is promised for afterwards, such as calling back."""


class StopEvent(StrEnum):
    """What keeps a pledge."""

    ON_SCENE = "on_scene"
    MADE_SAFE = "made_safe"
    RESTORED = "restored"
    CALLED_BACK = "called_back"


class PauseReason(StrEnum):
    """Why a clock stands still."""

    NO_ACCESS = "no_access"
    CUSTOMER_WISH = "customer_wish"
    WAITING_FOR_PARTS = "waiting_for_parts"
    WAITING_FOR_PERMIT = "waiting_for_permit"
    WAITING_FOR_OTHERS = "waiting_for_others"
    UNSAFE = "unsafe"


class DayKind(StrEnum):
    """On which days a pledge holds."""

    ANY = "any"
    WORKDAYS = "workdays"
    FREE_DAYS = "free_days"


class WeatherClass(StrEnum):
    """The weather as the desk declared it, the mildest first."""

    NORMAL = "normal"
    SEVERE_COLD = "severe_cold"
    STORM_1 = "storm_1"
    STORM_2 = "storm_2"


UTILITIES: Final = ("gas", "heat", "water", "power")

UTILITY_LABELS = {
    "gas": N_("Gas"),
    "heat": N_("Heat"),
    "water": N_("Water"),
    "power": N_("Power"),
}
START_LABELS = {
    StartEvent.CALL_STARTED: N_("from the call"),
    StartEvent.REPORT_RECEIVED: N_("from the report"),
    StartEvent.PINNED: N_("from the pin"),
    StartEvent.RESTORED: N_("from the end of the work"),
}
STOP_LABELS = {
    StopEvent.ON_SCENE: N_("Crew there"),
    StopEvent.MADE_SAFE: N_("Safe"),
    StopEvent.RESTORED: N_("Supply back"),
    StopEvent.CALLED_BACK: N_("Called back"),
}
PAUSE_LABELS = {
    PauseReason.NO_ACCESS: N_("Nobody lets us in"),
    PauseReason.CUSTOMER_WISH: N_("The customer wants it later"),
    PauseReason.WAITING_FOR_PARTS: N_("Waiting for parts"),
    PauseReason.WAITING_FOR_PERMIT: N_("Waiting for a permit"),
    PauseReason.WAITING_FOR_OTHERS: N_("Waiting for others"),
    PauseReason.UNSAFE: N_("Not safe to work"),
}
WEATHER_LABELS = {
    WeatherClass.NORMAL: N_("Normal weather"),
    WeatherClass.SEVERE_COLD: N_("Severe cold"),
    WeatherClass.STORM_1: N_("Storm, category 1"),
    WeatherClass.STORM_2: N_("Storm, category 2"),
}
DAY_LABELS = {
    DayKind.ANY: N_("every day"),
    DayKind.WORKDAYS: N_("workdays"),
    DayKind.FREE_DAYS: N_("weekends and holidays"),
}
