"""Where each crew of a plan is at a moment, and what it has still to do."""

from dataclasses import dataclass
from dataclasses import replace
from typing import Literal

import numpy as np

from routing.locate.nearby_streets import WALKING_MPS
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.plans import Stop
from scripts.studies.visits.plans import Tour

Doing = Literal["off_shift", "ready", "working", "break", "driving", "waiting", "homewards", "over"]


@dataclass(frozen=True, slots=True)
class CrewState:
    """What a crew is doing.

    Attributes
    ----------
    ready_at, ready_s
        Where and from when on it could be sent elsewhere. Work and breaks are finished first.
    left
        Its stops that have not begun.
    goes_on
        The crew for a new plan of these: one that is driving drives on to where it is going.
    """

    crew: Crew
    doing: Doing
    ready_at: LonLat
    ready_s: int
    left: tuple[Stop, ...]
    goes_on: Crew


def state_at(tour: Tour, crew: Crew, at_s: int, roads: StudyRoads) -> CrewState:
    """Return what a crew is doing at a second of the day."""
    done = [stop for stop in tour.stops if stop.begin_s <= at_s]
    left = tour.stops[len(done) :]
    here, now_s = (done[-1].lonlat, done[-1].end_s) if done else (crew.start, tour.leave_s)
    rest = replace(crew, pause=crew.pause if any(stop.name is None for stop in left) else None)

    def standing(doing: Doing, place: LonLat, ready_s: int) -> CrewState:
        goes_on = replace(rest, start=place, free_s=ready_s)
        return CrewState(crew, doing, place, ready_s, left, goes_on)

    if at_s >= crew.until_s:
        return standing("over", here, at_s)
    if at_s < now_s:
        return standing(*_busy(crew, done, at_s, here, now_s))
    drive = _next_drive(tour, crew, left)
    if drive is None:
        return standing("ready", here, at_s)
    to, arrive_s = drive
    if at_s >= arrive_s:
        return standing("waiting" if left else "ready", to, at_s)
    # Whoever could wait at the place before waits behind the drive: it leaves at once.
    place = _place_on_drive(roads, here, to, at_s - now_s)
    goes_on = replace(rest, start=to, free_s=arrive_s)
    return CrewState(crew, "driving" if left else "homewards", place, at_s, left, goes_on)


def _busy(
    crew: Crew, done: list[Stop], at_s: int, here: LonLat, now_s: int
) -> tuple[Doing, LonLat, int]:
    """Return what a crew does that has not left a place yet."""
    if done:
        return "working" if done[-1].name is not None else "break", here, now_s
    return "off_shift" if at_s < crew.free_s else "ready", here, max(at_s, crew.free_s)


def _next_drive(tour: Tour, crew: Crew, left: tuple[Stop, ...]) -> tuple[LonLat, int] | None:
    """Return where a crew drives next, and when it is there."""
    if left:
        return left[0].lonlat, left[0].arrive_s
    return (crew.end, tour.home_s) if tour.stops and crew.end is not None else None


def _place_on_drive(roads: StudyRoads, begin: LonLat, end: LonLat, elapsed_s: float) -> LonLat:
    """Return where a drive has got to."""
    if begin == end:
        return begin
    route = roads.router.route([begin], [end])
    steps = np.diff(route.line, axis=0) * (np.cos(np.radians(begin[1])), 1.0)
    along = np.concatenate(([0.0], np.hypot(*steps.T).cumsum()))
    walked_s = route.walks.before_m / WALKING_MPS
    times_s = walked_s + np.concatenate(([0.0], route.edge_travel_time_s.cumsum()))
    reached = np.interp(elapsed_s, times_s, along[np.concatenate(([0], route.edge_last_point))])
    lon, lat = (float(np.interp(reached, along, route.line[:, axis])) for axis in (0, 1))
    return lon, lat
