"""What trips should have taken: each routed as the desk would have predicted it."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route
from routing.router import Router
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import FloatArray
from scripts.studies.learned.drives import Drives
from scripts.studies.learned.drives import Parts
from scripts.studies.learned.drives import hour_of_week
from scripts.studies.learned.factor_fit import fit_factors
from scripts.studies.learned.trip_files import Trip
from scripts.studies.learned.trip_files import TripFile

_SHORTEST_S = 30.0
_ROUNDS = 2
Progress = Callable[[int, int], None]
OpenRouter = Callable[[SpeedTable], Router]


@dataclass(frozen=True, slots=True)
class _Routed:
    """A trip with its route, and the route that it is taken to have been driven along."""

    trip: Trip
    hour: int
    predicted_s: float
    route: Route


def drives_of_trips(
    file: TripFile, present: SpeedTable, open_router: OpenRouter, progress: Progress | None = None
) -> Drives:
    """Return trips as drives, predicted with the factors in use.

    Drivers know where it is slow and avoid it: along the routes predicted at free flow, jams
    would be held to be shorter than they are. So factors are learned, the trips are routed with
    these, and that once more.

    Parameters
    ----------
    present
        The factors in use; hours and days are counted in its time zone.
    open_router
        Returns a router for some factors.
    progress
        Called with how many routes are found, and how many will be.
    """
    routing = _Routing(file, present, progress)
    routed = routing.route(open_router(present))
    drives = routing.drives(routed, routed, present)
    for _ in range(_ROUNDS):
        learned = SpeedTable(fit_factors(drives.parts).by_hour(), present.time_zone)
        if np.array_equal(learned.factors, present.factors):
            break
        drives = routing.drives(routed, routing.route(open_router(learned)), learned)
    return drives


class _Routing:
    """Routes the trips of a file again and again."""

    def __init__(self, file: TripFile, present: SpeedTable, progress: Progress | None) -> None:
        self._zone = ZoneInfo(present.time_zone)
        hours = [hour_of_week(trip.departed_at, self._zone) for trip in file.trips]
        # Of one hour of the week after another, so that each hour's weights are made once.
        self._trips = [
            (file.trips[at], hours[at]) for at in sorted(range(len(hours)), key=hours.__getitem__)
        ]
        self._left_out = list(file.left_out)
        self._progress, self._done = progress, 0
        self._network: RoadNetwork | None = None

    def route(self, router: Router) -> list[_Routed]:
        """Return the trips that can be routed, the same each time; the first time lists others."""
        found, first = [], self._network is None
        self._network = router.network
        for trip, hour in self._trips:
            route = self._fastest(router, trip, listing=first)
            if route is not None:
                found.append(_Routed(trip, hour, route.travel_time_s, route))
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, (1 + _ROUNDS) * len(self._trips))
        if first:
            kept = {id(one.trip) for one in found}
            self._trips = [one for one in self._trips if id(one[0]) in kept]
            self._done = len(self._trips)
        return found

    def drives(
        self, predicted: Sequence[_Routed], driven: Sequence[_Routed], factors: SpeedTable
    ) -> Drives:
        """Return drives.

        Parameters
        ----------
        predicted
            As predicted with the factors in use.
        driven, factors
            As driven, and the factors by which these routes were found.
        """
        assert self._network is not None  # noqa: S101 - routed before
        order = sorted(range(len(driven)), key=lambda at: driven[at].trip.departed_at)
        trips = [driven[at].trip for at in order]
        hour = np.array([driven[at].hour for at in order], dtype=np.int64)
        routes = [driven[at].route for at in order]
        free_s = np.array([free_flow_s(self._network, route) for route in routes])
        free_s = free_s.reshape(-1, len(ROAD_CLASSES))
        driving_s = (free_s / factors.factors[:, hour].T).sum(axis=1)
        whole_s = np.array([route.travel_time_s for route in routes])
        actual_s = np.array([trip.actual_s for trip in trips])
        fixed_s = np.maximum(whole_s - driving_s, 0.0)
        return Drives(
            [trip.name for trip in trips],
            [trip.departed_at for trip in trips],
            np.array([predicted[at].predicted_s for at in order]),
            actual_s,
            Parts(np.arange(len(trips)), hour, free_s, fixed_s, actual_s),
            self._zone.key,
            self._left_out,
            whole=True,
        )

    def _fastest(self, router: Router, trip: Trip, *, listing: bool) -> Route | None:
        try:
            route = router.under(at=trip.departed_at).route(trip.origin, trip.target)
        except OutsideNetworkError as error:
            fault, distance_m = "off_network", error.distance_m
        except UnreachableError:
            fault, distance_m = "unreachable", None
        else:
            if route.travel_time_s >= _SHORTEST_S or not listing:
                return route
            fault, distance_m = "shorter_than_30_s", None
        if listing:
            self._left_out.append(LeftOut(trip.name, trip.where, fault, 1.0, distance_m))
        return None


def free_flow_s(network: RoadNetwork, route: Route) -> FloatArray:
    """Return the time of driving a route at free flow by road class, shape ``(16,)``."""
    roads = network.roads
    street, against = route.edges // 2, route.edges % 2 == 1
    speed_mps = np.where(
        against, roads.segment_backward_mps[street], roads.segment_forward_mps[street]
    )
    free_s = np.zeros(len(ROAD_CLASSES))
    np.add.at(free_s, roads.segment_class[street], route.edge_length_m / speed_mps)
    return free_s
