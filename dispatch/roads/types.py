"""What dispatch asks of the road network; `dispatch.roads.adapter` answers, tests may stand in."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from typing import NamedTuple
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

LonLat = tuple[float, float]


class Origin(NamedTuple):
    """Where somebody sets out; of a crew, with the heading and speed of its latest fix.

    A crew that is driving is on a street that runs its way, and turning round takes time.
    """

    lon: float
    lat: float
    heading_deg: float | None = None
    speed_mps: float | None = None


class Via(NamedTuple):
    """A place on a street, and the direction in which it is driven there: what a way leads by.

    It names the street by its place, for the numbers of streets change with every import.
    """

    lon: float
    lat: float
    heading_deg: float


class DrivingProfile(StrEnum):
    """How a crew drives: by the rules, or with blue lights as the law allows it on urgent tasks."""

    NORMAL = "normal"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class RoadTimes:
    """Travel times of many origins to one target, walks to and from the road included.

    ``travel_time_s`` has one entry an origin, ``inf`` where no road leads; ``off_road`` tells
    which origins are too far from any road to have a time.
    """

    travel_time_s: Sequence[float]
    off_road: Sequence[bool]


@dataclass(frozen=True, slots=True)
class RoadMatrix:
    """Travel times between many origins and many targets, walks to and from the road included.

    ``travel_time_s`` has a row an origin and a column a target, ``inf`` where no road leads.
    ``off_road`` tells which origins, ``target_off_road`` which targets are too far from any road.
    """

    travel_time_s: NDArray[np.float64]
    off_road: NDArray[np.bool_]
    target_off_road: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RoadRoute:
    """One way by road: its line (longitude first), length and travel time.

    The time includes the walks to and from the road and is the one that `RoadTimes` tells of the
    same places; the line and its length are those of the drive. ``walk_to_road_m`` is how far the
    origin is from where the line begins.
    ``steps`` are the manoeuvres in words, JSON-ready, from `routing.guidance.instructions`; None
    unless a language was asked for. ``alternatives`` are other sensible ways, the best first, each
    with its own steps; None unless they were asked for. ``via`` is what it leads by, if it is not
    the fastest; ``by`` names the street that only it takes, if alternatives were asked for.
    """

    line: Sequence[LonLat]
    length_m: float
    travel_time_s: float
    walk_to_road_m: float = 0.0
    steps: Sequence[dict[str, Any]] | None = None
    alternatives: Sequence["RoadRoute"] | None = None
    via: Via | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class RoadsFile:
    """The roads around a place as a phone keeps them (`routing.ways.packing`), packed by gzip.

    ``tag`` names the content: another network, other speeds or closures have another one. ``body``
    is None where whoever asks has it already.
    """

    tag: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class RoadClosure:
    """A place that may not be driven for some time.

    ``geometry`` is GeoJSON: a ``Polygon`` closes every road inside, a ``LineString`` the road
    between its points. ``direction`` is ``both``, ``along`` (the points) or ``against``.
    ``until_at`` is None for closures without an end.
    """

    id: int
    geometry: Mapping[str, Any]
    direction: str
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrackFixes:
    """The fixes of one vehicle: WGS 84, longitude first, shape ``(n, 2)``, and ``(n,)`` each.

    ``at_s`` are seconds since 1970; what is not known of a fix is NaN.
    """

    lonlat: NDArray[np.float64]
    at_s: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    heading_deg: NDArray[np.float64]
    speed_mps: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DrivenStop:
    """A place on a street where a vehicle stood still."""

    lon: float
    lat: float
    from_s: float
    until_s: float
    street: str


@dataclass(frozen=True, slots=True)
class DrivenGap:
    """A time in which it is not known where a vehicle drove, and why."""

    from_s: float
    until_s: float
    straight_m: float
    reason: str


@dataclass(frozen=True, slots=True)
class ClassDrive:
    """What was driven on the roads of one class in one hour of the week, standing left out.

    ``free_flow_s`` is what the roads take at free flow, ``turn_s`` what turning costs.
    """

    road_class: str
    hour_of_week: int
    length_m: float
    free_flow_s: float
    turn_s: float
    driven_s: float


@dataclass(frozen=True, slots=True)
class DrivenWay:
    """A track matched to streets; a line for each part without a gap."""

    lines: Sequence[Sequence[LonLat]]
    fixes: int
    matched_share: float
    driven_m: float
    stops: Sequence[DrivenStop]
    gaps: Sequence[DrivenGap]
    speeds: Sequence[ClassDrive]
    network_hash: str


@dataclass(frozen=True, slots=True)
class RoadsVersion:
    """What answers are computed on.

    ``network`` is the hash of its content, ``metric`` that of the speeds, of the closures in force
    and of the hour of the week.
    """

    network: str
    metric: str


@dataclass(frozen=True, slots=True)
class ReachWish:
    """Under which conditions it is asked what standby points reach.

    Attributes
    ----------
    limit_s
        Within how many seconds.
    profile, at
        Who drives, and in which hour of the week; closures are those in force now.
    places
        Besides the points spread over the streets, places of which it is told whether they are
        reached: WGS 84, shape ``(q, 2)``.
    places_key
        Names the content of ``places``: their streets are found once.
    """

    limit_s: float
    profile: DrivingProfile
    at: datetime
    places: NDArray[np.float64]
    places_key: str


@dataclass(frozen=True, slots=True)
class PostsReached:
    """What each of some standby points reaches in time.

    Attributes
    ----------
    points
        Which of the points spread over the streets, shape ``(k, p)``.
    places
        Which of the places asked about, shape ``(k, q)``.
    places_off_road
        Which of those places are too far from any road to be reached, shape ``(q,)``.
    off_road
        Which standby points are too far from any road, shape ``(k,)``.
    area
        What all of them reach together, drawn.
    """

    points: NDArray[np.bool_]
    places: NDArray[np.bool_]
    places_off_road: NDArray[np.bool_]
    off_road: NDArray[np.bool_]
    area: shapely.MultiPolygon


class ReachPort(Protocol):
    """What standby points reach; answered by the same network as `RoadPort`."""

    @property
    def hours_differ(self) -> bool:
        """Whether speeds are known by hour of the week; otherwise all hours are alike."""

    def street_points(self) -> tuple[int, NDArray[np.float64]]:
        """Return the points spread over the streets; see `RoadPort`."""

    def posts_reached(self, posts: Sequence[LonLat], wish: ReachWish) -> PostsReached:
        """Return what standby points reach, each alone, and the area of all.

        Each is searched once and kept until a closure begins or ends: of points of which one is
        dragged, only that one is searched again. A few at a time, so that nobody else waits long.

        Raises
        ------
        RoadsUnavailable
            If there is no network, or it does not answer within the time set.
        """


class RoadPort(Protocol):
    """Travel times and routes by road."""

    @property
    def version(self) -> RoadsVersion | None:
        """What is asked at present; None without a network."""

    @property
    def ready(self) -> bool:
        """Whether a network is loaded."""

    def travel_times_to(
        self,
        origins: Sequence[Origin],
        target: LonLat,
        profiles: Sequence[DrivingProfile] | None = None,
    ) -> RoadTimes | None:
        """Return travel times, or None when no road is near the target.

        Parameters
        ----------
        origins, target
            From where, and whereto.
        profiles
            How each drives; None: all by the rules.

        Raises
        ------
        RoadsUnavailable
            If there is no network, or it does not answer within the time set.
        """

    def times_between(
        self,
        origins: Sequence[Origin],
        targets: Sequence[LonLat],
        profiles: Sequence[DrivingProfile] | None = None,
    ) -> RoadMatrix:
        """Return travel times from each origin to each target.

        Asked a few targets at a time, so that nobody else waits for the whole of it: of a large
        one, the first columns may be some tenths of a second older than the last.

        Parameters
        ----------
        origins, targets
            From where, and whereto.
        profiles
            How each origin drives, to all targets; None: all by the rules.

        Raises
        ------
        RoadsUnavailable
            As above.
        """

    def street_points(self) -> tuple[int, NDArray[np.float64]]:
        """Return points spread evenly over the streets, each standing for as much road as another.

        Returns
        -------
        ground_id, lonlat
            The ground that they are of, and where they are, WGS 84, shape ``(p, 2)``. The same as
            long as the ground is.

        Raises
        ------
        RoadsUnavailable
            As above.
        """

    def points_reached(
        self, groups: Sequence[Sequence[Origin]], limit_s: float
    ) -> NDArray[np.bool_]:
        """Return which of these points each group of origins reaches in time, the nearest counting.

        Each group is a question of its own, so that nobody else waits for all of them; it is
        remembered as long as nobody moves and no closure begins or ends.

        Returns
        -------
        reached
            Shape ``(groups, p)``.

        Raises
        ------
        RoadsUnavailable
            As above.
        """

    def way_lengths_to(
        self,
        origins: Sequence[Origin],
        target: LonLat,
        profiles: Sequence[DrivingProfile] | None = None,
    ) -> Sequence[float] | None:
        """Return the lengths of the fastest ways, metres, ``inf`` where there is none.

        Each is a search of its own: for the few that somebody looks at. None and errors as above.
        """

    def route(
        self,
        origin: Origin,
        target: LonLat,
        *,
        profile: DrivingProfile = DrivingProfile.NORMAL,
        language: str | None = None,
        alternatives: bool = False,
        via: Via | None = None,
    ) -> RoadRoute:
        """Return the fastest way, with its steps in a language.

        With ``via`` the one that leads by that place, unless that has become a detour: then the
        fastest one, whose ``via`` is None.

        Raises
        ------
        Conflict
            ``off_road`` or ``unreachable``, when the network knows that there is no way.
        RoadsUnavailable
            As above.
        """

    def kept_roads(
        self, place: LonLat, radius_m: float, profile: DrivingProfile, known_tag: str | None = None
    ) -> RoadsFile:
        """Return the roads around a place for a phone, with the speeds of this hour.

        Closures that hold or begin within the next hours come along with their times. Made beside
        the searches: nobody else's question waits for it.

        Raises
        ------
        RoadsUnavailable
            As above.
        """

    def stretch(self, points: Sequence[LonLat]) -> Sequence[LonLat]:
        """Return the line of the road between points.

        Raises
        ------
        InvalidInput
            On ``geometry``, if a point is off road or no road joins them.
        RoadsUnavailable
            As above.
        """

    def apply_closures(self) -> float | None:
        """Close what is closed now, open everything else, and say when to ask again.

        Returns
        -------
        wait_s
            Seconds until the next closure begins or ends; None when none will.
        """
