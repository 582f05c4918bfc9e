"""Shapes of replay: what a page needs to play a period of the past."""

from typing import Any
from typing import Literal

from pydantic import Field

from dispatch.records.types import PhotoAnswer
from webconsole.platform.answers import Answer
from webconsole.platform.answers import Candidate
from webconsole.platform.answers import Event
from webconsole.platform.answers import Instant
from webconsole.platform.queries import PeriodQuery


class ExportQuery(PeriodQuery):
    """From when until when, and as what."""

    format: Literal["gpx", "geojson"] = "gpx"


class ReplayOrder(Answer):
    """An order as it stood."""

    assignment_id: int
    crew_id: int
    state: str


class IncidentFrame(Answer):
    """What an incident was from an instant on."""

    at: Instant
    event_id: int | None = Field(description="after which event")
    state: str
    orders: list[ReplayOrder]


class CrewFrame(Answer):
    """What a crew was from an instant on."""

    at: Instant
    event_id: int | None = Field(description="after which event; null: when the period began")
    state: str
    duty: str
    assignment_id: int | None
    incident_id: int | None
    waiting: int


class Track(Answer):
    """Where a crew was."""

    fixes: int = Field(description="usable position reports in the period")
    points: int = Field(description="of them shown")
    segments: list[list[list[float]]] = Field(
        description="each point longitude, latitude, seconds after `from`; between two segments "
        "the crew was not heard"
    )


class ReplayIncident(Answer):
    """An incident of the past."""

    id: int
    kind: str
    utility: str
    priority: int
    address: str
    lon: float
    lat: float
    frames: list[IncidentFrame]


class ReplayCrew(Answer):
    """A crew of the past."""

    id: int
    name: str
    station_name: str | None
    skills: list[str]
    frames: list[CrewFrame]
    track: Track


class Thinning(Answer):
    """What was left out of tracks."""

    every_s: float | None = Field(
        description="one fix in so many seconds; null: all were looked at"
    )
    tolerance_m: float = Field(
        description="no crew is shown further than this from where it reported to be"
    )


class KeptDecision(Answer):
    """Why a crew was sent: every candidate with the numbers of that moment."""

    assignment_id: int
    incident_id: int
    crew_id: int
    crew_name: str
    sent_by: str
    decided_at: Instant
    radius_m: float | None
    reason: str | None
    candidates: list[Candidate]


class About(Answer):
    """What is replayed."""

    kind: Literal["incident", "crew", "board"]
    id: int | None


class Replay(Answer):
    """Everything that a period's page draws."""

    server_time: Instant
    about: About
    from_: Instant = Field(alias="from")
    to: Instant
    incidents: list[ReplayIncident]
    crews: list[ReplayCrew]
    thinning: Thinning
    events: list[Event]
    decisions: list[KeptDecision]
    photos: list[PhotoAnswer]


class GeoJson(Answer):
    """A GeoJSON feature collection (as GPX 1.1: tracks, routes, waypoints)."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
