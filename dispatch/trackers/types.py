"""Trackers: commands to set them up, and how they are as the API shows it."""

from typing import Annotated
from typing import NotRequired

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.crews.states import Duty
from dispatch.trackers.states import Protocol
from dispatch.trackers.states import SpeedUnit
from dispatch.trackers.states import Trouble
from dispatch.writes.command import Command
from geodata.crs.datum import Datum

_ANSWER = ConfigDict(extra="forbid")
_DAY_S = 86_400.0


def _limit(least: float, most: float, description: str) -> object:
    return Field(ge=least, le=most, allow_inf_nan=False, description=description)


class TrackerFilters(Command):
    """Which fixes of a tracker are not used, beside the rules that hold for all.

    All refuse what is invalid, at 0°, 0°, sent twice, older than the latest, or of a time off duty.
    """

    past_s: Annotated[
        float | None,
        _limit(1, 365 * _DAY_S, "older than so many seconds; all that is kept if null"),
    ] = None
    future_s: Annotated[float, _limit(0, 60, "ahead of our clock by more than so many seconds")] = (
        60
    )
    inaccurate_m: Annotated[float, _limit(1, 500, "less accurate than so many metres")] = 500
    fastest_mps: Annotated[float, _limit(1, 70, "faster than so many metres a second")] = 70
    near_m: Annotated[float, _limit(0, 10_000, "nearer to the one before, for 5 minutes")] = 0
    near_s: Annotated[float, _limit(0, 300, "sooner after the one before")] = 0
    refuse_mock: Annotated[bool, Field(description="made by a program on the phone")] = True
    refuse_approximate: Annotated[bool, Field(description="from masts and networks only")] = True


AS_SHIPPED = TrackerFilters()


class AddTracker(Command):
    """A tracker for a crew."""

    crew_id: Id
    name: RequiredName
    protocol: Protocol = Protocol.OSMAND
    datum: Datum = Datum.WGS84
    speed_unit: Annotated[
        SpeedUnit | None, Field(description="the protocol's own when not given")
    ] = None
    filters: TrackerFilters = AS_SHIPPED


class ChangeTracker(Command):
    """What is to be different of a tracker; what is not named stays."""

    name: RequiredName | None = None
    datum: Datum | None = None
    speed_unit: SpeedUnit | None = None
    filters: TrackerFilters | None = None


class IssueTracker(Command):
    """A new secret; nothing need be said about it."""


class RevokeTracker(Command):
    """Nothing more is taken of it; nothing need be said about it."""


class TestTracker(Command):
    """Somebody waits to hear from it; nothing need be said about it."""


class TrackerListQuery(ListQuery):
    """Which trackers."""

    crew_id: Id | None = None
    protocol: Protocol | None = None
    trouble: Trouble | None = None
    in_trouble: Annotated[
        bool | None, Field(description="only those with some trouble, or without any")
    ] = None
    revoked: Annotated[bool, Field(description="those that were revoked instead")] = False


@with_config(_ANSWER)
class TrackerTestAnswer(TypedDict):
    """The last time that somebody at a desk wanted to know whether a tracker is heard."""

    asked_at: InstantText
    answered_at: InstantText | None


@with_config(_ANSWER)
class TrackerAnswer(TypedDict):
    """One tracker, and how it is; its secret is known to nobody but itself."""

    id: int
    crew_id: int
    crew_name: str
    duty: Duty
    name: str
    protocol: Protocol
    datum: Datum
    speed_unit: SpeedUnit
    filters: "TrackerFiltersAnswer"
    made_at: InstantText
    made_by: str
    issued_at: Annotated[InstantText, Field(description="when its present secret was made")]
    revoked_at: InstantText | None
    heard_at: Annotated[InstantText | None, Field(description="any request, on duty or off")]
    fixed_at: Annotated[InstantText | None, Field(description="of its last usable fix")]
    received_at: InstantText | None
    moved_at: Annotated[
        InstantText | None, Field(description="up to when its crew moved, as far as it tells")
    ]
    accuracy_m: float | None
    battery_pct: float | None
    charging: bool | None
    used_today: int
    refused_today: Annotated[dict[str, int], Field(description="how many, by reason")]
    refused_share: Annotated[float, Field(description="of all fixes today, 0 to 1")]
    in_use: Annotated[bool, Field(description="whether its crew's position is from it")]
    troubles: list[Trouble]
    test: TrackerTestAnswer | None


@with_config(_ANSWER)
class TrackerFiltersAnswer(TypedDict):
    """`TrackerFilters` as they are set."""

    past_s: float | None
    future_s: float
    inaccurate_m: float
    fastest_mps: float
    near_m: float
    near_s: float
    refuse_mock: bool
    refuse_approximate: bool


@with_config(_ANSWER)
class TrackersAnswer(TypedDict):
    """Trackers, those in trouble first."""

    server_time: InstantText
    trackers: list[TrackerAnswer]
    total: int
    in_trouble: Annotated[int, Field(description="of all that are seen, whatever is asked for")]


@with_config(_ANSWER)
class TrackerIssuedAnswer(TypedDict):
    """A tracker with its secret, which is told this once."""

    tracker: TrackerAnswer
    login: Annotated[str, Field(description="empty where the secret alone signs in")]
    secret: str
    link: NotRequired[Annotated[str, Field(description="opened on the phone, it sets it up")]]
    qr: NotRequired[Annotated[str, Field(description="the link as a QR code, a data: address")]]


@with_config(_ANSWER)
class RefusedFixAnswer(TypedDict):
    """A fix that was not used."""

    received_at: InstantText
    fixed_at: InstantText
    reason: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None


@with_config(_ANSWER)
class RefusedFixesAnswer(TypedDict):
    """The refused fixes of a tracker, the newest first."""

    refused: list[RefusedFixAnswer]
