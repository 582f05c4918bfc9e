"""A city full of crews for measuring: real services, real PostGIS, a database of its own.

Around one incident stand ``near`` crews inside the radius, some of them with orders in every
state, off duty, on a break or with a stale position; all the others drive outside of it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from dispatch import bootstrap
from dispatch import migrate
from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.incidents.types import CreateIncident
from dispatch.positions.types import ReportPositions
from dispatch.sending.types import SendCrew
from dispatch.settings import Settings
from geodata.db import make_engine
from geodata.ground import service as ground
from geodata.roads.types import RoadData
from routing.network.line_geometry import metres_per_degree
from scripts.cluster import private_cluster as cluster
from scripts.cluster.private_cluster import ClusterUrls
from tests.looking import looking
from tests.orders import step_for

SEED = 20_240_101
RADIUS_M = 5_000.0
_NOISE_M = 8.0
_STALE = timedelta(minutes=20)
_BATCH = 500
# How far an order of a busy crew has come; the last one is done: its crew is idle again.
_STEPS = ((), ("accept",), ("accept", "depart"), ("accept", "depart", "arrive"))
_DONE = ("accept", "depart", "arrive", "complete")
LonLatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """How many crews, and how long is measured.

    Attributes
    ----------
    crews, near
        In all, and inside the radius.
    asks, sends
        How many requests are timed at most; each send needs an idle crew of those near.
    report_s
        For how many seconds positions are posted as fast as they are taken.
    loading_s
        For how many seconds candidates are asked for once a new network's files are there: each
        worker loads them then.
    """

    crews: int = 2_000
    near: int = 200
    asks: int = 400
    sends: int = 120
    report_s: float = 12.0
    loading_s: float = 5.0

    @property
    def busy(self) -> int:
        """Of those near, how many have (had) an order today."""
        return self.near // 6

    @property
    def away(self) -> int:
        """Of those near, how many are off duty; as many are on a break, or have a stale fix."""
        return self.near // 25


@dataclass(frozen=True, slots=True)
class City:
    """What the measurements need to know of a city that is set up."""

    name: str
    extract: Path
    owner_url: str
    scale: Scale
    settings: Settings
    services: Services
    roads: RoadData
    versions: str
    desk: Actor
    desk_token: str
    tracker_token: str
    centre: tuple[float, float]
    radius_m: float
    incident_id: int
    crew_ids: list[int]
    """Those near first: the busy, the off duty, those on a break, the stale, then the idle."""
    places: LonLatArray
    phones: dict[int, str] = field(default_factory=dict)
    """Tokens of crews whose phones take part, by the crew's id."""

    @property
    def idle(self) -> list[int]:
        """Crews near that can be sent."""
        scale = self.scale
        return self.crew_ids[scale.busy + 3 * scale.away : scale.near]

    @property
    def desk_password(self) -> str:
        """What the desk types to sign in."""
        return _password(self.desk.username)

    def report_everybody(self) -> None:
        """Let every crew say where it is, so that no fix goes stale while others are measured."""
        now = datetime.now(UTC)
        stale_from = self.scale.busy + 2 * self.scale.away
        stale = range(stale_from, stale_from + self.scale.away)
        reports: list[dict[str, Any]] = [
            {
                "crew_id": crew_id,
                "lon": lon,
                "lat": lat,
                "fixed_at": now - _STALE if index in stale else now,
            }
            for index, (crew_id, (lon, lat)) in enumerate(
                zip(self.crew_ids, self.places.tolist(), strict=True)
            )
        ]
        tracker = Actor(None, "tracker", "tracker", frozenset({Role.INTEGRATION}))
        for first in range(0, len(reports), _BATCH):
            self.services.positions.record(
                tracker, ReportPositions(positions=reports[first : first + _BATCH])
            )

    def near_centre(self, rng: np.random.Generator) -> tuple[float, float]:
        """Return a place close to the incident: the same crews are inside its radius."""
        lon, lat = self.centre
        metres = np.array(metres_per_degree(np.array([lat]))).ravel()
        shift = rng.uniform(-1, 1, 2) * self.radius_m / 50 / metres
        return lon + float(shift[0]), lat + float(shift[1])


@contextmanager
def open_city(extract: Path, var_dir: Path, scale: Scale) -> Iterator[City]:
    """Make a database with a ground, crews and orders; drop it at the end.

    Parameters
    ----------
    extract
        The city.
    var_dir
        Where caches (the road network) are kept for the servers that follow.
    scale
        How many of everything.
    """
    name = f"nearcrew_bench_{os.getpid()}"
    urls = cluster.create_database(name)
    try:
        with fill_city(urls, name, extract, var_dir, scale) as city:
            yield city
    finally:
        cluster.drop_database(name)


