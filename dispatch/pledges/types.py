"""Pledges, calendars and weather: the commands, and the answers as the API shows them."""

from typing import Annotated
from typing import Literal
from typing import Self

from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import model_validator
from pydantic import with_config
from pydantic_core import InitErrorDetails
from typing_extensions import TypedDict

from dispatch.core.field_types import Finite
from dispatch.core.field_types import Id
from dispatch.core.field_types import Name
from dispatch.core.field_types import Priority
from dispatch.core.field_types import Reason
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import Skill
from dispatch.core.field_types import Version
from dispatch.core.instants import InstantText
from dispatch.pledges.states import DayKind
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent
from dispatch.pledges.states import WeatherClass
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
_LONGEST_LIMIT_S = 366 * 86_400.0
_MOST_LISTED = 100
MOST_EXCEPTIONS = 1_000
Utility = Literal["gas", "heat", "water", "power"]
HourText = Annotated[
    str,
    Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", description="HH:MM on the desk's wall"),
]
MonthDayText = Annotated[
    str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", description="MM-DD")
]
Span = Annotated[list[HourText], Field(min_length=2, max_length=2, description="from, to")]
Hours = Annotated[list[Span], Field(max_length=12)]
DayText = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
LimitS = Annotated[Finite, Field(gt=0, le=_LONGEST_LIMIT_S, description="seconds")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def minutes(words: str) -> int:
    """Return minutes after midnight of HH:MM."""
    hours, _, rest = words.partition(":")
    return int(hours) * 60 + int(rest)


def clock_words(minute: int) -> str:
    """Return HH:MM of minutes after midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class SetPledge(Command):
    """A pledge as it shall be from now on; running clocks keep what they were started by."""

    name_en: RequiredName
    name_zh: RequiredName
    utility: Utility
    kinds: Annotated[
        list[RequiredName],
        Field(default_factory=list, max_length=_MOST_LISTED, description="none: of all kinds"),
    ]
    priorities: Annotated[
        list[Priority], Field(default_factory=list, max_length=4, description="none: of all")
    ]
    zone_id: Annotated[Id | None, Field(description="only inside this zone")] = None
    from_time: Annotated[
        HourText | None, Field(description="with to_time: only at these hours, over midnight too")
    ] = None
    to_time: HourText | None = None
    days: DayKind = DayKind.ANY
    season_from: MonthDayText | None = None
    season_to: Annotated[
        MonthDayText | None, Field(description="the last day; over New Year's if it is earlier")
    ] = None
    weather: Annotated[
        list[WeatherClass],
        Field(default_factory=list, max_length=4, description="none: in any weather"),
    ]
    asset_from_mm: Annotated[
        Finite | None, Field(ge=0, description="nominal diameter; not where it is unknown")
    ] = None
    asset_below_mm: Annotated[Finite | None, Field(gt=0)] = None
    calendar: Annotated[Code, Field(description="says which days are workdays")] = "office"
    opening_only: Annotated[
        bool, Field(description="only the opening hours of the calendar count")
    ] = False
    start: StartEvent
    stop: StopEvent
    series: Annotated[
        Skill | None,
        Field(description="of the pledges of one series that stop alike the most exact one runs"),
    ] = None
    limit_s: LimitS
    warn_share: Annotated[
        Finite | None,
        Field(gt=0, le=1, description="warn when this share has passed; 0.75 unless said"),
    ] = None
    warn_before_s: Annotated[
        Finite | None, Field(ge=0, description="or so many seconds before the limit")
    ] = None
    target_share: Annotated[
        Finite | None, Field(gt=0, le=1, description="share that is to be kept, such as 0.97")
    ] = None
    pauses: Annotated[
        list[PauseReason],
        Field(default_factory=list, max_length=20, description="reasons that may pause it"),
    ]
    source: Name | None = None
    source_date: Annotated[
        str | None,
        Field(
            pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="of the source: YYYY-MM-DD or less"
        ),
    ] = None
    enabled: bool = True
    expected_version: Version | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        for one, other in (("from_time", "to_time"), ("season_from", "season_to")):
            given = [name for name in (one, other) if getattr(self, name) is not None]
            if len(given) == 1:
                _refuse(self, other if given == [one] else one)
        if self.warn_share is not None and self.warn_before_s is not None:
            _refuse(self, "warn_share", "extra_forbidden")
        return self

    def warn_after_s(self) -> float:
        """Return after how much of the limit somebody is warned."""
        if self.warn_before_s is not None:
            return max(self.limit_s - self.warn_before_s, 0.0)
        return self.limit_s * (0.75 if self.warn_share is None else self.warn_share)


def _refuse(command: Command, field: str, kind: str = "missing") -> None:
    detail = InitErrorDetails(type=kind, loc=(field,), input=None)
    raise ValidationError.from_exception_data(type(command).__name__, [detail])


class UsePreset(Command):
    """Switch a shipped example on or off."""

    enabled: bool


class SetCalendar(Command):
    """A calendar as it shall be from now on."""

    name_en: RequiredName
    name_zh: RequiredName
    weekly: Annotated[
        list[Hours], Field(min_length=7, max_length=7, description="Monday to Sunday")
    ]
    exceptions: Annotated[
        dict[DayText, "ExceptionalDay"],
        Field(
            default_factory=dict,
            max_length=MOST_EXCEPTIONS,
            description="holidays, and weekends that are worked",
        ),
    ]


class ExceptionalDay(Command):
    """One day that is not like its weekday."""

    name: Name = ""
    hours: Annotated[Hours, Field(default_factory=list, description="none: a holiday")]


class DeclareWeather(RepeatableCommand):
    """The weather of a utility, everywhere or in a zone."""

    utility: Utility
    zone_id: Id | None = None
    weather: WeatherClass
    reason: Reason | None = None


@with_config(_ANSWER)
class PledgeAnswer(TypedDict):
    """A pledge."""

    id: int
    code: Annotated[str | None, Field(description="of the example that it was made from")]
    name_en: str
    name_zh: str
    utility: str
    kinds: list[str]
    priorities: list[int]
    zone_id: int | None
    from_time: str | None
    to_time: str | None
    days: DayKind
    season_from: str | None
    season_to: str | None
    weather: list[WeatherClass]
    asset_from_mm: float | None
    asset_below_mm: float | None
    calendar: str
    opening_only: bool
    start: StartEvent
    stop: StopEvent
    series: str
    limit_s: float
    warn_after_s: float
    target_share: float | None
    pauses: list[PauseReason]
    source: str
    source_date: str | None
    kept: Annotated[int, Field(description="of its clocks, decided within the last 30 days")]
    missed: int
    example: Annotated[bool, Field(description="shipped as an example; nobody has confirmed it")]
    enabled: bool
    version: int
    updated_at: InstantText
    updated_by: str


@with_config(_ANSWER)
class PresetAnswer(TypedDict):
    """A shipped example, with where it is said."""

    code: str
    name_en: str
    name_zh: str
    utility: str
    kinds: list[str]
    weather: list[WeatherClass]
    start: StartEvent
    stop: StopEvent
    limit_s: float
    target_share: float | None
    place: str
    source: str
    source_date: str
    needs: Annotated[str, Field(description="what has to be set before it is of use; or empty")]
    enabled: bool


@with_config(_ANSWER)
class PledgesAnswer(TypedDict):
    """What is promised, and the shipped examples."""

    pledges: list[PledgeAnswer]
    presets: list[PresetAnswer]


@with_config(_ANSWER)
class ExceptionalDayAnswer(TypedDict):
    """One day that is not like its weekday."""

    name: str
    hours: list[list[str]]


@with_config(_ANSWER)
class CalendarAnswer(TypedDict):
    """When somebody works."""

    code: str
    name_en: str
    name_zh: str
    weekly: list[list[list[str]]]
    exceptions: dict[str, ExceptionalDayAnswer]
    version: Annotated[int, Field(description="0: as shipped")]
    updated_at: InstantText | None
    updated_by: str


@with_config(_ANSWER)
class CalendarsAnswer(TypedDict):
    """All calendars."""

    time_zone: str
    calendars: list[CalendarAnswer]


@with_config(_ANSWER)
class WeatherAnswer(TypedDict):
    """The weather as declared for a utility, everywhere or in a zone."""

    utility: str
    zone_id: int | None
    weather: WeatherClass
    reason: str
    declared_at: InstantText
    declared_by: str


@with_config(_ANSWER)
class WeathersAnswer(TypedDict):
    """What was declared; where nothing was, the weather is normal."""

    weather: list[WeatherAnswer]
