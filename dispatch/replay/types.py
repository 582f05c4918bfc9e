"""Replays of the past, as the API shows them."""

from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.assignments.types import OverrideAnswer
from dispatch.board.types import EventAnswer
from dispatch.core.instants import InstantText
from dispatch.outcomes.states import Effect
from dispatch.records.types import PhotoAnswer

Format = Literal["gpx", "geojson"]
_CLOSED = ConfigDict(extra="forbid")


@with_config(_CLOSED)
class ReplayOrder(TypedDict):
    """An order as it stood."""

    assignment_id: int
    crew_id: int
    state: str


class IncidentMoment(TypedDict):
    """What an incident was; null where the log of an older one does not say."""

    kind: str | None
    priority: int | None
    address: str | None
    lon: float | None
    lat: float | None
    state: str
    outcome_effect: Annotated[
        Effect | None, Field(description="what the outcomes of its crews meant together")
    ]
    orders: list[ReplayOrder]


class CrewMoment(TypedDict):
    """What a crew was."""

    state: str
    duty: str
    assignment_id: int | None
    incident_id: int | None
    waiting: int


class _From(TypedDict):
    at: InstantText
    event_id: Annotated[
        int | None, Field(description="after which event; null: when the period began")
    ]


@with_config(_CLOSED)
class IncidentFrame(_From, IncidentMoment):
    """What an incident was from an instant on."""


@with_config(_CLOSED)
class CrewFrame(_From, CrewMoment):
    """What a crew was from an instant on."""


@with_config(_CLOSED)
class Track(TypedDict):
    """Where a crew was."""

    fixes: Annotated[int, Field(description="usable position reports in the period")]
    points: Annotated[int, Field(description="of them shown")]
    segments: Annotated[
        list[list[list[float]]],
        Field(
            description="each point longitude, latitude, seconds after `from`; between two "
            "segments the crew was not heard"
        ),
    ]


class PastIncident(TypedDict):
    """An incident of the past as it is known today."""

    id: int
    kind: str
    utility: str
    priority: int
    address: str
    lon: float
    lat: float
    reported_at: InstantText
    closed_at: InstantText | None


class PastCrew(TypedDict):
    """A crew of the past as it is known today."""

    id: int
    name: str
    station_name: str | None
    skills: list[str]


@with_config(_CLOSED)
class ReplayIncident(PastIncident):
    """An incident of the past."""

    frames: list[IncidentFrame]


class FramedCrew(PastCrew):
    """A crew of the past without its track."""

    frames: list[CrewFrame]


@with_config(_CLOSED)
class ReplayCrew(FramedCrew):
    """A crew of the past."""

    track: Track


@with_config(_CLOSED)
class Thinning(TypedDict):
    """What was left out of tracks."""

    every_s: Annotated[
        float | None, Field(description="one fix in so many seconds; null: all were looked at")
    ]
    tolerance_m: Annotated[
        float, Field(description="no crew is shown further than this from where it reported to be")
    ]


@with_config(_CLOSED)
class KeptDecision(TypedDict):
    """Why a crew was sent: every candidate with the numbers of that moment."""

    assignment_id: int
    incident_id: int
    crew_id: int
    crew_name: str
    sent_by: str | None
    decided_at: InstantText
    radius_m: float | None
    reason: str | None
    candidates: Annotated[
        list[dict[str, Any]], Field(description="as the list of candidates showed them then")
    ]
    not_listed: Annotated[
        int | None, Field(description="crews on duty further away; null of older orders")
    ]
    unlocated: Annotated[list[str], Field(description="crews whose place nobody knew")]
    network: Annotated[str | None, Field(description="hash of the road network")]
    metric: Annotated[str | None, Field(description="hash of speeds, closures and the hour")]
    override: Annotated[
        OverrideAnswer | None, Field(description="null where the recommended crew was sent")
    ]


@with_config(_CLOSED)
class About(TypedDict):
    """What is replayed."""

    kind: Literal["incident", "crew", "board"]
    id: int | None


_Period = TypedDict("_Period", {"from": InstantText, "to": InstantText})


class _Happened(_Period):
    server_time: InstantText
    about: About
    incidents: list[ReplayIncident]
    events: list[EventAnswer]
    decisions: list[KeptDecision]
    photos: list[PhotoAnswer]


class ToldPast(_Happened):
    """What happened in a period, without the tracks of its crews."""

    crews: list[FramedCrew]


@with_config(ConfigDict(extra="forbid", title="Replay"))
class ReplayAnswer(_Happened):
    """Everything that a period's page draws."""

    crews: list[ReplayCrew]
    thinning: Thinning


@with_config(ConfigDict(extra="allow", title="GeoJson"))
class GeoJsonAnswer(TypedDict):
    """A GeoJSON feature collection (as GPX 1.1: tracks, routes, waypoints)."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