@contextmanager
def fill_city(
    urls: ClusterUrls, name: str, extract: Path, var_dir: Path, scale: Scale
) -> Iterator[City]:
    """Fill an empty database with the same, and leave it."""
    migrate.upgrade(urls.owner(name), cluster.APP_ROLE)
    _import_ground(urls.owner(name), extract)
    settings = Settings.from_environment(
        {"DATABASE_URL": urls.app(name), "NEARCREW_VAR": str(var_dir)}
    )
    services = bootstrap.build(settings)
    try:
        yield _set_up(services, urls, name, extract, scale)
    finally:
        services.close()


def _import_ground(url: str, extract: Path) -> None:
    engine = make_engine(url)
    ground.import_extract(engine, extract)
    engine.dispose()


def _set_up(services: Services, urls: ClusterUrls, name: str, extract: Path, scale: Scale) -> City:
    rng = np.random.default_rng(SEED)
    services.roads.refresh()
    with looking(services.engine) as connection:
        active = ground.active_ground(connection)
        if active is None:  # pragma: no cover  (imported just before)
            raise LookupError(name)
        roads = ground.read_roads(connection, active.id)
        versions = connection.scalar(
            text(
                "SELECT 'PostgreSQL ' || current_setting('server_version')"
                " || ', PostGIS ' || postgis_lib_version()"
            )
        )
    centre, radius_m, places = choose_places(roads, scale, rng)
    desk = _account(services, "desk", Role.DISPATCHER)
    tracker = _account(services, "tracker", Role.INTEGRATION)
    crews = [
        AddCrew(name=f"Crew {number:04d}", skills=("gas",), duty=_duty(number, scale))
        for number in range(scale.crews)
    ]
    crew_ids = [services.crews.add(SYSTEM, crew) for crew in crews]
    incident = services.incidents.create(
        desk, CreateIncident(kind="gas_leak", lon=centre[0], lat=centre[1])
    )
    city = City(
        name=active.name,
        extract=extract,
        owner_url=urls.owner(name),
        scale=scale,
        settings=services.settings,
        services=services,
        roads=roads,
        versions=str(versions),
        desk=desk,
        desk_token=services.accounts.issue_token(desk)["token"],
        tracker_token=services.accounts.issue_token(tracker)["token"],
        centre=centre,
        radius_m=radius_m,
        incident_id=incident["id"],
        crew_ids=crew_ids,
        places=places,
    )
    city.report_everybody()
    _give_orders(city, rng)
    # What autovacuum has long done in a database that was not made a minute ago.
    engine = make_engine(urls.owner(name))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return city


def choose_places(
    roads: RoadData, scale: Scale, rng: np.random.Generator
) -> tuple[tuple[float, float], float, LonLatArray]:
    """Return the incident's place, the radius, and where the crews stand, those near first.

    All stand on streets, give or take what a phone's fix is off. A city too small for the usual
    radius gets one with half of its streets inside.
    """
    lonlat = roads.geometry_lonlat
    middle = np.median(roads.node_lonlat, axis=0)
    metres = np.array(metres_per_degree(middle[1:])).ravel()
    centre = roads.node_lonlat[np.argmin(np.hypot(*((roads.node_lonlat - middle) * metres).T))]
    away_m = np.hypot(*((lonlat - centre) * metres).T)
    radius_m = RADIUS_M
    if (away_m > 1.1 * RADIUS_M).mean() < 0.25:
        radius_m = float(np.round(np.median(away_m), -1))
    inside = rng.choice(np.flatnonzero(away_m < 0.9 * radius_m), scale.near)
    outside = rng.choice(np.flatnonzero(away_m > 1.1 * radius_m), scale.crews - scale.near)
    points = np.concatenate((inside, outside))
    places = lonlat[points] + rng.normal(0, _NOISE_M, (len(points), 2)) / metres
    return (float(centre[0]), float(centre[1])), radius_m, np.round(places, 7)


def _duty(number: int, scale: Scale) -> Duty:
    if 0 <= number - scale.busy < scale.away:
        return Duty.OFF_DUTY
    if 0 <= number - scale.busy - scale.away < scale.away:
        return Duty.ON_BREAK
    return Duty.ON_DUTY


def _password(username: str) -> str:
    return f"{username} at the bench"


def _account(services: Services, username: str, role: Role) -> Actor:
    account_id = services.accounts.create(
        CreateAccount(username=username, password=_password(username), roles=(role,))
    )
    return Actor(account_id, username, username, frozenset({role}))


def _give_orders(city: City, rng: np.random.Generator) -> None:
    """Send the busy crews somewhere and let each come one step further than the one before."""
    for number, crew_id in enumerate(city.crew_ids[: city.scale.busy]):
        lon, lat = city.near_centre(rng)
        incident = city.services.incidents.create(
            city.desk, CreateIncident(kind="gas_leak", lon=lon, lat=lat)
        )
        order, _ = city.services.sending.send(city.desk, incident["id"], SendCrew(crew_id=crew_id))
        for step in (*_STEPS, _DONE)[number % (len(_STEPS) + 1)]:
            city.services.assignments.act(city.desk, order["id"], Action(step), step_for(step))
